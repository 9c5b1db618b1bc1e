"""A release as indexed: its searchable parts, and its fields for filters, order and display."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from crawler.config import Language
from crawler.store import Attachment, Stay, StoredRelease, release_id
from index.analysis import Analyzer, Pieces, TokenColumns
from index.analysis.latvian import stopwords
from index.layout import LAYOUT, VALUE_BREAK, Stream
from index.mentions import Mentions, body_name, rules_digest
from index.query import FILTERS, TRAITS, Filter
from index.register import NO_NAMES, ListedNames
from index.search import standing
from index.segment.array_file import VERSION as FORMAT
from index.topics import rules_digest as topics_digest
from index.topics import topics_of
from index.versions import LAYOUT as LAYOUT_VERSION
from index.writer import DocumentPart
from preses_relizes.shared import masking
from preses_relizes.shared.calendar import LATVIAN_MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A release as indexed; telephone numbers and e-mail addresses are masked in its texts."""

    id: str
    url: str
    site: str
    ministry: str
    language: Language
    published: date | None
    cluster: str
    """The id of the first release among its near-duplicates."""
    gone: bool
    edited: bool
    title: str
    lead: str
    body: str
    attachment: str
    """The titles and texts of all attachments."""
    translations: tuple[str, ...] = ()
    """Ids of the same release in other languages, crawled or not."""
    machine_translated: bool = False
    """As its page states."""
    categories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """Of the common scheme, by its categories."""
    attachment_types: tuple[str, ...] = ()
    since: int = 0
    until: int = standing.OPEN
    """When the text stood, as of ``standing.columns``."""
    stay: tuple[int | str, ...] = ()
    """The same as stored with it."""
    persons: tuple[str, ...] = ()
    """Who holds an office, or says something, in its text."""
    bodies: tuple[str, ...] = ()
    """The public bodies that it names, by name."""
    acts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, stored: StoredRelease, stay: Stay | None = None, mentions: Mentions | None = None
    ) -> "Document":
        """Return the document of a *stored* release; its contact block is left out.

        *stay* is that of its present text; without it, no search through time finds when that stood.
        Without *mentions*, no filter by them finds it.
        """
        release = stored.release
        categories = split_categories(masking.mask(release.category or ""))
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
            categories=categories,
            topics=topics_of(release.site, categories),
            attachment_types=attachment_types(release.attachments),
            title=masking.mask(release.title),
            lead=masking.mask(release.lead),
            body=masking.mask(release.body),
            attachment=masking.mask("\n\n".join(attachments).strip()),
            **(_during(stay, stored.id) if stay else {}),
            **(_mentioned(mentions) if mentions else {}),
        )

    def earlier(self, stays: Iterable[Stay]) -> Iterator["Document"]:
        """Yield the documents of other *stays* of the release: their texts, with its values for filters.

        Attachments are searched beside the present text only: others were not kept.
        """
        for stay in stays:
            version = stay.version
            own = "" if version.release == self.id else f"{version.release}."
            yield replace(
                self,
                id=f"{self.id}@{own}{version.number}.{stay.place}",
                published=version.published,
                title=masking.mask(version.title),
                lead=masking.mask(version.lead),
                body=masking.mask(version.body),
                attachment="",
                **_during(stay, self.id),
            )

    def stamp(self) -> str:
        """Return a digest of all that is indexed of it: a document with the same one is that one."""
        return blake2b(repr(self).encode(), digest_size=8).hexdigest()

    def stream(self, analyzer: Analyzer) -> list[DocumentPart]:
        """Return the analysed parts, in order of position."""
        return [
            DocumentPart(layout.base, layout.weight, _tokens(*self.text(name), layout.room, analyzer))
            for name, layout in LAYOUT.items()
        ]

    def text(self, name: Stream) -> tuple[str, Language]:
        """Return the text of a part, and its language."""
        if name == "date":
            # `27.11.2017` and `27. novembrī` then find the release even if its text does not name the day.
            return _spell_out(self.published) if self.published else "", "lv"
        return getattr(self, name), self.language

    @property
    def traits(self) -> tuple[str, ...]:
        """The traits that the release has, in their order."""
        return tuple(trait for trait in TRAITS if getattr(self, trait))

    def values(self, one: Filter) -> tuple[str, ...]:
        """Return the values by which the filter *one* finds the release."""
        values: str | tuple[str, ...] = getattr(self, one.column)
        return (values,) if isinstance(values, str) else values

    def fields(self) -> dict[str, object]:
        """Return the fields of the schema other than the text."""
        # Leave out empty values, to save space.
        shown = {name: value for name in _SHOWN if (value := getattr(self, name))}
        if self.translations:
            shown["translations"] = list(self.translations)
        if self.stay:
            shown["stay"] = list(self.stay)
        return {
            "id": self.id,
            "cluster": self.cluster.encode(),
            "published": self.published.toordinal() if self.published else 0,
            "since": self.since,
            "until": self.until,
            **{one.column: _column_value(one, self.values(one)) for one in FILTERS},
            "title": self.title.encode(),
            "shown": shown,
        }


_TYPES = {
    "pdf": "pdf",
    "doc": "docx", "docx": "docx", "docm": "docx", "odt": "docx", "rtf": "docx",
    "xls": "xlsx", "xlsx": "xlsx", "xlsm": "xlsx", "ods": "xlsx", "csv": "xlsx",
    "ppt": "pptx", "pptx": "pptx", "pps": "pptx", "ppsx": "pptx", "odp": "pptx",
    "edoc": "edoc", "asice": "edoc", "asics": "edoc", "sce": "edoc",
    "jpg": "image", "jpeg": "image", "png": "image", "gif": "image", "webp": "image", "svg": "image",
    "bmp": "image", "tif": "image", "tiff": "image", "heic": "image",
}  # fmt: skip
"""The types of files, by the last word of a name."""
_LAST_WORD = re.compile(r"(?:^|[\W_])([a-z]{3,5})\W*$")


def attachment_types(attachments: Sequence[Attachment]) -> tuple[str, ...]:
    """Return the types of *attachments*, each once, in alphabetical order.

    Many addresses, such as `/media/7/download`, do not name the file; the title often does: `Plāns (PDF)`.
    """
    types = (_type_of(urlsplit(one.url).path) or _type_of(one.title) or "other" for one in attachments)
    return tuple(sorted(set(types)))


def _type_of(name: str) -> str | None:
    word = _LAST_WORD.search(name.lower())
    return _TYPES.get(word[1]) if word else None


MENTIONED_MAX = 50
"""Maximum number of values of one kind that a release is found by."""


def _mentioned(mentions: Mentions) -> dict[str, Any]:
    """Return the fields of a document that say who and what its text mentions."""
    named = {
        "persons": (person.name for person in mentions.persons),
        "bodies": (body_name(body.id) for body in mentions.bodies),
        "acts": (cited.act for cited in mentions.citations),
        "places": (place.name for place in mentions.places),
    }
    return {field: tuple(dict.fromkeys(values))[:MENTIONED_MAX] for field, values in named.items()}


def _during(stay: Stay, release: str) -> dict[str, Any]:
    """Return the fields of a document that say when its text stood."""
    since, until = standing.columns(stay)
    return {"since": since, "until": until, "stay": tuple(standing.pack(stay, release))}


def _column_value(one: Filter, values: tuple[str, ...]) -> bytes | int:
    if one.kind == "flags":
        return sum(1 << one.keys.index(value) for value in values)
    return VALUE_BREAK.join(values).encode()


CATEGORIES_MAX, CATEGORY_CHARS_MAX = 5, 80
"""Limits of the categories of a release; longer texts are not categories."""


def split_categories(text: str) -> tuple[str, ...]:
    """Return the categories that the category of a release names.

    >>> split_categories("Aizsardzības nozare, NATO")
    ('Aizsardzības nozare', 'NATO')
    """
    named: list[str] = []
    for part in filter(None, (" ".join(one.split()) for one in text.split(","))):
        if named and part[:1].islower():  # "Izglītība, zinātne" is one category
            named[-1] += f", {part}"
        else:
            named.append(part)
    return tuple(dict.fromkeys(one for one in named if len(one) <= CATEGORY_CHARS_MAX))[:CATEGORIES_MAX]


def _tokens(text: str, language: Language, room: int, analyzer: Analyzer) -> TokenColumns | Pieces:
    # A token has at least one character, so only longer texts can have too many tokens.
    pieces = analyzer.pieces(text, language) if len(text) <= room else None
    return pieces or analyzer.columns(text, language, most=room)


@lru_cache(1 << 13)  # the days of two decades; many releases share them
def _spell_out(day: date) -> str:
    return f"{day:%d.%m.%Y} {day.day}. {LATVIAN_MONTHS[day.month - 1]}"


# Fields stored to show hits. The day is read from its column instead.
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


def fingerprint(analyzer: Analyzer, names: ListedNames = NO_NAMES) -> str:
    """Return a fingerprint of all that the files of an index depend on; if it changes, the index is rebuilt.

    That is the analysis, the layout, the format, the rules of mentions and topics, the operator's *names*,
    and the stop words, by which suggested phrases are chosen.
    """
    own = f"{LAYOUT_VERSION} {FORMAT} {rules_digest()} {topics_digest()}"
    rules = f"{analyzer.fingerprint()} {own} {names.fingerprint}"
    digest = hashlib.sha256(rules.encode())
    for path in stopwords.FILES:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
