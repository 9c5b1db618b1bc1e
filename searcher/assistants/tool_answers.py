"""What the tools of assistants answer."""

from collections.abc import Callable
from datetime import date, datetime

from pydantic import BaseModel, Field

from index.history import ListedEvent
from index.register import ListedStatement
from index.results import Hit, Stood
from searcher.snippets import original_of


class QuotedVersion(BaseModel):
    """The text that a passage is from, and when it stood on its site: it appeared between after and since."""

    id: str = Field(description="The release that had it; version_as_of reads its texts of a day.")
    version: int = Field(description="The number of the text among those of the release.")
    presumed: date | None = Field(
        description="The day since when it presumably stood, such as that of its publication: nobody saw it "
        "before since."
    )
    after: datetime | None = Field(description="When the site last had another text; null if unknown.")
    since: datetime = Field(description="When it was first read.")
    seen: datetime | None = Field(description="When the site was last seen to have it; null if unknown.")
    until: datetime | None = Field(
        description="When another text was read or its removal was noticed: never quote it as the text of "
        "today. null: it still stands."
    )

    @classmethod
    def of(cls, stay: Stood) -> "QuotedVersion":
        """Return the text of *stay* as an assistant reads it."""
        return cls(
            id=stay.release,
            version=stay.first,
            presumed=stay.presumed,
            after=stay.after,
            since=stay.since,
            seen=stay.seen,
            until=stay.until,
        )


class CitedHit(BaseModel):
    """A release that matches, as it can be cited."""

    id: str = Field(description="Read the whole text with read_release.")
    title: str = Field(description="As published.")
    institution: str = Field(description="The institution that published it; its Latvian name.")
    published: date | None = Field(description="The day of publication; null if unknown.")
    address: str = Field(
        description="Opens the original at the quoted passage; of an earlier text, the page of that version."
    )
    passages: list[str] = Field(description="Quoted word for word, best first; … marks what is left out.")
    language: str = Field(description="lv, en or ru.")
    gone: bool = Field(description="The original is no longer on its site.")
    edited: bool = Field(description="The text changed after publication.")
    quoted: QuotedVersion | None = Field(
        description="Of a search through time: the text that title and passages are from, which may be an "
        "earlier one than read_release reads; else null."
    )

    @classmethod
    def of(cls, hit: Hit, version_address: Callable[[str, int], str]) -> "CitedHit":
        """Return *hit* as it can be cited; *version_address* returns that of a version of a release."""
        past = version_address(*hit.version) if hit.version and hit.is_past else ""
        return cls(
            id=hit.id,
            title=hit.title.text,
            institution=hit.ministry,
            published=hit.published,
            address=past or original_of(hit) or hit.url,
            passages=[passage.text for passage in hit.passages],
            language=hit.language,
            gone=hit.gone,
            edited=hit.edited,
            quoted=QuotedVersion.of(hit.matched) if hit.matched else None,
        )


class FoundReleases(BaseModel):
    """The releases that a search found."""

    total: int = Field(description="Releases that match; only the first are listed.")
    matches_all_words: bool = Field(
        description="False: no release has all words; those listed have a part of them."
    )
    notes: list[str] = Field(description="Parts of the query that were read in another way than meant.")
    hits: list[CitedHit] = Field(description="Best first, or newest first if asked so.")


class CitedRelease(BaseModel):
    """A release with its text."""

    id: str = Field(description="As asked for.")
    title: str = Field(description="As published.")
    institution: str = Field(description="The institution that published it; its Latvian name.")
    published: date | None = Field(description="The day of publication; null if unknown.")
    address: str = Field(description="The original.")
    language: str = Field(description="lv, en or ru.")
    text: str = Field(description="Paragraphs are separated by an empty line.")
    gone: bool = Field(description="The original is no longer on its site.")
    edits: int = Field(description="How often the text changed after publication.")
    machine_translated: bool = Field(description="The site says that a machine translated it.")


class CitedText(BaseModel):
    """A text that stood on the site on the day, or may have."""

    version: int = Field(description="The number of the text; its neighbours are other versions.")
    standing: str = Field(
        description="seen: visits before or on that day and then or later found it. possible: between two "
        "visits, or nobody looked since. presumed: before the first visit; never say that it was seen."
    )
    since: datetime = Field(description="When it was first read.")
    seen: datetime | None = Field(description="When the site was last seen to have it; null: never.")
    title: str = Field(description="As published.")
    text: str = Field(description="Paragraphs are separated by an empty line.")
    address: str = Field(description="Of this version here; it never changes.")


class TextsOfDay(BaseModel):
    """What stood on the site on a day."""

    texts: list[CitedText] = Field(
        description="Oldest first; empty if it was not published yet, or no longer on the site."
    )


class KnownStatement(BaseModel):
    """What somebody said."""

    speaker: str | None = Field(description="Who speaks; null if only an office is given.")
    office: str | None = Field(description="The office in which; null if none is given.")
    text: str = Field(description="The sentences of the release, word for word.")
    direct: bool = Field(description="The words are quoted, not reported.")
    release: str = Field(description="The id of the release, for read_release.")
    title: str = Field(description="Of the release.")
    institution: str = Field(description="The institution that published it; its Latvian name.")
    published: date | None = Field(description="The day of publication; null if unknown.")
    address: str = Field(description="The release here.")

    @classmethod
    def of(cls, one: ListedStatement, address: str) -> "KnownStatement":
        """Return the statement *one* of the release at *address*."""
        return cls(
            speaker=one.speaker,
            office=one.office,
            text=one.text,
            direct=one.is_direct,
            release=one.release.id,
            title=one.release.title,
            institution=one.release.ministry,
            published=one.release.published,
            address=address,
        )


class KnownStatements(BaseModel):
    """What a person said."""

    total: int = Field(description="Statements that match.")
    statements: list[KnownStatement] = Field(description="Newest first.")


class KnownInstitution(BaseModel):
    """An institution whose releases are collected."""

    name: str = Field(description="As search takes it.")
    releases: int = Field(description="How many of its releases can be found.")
    first: date | None = Field(description="The day of its oldest release; null if it has none.")
    last: date | None = Field(description="The day of its newest release; null if it has none.")


class KnownInstitutions(BaseModel):
    """All institutions whose releases are collected."""

    institutions: list[KnownInstitution] = Field(description="In alphabetical order.")


class KnownChange(BaseModel):
    """Something that happened to one release."""

    kind: str = Field(
        description="new, edit, reread (read better by us), undo, removal, return, hide, unhide, merge or "
        "separation."
    )
    at: datetime = Field(description="When it was noticed or done.")
    id: str = Field(description="Read the release with read_release.")
    version: int = Field(description="The number of the text that the release had from then on.")
    successor: str | None = Field(description="Of a merge: the release that took its place; else null.")
    title: str | None = Field(description="The title of that text; null once the release is hidden.")
    institution: str | None = Field(description="Its Latvian name; null once the release is hidden.")

    @classmethod
    def of(cls, change: ListedEvent) -> "KnownChange":
        """Return *change* as an assistant reads it."""
        return cls(
            kind=change.kind,
            at=change.at,
            id=change.release,
            version=change.version,
            successor=change.successor,
            title=change.title,
            institution=change.ministry,
        )


class KnownChanges(BaseModel):
    """What happened to releases, in order."""

    changes: list[KnownChange] = Field(description="Oldest first.")
    next: str = Field(description="Give it as since to go on; also if there is nothing more by now.")


class KnownText(QuotedVersion):
    """A text of a release, and when it stood on its site: it appeared between after and since."""

    title: str = Field(description="The title of that text.")
    institution: str = Field(description="The institution that published it; its Latvian name.")
    passages: list[str] = Field(description="What of that text matches.")

    @classmethod
    def of_hit(cls, hit: Hit) -> "KnownText":
        """Return the only text of *hit* as an assistant reads it."""
        [stay] = hit.stood
        return cls(
            **dict(QuotedVersion.of(stay)),
            title=hit.title.text,
            institution=hit.ministry,
            passages=[passage.text for passage in hit.passages],
        )


class KnownAppearance(BaseModel):
    """When words first appeared on a site, and last stood there."""

    releases: int = Field(description="Releases that ever had all of them.")
    standing: int = Field(description="Those of them that have all of them now.")
    first: KnownText | None = Field(description="The text that had them first; null if none ever had.")
    last: KnownText | None = Field(
        description="The text in which they stood last, or the newest in which they still stand."
    )
    cut_histories: int = Field(
        description="Of how many releases some earlier texts are not kept, as they have more than 400, and "
        "were not searched."
    )
