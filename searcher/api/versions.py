"""The endpoints about the versions of a release: each text that it had, from when to when."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Literal

from flask import Response, abort
from pydantic import BaseModel, Field

from index.history import ShownVersion, Standing
from searcher.api.blueprint import RELEASES, api, json_response, read_strictly
from searcher.api.releases import Cut, ReleasePath
from searcher.delivery.caching import tag_by_content
from searcher.exports import Lead, PlainText, StructureAnswer
from searcher.params import PageNumber, PageSize, Parameters, RealDay
from searcher.problems import Problem
from searcher.service import current_service

PER_PAGE = 50
MOST = 10**9  # no release has as many versions, and SQLite can count to it


class VersionPath(ReleasePath):
    """The path of a version of a release."""

    number: int = Field(ge=1, description="The number of the version; 1 is the first text.", examples=[1])


class VersionsRequest(Parameters):
    """The versions that are asked for."""

    page: PageNumber = Field(1, description="From 1.", examples=[1])
    per_page: PageSize = Field(PER_PAGE, description="Versions on a page.", examples=[50])


class VersionEntry(BaseModel):
    """A text of a release, and when its site had it; it appeared between `after` and `since`."""

    number: int = Field(description="From 1; never given to another text of the release.", examples=[2])
    kind: Literal["first", "edit", "reread", "withdrawal"] = Field(
        description="first: as first read. edit: the site changed it. reread: the same page, read better. "
        "withdrawal: the operator restored an earlier text.",
        examples=["edit"],
    )
    after: datetime | None = Field(
        description="When the site last had another text; null if unknown, as of a first text.",
        examples=["2026-11-26T23:39:11Z"],
    )
    since: datetime = Field(description="When it was first read.", examples=["2026-11-26T23:39:11Z"])
    seen: datetime | None = Field(
        description="When the site was last seen to have it; null if it never was, as after a withdrawal.",
        examples=["2026-11-26T23:39:11Z"],
    )
    until: datetime | None = Field(
        description="When the next text was first read, or another release took its place; null: it is "
        "the text of today.",
        examples=["2026-11-26T23:39:11Z"],
    )
    title: str = Field(description="Its title.", examples=["Pieņemts valsts budžets"])
    published: date | None = Field(
        description="The day of publication that it names or that lists name: presumed, not observed.",
        examples=["2017-11-27"],
    )
    kept: bool = Field(
        description="Its text is kept; false for some of a release with more than 400 versions.",
        examples=[True],
    )

    @classmethod
    def of(cls, version: ShownVersion) -> "VersionEntry":
        """Return *version* as a list shows it."""
        return cls(**{name: getattr(version, name) for name in VersionEntry.model_fields})


class VersionsAnswer(BaseModel):
    """The texts that a release had."""

    release: str = Field(
        description="The id as asked for; versions keep it after a merge.", examples=["iem-ec9999a178"]
    )
    current: str = Field(
        description="The id of the release that took its place, or the same.", examples=["iem-ec9999a178"]
    )
    total: int = Field(description="How many versions it has.", examples=[2])
    versions: list[VersionEntry] = Field(description="Oldest first.")
    merged: list[str] = Field(
        description="Releases in whose place it is; each has versions of its own.",
        examples=[["iem-0123456789"]],
    )


class ProofAnswer(BaseModel):
    """What proves a text: its leaf in the log of versions."""

    index: int = Field(description="The place of the leaf in the log, from 0.", examples=[1208])
    commitment: str = Field(
        description="The salted commitment to the text, in base64.",
        examples=["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="],
    )
    address: str = Field(
        description="The proof, a file to be kept; without a `base_url` only its path.",
        examples=["/releases/iem-ec9999a178/versions/1/proof"],
    )


class VersionAnswer(VersionEntry):
    """A text of a release; telephone numbers and e-mail addresses are masked, contact blocks left out."""

    release: str = Field(description="The id of the release that had it.", examples=["iem-ec9999a178"])
    current: str = Field(
        description="The id of the release that took its place, or the same.", examples=["iem-ec9999a178"]
    )
    ministry: str = Field(description="The institution, by name.", examples=["Finanšu ministrija"])
    language: Literal["lv", "en", "ru"] = Field(description="Its language.", examples=["lv"])
    url: str = Field(
        description="The original, which has the last text.", examples=["https://www.iem.gov.lv/lv/jaunums/x"]
    )
    lead: Lead
    text: PlainText
    cut: Cut
    structure: StructureAnswer | None = Field(
        description="What the characters of lead and text were on the page; null: not known, as of a PDF."
    )
    proof: ProofAnswer | None = Field(description="null: it is not in a log, or not yet.")


class DayRequest(Parameters):
    """The day that is asked about."""

    day: RealDay = Field(description="A day in Riga.", examples=["2026-11-26"])


class StandingVersion(VersionAnswer):
    """A text that stood on the site on a day, or may have."""

    standing: Standing = Field(
        description="seen: a visit before or on that day and one then or later found it. possible: it stood "
        "on that day, or its neighbour did, or nobody looked since. presumed: the day is before the first "
        "visit, but not before the stated day of publication.",
        examples=["seen"],
    )


class DayAnswer(BaseModel):
    """What stood on the site on a day."""

    texts: list[StandingVersion] = Field(
        description="Oldest first, also those of releases in whose place it is; empty if it was not "
        "published yet, or no longer on the site."
    )


@api.get(
    "/releases/<release>/versions",
    operation_id="list_versions",
    tags=[RELEASES],
    responses={200: VersionsAnswer, 404: Problem},
)
@read_strictly
def versions(path: ReleasePath, query: VersionsRequest) -> Response:
    """List the texts that a release had, without the texts themselves."""
    id_, after = path.release, min((query.page - 1) * query.per_page, MOST)
    found, counts = current_service().text_versions(id_, after=after, at_most=query.per_page)
    if found is None or not counts:
        abort(HTTPStatus.NOT_FOUND, f"there is no release {id_[:100]!r}")
    current, *merged = counts
    answer = VersionsAnswer(
        release=id_,
        current=current,
        total=counts.get(id_, 0),
        versions=[VersionEntry.of(version) for version in found],
        merged=merged if current == id_ else [],
    )
    return tag_by_content(json_response(answer))


@api.get(
    "/releases/<release>/versions/<int:number>",
    operation_id="get_version",
    tags=[RELEASES],
    responses={200: VersionAnswer, 404: Problem},
)
@read_strictly
def version(path: VersionPath, query: Parameters) -> Response:  # noqa: ARG001 - rejects any query parameter
    """Read one text that a release had, at an address that never changes."""
    shown = current_service().text_version(path.release, path.number)
    if shown is None:
        abort(HTTPStatus.NOT_FOUND, f"there is no version {path.number} of a release {path.release[:100]!r}")
    return tag_by_content(json_response(_to_answer(shown)), shown.until or shown.since)


@api.get(
    "/releases/<release>/versions/as-of",
    operation_id="get_version_as_of",
    tags=[RELEASES],
    responses={200: DayAnswer, 404: Problem},
)
@read_strictly
def version_as_of(path: ReleasePath, query: DayRequest) -> Response:
    """Read the text that a release had on a day: several, if it changed on it or nobody looked meanwhile."""
    found = current_service().texts_as_of(path.release, query.day)
    if found is None:
        abort(HTTPStatus.NOT_FOUND, f"there is no release {path.release[:100]!r}")
    texts = [StandingVersion(**dict(_to_answer(one.version)), standing=one.standing) for one in found]
    return tag_by_content(json_response(DayAnswer(texts=texts)))


def _to_answer(shown: ShownVersion) -> VersionAnswer:
    service = current_service()
    leaf = service.log.leaf(shown.release, shown.number)
    address = f"{service.version_address(shown.release, shown.number)}/proof"
    return VersionAnswer(
        **dict(VersionEntry.of(shown)),
        release=shown.release,
        current=shown.current,
        ministry=shown.ministry,
        language=shown.language,
        url=shown.url,
        lead=shown.lead,
        text="\n\n".join(shown.paragraphs),
        cut=shown.is_cut,
        structure=StructureAnswer.of(shown.structure),
        proof=leaf and ProofAnswer(index=leaf.index, commitment=leaf.commitment, address=address),
    )
