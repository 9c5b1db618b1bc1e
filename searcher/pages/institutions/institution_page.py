"""The page of one institution: what it published lately, how much, who speaks for it, what falls due."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus

from flask import Response, abort

from index.register import CalendarFilter
from index.results import PeriodCount
from preses_relizes.shared.calendar import today
from searcher.delivery.caching import tag_by_content
from searcher.pages.rendering import page
from searcher.params import SearchParams
from searcher.service import current_service

MONTHS, RELEASES_SHOWN, DUE_SHOWN = 24, 8, 5
HEIGHT = 60
"""Of the chart by month, in pixels."""


def institution(id: str) -> Response:  # noqa: A002 - as the address names it
    """Show the institution that has the site *id*."""
    service = current_service()
    found = next((one for one in service.institutions.all(datetime.now(UTC)) if id in one.sites), None)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    asked = {"ministry": [found.name], "sort": "newest", "per_page": RELEASES_SHOWN, "histogram": "month"}
    answer = service.search(SearchParams.model_validate(asked))
    periods = answer.results.histogram.periods if answer.results.histogram else ()
    figures = service.edits.figures(service.changes.hidden()).get(found.name)
    register = service.register
    due = register.due(CalendarFilter(first=today(), ministries=[found.name]), most=DUE_SHOWN)
    return tag_by_content(
        page(
            "institution.html",
            one=found,
            hits=answer.results.hits,
            months=list(_months(periods)),
            corrections=figures,
            speakers=register.speakers_for(found.name),
            due=due,
        )
    )


@dataclass(frozen=True, slots=True)
class MonthBar:
    """The releases of a month as a bar."""

    first: date
    last: date
    count: int
    height: int
    """In pixels."""


def _months(periods: Sequence[PeriodCount]) -> Iterator[MonthBar]:
    """Yield the months up to the last one with releases, empty ones too, so that gaps are seen."""
    counts = {(one.first.year, one.first.month): one.count for one in periods}
    if not counts:
        return
    last = _number(*max(counts))
    shown = [(number // 12, number % 12 + 1) for number in range(last - MONTHS + 1, last + 1)]
    most = max(counts.get(month, 0) for month in shown)
    for year, month in shown:
        count = counts.get((year, month), 0)
        height = max(1 + bool(count), round(HEIGHT * count / most))
        yield MonthBar(date(year, month, 1), date(year, month, monthrange(year, month)[1]), count, height)


def _number(year: int, month: int) -> int:
    return 12 * year + month - 1
