"""A release as it is searched, filtered and shown; the schema of the index and the weights of its parts."""

import hashlib
from dataclasses import dataclass
from datetime import date

from crawler.config import Language
from crawler.store import StoredRelease, release_id
from index.analysis import Analyzer, Pieces, TokenColumns
from index.indexing import masking
from index.layout import LAYOUT, Stream
from index.query.date_terms import MONTHS
from index.segment.array_file import VERSION as FORMAT
from index.versions import LAYOUT as LAYOUT_VERSION
from index.writer import DocumentPart


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

    def stream(self, analyzer: Analyzer) -> list[DocumentPart]:
        """Return the analysed parts, in the order of their positions."""
        return [
            DocumentPart(layout.base, layout.weight, _tokens(*self._text(name), layout.room, analyzer))
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
        if self.translations:
            kept["translations"] = list(self.translations)
        return {
            "id": self.id,
            "cluster": self.cluster.encode(),
            "ministry": self.ministry.encode(),
            "language": self.language.encode(),
            "published": self.published.toordinal() if self.published else 0,
            "title": self.title.encode(),
            "shown": kept,
        }


def _tokens(text: str, language: Language, room: int, analyzer: Analyzer) -> TokenColumns | Pieces:
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


def fingerprint(analyzer: Analyzer) -> str:
    """Change whenever an index made before would not be what is made now: with the analysis or the layout."""
    return hashlib.sha256(f"{analyzer.fingerprint()} {LAYOUT_VERSION} {FORMAT}".encode()).hexdigest()[:16]
