"""The page of the institutions: which are covered, how many releases of each, and how fresh they are."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Response

from index.edits import CorrectionFigures
from preses_relizes.shared.calendar import today
from searcher.delivery.caching import tag_by_content
from searcher.pages.rendering import page
from searcher.service import current_service

MONTHS = 12
HEIGHT = 20
"""Of the chart, in pixels."""


def institutions() -> Response:
    """List all institutions with their releases, dates, and the last crawl."""
    listed = current_service().institutions.all(datetime.now(UTC))
    figures = current_service().edits.figures()
    charts = {name: CorrectionChart.of(one, today()) for name, one in figures.items()}
    return tag_by_content(page("institutions.html", institutions=listed, corrections=charts))


@dataclass(frozen=True, slots=True)
class CorrectionChart:
    """The corrections of an institution with a small chart of the last twelve months."""

    figures: CorrectionFigures
    months: tuple[int, ...]
    """The number of edits of each month, the oldest first."""

    @classmethod
    def of(cls, figures: CorrectionFigures, day: date) -> "CorrectionChart":
        """Return the chart of *figures* on a *day*."""
        counts = dict(figures.by_month)
        last = 12 * day.year + day.month - 1
        names = (f"{month // 12}-{month % 12 + 1:02}" for month in range(last - MONTHS + 1, last + 1))
        return cls(figures, tuple(counts.get(name, 0) for name in names))

    @property
    def heights(self) -> tuple[int, ...]:
        """The height of each bar in pixels: 1 for a month without edits, so that the axis is seen."""
        most = max(*self.months, 1)
        return tuple(max(1 + 2 * bool(count), round(HEIGHT * count / most)) for count in self.months)
