"""What a text mentions; every place is a half-open span of characters of the text, never of the title."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Span = tuple[int, int]
DueKind = Literal["deadline", "entry", "completion", "event"]
"""A day to act by, the entry into force of an act, the completion of a work, something that is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """An office as written beside a name, or alone before a verb of speech."""

    written: str
    start: int
    end: int
    office: str
    """Its nominative in lower case, by which roles are compared: `iekšlietu ministrs`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom the text names in full at least once."""

    name: str
    """The full name in the nominative."""
    forms: tuple[Span, ...]
    """Every place of the name in order; after the first full name the surname alone, too."""
    roles: tuple[Role, ...]
    """As written beside the name, in order; whether one person can hold them all is not judged here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody says, in the sentences of the text."""

    speaker: str | None
    """The name of a `Person`; None if the text gives an office whose holder it does not name."""
    office: str | None
    """The office in which the speaker speaks, as in `Role`; None if the text gives none."""
    verb: str
    """The infinitive of the verb of speech; in Latvian also `teikt` for *pēc … teiktā*."""
    direct: bool
    """Whether the words are quoted."""
    start: int
    end: int
    """From the first sentence of what is said to the last, including the one that names the speaker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A public body that the text names."""

    id: str
    places: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A region, a municipality or a town that the text names."""

    name: str
    places: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A reference to an act or to a draft of one."""

    act: str
    """Its normal form, equal for all ways of citing the act: `MK 445`, `22-TA-1115`, `32016R0679`."""
    kind: str
    """`law`, `regulation` or `order` of the cabinet, `draft`, `announced` (VSS), `european`."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum of money, a percentage or a count."""

    value: Decimal
    unit: str
    """`EUR`, `%`; empty for a count."""
    noun: str | None
    """The lemma of what is counted."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day or a longer time at which something falls due."""

    first: date
    last: date
    """Both days are included; equal for a single day."""
    kind: DueKind
    who: str | None
    start: int
    end: int
    """The place of the time."""
    sentence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """All that a text mentions, each kind by its first place."""

    persons: tuple[Person, ...] = ()
    statements: tuple[Statement, ...] = ()
    bodies: tuple[Body, ...] = ()
    places: tuple[Place, ...] = ()
    citations: tuple[Citation, ...] = ()
    amounts: tuple[Amount, ...] = ()
    due: tuple[Due, ...] = ()
