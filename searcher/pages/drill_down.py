"""Years and months as filters, with their number of hits: empty ones too, so that gaps are seen."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from index.query import Days, drop_days
from preses_relizes.shared.calendar import today
from searcher.asking import SearchResponse
from searcher.params import SearchParams
from searcher.service import Service

YEARS_MAX = 60
"""A wrong date may be centuries away; if the years span more than this, empty ones are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodChoice:
    """A year or month as a filter."""

    first: date
    last: date
    count: int
    chosen: bool
    """Whether the filter in use is this period or a part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillDown:
    """The years, newest first, and the months of the chosen year, in order."""

    years: tuple[PeriodChoice, ...]
    months: tuple[PeriodChoice, ...]
    q: str
    """The query without the days typed in it, which would contradict another period."""

    @classmethod
    def of(cls, params: SearchParams, answer: SearchResponse, service: Service) -> Self:
        """Return the choices beside the *answer* to a search."""
        year = chosen_year(params)
        counts = {int(one.value): one.count for one in answer.results.facets.get("year", ())}
        years = sorted({*counts, *_span(service), *([year] if year else ())}, reverse=True)
        return cls(
            years=tuple(_year(number, counts.get(number, 0), chosen=number == year) for number in years),
            months=tuple(_months(params, year, service)) if year else (),
            q="" if answer.query.time and not answer.results.widened else drop_days(params.q, today=today()),
        )


def typed_days(params: SearchParams, answer: SearchResponse) -> Days | None:
    """Return the days that the typed query is limited to by a filter or a time among its words, if any."""
    filters = answer.query.filters
    days = filters.published_from, filters.published_to
    is_empty = days[0] and days[1] and days[0] > days[1]  # filters that contradict each other
    return None if answer.query.time or is_empty or days == (params.from_, params.to) else days


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


def chosen_year(params: SearchParams) -> int | None:
    """Return the year in which the dates of the filter are; the page then offers its months."""
    if params.from_ and params.to and params.from_.year == params.to.year:
        return params.from_.year
    return None


def _span(service: Service) -> range:
    """Return all years from the oldest release in the index to the newest."""
    days = [day for one in service.engine.coverage() for day in (one.first, one.last) if day]
    years = range(min(days).year, max(days).year + 1) if days else range(0)
    return years if len(years) <= YEARS_MAX else range(0)


def _year(number: int, count: int, *, chosen: bool) -> PeriodChoice:
    return PeriodChoice(first=date(number, 1, 1), last=date(number, 12, 31), count=count, chosen=chosen)


def _months(params: SearchParams, year: int, service: Service) -> Iterator[PeriodChoice]:
    whole = {"from_": date(year, 1, 1), "to": date(year, 12, 31), "page": 1, "per_page": 1}
    counted = service.results(params.model_copy(update={**whole, "histogram": "month"}))
    periods = counted.histogram.periods if counted.histogram else ()
    counts = {period.first.month: period.count for period in periods}
    for month in range(1, 13):
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        is_chosen = (params.from_, params.to) == (first, last)
        yield PeriodChoice(first=first, last=last, count=counts.get(month, 0), chosen=is_chosen)
