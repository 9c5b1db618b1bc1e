"""The endpoints of the corrections: what institutions changed after publication."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from flask import Response, current_app
from pydantic import BaseModel, Field

from index.edits import Departing, Departure
from preses_relizes.shared.calendar import today
from searcher.api.blueprint import RELEASES, api, json_response, read_strictly
from searcher.api.exports import CSV, LINES, described, streamed
from searcher.corrections import (
    CORRECTION_COLUMNS,
    CorrectionListParams,
    CorrectionParams,
    CorrectionRow,
    all_corrections,
    read_corrections,
)
from searcher.delivery.caching import tag_by_content
from searcher.exports import csv_lines, json_lines
from searcher.i18n import Interface
from searcher.service import current_service


class DepartureRow(BaseModel):
    """A release that is no longer where it was."""

    id: str = Field(description="The id of the release.", examples=["iem-ec9999a178"])
    kind: Departing = Field(
        description="removed from its site, or moved: merged into another address.", examples=["removed"]
    )
    noticed: datetime = Field(description="When that was noticed.", examples=["2026-11-26T23:39:11Z"])
    ministry: str = Field(description="The institution.", examples=["Iekšlietu ministrija"])
    language: Literal["lv", "en", "ru"] = Field(description="Of the release.", examples=["lv"])
    title: str = Field(description="Its last title.", examples=["Pieņemts valsts budžets"])
    published: date | None = Field(
        description="The day of publication; null if unknown.", examples=["2017-11-27"]
    )

    @classmethod
    def of(cls, departure: Departure) -> "DepartureRow":
        """Return *departure* as a program gets it."""
        return cls(
            id=departure.release,
            kind=departure.kind,
            noticed=departure.noticed,
            ministry=departure.ministry,
            language=departure.language,
            title=departure.title,
            published=departure.published,
        )


class CorrectionsAnswer(BaseModel):
    """A page of corrections."""

    total: int = Field(description="Corrections with these filters.", examples=[120])
    page: int = Field(description="The page, from 1.", examples=[1])
    corrections: list[CorrectionRow] = Field(description="In the order that was asked for.")
    departures: list[DepartureRow] = Field(description="Releases removed or moved lately, newest first.")


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
    )
    return tag_by_content(json_response(answer))


@api.get(
    "/corrections.ndjson",
    operation_id="export_corrections_ndjson",
    tags=[RELEASES],
    responses={
        200: described(
            LINES,
            "A line of JSON for each correction: a CorrectionRow.",
            '{"id": "iem-ec9999a178", "weight": 85, "kinds": ["number"]}\n',
        )
    },
)
@read_strictly
def corrections_ndjson(query: CorrectionParams) -> Response:
    """Stream all corrections as lines of JSON, newest first."""
    return _stream(query, "ndjson", LINES, json_lines)


@api.get(
    "/corrections.csv",
    operation_id="export_corrections_csv",
    tags=[RELEASES],
    responses={
        200: described(
            CSV,
            "A header, and a line for each correction.",
            '"id","weight"\r\n"iem-ec9999a178","85"\r\n',
        )
    },
)
@read_strictly
def corrections_csv(query: CorrectionParams) -> Response:
    """Stream all corrections as CSV for spreadsheets, newest first, each with its heaviest change."""
    return _stream(query, "csv", CSV, lambda rows: csv_lines(rows, CORRECTION_COLUMNS))


def _stream(
    query: CorrectionParams,
    ending: str,
    mime_types: Sequence[str],
    write: Callable[[Iterable[CorrectionRow]], Iterable[str]],
) -> Response:
    service = current_service()
    service.require_institutions(query.ministry)
    interface = _english()

    def lines() -> Iterable[str]:
        return write(CorrectionRow.of(edit, interface) for edit in all_corrections(service, query))

    response = streamed(lines, mime_types)
    name = f"labojumi-{today().isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _english() -> Interface:
    interface: Interface = current_app.extensions["interfaces"]["en"]
    return interface
