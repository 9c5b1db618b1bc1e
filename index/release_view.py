"""One release as the page shows it, with its edits."""

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
from index.indexing.masking import mask
from index.revision_diff import DiffChunk, diff
from index.segment.cache import Cache

# Attempts to read a release that a crawl is changing; one retry is usually enough.
_TRIES = 3
# Limits of a page: the texts that a crawl keeps fit, and no release has lists as long.
TEXT_CHARS, TITLE_CHARS, URL_CHARS = 200_000, 500, 1_000
PARAGRAPHS, ATTACHMENTS, TRANSLATIONS = 10_000, 30, 20
REVISIONS = 20
"""Edits shown, newest first."""
CHANGE_CHARS, CHANGES = 40_000, 8_000
"""Limits on the sum of all edits of a page."""
# Longer than any telephone number or e-mail address, so that a cut cannot hide part of it from the mask.
_OVERLAP_CHARS = 300
_CACHE_BYTES = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The edit that replaced an earlier text of a release at ``until`` (UTC)."""

    until: datetime
    title: str
    changes: tuple[DiffChunk, ...] | None
    """None if time ran out before the texts were compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The same release in another language."""

    id: str
    language: Language
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRelease:
    """A release as the page shows it; telephone numbers and e-mail addresses are masked."""

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
    """The first day on which the original was missing; if it is missing on another, it counts as gone."""
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    translations: tuple[Translation, ...]
    revisions: tuple[Edit, ...]
    """Newest first."""
    has_older: bool
    """Whether there are more edits than shown."""


class Archive:
    """Reads releases from the store at *path*, which need not exist yet; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # The difference of two texts never changes, so each pair is compared once per process.
        self._compared: Cache[tuple[DiffChunk, ...]] = Cache(_CACHE_BYTES, _size)

    def release(self, id_: str) -> ArchivedRelease | None:
        """Return the release *id_*; None if there is none, or if it is hidden.

        Raises:
            EngineError: the store is missing or damaged.
        """
        try:
            for _ in range(_TRIES - 1):
                with suppress(ChangedError):
                    return self._read(id_)
            return self._read(id_)
        except StoreError as error:
            raise EngineError(str(error)) from error

    def _read(self, id_: str) -> ArchivedRelease | None:
        # The store is opened for each release, to notice one restored from a backup.
        with Store.open_readonly(self._path) as store:
            stored = store.get(id_)
            if stored is None or stored.state == "hidden":
                return None
            revisions = store.revisions(stored.id, at_most=REVISIONS + 1)
            translations = tuple(_translations(stored, store))
            return _to_archived(
                stored, self._edits(stored, revisions), translations, store.missing_since(stored.id)
            )

    def _edits(self, stored: StoredRelease, revisions: Sequence[Revision]) -> Iterator[Edit]:
        release = stored.release
        texts = [_join(release.title, release.lead, release.body)]
        texts += [_join(revision.title, revision.lead, revision.body) for revision in revisions]
        chars, count = CHANGE_CHARS, CHANGES
        for revision, (newer, older) in zip(revisions, pairwise(texts), strict=True):
            is_over = deadline.is_over() or chars <= 0 or count <= 0
            chunks = None if is_over else tuple(_limit(self._changes(older, newer), chars, count))
            yield Edit(until=revision.until, title=_mask(revision.title, TITLE_CHARS), changes=chunks)
            chars -= sum(len(change.text) for change in chunks or ())
            count -= len(chunks or ())

    def _changes(self, older: str, newer: str) -> tuple[DiffChunk, ...]:
        key = blake2b(
            f"{len(older)} {older}{newer}".encode("utf-8", "surrogatepass"), digest_size=16
        ).digest()
        return self._compared.get(
            key, lambda: tuple(diff(_mask(older, TEXT_CHARS), _mask(newer, TEXT_CHARS)))
        )


def _size(changes: tuple[DiffChunk, ...]) -> int:
    """Return about how many bytes *changes* take in memory."""
    return sum(2 * len(change.text) + 200 for change in changes)


def _mask(text: str, chars: int) -> str:
    """Return the first *chars* characters of *text*, masked."""
    return mask(text[: chars + _OVERLAP_CHARS])[:chars]


def _limit(changes: Sequence[DiffChunk], chars: int, count: int) -> Iterator[DiffChunk]:
    """Yield the first *count* of *changes*, with *chars* characters at most."""
    for change in changes[:count]:
        if len(change.text) > chars:
            yield replace(change, text=f"{change.text[:chars]}…")
            return
        yield change
        chars -= len(change.text)


def _to_archived(
    stored: StoredRelease, edits: Iterator[Edit], translations: tuple[Translation, ...], missed: date | None
) -> ArchivedRelease:
    release = stored.release
    lead = _mask(release.lead, TEXT_CHARS)
    body = _mask(release.body, TEXT_CHARS - len(lead))
    files = [file for file in release.attachments if len(file.url) <= URL_CHARS][:ATTACHMENTS]
    return ArchivedRelease(
        id=stored.id,
        url=release.original,
        site=release.site,
        ministry=release.ministry,
        language=release.language,
        published=release.published,
        published_confidence=release.published_confidence,
        category=_mask(release.category, TITLE_CHARS) if release.category else None,
        machine_translated=release.machine_translated,
        gone=stored.state == "gone",
        missed=missed,
        title=_mask(release.title, TITLE_CHARS),
        lead=lead,
        paragraphs=tuple(islice(_paragraphs(body), PARAGRAPHS)),
        attachments=tuple(replace(file, title=_mask(file.title, TITLE_CHARS), text="") for file in files),
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
                id=other.id, language=other.release.language, title=_mask(other.release.title, TITLE_CHARS)
            )


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
