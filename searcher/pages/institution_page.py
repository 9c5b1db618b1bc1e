"""The page of one institution: what it published lately, how much, who speaks for it, what falls due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus

from flask import Response, abort

from index.register import DueFilter
from index.results import PeriodCount
from preses_relizes.shared.calendar import today
from searcher.delivery.caching import tag_by_content
from searcher.pages.institutions_page import CorrectionChart
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
    figures = service.edits.figures().get(found.name)
    due = service.register.due(DueFilter(first=today(), ministries=[found.name]), most=DUE_SHOWN)
    hidden = service.archive.absent_ids()
    return tag_by_content(
        page(
            "institution.html",
            one=found,
            hits=answer.results.hits,
            months=[MonthBar.of(period, max(each.count for each in periods)) for period in periods[-MONTHS:]],
            corrections=CorrectionChart.of(figures, today()) if figures else None,
            speakers=service.register.speakers_for(found.name),
            due=[row for row in due if row.release.id not in hidden],
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

    @classmethod
    def of(cls, period: PeriodCount, most: int) -> "MonthBar":
        """Return the bar of a *period* where the greatest has *most* releases."""
        height = max(1 + bool(period.count), round(HEIGHT * period.count / max(1, most)))
        return cls(period.first, period.last, period.count, height)
