"""Reads corrections for an answer, without what was hidden after the last `reindex`."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index import deadline
from index.edits import Departure, EditFilter, ListedEdit
from searcher.corrections.correction_params import DEPARTURES, CorrectionListParams, CorrectionParams
from searcher.params import DEPTH_MAX, SearchParams
from searcher.service import Service

Event = ListedEdit | Departure
"""What happened to a release after its publication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsPage:
    """A page of corrections, and one of the releases that left their places."""

    edits: Sequence[ListedEdit]
    total: int
    pages: int
    departures: Sequence[Departure]
    departures_total: int
    departures_pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsFeed:
    """A page of corrections and departures, newest first."""

    events: Sequence[Event]
    pages: int


def read_corrections(service: Service, params: CorrectionListParams) -> CorrectionsPage:
    """Return the corrections that *params* ask for.

    Raises:
        DeadlineError: the answer takes too long.
        EngineError: the store, the index or the file of edits is damaged.
    """
    wanted = choose_edits(service, params)
    with deadline.at_most(service.settings.answer_s):
        total = service.edits.count(wanted)
        departed = 0 if params.release else service.edits.count_departures(wanted)
        first = (params.departures_page - 1) * DEPARTURES
        return CorrectionsPage(
            edits=_edits(service, wanted, params),
            total=total,
            pages=_pages(total, params.per_page),
            departures=service.edits.departures(wanted, first=first, most=DEPARTURES) if departed else (),
            departures_total=departed,
            departures_pages=_pages(departed, DEPARTURES),
        )


def read_corrections_feed(service: Service, params: CorrectionListParams) -> CorrectionsFeed:
    """Return a page of the corrections that *params* ask for, and as many departures.

    Raises:
        DeadlineError, EngineError: as for `read_corrections`.
    """
    wanted = choose_edits(service, params)
    with deadline.at_most(service.settings.answer_s):
        edits, departures = _edits(service, wanted, params), list[Departure]()
        total = service.edits.count(wanted)
        if params.has_departures:
            first = (params.page - 1) * params.per_page
            departures = service.edits.departures(wanted, first=first, most=params.per_page)
            total = max(total, service.edits.count_departures(wanted))
        together: list[Event] = [*edits, *departures]
        events = sorted(together, key=lambda event: event.noticed, reverse=True)
        return CorrectionsFeed(events=events, pages=_pages(total, params.per_page))


def all_corrections(service: Service, params: CorrectionParams) -> Iterator[Event]:
    """Return all corrections that *params* ask for, and departures, newest first.

    Raises:
        DeadlineError, EngineError: as for `read_corrections`.
    """
    wanted = choose_edits(service, params)
    departures = service.edits.departures(wanted) if params.has_departures else ()
    return heapq.merge(service.edits.every(wanted), departures, key=lambda event: event.noticed, reverse=True)


def choose_edits(service: Service, params: CorrectionParams) -> EditFilter:
    """Return which edits *params* ask for among those that may be shown.

    Raises:
        DeadlineError, EngineError: as for `read_corrections`.
    """
    wanted = replace(params.wanted, hidden=service.changes.hidden())
    if not params.q:
        return wanted
    found = service.among(SearchParams(q=params.q, versions=True), service.edits.pages(wanted))
    return replace(wanted, among=[release.id for release in found])


def _edits(service: Service, wanted: EditFilter, params: CorrectionListParams) -> list[ListedEdit]:
    first = (params.page - 1) * params.per_page
    return service.edits.edits(wanted, params.sort, first=first, most=params.per_page)


def _pages(total: int, per_page: int) -> int:
    return max(1, -(-min(total, DEPTH_MAX) // per_page))
