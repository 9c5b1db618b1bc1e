"""The values of a filter, as checkboxes: those in use first, the rest of a long list folded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from index.institutions import alphabetical
from searcher.asking import SearchResponse
from searcher.i18n import Interface

SHOWN = 8
"""Number of values that are shown; the rest of a longer list is folded."""


class FilterValue(NamedTuple):
    """A value to choose."""

    value: str
    label: str
    number: str
    """The number of releases, in the format of the language."""
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FilterValues:
    """The values of one filter."""

    shown: tuple[FilterValue, ...]
    folded: tuple[FilterValue, ...] = ()

    @classmethod
    def of(
        cls,
        answer: SearchResponse,
        name: str,
        chosen: Sequence[str],
        *,
        interface: Interface,
        label: Callable[[str], str] = str,
        shown: int = SHOWN,
    ) -> Self:
        """Return the values of the filter *name* with their numbers in *answer*, folded after *shown*."""
        found = sorted(
            answer.facet(name, chosen), key=lambda one: (-one.count, alphabetical(label(one.value)))
        )
        values = [
            FilterValue(one.value, label(one.value), interface.number(one.count), one.value in chosen)
            for one in found
        ]
        values.sort(key=lambda one: not one.is_chosen)  # keeps the order of the others
        first = max(shown, len(chosen))
        return cls(tuple(values[:first]), tuple(values[first:]))
