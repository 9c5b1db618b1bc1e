"""One release as the page shows it, with its edits."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from itertools import islice, pairwise
from pathlib import Path
from typing import Literal

from crawler.config import Language
from crawler.store import (
    Attachment,
    ChangedError,
    Confidence,
    History,
    Revision,
    Sighting,
    Store,
    StoredRelease,
    StoreError,
    Structure,
    absent_ids,
    arrivals,
    changes_of,
    copies_of,
    histories,
    shown_structure,
    sighting,
)
from crawler.urls import canonical
from index import deadline
from index.errors import ArchiveError
from index.results import Translation
from index.revision_diff import CHANGE_CHARS, CHANGES, ParagraphDiff, diff, limit_changes
from index.segment.cache import Cache
from preses_relizes.shared.masking import mask_start

_OUR_PAGE = re.compile(r"/releases/([^/?#.]+)")
# Attempts to read a release that a crawl is changing; one retry is usually enough.
_TRIES = 3
# Limits of a page. A crawl keeps no longer text, and real releases have shorter lists.
TEXT_CHARS, TITLE_CHARS, URL_CHARS = 200_000, 500, 1_000
PARAGRAPHS, ATTACHMENTS, TRANSLATIONS, COPIES, ALIASES = 10_000, 30, 20, 20, 20
# Characters of a text that are compared, and bytes of the differences that are kept.
_COMPARED_CHARS, _CACHE_BYTES = 2 * TEXT_CHARS, 16 << 20
REVISIONS = 20
"""Edits shown, newest first."""
# The space in "2 300", which is one word.
_DIGIT_SPACE = re.compile(r"(?<=\d)\s(?=\d{3}\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The edit of a release that replaced an earlier text; the crawl noticed it between two moments (UTC)."""

    number: int
    """The number of the edit; the oldest is 1."""
    release: str
    """The id of the release that had the earlier text: another if that was merged into this one."""
    version: int
    """The number of the version that the earlier text is."""
    since: datetime | None
    """When the site last had the earlier text; None if that is unknown."""
    until: datetime
    """When the crawl first read the later text."""
    title: str
    """The earlier title."""
    changes: tuple[ParagraphDiff, ...] | None
    """None if time ran out before the texts were compared, or one of them is not kept."""

    def count_words(self, kind: Literal["added", "removed"]) -> int:
        """Return how many words the edit added or removed, as far as its changes are shown."""
        chunks = (chunk for paragraph in self.changes or () for chunk in paragraph.chunks)
        return sum(len(_DIGIT_SPACE.sub("", chunk.text).split()) for chunk in chunks if chunk.kind == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A near-duplicate of a release: the same news, published by another institution."""

    id: str
    ministry: str
    title: str
    published: date | None


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
    first_seen: datetime
    """When the crawl first read the release (UTC)."""
    sighting: Sighting
    missed: date | None
    """The first day on which the original was missing; if it is missing on another, it counts as gone."""
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    is_cut: bool
    """Whether the text is longer."""
    structure: Structure | None
    """Of lead and paragraphs, which empty lines separate; None: it is not known."""
    attachments: tuple[Attachment, ...]
    translations: tuple[Translation, ...]
    copies: tuple[Copy, ...]
    aliases: tuple[str, ...]
    """Other addresses at which the release was found."""
    revisions: tuple[Edit, ...]
    """Newest first."""
    version: int
    """The number of the version that its text is."""
    has_older: bool
    """Whether there are more edits than shown."""
    dropped: int
    """The number of its earlier texts that are no longer kept, as there are too many."""


@contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """Open the store at *path* for one request, to notice one restored from a backup.

    Raises:
        ArchiveError: it is missing or damaged.
    """
    try:
        with Store.open_served(path) as store:
            yield store
    except StoreError as error:
        raise ArchiveError(str(error)) from error


class DiffCache:
    """Keeps diffs of texts, which never change, in a process; safe to share between threads."""

    def __init__(self) -> None:
        self._diffs: Cache[tuple[ParagraphDiff, ...]] = Cache(_CACHE_BYTES, _size)

    def masked(self, older: str, newer: str) -> tuple[ParagraphDiff, ...]:
        """Return the `diff` of two texts, masked."""
        pair = f"{len(older)} {older}{newer}".encode("utf-8", "surrogatepass")
        key = blake2b(pair, digest_size=16).digest()
        return self._diffs.get(
            key, lambda: tuple(diff(mask_start(older, _COMPARED_CHARS), mask_start(newer, _COMPARED_CHARS)))
        )


def _size(changes: tuple[ParagraphDiff, ...]) -> int:
    """Return the approximate number of bytes that *changes* take in memory."""
    return sum(2 * len(chunk.text) + 200 for paragraph in changes for chunk in paragraph.chunks)


class Archive:
    """Reads releases from the store at *path*, which need not exist yet; safe to share between threads."""

    def __init__(self, path: Path, diffs: DiffCache | None = None) -> None:
        self._path = path
        self._diffs = diffs or DiffCache()

    def release(self, id_: str) -> ArchivedRelease | None:
        """Return the release *id_*; None if there is none, or if it is hidden.

        Raises:
            ArchiveError: the store is missing or damaged.
        """
        return self._read(id_, None)

    def has(self, id_: str) -> bool:
        """Return whether there is a release *id_* that may be shown.

        Raises:
            ArchiveError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            stored = store.get(id_)
            return stored is not None and stored.state != "hidden"

    def find(self, url: str) -> StoredRelease | None:
        """Return the release at *url*: its original, another of its addresses, or its page here.

        A release merged into another is that one. None: there is none, or it is hidden.

        Raises:
            ArchiveError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            ours = _OUR_PAGE.search(url)
            stored = store.find(canonical(url)) or store.find(url) or (store.get(ours[1]) if ours else None)
            return None if stored is None or stored.state == "hidden" else stored

    def edit(self, id_: str, number: int) -> ArchivedRelease | None:
        """Return the release *id_* with its edit *number* alone; None if there is no such edit.

        Raises:
            ArchiveError: the store is missing or damaged.
        """
        archived = self._read(id_, number)
        return archived if archived and archived.revisions else None

    def changes_of(self, site: str, *, at_most: int) -> list[tuple[str, date]]:
        """Return the ids of the releases of *site*, last changed first, with the day of that change.

        Raises:
            ArchiveError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            return changes_of(store, site, at_most=at_most)

    def histories(self, ids: Iterable[str]) -> Mapping[str, History]:
        """Return when each release of *ids* was first read and last changed, without hidden and merged ones.

        Raises:
            ArchiveError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            return histories(store, ids)

    def current_ids(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Return the ids that the releases *ids* have now, after moves, without hidden ones.

        Raises:
            ArchiveError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            found = {id_: store.get(id_) for id_ in ids}
            return {id_: one.id for id_, one in found.items() if one and one.state != "hidden"}

    def absent_ids(self) -> frozenset[str]:
        """Return the ids that must not be shown: hidden releases, and those merged into others.

        Raises:
            ArchiveError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            return absent_ids(store)

    def arrivals(self, *, after: int, up_to: int) -> Mapping[str, datetime]:
        """Return the releases stored or changed by the changes *after* one number *up_to* another.

        The values are the times when they were first seen (UTC).

        Raises:
            ArchiveError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            return dict(arrivals(store, after=after, up_to=up_to))

    def _read(self, id_: str, number: int | None) -> ArchivedRelease | None:
        try:
            for _ in range(_TRIES - 1):
                with suppress(ChangedError):
                    return self._try_to_read(id_, number)
            return self._try_to_read(id_, number)
        except StoreError as error:
            raise ArchiveError(str(error)) from error

    def _try_to_read(self, id_: str, number: int | None) -> ArchivedRelease | None:
        # The store is opened for each release, to notice one restored from a backup.
        with Store.open_served(self._path) as store:
            stored = store.get(id_)
            if stored is None or stored.state == "hidden":
                return None
            count = store.count_revisions(stored.id)
            at_most = REVISIONS + 1 if number is None else max(0, count - number + 1)
            edits = self._edits(stored, store.revisions(stored.id, at_most=at_most), count, number)
            return _to_archived(stored, edits, store)

    def _edits(
        self, stored: StoredRelease, revisions: Sequence[Revision], count: int, only: int | None
    ) -> Iterator[Edit]:
        release = stored.release
        texts: list[str | None] = [joined(release.title, release.lead, release.body)]
        texts += [
            joined(revision.title, revision.lead, revision.body) if revision.kept else None
            for revision in revisions
        ]
        chars, chunks = CHANGE_CHARS, CHANGES
        for place, (revision, (newer, older)) in enumerate(zip(revisions, pairwise(texts), strict=True)):
            number = count - place
            if only not in (None, number):
                continue
            is_over = deadline.is_over() or chars <= 0 or chunks <= 0
            if is_over or older is None or newer is None:
                changes = None
            else:
                changes = tuple(limit_changes(self._diffs.masked(older, newer), chars, chunks))
            yield Edit(
                number=number,
                release=revision.release,
                version=revision.version,
                since=revision.seen,
                until=revision.until,
                title=mask_start(revision.title, TITLE_CHARS),
                changes=changes,
            )
            shown = [chunk for paragraph in changes or () for chunk in paragraph.chunks]
            chars -= sum(len(chunk.text) for chunk in shown)
            chunks -= len(shown)


def _to_archived(stored: StoredRelease, edits: Iterator[Edit], store: Store) -> ArchivedRelease:
    release = stored.release
    text = shown_text(release.lead, release.body)
    files = [file for file in release.attachments if len(file.url) <= URL_CHARS][:ATTACHMENTS]
    return ArchivedRelease(
        id=stored.id,
        url=release.original,
        site=release.site,
        ministry=release.ministry,
        language=release.language,
        published=release.published,
        published_confidence=release.published_confidence,
        category=mask_start(release.category, TITLE_CHARS) if release.category else None,
        machine_translated=release.machine_translated,
        gone=stored.state == "gone",
        first_seen=stored.first_seen,
        sighting=sighting(store, release.url),
        missed=store.missing_since(stored.id),
        title=mask_start(release.title, TITLE_CHARS),
        lead=text.lead,
        paragraphs=text.paragraphs,
        is_cut=text.is_cut,
        structure=shown_structure(release.structure, text.lead, text.body),
        attachments=tuple(
            replace(file, title=mask_start(file.title, TITLE_CHARS), text="") for file in files
        ),
        translations=tuple(_translations(stored, store)),
        copies=tuple(_copies(stored, store)),
        aliases=tuple(url for url in stored.aliases if len(url) <= URL_CHARS)[:ALIASES],
        revisions=tuple(islice(edits, REVISIONS)),
        version=store.last_version(stored.id),
        has_older=next(edits, None) is not None,
        dropped=store.count_dropped(stored.id),
    )


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text of the store as a page shows it: masked, and up to a length."""

    lead: str
    body: str
    paragraphs: tuple[str, ...]
    """Of the body."""
    is_cut: bool
    """Whether the text is longer, also where the crawl kept no more."""


def shown_text(lead: str, body: str) -> ShownText:
    """Return what a page shows of a *lead* and a *body*."""
    shown_lead = mask_start(lead, TEXT_CHARS)
    shown_body = mask_start(body, TEXT_CHARS - len(shown_lead))
    paragraphs = tuple(paragraph for paragraph in shown_body.split("\n\n") if paragraph.strip())
    return ShownText(
        lead=shown_lead,
        body=shown_body,
        paragraphs=paragraphs[:PARAGRAPHS],
        is_cut=len(lead) + len(body) >= TEXT_CHARS or len(paragraphs) > PARAGRAPHS,
    )


def _translations(stored: StoredRelease, store: Store) -> Iterator[Translation]:
    for url in stored.release.translations[:TRANSLATIONS]:
        other = store.find(url)
        if other is not None and other.state != "hidden" and other.id != stored.id:
            yield Translation(
                id=other.id,
                language=other.release.language,
                title=mask_start(other.release.title, TITLE_CHARS),
            )


def _copies(stored: StoredRelease, store: Store) -> Iterator[Copy]:
    """Yield the releases of the same cluster that say the same in the same language."""
    others = (store.get(id_) for id_ in copies_of(store, stored.id, at_most=COPIES) if id_ != stored.id)
    for other in others:
        if other and other.state != "hidden" and other.release.language == stored.release.language:
            release = other.release
            title = mask_start(release.title, TITLE_CHARS)
            yield Copy(id=other.id, ministry=release.ministry, title=title, published=release.published)


def joined(*parts: str) -> str:
    """Return the parts of a text that are not empty, as paragraphs."""
    return "\n\n".join(part for part in parts if part)
