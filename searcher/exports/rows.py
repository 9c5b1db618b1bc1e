"""A release as a row of an export."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from index.results import ListedRelease

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
"""The fields of a text, the same in exports and in the API."""


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
        return cls.model_construct(
            id=release.id,
            published=release.published,
            ministry=release.ministry,
            title=release.title,
            url=release.url,
            language=release.language,
            site=release.site,
            also_published_by=list(release.also_published_by),
            gone=release.gone,
            edited=release.edited,
            machine_translated=release.machine_translated,
            lead=release.lead,
            text=release.body,
        )


COLUMNS = tuple(name for name in ExportedRelease.model_fields if name != "text")
"""The columns of a CSV file unless others are requested: without texts, which spreadsheets cut."""
