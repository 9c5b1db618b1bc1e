"""A release as it is searched, filtered and shown; the schema of the index and the weights of its parts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, NamedTuple

from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, STORED, TEXT, Schema

from crawler.config.settings import Language
from crawler.store.releases import StoredRelease, release_id
from index.analysis.analyzer import Analyzer, Columns, Pieces
from index.indexing import masking
from index.query.date_terms import MONTHS
from index.segment.array_file import VERSION as FORMAT
from index.versions import LAYOUT as LAYOUT_VERSION
from index.writer.token_buffer import Part
from index.writer.vocabulary import FIELDS

Stream = Literal["title", "lead", "date", "body", "attachment"]


class Layout(NamedTuple):
    """Where a part stands in the positions of a release, and how much a word in it counts."""

    base: int
    room: int
    """Tokens beyond it are not searched."""
    weight: int


# A word of the title says more of a release than one of its text. Parts stand further apart than the words of
# any phrase that can be typed ("..."~99), so none runs from one into the next.
LAYOUT: Mapping[Stream, Layout] = {
    "title": Layout(base=0, room=900, weight=4),
    "lead": Layout(base=1_000, room=1_700, weight=2),
    "date": Layout(base=2_850, room=50, weight=1),
    "body": Layout(base=3_000, room=990_000, weight=1),
    "attachment": Layout(base=1_000_000, room=1_000_000, weight=1),
}
PART_BASE: Mapping[Stream, int] = {name: layout.base for name, layout in LAYOUT.items()}
_ENDS = (*(layout.base for layout in LAYOUT.values()), 1 << 40)
PART_RANGE: Mapping[Stream, tuple[int, int]] = dict(zip(LAYOUT, pairwise(_ENDS), strict=True))
"""By part, the half-open range of its positions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A release as indexed; its texts hold no telephone numbers or addresses."""

    id: str
    url: str
    site: str
    ministry: str
    language: Language
    published: date | None
    cluster: str
    """The id of the first of the releases that say the same."""
    gone: bool
    edited: bool
    title: str
    lead: str
    body: str
    attachment: str
    """The texts of all attachments, one after another."""
    translations: tuple[str, ...] = ()
    """The ids of the same release in other languages, whether they were crawled or not."""
    machine_translated: bool = False
    """So says its page."""

    @classmethod
    def of(cls, stored: StoredRelease) -> "Document":
        """Return a release of the store as it is indexed; the contact block stays behind."""
        release = stored.release
        attachments = (f"{file.title}\n\n{file.text}" for file in release.attachments)
        return cls(
            id=stored.id,
            url=release.original,
            site=release.site,
            ministry=release.ministry,
            language=release.language,
            published=release.published,
            cluster=stored.cluster,
            gone=stored.state == "gone",
            edited=stored.edited,
            translations=tuple(release_id(release.site, url) for url in release.translations),
            machine_translated=release.machine_translated,
            title=masking.masked(release.title),
            lead=masking.masked(release.lead),
            body=masking.masked(release.body),
            attachment=masking.masked("\n\n".join(attachments).strip()),
        )

    def stream(self, analyzer: Analyzer) -> list[Part]:
        """Return the analysed parts, in the order of their positions."""
        return [
            Part(layout.base, layout.weight, _tokens(*self._text(name), layout.room, analyzer))
            for name, layout in LAYOUT.items()
        ]

    def _text(self, name: Stream) -> tuple[str, Language]:
        if name == "date":
            # So that 27.11.2017 and `27. novembrī` find it, however the text writes the day.
            return _day(self.published) if self.published else "", "lv"
        return getattr(self, name), self.language

    def fields(self) -> dict[str, object]:
        """Return what is kept beside the text, by field of the schema."""
        # What is empty takes no room.
        kept = {name: value for name in _SHOWN if (value := getattr(self, name))}
        return {
            "id": self.id,
            "cluster": self.cluster.encode(),
            "ministry": self.ministry.encode(),
            "language": self.language.encode(),
            "published": self.published.toordinal() if self.published else 0,
            "title": self.title.encode(),
            "shown": kept,
        }


def _tokens(text: str, language: Language, room: int, analyzer: Analyzer) -> Columns | Pieces:
    # No token is shorter than a character, so hardly any text has too many.
    pieces = analyzer.pieces(text, language) if len(text) <= room else None
    return pieces or analyzer.columns(text, language, most=room)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y} {day.day}. {MONTHS[day.month - 1]}"


# The day is read from its column.
_SHOWN = (
    "url",
    "site",
    "ministry",
    "language",
    "gone",
    "edited",
    "translations",
    "machine_translated",
    "title",
    "lead",
    "body",
    "attachment",
)


def schema() -> Schema:
    """Return the schema: four forms of the text, the columns that filter and sort, and what is shown."""
    texts = {name: TEXT(analyzer=None, phrase=True) for name in FIELDS}
    return Schema(
        id=ID(unique=True, stored=True, sortable=True),
        cluster=COLUMN(VarBytesColumn()),
        ministry=COLUMN(VarBytesColumn()),
        language=COLUMN(VarBytesColumn()),
        published=COLUMN(NumericColumn("i")),
        title=COLUMN(VarBytesColumn()),
        shown=STORED(),
        **texts,
    )


def fingerprint(analyzer: Analyzer) -> str:
    """Change whenever an index made before would not be what is made now: with the analysis or the layout."""
    return hashlib.sha256(f"{analyzer.fingerprint()} {LAYOUT_VERSION} {FORMAT}".encode()).hexdigest()[:16]
