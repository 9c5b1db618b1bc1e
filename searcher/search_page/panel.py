"""What the search form has besides the query: filters with their values, presets, and errors at fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g

from index.query import BY_NAME, FILTERS, Days, Filter
from preses_relizes.shared.calendar import today
from searcher import search_address
from searcher.asking import SearchResponse
from searcher.i18n import Interface
from searcher.params import SearchParams
from searcher.search_page.filter_values import FilterValues

GROUPS: Mapping[str, Sequence[str]] = {
    "Institution": ("ministry",),
    "Time": (),
    "Language": ("language",),
    "Category": ("topic", "category"),
    "Features": ("has", "attachment_type"),
    "Mentions": ("person", "mentions", "act", "place"),
}
"""The filters that open together, by label, a key of the translations; those of time are dates."""


@dataclass(frozen=True, slots=True)
class Preset:
    """The time until today as a filter."""

    label: str
    """A key of the translations."""
    first: date


def presets() -> tuple[Preset, ...]:
    """Return the periods offered with one click."""
    now = today()
    return (
        Preset("Last 7 days", now - timedelta(6)),
        Preset("Last 30 days", now - timedelta(29)),
        Preset("Last 12 months", now - timedelta(364)),
    )


def typed_days(params: SearchParams, answer: SearchResponse) -> Days | None:
    """Return the days that the typed query is limited to by a filter or a time among its words, if any."""
    filters = answer.query.filters
    days = filters.published_from, filters.published_to
    is_empty = days[0] and days[1] and days[0] > days[1]  # filters that contradict each other
    return None if answer.query.time or is_empty or days == (params.from_, params.to) else days


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """Filters that open together."""

    label: str
    """A key of the translations."""
    filters: tuple[Filter, ...]
    used: int
    """The number of their values in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The content of the form and of its filters."""

    params: SearchParams
    values: Mapping[str, FilterValues]
    """The values of the filters, by parameter."""
    typed_days: Days | None
    """The days that the query names as a filter: `pēc 2024. gada`, `gads:2019`."""
    presets: tuple[Preset, ...]
    during: str
    """The days of `during`, as in addresses."""
    errors: Mapping[str, str]
    """Error messages by parameter."""
    typed: Mapping[str, str]
    """Invalid parameters as typed."""

    @classmethod
    def of(cls, params: SearchParams, answer: SearchResponse) -> "Panel":
        """Return the form beside the *answer* to a search."""
        interface: Interface = g.interface
        return cls(
            params=params,
            values={
                one.name: FilterValues.of(answer, one, params.chosen(one), interface=interface)
                for one in FILTERS
            },
            typed_days=typed_days(params, answer),
            presets=presets(),
            during=search_address.shorten_days(*params.during) if params.during else "",
            errors={},
            typed={},
        )

    @property
    def groups(self) -> Iterator[FilterGroup]:
        """The groups that have anything to choose, in order."""
        for label, names in GROUPS.items():
            shown = tuple(BY_NAME[name] for name in names if self.values[name].shown)
            if shown or not names:
                used = sum(len(self.params.chosen(one)) for one in shown)
                days = bool(self.params.from_ or self.params.to) + bool(self.params.during)
                yield FilterGroup(label, shown, used + (0 if names else days + self.params.versions))
