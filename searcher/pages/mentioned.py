"""What the text of a release mentions, as its page shows it beside the text."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.mentions import Mentions
from index.register import CalendarFilter, ListedDue
from index.release_view import ArchivedRelease
from searcher.service import Service

AMOUNTS_MAX = 40
"""Rows of the table of numbers."""


@dataclass(frozen=True, slots=True)
class AmountLine:
    """A number as written, and what it is of."""

    written: str
    of: str
    """What is counted, in its dictionary form; empty for money and shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """Persons, acts, times and numbers of a release."""

    persons: Sequence[str]
    acts: Sequence[str]
    due: Sequence[ListedDue]
    amounts: Sequence[AmountLine]

    def __bool__(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.persons or self.acts or self.due or self.amounts)


def find_mentioned(service: Service, release: ArchivedRelease) -> Mentioned:
    """Return what the text of *release* mentions; nothing if the register does not know it yet."""
    register = service.register
    found = register.mentions(release.id) or Mentions()
    text = "\n\n".join(filter(None, (release.lead, *release.paragraphs)))
    amounts = (AmountLine(text[one.start : one.end], one.noun or "") for one in found.amounts)
    return Mentioned(
        persons=[one.name for one in found.persons],
        acts=list(dict.fromkeys(one.act for one in found.citations)),
        due=register.due(CalendarFilter(release=release.id)) if found.due else (),
        amounts=list(dict.fromkeys(amounts))[:AMOUNTS_MAX],
    )
