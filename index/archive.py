"""Releases to read: one at a time, with their earlier texts, as the page shows them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Literal

from crawler.config import Language
from crawler.database import ChangedError
from crawler.store import Attachment, Confidence, Revision, Store, StoredRelease, StoreError
from index.engine import EngineError
from index.masking import masked

# A crawl that begins while a release is read is met once.
_TRIES = 3
# Comparing words takes time by the square of their number; longer texts are compared by paragraph.
_WORDS_COMPARED = 4_000


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text that an edit kept, added or removed."""

    kind: Literal["kept", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An earlier text of a release, shown until ``until`` (UTC), and what became of it then."""

    until: datetime
    title: str
    changes: tuple[Change, ...]


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


class Archive:
    """Reads releases from the store at *path*, which need not be there yet; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path

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
            return _archived(
                stored,
                store.revisions(stored.id),
                tuple(_translations(stored, store)),
                store.missed(stored.id),
            )


def _archived(
    stored: StoredRelease,
    revisions: Sequence[Revision],
    translations: tuple[Translation, ...],
    missed: date | None,
) -> ArchivedRelease:
    release = stored.release
    return ArchivedRelease(
        id=stored.id,
        url=release.original,
        site=release.site,
        ministry=release.ministry,
        language=release.language,
        published=release.published,
        published_confidence=release.published_confidence,
        category=masked(release.category) if release.category else None,
        machine_translated=release.machine_translated,
        gone=stored.state == "gone",
        missed=missed,
        title=masked(release.title),
        lead=masked(release.lead),
        paragraphs=tuple(_paragraphs(masked(release.body))),
        attachments=tuple(replace(file, title=masked(file.title), text="") for file in release.attachments),
        translations=translations,
        revisions=tuple(_edits(stored, revisions)),
    )


def _paragraphs(text: str) -> Iterator[str]:
    return (paragraph for paragraph in text.split("\n\n") if paragraph.strip())


def _translations(stored: StoredRelease, store: Store) -> Iterator[Translation]:
    for url in stored.release.translations:
        other = store.find(url)
        if other is not None and other.state != "hidden" and other.id != stored.id:
            yield Translation(id=other.id, language=other.release.language, title=masked(other.release.title))


def _edits(stored: StoredRelease, revisions: Sequence[Revision]) -> Iterator[Edit]:
    release = stored.release
    texts = [_text(release.title, release.lead, release.body)]
    texts += [_text(revision.title, revision.lead, revision.body) for revision in revisions]
    for revision, (newer, older) in zip(revisions, pairwise(texts), strict=True):
        yield Edit(
            until=revision.until,
            title=masked(revision.title),
            changes=tuple(changes(masked(older), masked(newer))),
        )


def _text(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def changes(older: str, newer: str) -> Iterator[Change]:
    """Yield how *older* became *newer*, word by word, in reading order.

    >>> [(change.kind, change.text) for change in changes("Sēde sākas 9.00.", "Sēde sākas 10.00.")]
    [('kept', 'Sēde sākas'), ('removed', '9.00.'), ('added', '10.00.')]
    """
    ours, theirs = _pieces(older), _pieces(newer)
    for kind, start, end, other_start, other_end in SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            yield Change("kept", " ".join(ours[start:end]))
            continue
        if end > start:
            yield Change("removed", " ".join(ours[start:end]))
        if other_end > other_start:
            yield Change("added", " ".join(theirs[other_start:other_end]))


def _pieces(text: str) -> list[str]:
    words = text.split()
    return words if len(words) <= _WORDS_COMPARED else re.split(r"\n+", text)
