"""What happened to releases, event by event, for programs that follow it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.store import Event, EventKind, Store, hidden_since
from index import deadline
from index.release_view import TITLE_CHARS, open_store
from preses_relizes.shared.masking import mask_start

START = "*"
"""The place before all events."""
_PLACE = re.compile(r"([0-9a-f]{16})-(0|[1-9][0-9]{0,17})")


class PlaceError(ValueError):
    """A text is no place in a list of events."""


class EpochError(Exception):
    """A place is one of an epoch that has ended: the store was restored from a backup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEvent:
    """An event as the API shows it."""

    place: str
    """The place after it, from which the list goes on."""
    at: datetime
    """When it was noticed or done (UTC)."""
    kind: EventKind
    release: str
    version: int
    """The number of the version that the release had from then on."""
    successor: str | None
    """Of a merge: the id of the release that took its place."""
    title: str | None
    """The masked title of that version; None: the release is hidden now."""
    ministry: str | None
    """The institution; None: the release is hidden now."""


class ChangeList:
    """Lists the events in the store at *path*, which need not exist yet; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def changes(self, since: str, *, up_to: int, at_most: int) -> tuple[list[ListedEvent], str]:
        """Return the events after the place *since*, at most to the number *up_to*, and the place after them.

        The events come in the order of commits, each once.

        Raises:
            DeadlineError: the time for the answer is used up.
            EngineError: the store is missing or damaged.
            EpochError: the place is of an earlier epoch.
            PlaceError: *since* is no place.
        """
        with open_store(self._path) as store:
            epoch = store.epoch()
            after = _number(since, epoch)
            found = []
            for event in store.events(after=after, up_to=up_to, at_most=at_most):
                deadline.check()
                found.append(_to_change(event, epoch, store))
            return found, found[-1].place if found else f"{epoch}-{after}"

    def hidden(self) -> frozenset[str]:
        """Return the releases that are hidden now, and those merged into them.

        Raises:
            EngineError: the store is missing or damaged.
        """
        with open_store(self._path) as store:
            return hidden_since(store, 0)

    def all(self, since: str, *, up_to: int, part: int) -> Iterator[ListedEvent]:
        """Yield all events after the place *since*, reading *part* of them at a time.

        Raises:
            EngineError, EpochError, PlaceError: as for `changes`.
        """
        while True:
            found, since = self.changes(since, up_to=up_to, at_most=part)
            yield from found
            if len(found) < part:
                return


def _number(since: str, epoch: str) -> int:
    if since == START:
        return 0
    if not (parts := _PLACE.fullmatch(since)):
        raise PlaceError("not a cursor of this service")
    if parts[1] != epoch:
        raise EpochError("the collection was restored from a backup since then; begin anew, with *")
    return int(parts[2])


def _to_change(event: Event, epoch: str, store: Store) -> ListedEvent:
    title, ministry = store.shown_title(event.release, event.version) or (None, None)
    return ListedEvent(
        place=f"{epoch}-{event.number}",
        at=event.at,
        kind=event.kind,
        release=event.release,
        version=event.version,
        successor=event.successor,
        title=None if title is None else mask_start(title, TITLE_CHARS),
        ministry=ministry,
    )
