"""The versions of a release as pages and the API show them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from crawler.config import Language
from crawler.store import Store, StoredRelease, Structure, TextVersion, VersionKind, shown_structure
from index import deadline
from index.release_view import TITLE_CHARS, DiffCache, joined, open_store, shown_text
from index.revision_diff import ParagraphDiff, limit_changes
from preses_relizes.shared.calendar import day_bounds
from preses_relizes.shared.masking import mask_start


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """A text of a release; telephone numbers and e-mail addresses are masked."""

    release: str
    """The id of the release that had it."""
    current: str
    """The id of the release that took its place, or its own."""
    number: int
    first: int
    """The number of the first version of the release that had it."""
    last: int
    """The number of its last version."""
    kind: VersionKind
    after: datetime | None
    """When the site last had another text, of an edit; None: unknown."""
    since: datetime
    """When it was first read."""
    seen: datetime | None
    """When the site was last seen to have it; None: only we had it, by a reading or an undo."""
    until: datetime | None
    """When the next text was first read, or another release took its place; None: it is the last."""
    kept: bool
    """False: it has only its title, since there are too many versions."""
    ministry: str
    language: Language
    url: str
    """The original, which has the last text."""
    gone: bool
    """Whether the original is no longer on its site."""
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    is_cut: bool
    """Whether the text is longer."""
    structure: Structure | None
    """Of lead and paragraphs, which empty lines separate; None: it is not known."""
    published: date | None
    """The day that this text names, or that lists named for it."""

    @property
    def is_current(self) -> bool:
        """Whether it is the text of the release today."""
        return self.until is None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterChanges:
    """What the site has changed in a release since one of its versions."""

    edits: int
    """How many edits followed under the id of the version, also those that were undone or taken back."""
    changes: tuple[ParagraphDiff, ...] | None
    """From its text to that of today; None: time ran out, or the text is not kept."""
    published: date | None
    """The day that the release names today."""

    @property
    def differs(self) -> bool:
        """Whether the text of today is another one."""
        return self.changes is None or any(paragraph.kind != "kept" for paragraph in self.changes)


Standing = Literal["seen", "possible", "presumed"]
"""How a text is known to have stood on a day: seen before or on it and then or later; possible, between two
visits or after the last; presumed, before the first visit but not before the day of publication."""


@dataclass(frozen=True, slots=True)
class StandingText:
    """A text that stood on the site on some day, or may have."""

    version: ShownVersion
    standing: Standing


class TextHistory:
    """Reads versions from the store at *path*, which need not exist yet; safe to share between threads."""

    def __init__(self, path: Path, diffs: DiffCache | None = None) -> None:
        self._path = path
        self._diffs = diffs or DiffCache()
        self._cut = -1, 0

    def count_cut(self, number: int) -> int:
        """Return how many releases have earlier texts that are no longer kept, so that none is searched.

        It is counted once for each *number* of the index.

        Raises:
            EngineError: the store is missing or damaged.
        """
        known, count = self._cut
        if known != number:
            with open_store(self._path) as store:
                count = store.count_shown_cut()
            self._cut = number, count
        return count

    def version(self, id_: str, number: int) -> ShownVersion | None:
        """Return the version *number* of the release *id_*; None if there is none, or if it is hidden.

        Raises:
            EngineError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            stored = _shown(store, id_)
            version = store.version(id_, number) if stored else None
            return _to_shown(version, stored, store) if version and stored else None

    def last_seen(self, versions: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], datetime]:
        """Return when sites were last seen to have *versions*, each of a release; those unknown are left out.

        Raises:
            EngineError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            known = ((one, store.version(*one)) for one in versions)
            return {one: version.seen for one, version in known if version and version.seen}

    def later_changes(self, id_: str, number: int) -> LaterChanges | None:
        """Return what has changed since the version *number* of the release *id_*; None if it is not shown.

        Raises:
            EngineError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            stored = _shown(store, id_)
            version = store.version(id_, number) if stored else None
            if not version or not stored:
                return None
            release = stored.release
            older = joined(version.title, version.lead, version.body)
            newer = joined(release.title, release.lead, release.body)
            can_compare = version.kept and not deadline.is_over()
            return LaterChanges(
                edits=store.count_edits(id_, after=number),
                changes=tuple(limit_changes(self._diffs.masked(older, newer))) if can_compare else None,
                published=release.published,
            )

    def as_of(self, id_: str, day: date) -> tuple[StandingText, ...] | None:
        """Return the texts that the release *id_* had on a *day* in Riga, or may have had, oldest first.

        Also those that it had at other addresses, before and after it moved.

        None: there is no such release, or it is hidden.

        Raises:
            EngineError: the store is missing or damaged.
        """
        start, end = day_bounds(day)
        with open_store(self._path) as store:
            stored = _shown(store, id_)
            if stored is None:
                return None
            family = [*_family(store, id_)]
            present = [one for one in family if not store.was_gone(one, start, end)]
            if not present:
                return ()
            found = [one for member in present for one in store.versions_between(member, start, end)]
            if not found:
                firsts = filter(None, (store.version(one, store.first_version(one)) for one in family))
                first = min(firsts, key=lambda version: version.since)
                if first.published is not None and first.published <= day and end <= first.since:
                    found = [first]
            return tuple(
                StandingText(_to_shown(version, stored, store), _standing(version, start, end))
                for version in sorted(found, key=lambda version: version.since)
            )

    def versions(self, id_: str, *, after: int = 0, at_most: int = -1) -> tuple[ShownVersion, ...] | None:
        """Return the versions of the release *id_* but its first *after*, oldest first, by title alone.

        None: there is no such release, or it is hidden.

        Raises:
            DeadlineError: the time for the answer is used up.
            EngineError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            stored = _shown(store, id_)
            if stored is None:
                return None
            found = store.versions(id_, after=store.first_version(id_) - 1 + after, at_most=at_most)
            shown = []
            for one in found:
                deadline.check()
                shown.append(_to_shown(replace(one, lead="", body="", structure=None), stored, store))
            return tuple(shown)

    def counts(self, id_: str) -> Mapping[str, int]:
        """Return how many versions the release *id_* has, and each that was merged into it, by its id.

        Raises:
            EngineError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            return {one: store.count_versions(one) for one in _family(store, id_)}


def _standing(version: TextVersion, start: datetime, end: datetime) -> Standing:
    if version.kind == "first" and end <= version.since:
        return "presumed"
    is_seen = version.seen is not None and version.since < end and version.seen >= start
    return "seen" if is_seen else "possible"


def _shown(store: Store, id_: str) -> StoredRelease | None:
    """Return the release *id_*, or the one that took its place, if it may be shown."""
    stored = store.get(id_)
    return None if stored is None or stored.state == "hidden" else stored


def _family(store: Store, id_: str) -> Iterator[str]:
    stored = _shown(store, id_)
    if stored is not None:
        yield stored.id
        yield from store.merged_into(stored.id)


def _to_shown(version: TextVersion, stored: StoredRelease, store: Store) -> ShownVersion:
    release, text = stored.release, shown_text(version.lead, version.body)
    return ShownVersion(
        release=version.release,
        current=stored.id,
        number=version.number,
        first=store.first_version(version.release),
        last=store.last_version(version.release),
        kind=version.kind,
        after=version.after,
        since=version.since,
        seen=version.seen,
        until=version.until,
        kept=version.kept,
        ministry=release.ministry,
        language=release.language,
        url=release.original,
        gone=stored.state == "gone",
        title=mask_start(version.title, TITLE_CHARS),
        lead=text.lead,
        paragraphs=text.paragraphs,
        is_cut=text.is_cut,
        structure=shown_structure(version.structure, text.lead, text.body),
        published=version.published,
    )
