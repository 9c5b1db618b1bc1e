"""The endpoints about one release: itself, its edits, similar ones."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from flask import Response, abort
from pydantic import BaseModel, ConfigDict, Field

from index.indexing import split_categories
from index.release_view import ArchivedRelease, Edit
from index.topics import topics_of
from searcher.api.answers import HitAnswer, TranslationAnswer
from searcher.api.blueprint import RELEASES, api, json_response, read_strictly
from searcher.api.fields import fields_of, require_id, unwanted_fields
from searcher.delivery.caching import tag_by_content
from searcher.exports import Lead, PlainText, StructureAnswer
from searcher.params import Parameters
from searcher.problems import Problem
from searcher.service import current_service

Cut = Annotated[
    bool,
    Field(description="Only the beginning of the text is kept: it is longer than this.", examples=[False]),
]


class ReleasePath(BaseModel):
    """The path of a release."""

    release: str = Field(description="The id of a hit.", examples=["iem-ec9999a178"])


class RevisionPath(ReleasePath):
    """The path of an edit of a release."""

    number: int = Field(ge=1, description="The number of the edit; 1 is the oldest.", examples=[1])


class AttachmentAnswer(BaseModel):
    """A file that a release links to."""

    url: str = Field(description="The address of the file.", examples=["https://example.lv/plans.pdf"])
    title: str = Field(description="The text of the link; may be empty.", examples=["Plāns"])
    kind: str | None = Field(
        description="Its type, as its address or the page says; null if neither does.", examples=["PDF"]
    )
    size: int | None = Field(
        description="Its size in bytes, as the page says; null if it does not.", examples=[1200000]
    )


class CopyAnswer(BaseModel):
    """A near-duplicate: the same news, published by another institution or again."""

    id: str = Field(description="Its id.", examples=["fm-0123456789"])
    ministry: str = Field(description="Who published it.", examples=["Finanšu ministrija"])
    title: str = Field(description="Its title.", examples=["Pieņemts valsts budžets"])
    published: date | None = Field(
        description="Its day of publication; null if unknown.", examples=["2017-11-27"]
    )


class RevisionAnswer(BaseModel):
    """An edit that replaced an earlier text; it was made between two crawls."""

    number: int = Field(description="From 1, the oldest edit; part of the address of its diff.", examples=[1])
    since: datetime | None = Field(
        description="When the site last had the earlier text; null if unknown.",
        examples=["2026-11-26T23:39:11Z"],
    )
    until: datetime = Field(
        description="When the later text was first read.", examples=["2026-11-26T23:39:11Z"]
    )
    title: str = Field(description="The earlier title.", examples=["Pieņemts valsts budžets"])

    @classmethod
    def of(cls, edit: Edit) -> "RevisionAnswer":
        """Return *edit* as the API shows it."""
        return cls(number=edit.number, since=edit.since, until=edit.until, title=edit.title)


class ReleaseAnswer(BaseModel):
    """A release with its history; telephone numbers and e-mail addresses are masked.

    The parameter fields selects what it has besides its id.
    """

    model_config = ConfigDict(json_schema_extra=require_id)

    id: str = Field(description="Stays the same if the release moves.", examples=["iem-ec9999a178"])
    url: str = Field(description="The original.", examples=["https://www.iem.gov.lv/lv/jaunums/x"])
    ministry: str = Field(description="The institution, by name.", examples=["Iekšlietu ministrija"])
    site: str = Field(description="The site it was read from.", examples=["iem"])
    language: Literal["lv", "en", "ru"] = Field(description="Its language.", examples=["lv"])
    published: date | None = Field(
        description="The day of publication; null if unknown.", examples=["2017-11-27"]
    )
    published_confidence: Literal["high", "medium", "low", "none"] = Field(
        description="How sure that day is: low if it was read from the text.", examples=["high"]
    )
    category: str | None = Field(
        description="As the site names it; null if it does not.", examples=["Aktualitātes"]
    )
    topics: list[str] = Field(
        description="The topics to which a rule maps its category, as of the filter topic.",
        examples=[["health"]],
    )
    title: str = Field(description="The title.", examples=["Pieņemts valsts budžets"])
    lead: Lead
    text: PlainText
    cut: Cut
    structure: StructureAnswer | None = Field(
        description="What the characters of lead and text were on the page; null: not known, as of a PDF."
    )
    attachments: list[AttachmentAnswer] = Field(description="Files it links to.")
    translations: list[TranslationAnswer] = Field(description="The same release in other languages.")
    cluster: list[CopyAnswer] = Field(description="Its near-duplicates.")
    aliases: list[str] = Field(
        description="Other addresses at which it was found.", examples=[["https://www.iem.gov.lv/?doc=1"]]
    )
    machine_translated: bool = Field(
        description="Its page says that it is machine-translated.", examples=[False]
    )
    gone: bool = Field(description="The original is no longer on its site.", examples=[False])
    missed: date | None = Field(
        description="The first day on which the original was missing, or null.", examples=["2017-11-27"]
    )
    first_seen: datetime = Field(description="When it was first read.", examples=["2026-11-26T23:39:11Z"])
    fetched: datetime | None = Field(
        description="When its page, as shown here, was last downloaded; null if unknown.",
        examples=["2026-11-26T23:39:11Z"],
    )
    last_seen: datetime | None = Field(
        description="When it was last seen on its site; null once it is missing.",
        examples=["2026-11-26T23:39:11Z"],
    )
    asked: bool = Field(
        description="The crawl still asks for it; false once the settings deny its address.", examples=[True]
    )
    revisions: list[RevisionAnswer] = Field(description="Its edits, newest first.")
    has_older_revisions: bool = Field(description="There are more edits than listed.", examples=[False])
    dropped_versions: int = Field(
        description="Earlier texts that are not kept, as there are more than 400; no search finds them.",
        examples=[0],
    )

    @classmethod
    def of(cls, release: ArchivedRelease) -> "ReleaseAnswer":
        """Return *release* as the API shows it."""
        return cls(
            id=release.id,
            url=release.url,
            ministry=release.ministry,
            site=release.site,
            language=release.language,
            published=release.published,
            published_confidence=release.published_confidence,
            category=release.category,
            topics=list(topics_of(release.site, split_categories(release.category or ""))),
            title=release.title,
            lead=release.lead,
            text="\n\n".join(release.paragraphs),
            cut=release.is_cut,
            structure=StructureAnswer.of(release.structure),
            attachments=[
                AttachmentAnswer(url=file.url, title=file.title, kind=file.kind or None, size=file.size)
                for file in release.attachments
            ],
            translations=[TranslationAnswer.of(other) for other in release.translations],
            cluster=[
                CopyAnswer(id=copy.id, ministry=copy.ministry, title=copy.title, published=copy.published)
                for copy in release.copies
            ],
            aliases=list(release.aliases),
            machine_translated=release.machine_translated,
            gone=release.gone,
            missed=release.missed,
            first_seen=release.first_seen,
            fetched=release.sighting.fetched,
            last_seen=release.sighting.last_seen,
            asked=release.sighting.is_asked,
            revisions=[RevisionAnswer.of(edit) for edit in release.revisions],
            has_older_revisions=release.has_older,
            dropped_versions=release.dropped,
        )


class ReleaseRequest(Parameters):
    """The fields of a release."""

    fields: fields_of(ReleaseAnswer) = Field([])  # type: ignore[valid-type]  # made from the model of a release


class ChunkAnswer(BaseModel):
    """A piece of a paragraph."""

    kind: Literal["kept", "added", "removed"] = Field(
        description="What the edit did to it.", examples=["added"]
    )
    text: str = Field(description="Its words; … marks left out unchanged ones.", examples=["plkst. 10.00"])


class ParagraphAnswer(BaseModel):
    """A paragraph before and after an edit."""

    kind: Literal["kept", "added", "removed", "changed"] = Field(
        description="What the edit did to it.", examples=["changed"]
    )
    chunks: list[ChunkAnswer] = Field(description="Its pieces in reading order.")


class DiffAnswer(RevisionAnswer):
    """The changes that an edit made."""

    release: str = Field(description="The id of the release.", examples=["iem-ec9999a178"])
    paragraphs: list[ParagraphAnswer] | None = Field(
        description="In reading order, without unchanged ones far from any change; null if comparing the "
        "texts took too long."
    )


class SimilarAnswer(BaseModel):
    """Releases similar to another."""

    hits: list[HitAnswer] = Field(description="Most similar first; without scores of a query.")


@api.get(
    "/releases/<release>",
    operation_id="get_release",
    tags=[RELEASES],
    responses={200: ReleaseAnswer, 404: Problem},
)
@read_strictly
def release(path: ReleasePath, query: ReleaseRequest) -> Response:
    """Read one release, with its edits, other addresses, near-duplicates, translations and attachments."""
    archived = current_service().release(path.release)
    if archived is None:
        abort(HTTPStatus.NOT_FOUND, f"there is no release {path.release[:100]!r}")
    changed = max([archived.first_seen, *(edit.until for edit in archived.revisions[:1])])
    left_out = unwanted_fields(ReleaseAnswer, query.fields)
    return tag_by_content(json_response(ReleaseAnswer.of(archived), exclude=left_out), changed)


@api.get(
    "/releases/<release>/revisions/<int:number>/diff",
    operation_id="get_diff",
    tags=[RELEASES],
    responses={200: DiffAnswer, 404: Problem},
)
@read_strictly
def diff(path: RevisionPath, query: Parameters) -> Response:  # noqa: ARG001 - rejects any query parameter
    """Read what one edit of a release changed, by paragraph."""
    archived = current_service().edit(path.release, path.number)
    if archived is None:
        abort(HTTPStatus.NOT_FOUND, f"there is no edit {path.number} of a release {path.release[:100]!r}")
    (edit,) = archived.revisions
    paragraphs = edit.changes and [
        ParagraphAnswer(
            kind=paragraph.kind,
            chunks=[ChunkAnswer(kind=chunk.kind, text=chunk.text) for chunk in paragraph.chunks],
        )
        for paragraph in edit.changes
    ]
    answer = DiffAnswer(**dict(RevisionAnswer.of(edit)), release=archived.id, paragraphs=paragraphs)
    return tag_by_content(json_response(answer), edit.until)


@api.get(
    "/releases/<release>/similar",
    operation_id="get_similar",
    tags=[RELEASES],
    responses={200: SimilarAnswer, 404: Problem},
)
@read_strictly
def similar(path: ReleasePath, query: Parameters) -> Response:  # noqa: ARG001 - rejects any query parameter
    """Find the releases most similar to one."""
    service = current_service()
    if not service.archive.has(path.release):
        abort(HTTPStatus.NOT_FOUND, f"there is no release {path.release[:100]!r}")
    hits = [HitAnswer.of(hit) for hit in service.similar(path.release)]
    return tag_by_content(json_response(SimilarAnswer(hits=hits)))
