"""The endpoints that export all hits of a search."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from flask import Response, current_app
from pydantic import Field

from preses_relizes.shared.calendar import today
from searcher.api.blueprint import SEARCH, api, read_strictly
from searcher.api.fields import ALWAYS, fields_of
from searcher.delivery.caching import answer_unless_known
from searcher.exports import COLUMNS, ExportedRelease, ExportStreams, csv_lines, json_lines
from searcher.params import FilterParams, SearchParams, Truth
from searcher.service import current_service

Write = Callable[[Iterable[ExportedRelease], Sequence[str]], Iterable[str]]


class ExportRequest(FilterParams):
    """A search of which all hits are exported, and their fields."""

    sort: Literal["relevance", "newest", "oldest"] = Field(
        "relevance", description="The order of the hits.", examples=["newest"]
    )
    verbatim: Truth = Field(
        False, description=SearchParams.model_fields["verbatim"].description, examples=[True]
    )
    fields: fields_of(ExportedRelease) = Field([])  # type: ignore[valid-type]  # made from the model of a row


def described(mime_type: str, what: str, example: str) -> dict[str, Any]:
    """Return the description of an answer of this type, for OpenAPI."""
    schema = {"type": "string", "description": what, "examples": [example]}
    return {"description": what, "content": {mime_type: {"schema": schema}}}


@api.get(
    "/search.ndjson",
    operation_id="export_ndjson",
    tags=[SEARCH],
    responses={
        200: described(
            "application/x-ndjson",
            "A line of JSON for each hit: an ExportedRelease.",
            '{"id": "iem-ec9999a178", "title": "Pieņemts valsts budžets"}\n',
        )
    },
)
@read_strictly
def export_ndjson(query: ExportRequest) -> Response:
    """Stream all hits of a search as lines of JSON, with their texts.

    These are the hits that `total` counts; with `near=true` also those that are only near.
    """
    return _export(query, "ndjson", "application/x-ndjson", json_lines, query.fields)


@api.get(
    "/search.csv",
    operation_id="export_csv",
    tags=[SEARCH],
    responses={
        200: described(
            "text/csv", "A header, and a line for each hit.", '"id","title"\r\n"iem-ec9999a178","Budžets"\r\n'
        )
    },
)
@read_strictly
def export_csv(query: ExportRequest) -> Response:
    """Stream all hits of a search as CSV for spreadsheets, without their texts unless asked for.

    UTF-8 with a byte order mark; an apostrophe precedes cells that a spreadsheet would take for formulas.
    """
    return _export(query, "csv", "text/csv", csv_lines, query.fields or COLUMNS)


def _export(
    query: ExportRequest, ending: str, mime_type: str, write: Write, fields: Sequence[str]
) -> Response:
    service = current_service()
    streams: ExportStreams = current_app.extensions["exports"]
    params = SearchParams.model_construct(**dict(query))
    names = list(dict.fromkeys((ALWAYS, *fields)))

    def lines() -> Iterable[str]:
        absent = service.archive.absent_ids()  # hidden after the last reindex
        releases = service.listing(params).releases()
        return write(
            (ExportedRelease.of(one) for one in releases if one.id not in absent), names if fields else ()
        )

    def answer() -> Response:
        response = Response(streams.start(lines), content_type=f"{mime_type}; charset=utf-8")
        name = f"relizes-{today().isoformat()}.{ending}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return answer_unless_known(service.version.now(), answer)
