"""Releases to read: one at a time, with their earlier texts, as the page shows them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from itertools import islice, pairwise
from pathlib import Path

from crawler.config import Language
from crawler.store import Attachment, ChangedError, Confidence, Revision, Store, StoredRelease, StoreError
from index import deadline
from index.errors import EngineError
from index.indexing.masking import masked
from index.revision_diff import DiffChunk, changes
from index.segment.cache import Cache

# A crawl that begins while a release is read is met once.
_TRIES = 3
# What a page shows of a release: as much as a crawl keeps of a text, and of lists more than any release has.
TEXT_CHARS, TITLE_CHARS, URL_CHARS = 200_000, 500, 1_000
PARAGRAPHS, ATTACHMENTS, TRANSLATIONS = 10_000, 30, 20
REVISIONS = 20
"""So many of its earlier texts are shown, the newest."""
CHANGE_CHARS, CHANGES = 40_000, 8_000
"""Of all its edits so much is shown, together."""
# No telephone number or address is longer, so none is cut before it is dotted out.
_OVERLAP_CHARS = 300
_KEPT_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An earlier text of a release, shown until ``until`` (UTC), and what became of it then."""

    until: datetime
    title: str
    changes: tuple[DiffChunk, ...] | None
    """None where there was no time left to tell them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The same release in another language."""

    id: str
    language: Language
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRelease:
    """A release as it is read; telephone numbers and addresses are dotted out."""

    id: str
    url: str
    site: str
    ministry: str
    language: Language
    published: date | None
    published_confidence: Confidence
    category: str | None
    machine_translated: bool
    gone: bool
    missed: date | None
    """The day on which the original was first not found; it counts as gone from the second such day on."""
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    translations: tuple[Translation, ...]
    revisions: tuple[Edit, ...]
    """Newest first."""
    has_older: bool
    """There are more."""


class Archive:
    """Reads releases from the store at *path*, which need not be there yet; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # What differs never changes, so it is told once; a process begins with nothing known.
        self._known: Cache[tuple[DiffChunk, ...]] = Cache(_KEPT_BYTES, _size)

    def release(self, id_: str) -> ArchivedRelease | None:
        """Return the release *id_*; None where there is none, or it must not be shown.

        Raises:
            EngineError: the store is not there or damaged.
        """
        try:
            for _ in range(_TRIES - 1):
                with suppress(ChangedError):
                    return self._read(id_)
            return self._read(id_)
        except StoreError as error:
            raise EngineError(str(error)) from error

    def _read(self, id_: str) -> ArchivedRelease | None:
        # Opened anew, so that a store put back from a backup is seen.
        with Store.open_readonly(self._path) as store:
            stored = store.get(id_)
            if stored is None or stored.state == "hidden":
                return None
            revisions = store.revisions(stored.id, at_most=REVISIONS + 1)
            translations = tuple(_translations(stored, store))
            return _archived(stored, self._edits(stored, revisions), translations, store.missed(stored.id))

    def _edits(self, stored: StoredRelease, revisions: Sequence[Revision]) -> Iterator[Edit]:
        release = stored.release
        texts = [_text(release.title, release.lead, release.body)]
        texts += [_text(revision.title, revision.lead, revision.body) for revision in revisions]
        chars, count = CHANGE_CHARS, CHANGES
        for revision, (newer, older) in zip(revisions, pairwise(texts), strict=True):
            told = None if deadline.is_over() or chars <= 0 or count <= 0 else self._changes(older, newer)
            shown = None if told is None else tuple(_within(told, chars, count))
            yield Edit(until=revision.until, title=_masked(revision.title, TITLE_CHARS), changes=shown)
            chars -= sum(len(one.text) for one in shown or ())
            count -= len(shown or ())

    def _changes(self, older: str, newer: str) -> tuple[DiffChunk, ...]:
        key = blake2b(
            f"{len(older)} {older}{newer}".encode("utf-8", "surrogatepass"), digest_size=16
        ).digest()
        return self._known.get(
            key, lambda: tuple(changes(_masked(older, TEXT_CHARS), _masked(newer, TEXT_CHARS)))
        )


def _size(told: tuple[DiffChunk, ...]) -> int:
    return sum(2 * len(one.text) + 200 for one in told)


def _masked(text: str, chars: int) -> str:
    return masked(text[: chars + _OVERLAP_CHARS])[:chars]


def _within(told: Sequence[DiffChunk], chars: int, count: int) -> Iterator[DiffChunk]:
    """Yield the first of what an edit changed, of so many letters at most."""
    for one in told[:count]:
        if len(one.text) > chars:
            yield replace(one, text=f"{one.text[:chars]}…")
            return
        yield one
        chars -= len(one.text)


def _archived(
    stored: StoredRelease, edits: Iterator[Edit], translations: tuple[Translation, ...], missed: date | None
) -> ArchivedRelease:
    release = stored.release
    lead = _masked(release.lead, TEXT_CHARS)
    body = _masked(release.body, TEXT_CHARS - len(lead))
    shown = [file for file in release.attachments if len(file.url) <= URL_CHARS][:ATTACHMENTS]
    return ArchivedRelease(
        id=stored.id,
        url=release.original,
        site=release.site,
        ministry=release.ministry,
        language=release.language,
        published=release.published,
        published_confidence=release.published_confidence,
        category=_masked(release.category, TITLE_CHARS) if release.category else None,
        machine_translated=release.machine_translated,
        gone=stored.state == "gone",
        missed=missed,
        title=_masked(release.title, TITLE_CHARS),
        lead=lead,
        paragraphs=tuple(islice(_paragraphs(body), PARAGRAPHS)),
        attachments=tuple(replace(file, title=_masked(file.title, TITLE_CHARS), text="") for file in shown),
        translations=translations,
        revisions=tuple(islice(edits, REVISIONS)),
        has_older=next(edits, None) is not None,
    )


def _paragraphs(text: str) -> Iterator[str]:
    return (paragraph for paragraph in text.split("\n\n") if paragraph.strip())


def _translations(stored: StoredRelease, store: Store) -> Iterator[Translation]:
    for url in stored.release.translations[:TRANSLATIONS]:
        other = store.find(url)
        if other is not None and other.state != "hidden" and other.id != stored.id:
            yield Translation(
                id=other.id, language=other.release.language, title=_masked(other.release.title, TITLE_CHARS)
            )


def _text(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
