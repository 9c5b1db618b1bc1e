"""The calendar: what falls due, by month."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from flask import Response

from index.register import ListedDue
from searcher.delivery.caching import tag_by_content
from searcher.links import list_address
from searcher.pages.rendering import page
from searcher.register.list_address import due_pairs, pairs, read_params, redirect_to_canonical
from searcher.register.listing import read_due
from searcher.register.register_params import PER_PAGE, DueListParams
from searcher.service import current_service

KINDS = ("deadline", "entry", "completion", "event")


def due_calendar() -> Response:
    """Show what falls due from today on, or in the days asked for, the earliest first."""
    params, errors = read_params(DueListParams)
    canonical = redirect_to_canonical("views.due_calendar", params)
    if canonical and not errors:
        return canonical
    found = read_due(current_service(), params)
    response = page(
        "calendar.html",
        400 if errors else 200,  # type: ignore[arg-type]
        found=found,
        months=list(_by_month(found.rows)),
        wanted=params,
        errors=errors,
        kinds=KINDS,
        per_page_usual=PER_PAGE,
        ministries=sorted({*current_service().register.due_ministries(), *params.ministry}),
        about=("calendar", due_pairs(params)),
        feed=list_address("views.due_ics", due_pairs(params)),
        address=lambda number: list_address(
            "views.due_calendar", pairs(params.model_copy(update={"page": number}))
        ),
        state=lambda one: state(one, found.day),
        last_of_month=lambda day: day.replace(day=monthrange(day.year, day.month)[1]),
    )
    return response if errors else tag_by_content(response)


def state(one: ListedDue, day: date) -> str:
    """Return whether *one* is upcoming, due or past on a *day*."""
    if one.first > day:
        return "upcoming"
    return "due" if one.last >= day else "past"


def _by_month(rows: Sequence[ListedDue]) -> Iterator[tuple[date, list[ListedDue]]]:
    """Yield each month with what ends in it: rows are in the order of their last days."""
    for month, listed in groupby(rows, key=lambda one: one.last.replace(day=1)):
        yield month, list(listed)
