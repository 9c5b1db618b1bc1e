"""A place where a text names somebody."""

from dataclasses import dataclass

from index.mentions.people.declension import Case, Gender
from index.mentions.records import Role


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place where a person is named."""

    start: int
    end: int
    name: str
    """The full name in the nominative."""
    case: Case
    gender: Gender
    role: Role | None = None
    """The office right beside this place."""
