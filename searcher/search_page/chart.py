"""The releases of an answer by year, quarter or month: empty ones too, so that gaps are seen."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from searcher.asking import SearchResponse
from searcher.params import SearchParams
from searcher.service import Service

YEARS_MAX = 60
"""A wrong date may be centuries away; if the years span more than this, empty ones are left out."""
QUARTERS_YEARS = 4
"""A time of at most so many years is shown by quarters."""
HEIGHT = 64
"""Of the highest bar, in pixels."""
Unit = Literal["year", "quarter", "month"]
_MONTHS: Mapping[Unit, int] = {"year": 12, "quarter": 3, "month": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The releases of one period."""

    first: date
    last: date
    count: int
    height: int
    """In pixels; 1 for no release, so that the axis is seen."""
    is_chosen: bool
    """Whether the filter in use is this period, or has it as a part."""
    is_filter: bool
    """Whether the filter in use is exactly this period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The bars of a chart, the oldest first."""

    unit: Unit
    bars: tuple[Bar, ...]

    @classmethod
    def of(cls, params: SearchParams, answer: SearchResponse, service: Service) -> Self:
        """Return the chart above the *answer* to a search: by year, or closer if a few years are chosen."""
        first, last = params.from_, params.to  # days in the query leave the choice of another year
        if first is None or last is None or not 0 <= last.year - first.year < QUARTERS_YEARS:
            counts = {int(one.value): one.count for one in answer.results.facets.get("year", ())}
            years = sorted({*counts, *years_of(service), *_chosen_years(params)})
            return cls._of("year", {date(year, 1, 1): counts.get(year, 0) for year in years}, params)
        unit: Unit = "month" if first.year == last.year else "quarter"
        begins = periods(unit, date(first.year, 1, 1), date(last.year, 12, 31))
        counted = _count(params, unit, begins[0], end_of(begins[-1], unit), service)
        return cls._of(unit, {begin: counted.get(begin, 0) for begin in begins}, params)

    @classmethod
    def _of(cls, unit: Unit, counts: Mapping[date, int], params: SearchParams) -> Self:
        most = max(1, *counts.values()) if counts else 1
        chosen = params.from_, params.to
        bars = (
            Bar(
                first=first,
                last=end_of(first, unit),
                count=count,
                height=max(1 + 2 * bool(count), round(HEIGHT * count / most)),
                is_chosen=_is_within(first, end_of(first, unit), *chosen),
                is_filter=chosen == (first, end_of(first, unit)),
            )
            for first, count in counts.items()
        )
        return cls(unit=unit, bars=tuple(bars))

    @property
    def total(self) -> int:
        """The number of releases in all bars."""
        return sum(bar.count for bar in self.bars)


def _is_within(first: date, last: date, from_: date | None, to: date | None) -> bool:
    return bool(from_ or to) and (from_ or date.min) <= first and last <= (to or date.max)


def _chosen_years(params: SearchParams) -> Iterable[int]:
    return {day.year for day in (params.from_, params.to) if day}


def years_of(service: Service) -> range:
    """Return all years from the oldest release in the index to the newest."""
    days = [day for one in service.engine.coverage() for day in (one.first, one.last) if day]
    years = range(min(days).year, max(days).year + 1) if days else range(0)
    return years if len(years) <= YEARS_MAX else range(0)


def _count(params: SearchParams, unit: Unit, first: date, last: date, service: Service) -> Mapping[date, int]:
    """Return the numbers of releases by first day of the period; the days of the filter do not count."""
    asked = {"from_": first, "to": last, "page": 1, "per_page": 1, "histogram": unit}
    counted = service.results(params.model_copy(update=asked)).histogram
    return {period.first: period.count for period in counted.periods} if counted else {}


def periods(unit: Unit, first: date, last: date) -> Sequence[date]:
    """Return the first days of the periods from that of the day *first* to that of *last*."""
    months = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    begins = dict.fromkeys(month - month % _MONTHS[unit] for month in months)
    return [date(month // 12, month % 12 + 1, 1) for month in begins]


def end_of(first: date, unit: Unit) -> date:
    """Return the last day of the period that begins on *first*."""
    month = first.month + _MONTHS[unit] - 1
    return date(first.year, month, monthrange(first.year, month)[1])
