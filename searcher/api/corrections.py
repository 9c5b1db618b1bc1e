"""The endpoints of the corrections: what institutions changed after publication."""

from collections.abc import Callable, Iterable, Sequence

from flask import Response, current_app
from pydantic import BaseModel, Field

from index.edits import ListedEdit
from preses_relizes.shared.calendar import today
from searcher.api.blueprint import RELEASES, api, json_response, read_strictly
from searcher.api.exports import CSV, LINES, described, streamed
from searcher.corrections import (
    EVENT_COLUMNS,
    CorrectionListParams,
    CorrectionParams,
    CorrectionRow,
    DepartureRow,
    Event,
    all_corrections,
    event_line,
    read_corrections,
)
from searcher.delivery.caching import tag_by_content
from searcher.exports import csv_lines, json_lines
from searcher.i18n import Interface
from searcher.service import current_service


class CorrectionsAnswer(BaseModel):
    """A page of corrections."""

    total: int = Field(description="Corrections with these filters.", examples=[120])
    page: int = Field(description="The page, from 1.", examples=[1])
    corrections: list[CorrectionRow] = Field(description="In the order that was asked for.")
    departures: list[DepartureRow] = Field(
        description="Releases removed or moved, newest first: a page of them, which kinds, days after "
        "publication and weight do not limit."
    )
    departures_total: int = Field(description="Releases removed or moved with these filters.", examples=[7])


@api.get("/corrections", operation_id="list_corrections", tags=[RELEASES], responses={200: CorrectionsAnswer})
@read_strictly
def corrections(query: CorrectionListParams) -> Response:
    """List what institutions changed in releases after publication, with old and new text and a weight."""
    service = current_service()
    service.require_institutions(query.ministry)
    found = read_corrections(service, query)
    answer = CorrectionsAnswer(
        total=found.total,
        page=query.page,
        corrections=[CorrectionRow.of(edit, _english()) for edit in found.edits],
        departures=[DepartureRow.of(one) for one in found.departures],
        departures_total=found.departures_total,
    )
    return tag_by_content(json_response(answer))


@api.get(
    "/corrections.ndjson",
    operation_id="export_corrections_ndjson",
    tags=[RELEASES],
    responses={
        200: described(
            LINES,
            "A line of JSON for each correction, a CorrectionRow, and each departure, a DepartureRow.",
            '{"id": "iem-ec9999a178", "weight": 85, "kinds": ["number"]}\n',
        )
    },
)
@read_strictly
def corrections_ndjson(query: CorrectionParams) -> Response:
    """Stream all corrections as lines of JSON, newest first.

    Releases removed or moved are among them, unless kinds, days after publication or a release are named.
    """
    return _stream(query, "ndjson", LINES, _json_lines)


@api.get(
    "/corrections.csv",
    operation_id="export_corrections_csv",
    tags=[RELEASES],
    responses={
        200: described(
            CSV,
            "A header, and a line for each correction and each departure.",
            '"id","weight"\r\n"iem-ec9999a178","85"\r\n',
        )
    },
)
@read_strictly
def corrections_csv(query: CorrectionParams) -> Response:
    """Stream all corrections as CSV for spreadsheets, newest first, each with its heaviest change.

    Releases removed or moved are among them as in the lines of JSON; `departure` says which of both.
    """
    return _stream(query, "csv", CSV, _csv_lines)


def _stream(
    query: CorrectionParams,
    ending: str,
    mime_types: Sequence[str],
    write: Callable[[Iterable[Event], Interface], Iterable[str]],
) -> Response:
    service = current_service()
    service.require_institutions(query.ministry)
    english = _english()  # here, as most lines are written after the request has ended
    response = streamed(lambda: write(all_corrections(service, query), english), mime_types)
    name = f"labojumi-{today().isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _json_lines(events: Iterable[Event], interface: Interface) -> Iterable[str]:
    return json_lines(
        CorrectionRow.of(event, interface) if isinstance(event, ListedEdit) else DepartureRow.of(event)
        for event in events
    )


def _csv_lines(events: Iterable[Event], interface: Interface) -> Iterable[str]:
    return csv_lines((event_line(event, interface) for event in events), EVENT_COLUMNS)


def _english() -> Interface:
    interface: Interface = current_app.extensions["interfaces"]["en"]
    return interface
