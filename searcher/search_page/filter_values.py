"""The values of a filter, as checkboxes: those in use first, the rest of a long list folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from index.institutions import alphabetical
from index.query import Filter
from searcher.asking import SearchResponse
from searcher.i18n import Interface


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
        of: Filter,
        chosen: Sequence[str],
        *,
        interface: Interface,
    ) -> Self:
        """Return the values of the filter *of* with their numbers in *answer*, a long list folded."""
        found = [(one, interface.value(of, one.value)) for one in answer.facet(of.name, chosen)]
        found.sort(key=lambda pair: (-pair[0].count, alphabetical(pair[1])))
        values = [
            FilterValue(one.value, label, interface.number(one.count), one.value in chosen)
            for one, label in found
        ]
        values.sort(key=lambda one: not one.is_chosen)  # keeps the order of the others
        first = max(of.shown, len(chosen))
        return cls(tuple(values[:first]), tuple(values[first:]))
