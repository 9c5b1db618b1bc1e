"""Counts the releases of each line by year, quarter or month, as a search with these days does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.results import Histogram
from preses_relizes.shared.calendar import today
from searcher.asking import SearchResponse
from searcher.comparison.comparison_params import ComparisonParams, of_institution
from searcher.params import ParameterError
from searcher.search_page.chart import QUARTERS_YEARS, Unit, end_of, periods, years_of
from searcher.service import Service

PERIODS_MAX = 120
"""Ten years by month; of more points, none could be hit."""


class LineError(ParameterError):
    """The line *number*, from 0, cannot be drawn."""

    def __init__(self, number: int, reason: str) -> None:
        self.number = number
        super().__init__({"q": reason})


@dataclass(frozen=True, slots=True)
class ComparedDays:
    """A period, or the part of one that is compared."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """A search and its counts."""

    text: str
    """As typed."""
    answer: SearchResponse
    counts: tuple[int, ...]
    """By period."""

    @property
    def total(self) -> int:
        """The headline of the search for the whole time; a text that was published twice counts once."""
        return self.answer.results.total

    @property
    def searched(self) -> str:
        """The text after a sure correction."""
        return self.answer.correction.text if self.answer.correction else self.text

    @property
    def institution(self) -> str:
        """The institution of which these are all releases; empty if anything else is asked for."""
        names = self.answer.query.filters.ministries
        return names[0] if len(names) == 1 and self.text == of_institution(names[0]) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Lines over the same periods."""

    span: ComparedDays
    unit: Unit
    spans: tuple[ComparedDays, ...]
    lines: tuple[ComparedLine, ...]
    all: tuple[int, ...]
    """All releases of each period, with the filters of all lines."""

    def share(self, line: ComparedLine, place: int) -> float:
        """Return what part of all releases of period number *place* are of *line*; 0 if there are none."""
        return line.counts[place] / self.all[place] if self.all[place] else 0.0


def compare(service: Service, params: ComparisonParams) -> Comparison:
    """Count the releases of each line.

    Raises:
        DeadlineError, EngineError: as for `Service.search`.
        LineError: a query is only a time.
        ParameterError: there are too many periods.
    """
    span = _span(service, params)
    unit = params.by or _usual_unit(span)
    begins = periods(unit, span.first, span.last)
    if len(begins) > PERIODS_MAX:
        reason = f"must be at most {PERIODS_MAX} periods"
        raise ParameterError({"by" if params.by else "from": reason})
    counted = {"from_": span.first, "to": span.last, "histogram": unit}
    searches = [params.search(text).model_copy(update=counted) for text in (*params.lines, "")]
    *found, everything = service.answers(searches)
    for number, answer in enumerate(found):
        if answer.query.time:
            raise LineError(number, "must have words or filters, not only a time")
    return Comparison(
        span=span,
        unit=unit,
        spans=tuple(
            ComparedDays(max(span.first, begin), min(span.last, end_of(begin, unit))) for begin in begins
        ),
        lines=tuple(
            ComparedLine(text=text, answer=answer, counts=tuple(_counts(answer.results.histogram, begins)))
            for text, answer in zip(params.lines, found, strict=True)
        ),
        all=tuple(_counts(everything.results.histogram, begins)),
    )


def _counts(histogram: Histogram | None, begins: Sequence[date]) -> Iterator[int]:
    counted = {period.first: period.count for period in histogram.periods} if histogram else {}
    return (counted.get(begin, 0) for begin in begins)


def _span(service: Service, params: ComparisonParams) -> ComparedDays:
    """Return the time that *params* ask for, by default from the oldest release to the newest."""
    years = years_of(service) or range(today().year, today().year + 1)
    first = params.from_ or date(min(years[0], (params.to or date.max).year), 1, 1)
    return ComparedDays(first, params.to or date(max(years[-1], first.year), 12, 31))


def _usual_unit(span: ComparedDays) -> Unit:
    years = span.last.year - span.first.year
    return "year" if years >= QUARTERS_YEARS else "quarter" if years else "month"
