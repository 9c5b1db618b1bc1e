"""The interface of every engine: search an index, and build, update, swap and roll it back."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from crawler.store import Store
from index.analysis import Analyzer
from index.indexing.abbreviations import Definition
from index.query import Part, Query
from index.register import NO_NAMES, ListedNames
from index.results import Appearance, Coverage, Explanation, Hit, IndexInfo, ListedRelease, Passage, Results
from index.suggest import Completer, Suggester

# --- Searching -----------------------------------------------------------------------------------


class Listing(Protocol):
    """All releases that match a query, in its order, as of the time when it was run."""

    is_of_all: bool
    """Whether it is of a search through time, so that some may be listed with earlier texts."""

    @property
    def total(self) -> int:
        """The number of releases; near-duplicates count once."""

    def releases(self, first: int = 0, last: int | None = None) -> Iterator[ListedRelease]:
        """Yield the releases from place *first*, counted from 0, up to place *last*; each is read in turn."""

    def among(self, ids: Collection[str]) -> Iterator[ListedRelease]:
        """Yield those of the releases that have one of *ids*."""


class Engine(Protocol):
    """Answers queries from an index; safe to share between threads."""

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for.

        Raises:
            CursorError: the cursor belongs to another query, or to an index that has changed since.
            EngineError: there is no index, or it is damaged.
        """

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""

    def appearance(self, query: Query) -> Appearance:
        """Return when a text that matches every part of *query* first appeared, and last stood."""

    def listing(self, query: Query) -> Listing:
        """Return all releases that `search` finds, in its order; pages and cursors do not count.

        Raises:
            EngineError: there is no index, or it is damaged.
        """

    def among(self, query: Query, ids: frozenset[str]) -> Iterator[ListedRelease]:
        """Return those of the releases *ids* that `listing` has, in its order.

        Raises:
            EngineError: there is no index, or it is damaged.
        """

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return the explained scores of those of the releases *ids* that match *query*, by id."""

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, best first."""

    def mark(self, query: Query, id_: str) -> Mapping[Part, Passage]:
        """Return title, lead and body of the release *id_* as indexed, with the matches of *query* marked.

        Empty if the release is not in the index.
        """

    def coverage(self) -> tuple[Coverage, ...]:
        """Return what the index holds of each institution, by name."""

    def info(self) -> IndexInfo:
        """Return facts about the index in use: size, version, damage."""

    def suggester(self) -> Suggester:
        """Return the spelling corrector, which knows the word forms of the index."""

    def completer(self) -> Completer:
        """Return the autocompletion, which knows the words, institutions and titles of the index."""


class ServingEngine(Engine, Protocol):
    """The engine of a server: follows every swap, and checks the index in use for damage."""

    def keep_verified(self, every_s: float, stopped: threading.Event) -> None:
        """Look for damage every *every_s* seconds until *stopped*; log it and report it in ``info``.

        A server runs this in a thread of its own, and answers from the old index while a new one is opened.
        """


class Generation(Engine, Protocol):
    """The engine on one complete index, which does not change while it is open."""

    def ids(self) -> frozenset[str]:
        """Return the ids of all releases."""

    def is_present(self, id_: str) -> bool:
        """Return whether the release *id_* is in the index and not marked as gone."""


# --- Building ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """The origin of the index in use; readable even if the index has the format of another version."""

    location: str
    """The folder or address, for messages."""
    number: int
    """Every change to the store up to this number is in the index."""
    fingerprint: str
    """Fingerprint of the analysis and the format it was built with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedChanges:
    """The changes that a build or an update makes to the index."""

    number: int
    """The number of the last change included."""
    added: int = 0
    """Releases added or changed."""
    removed: int = 0
    """Releases removed, or left out because they are hidden."""
    absent: frozenset[str] = frozenset()
    """Ids of the releases that were removed or are gone."""
    definitions: tuple[Definition, ...] = ()
    """The abbreviations that the added releases explain."""


class Draft(Protocol):
    """A new generation, invisible to searches until it is published."""

    @property
    def location(self) -> str:
        """Return the folder or address, for messages."""

    def build(self, store: Store, *, on_progress: Callable[[int], None]) -> IndexedChanges:
        """Index every release of *store*; *on_progress* gets the number of changes since its last call.

        Raises:
            BuildError: the releases exceed the limits of the index, or of the memory.
        """

    def find_damage(self) -> Iterator[str]:
        """Yield a message for each part that is not what was written."""

    def open(self) -> Generation:
        """Open what was built."""

    def publish(self) -> Generation:
        """Put the draft into use; the generation before it is kept for a rollback.

        The swap is atomic and survives a power cut once this returns: every search is answered by the old
        generation or by the new one.
        """


class IndexBuilder(Protocol):
    """Builds, updates, swaps and rolls back the index; one process at a time (`reindex` holds a lock).

    If a call fails or the process is killed, the index in use stays as it was. After a call returns, its
    effect survives a power cut. All messages name the folder or address.
    """

    def fingerprint(self, analyzer: Analyzer, names: ListedNames = NO_NAMES) -> str:
        """Return the fingerprint of an index built now; an index with another one must be rebuilt."""

    def state(self) -> IndexState | None:
        """Return the origin of the index in use; None if there is none.

        Raises:
            DamagedIndexError: it cannot be read.
        """

    def current(self, analyzer: Analyzer) -> Generation:
        """Open the generation in use, which was built with *analyzer*.

        Raises:
            EngineError: there is none, or it is damaged.
        """

    def last_sound(self) -> Generation | None:
        """Open the generation in use or, if it is damaged, the newest sound one; None if there is none."""

    def is_empty(self) -> bool:
        """Return whether no generation, sound or damaged, was ever published."""

    def find_damage(self, analyzer: Analyzer) -> Iterator[str]:
        """Yield a message for each part of the generation in use that is not what was written."""

    def update(
        self,
        store: Store,
        analyzer: Analyzer,
        *,
        on_progress: Callable[[int], None],
        approve: Callable[[IndexedChanges], None],
    ) -> IndexedChanges:
        """Apply the changes since ``state().number`` to the generation in use, all of them or none.

        Calls *approve* before the commit: if it raises, nothing changes. Searches see the commit when this
        returns.

        Raises:
            BuildError: the releases exceed the limits of the index, or of the memory.
        """

    def announce(self) -> None:
        """Make the last commit visible to searches if a kill prevented that."""

    def draft(self, analyzer: Analyzer) -> AbstractContextManager[Draft]:
        """Begin a new generation; it is removed on exit unless it was published."""

    def prune(self, *, keep: int) -> None:
        """Remove all generations but the one in use and the *keep* newest before it."""

    def clean(self) -> None:
        """Remove what a killed build left behind."""

    def rollback(self) -> Generation:
        """Verify the generation before the one in use, and put it into use.

        Raises:
            EngineError: there is none, or it is damaged.
        """
