"""What the register lists: persons, what they said, what falls due, and the acts that releases cite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crawler.config import Language
from index.mentions import DueKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLine:
    """A release as a list names it."""

    id: str
    ministry: str
    language: Language
    title: str
    """Masked."""
    published: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStatement:
    """A statement with its release."""

    release: ReleaseLine
    version: int
    """The version of the release's text that has it."""
    speaker: str | None
    office: str | None
    verb: str
    is_direct: bool
    start: int
    end: int
    """Characters of lead and text of the release, with an empty line between."""
    text: str
    """These characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFilter:
    """Which statements to list."""

    speaker: str = ""
    words: Sequence[Sequence[str]] = ()
    """For each word the terms that match it; a statement has one of each."""
    ministries: Sequence[str] = ()
    published_from: date | None = None
    published_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """A later release about the same matter; whether anything was kept is not said."""

    release: ReleaseLine
    text: str
    """Its nearest sentence."""
    start: int
    end: int
    """The sentence's place, as of a statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDue:
    """A time at which something falls due, with the release that announced it."""

    release: ReleaseLine
    first: date
    last: date
    """Both days are included."""
    kind: DueKind
    who: str | None
    text: str
    """The sentence."""
    start: int
    end: int
    """Its place, as of a statement."""
    time: tuple[int, int]
    """The place of the time in the sentence."""
    followed_by: Follower | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFilter:
    """Which times to list: those that overlap the days from ``first`` to ``last``."""

    first: date | None = None
    last: date | None = None
    kinds: Sequence[DueKind] = ()
    ministries: Sequence[str] = ()
    release: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOffice:
    """An office as releases wrote it beside a name."""

    written: str
    first: date | None
    last: date | None
    """The days of the first and the last release that wrote it; None if they have no day."""
    releases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameCount:
    """A name, or an act, and how many releases have it."""

    name: str
    releases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredPerson:
    """A person of whom releases write an office or quote words; two of one name are one."""

    name: str
    releases: int
    statements: int
    forms: Sequence[str]
    offices: Sequence[HeldOffice]
    """The last one held first."""
    years: Sequence[tuple[int, int]]
    """Each year with releases, oldest first, with their number."""
    beside: Sequence[NameCount]
    """Who is named in the same sentences, the most frequent first."""
    ministries: Sequence[NameCount]
    """The institutions whose releases name the person, likewise."""
    may_be_several: bool
    """Whether offices alternate as they would not for one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredAct:
    """An act that releases cite."""

    act: str
    kind: str
    releases: int
    years: Sequence[tuple[int, int]]
