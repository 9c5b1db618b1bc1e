"""A release as a row of an export."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from index.results import ListedRelease, Stood

Lead = Annotated[
    str,
    Field(description="The introduction; empty if the page sets none apart.", examples=["Saeima vienojās."]),
]
PlainText = Annotated[
    str,
    Field(
        description="Plain text; paragraphs are separated by an empty line.",
        examples=["Saeima pieņēma valsts budžetu."],
    ),
]
"""Its lead and its text have the same description in exports and in the API."""


class ExportedRelease(BaseModel):
    """A release with its text; the parameter fields selects what it has besides its id."""

    id: str = Field(description="The id of the release.", examples=["iem-ec9999a178"])
    published: date | None = Field(
        description="The day of publication; null if unknown.", examples=["2017-11-27"]
    )
    ministry: str = Field(description="The institution, by name.", examples=["Iekšlietu ministrija"])
    title: str = Field(description="The title.", examples=["Pieņemts valsts budžets"])
    url: str = Field(description="The original.", examples=["https://www.iem.gov.lv/lv/jaunums/x"])
    language: str = Field(description="lv, en or ru.", examples=["lv"])
    site: str = Field(description="The site it was read from.", examples=["iem"])
    also_published_by: list[str] = Field(
        description="Institutions that published the same text.", examples=[["Finanšu ministrija"]]
    )
    gone: bool = Field(description="The original is no longer on its site.", examples=[False])
    edited: bool = Field(description="The text changed after publication.", examples=[False])
    machine_translated: bool = Field(
        description="Its page says that it is machine-translated.", examples=[False]
    )
    lead: Lead
    text: PlainText

    @classmethod
    def of(cls, release: ListedRelease) -> "ExportedRelease":
        """Return *release* as a row."""
        # Not validated again: an export has hundreds of thousands of rows.
        return cls.model_construct(**_cells(release))


class ExportedText(ExportedRelease):
    """A release with a text that it has or had, as a search through time exports it."""

    version_of: str | None = Field(
        None,
        description="Of a search through time: the id of the release that had the text.",
        examples=["iem-ec9999a178"],
    )
    version: int | None = Field(None, description="The number of the version that the text is.", examples=[1])
    presumed: date | None = Field(
        None,
        description="The day from which it presumably stood, though nobody saw it before `since`.",
        examples=["2019-03-05"],
    )
    after: datetime | None = Field(
        None,
        description="When the site last had another text, or none; null if unknown.",
        examples=["2026-11-25T23:39:11Z"],
    )
    since: datetime | None = Field(
        None, description="When it was first read.", examples=["2026-11-26T23:39:11Z"]
    )
    seen: datetime | None = Field(
        None,
        description="When the site was last seen to have it; if it still stands, the last visit that saw it. "
        "Null if unknown.",
        examples=["2026-11-27T23:39:11Z"],
    )
    until: datetime | None = Field(
        None,
        description="When another text was first read or the removal was noticed; null: it still stands.",
        examples=["2026-11-28T23:39:11Z"],
    )
    version_url: str | None = Field(
        None, description="The page of that version here.", examples=["/releases/iem-ec9999a178/versions/1"]
    )

    @classmethod
    def at(cls, release: ListedRelease, version_address: Callable[[str, int], str]) -> "ExportedText":
        """Return *release* as a row; *version_address* returns that of a version of a release."""
        return cls.model_construct(
            **_cells(release), **(_stay_cells(release.stood, version_address) if release.stood else {})
        )


def _stay_cells(stay: Stood, version_address: Callable[[str, int], str]) -> dict[str, Any]:
    """Return the fields of a row that say which version its text is and when it stood."""
    return {
        "version_of": stay.release,
        "version": stay.first,
        "presumed": stay.presumed,
        "after": stay.after,
        "since": stay.since,
        "seen": stay.seen,
        "until": stay.until,
        "version_url": version_address(stay.release, stay.first),
    }


def _cells(release: ListedRelease) -> dict[str, Any]:
    """Return the fields of a row of *release*."""
    return {
        "id": release.id,
        "published": release.published,
        "ministry": release.ministry,
        "title": release.title,
        "url": release.url,
        "language": release.language,
        "site": release.site,
        "also_published_by": list(release.also_published_by),
        "gone": release.gone,
        "edited": release.edited,
        "machine_translated": release.machine_translated,
        "lead": release.lead,
        "text": release.body,
    }


COLUMNS = tuple(name for name in ExportedRelease.model_fields if name != "text")
"""The columns of a CSV file unless others are requested: without texts, which spreadsheets cut."""
TEXT_COLUMNS = tuple(name for name in ExportedText.model_fields if name != "text")
"""The same of a search through time."""
