"""What the corrections page lists: edits of all institutions, and releases that left their sites."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from crawler.config import Language
from index.edits.edit_record import EditKind, EditRecord
from index.edits.weights import MINOR

Order = Literal["newest", "heaviest"]
Departing = Literal["removed", "moved"]
KINDS: tuple[EditKind, ...] = (
    "number", "date", "negation", "name", "removed", "title", "added", "wording", "minor",
)  # fmt: skip
"""All kinds, as the page lists them; the place of each is its bit in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEdit:
    """An edit of a release: version *version* - 1 became version *version*."""

    release: str
    version: int
    """The number of the version that the edit made."""
    revision: int
    """The number of the edit among those of the release; the oldest is 1."""
    since: datetime | None
    """When the site last had the earlier text (UTC), None if unknown."""
    read: datetime
    """When the crawl first read the later text: the edit was made between ``since`` and then."""
    noticed: datetime
    """When it became an edit: later than ``read`` if the text was held until it was sure."""
    ministry: str
    language: Language
    title: str
    """The title of the later version, masked."""
    published: date | None
    days: int | None
    """Days from publication to the day on which the later text was read; None if the first is unknown."""
    weight: int
    times: int
    """How many edits the row stands for: the page went back and forth between two texts, or counts."""
    edit: EditRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A release that is no longer where it was: removed from its site, or merged into another address."""

    release: str
    kind: Departing
    noticed: datetime
    ministry: str
    language: Language
    title: str
    published: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditFilter:
    """Which edits to list; all that are not minor unless it says otherwise."""

    ministries: Sequence[str] = ()
    kinds: Sequence[EditKind] = ()
    release: str = ""
    weight: int = MINOR
    """At least this weight."""
    days_from: int | None = None
    """First read at least so many days after publication; likewise at most."""
    days_to: int | None = None
    noticed_from: date | None = None
    """Noticed on this day (in Riga) or later; likewise earlier."""
    noticed_to: date | None = None
    among: Collection[str] | None = None
    """Only of these releases, by the id of their page; of all if None."""
    hidden: Collection[str] = ()
    """Nothing of these releases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFigures:
    """The corrections of one institution: how many, how soon, how heavy."""

    ministry: str
    edits: int
    same_day: int
    """First read on the day of publication."""
    within_week: int
    """First read on one of the seven days after it."""
    later: int
    heavy: int
    """Of weight `HEAVY` or more."""
    by_month: tuple[tuple[str, int], ...]
    """The last twelve months that have any, as 2026-11, with the number of edits."""


HEAVY = 60
"""From this weight on, a fact, a name, a title or a sentence is another."""
