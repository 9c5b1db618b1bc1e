"""The endpoints that export all hits of a search."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from flask import Response, current_app, request
from pydantic import Field

from index.results import ListedRelease
from preses_relizes.shared.calendar import today
from searcher.api.blueprint import SEARCH, api, read_strictly
from searcher.api.fields import ALWAYS, fields_of
from searcher.delivery.caching import answer_unless_known
from searcher.exports import (
    COLUMNS,
    TEXT_COLUMNS,
    ExportedRelease,
    ExportedText,
    ExportStreams,
    csv_lines,
    json_lines,
)
from searcher.notes import message
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
    fields: fields_of(ExportedText) = Field([])  # type: ignore[valid-type]  # made from the model of a row


# The second for clients that accept no lines of JSON: generators of clients know only some types.
LINES = ("application/x-ndjson", "text/plain")
CSV = ("text/csv",)


def described(mime_types: Sequence[str], what: str, example: str) -> dict[str, Any]:
    """Return the description of an answer of one of these types, for OpenAPI."""
    schema = {"type": "string", "description": what, "examples": [example]}
    return {"description": what, "content": {one: {"schema": schema} for one in mime_types}}


def streamed(lines: Callable[[], Iterable[str]], mime_types: Sequence[str]) -> Response:
    """Return a response that streams *lines* as the one of *mime_types* that the client prefers."""
    streams: ExportStreams = current_app.extensions["exports"]
    chosen = request.accept_mimetypes.best_match(mime_types, default=mime_types[0])
    response = Response(streams.start(lines), content_type=f"{chosen}; charset=utf-8")
    if len(mime_types) > 1:
        response.vary.add("Accept")
    return response


@api.get(
    "/search.ndjson",
    operation_id="export_ndjson",
    tags=[SEARCH],
    responses={
        200: described(
            LINES,
            "A line of JSON for each hit: an ExportedRelease; of a search through time an ExportedText.",
            '{"id": "iem-ec9999a178", "title": "Pieņemts valsts budžets"}\n',
        )
    },
)
@read_strictly
def export_ndjson(query: ExportRequest) -> Response:
    """Stream all hits of a search as lines of JSON, with their texts.

    These are the hits that `total` counts; with `near=true` also those that are only near.
    """
    return _export(query, "ndjson", LINES, json_lines, query.fields, defaults=((), ()))


@api.get(
    "/search.csv",
    operation_id="export_csv",
    tags=[SEARCH],
    responses={
        200: described(
            CSV, "A header, and a line for each hit.", '"id","title"\r\n"iem-ec9999a178","Budžets"\r\n'
        )
    },
)
@read_strictly
def export_csv(query: ExportRequest) -> Response:
    """Stream all hits of a search as CSV for spreadsheets, without their texts unless asked for.

    UTF-8 with a byte order mark; an apostrophe precedes cells that a spreadsheet would take for formulas.
    """
    return _export(query, "csv", CSV, csv_lines, query.fields, defaults=(COLUMNS, TEXT_COLUMNS))


def _export(
    query: ExportRequest,
    ending: str,
    mime_types: Sequence[str],
    write: Write,
    fields: Sequence[str],
    *,
    defaults: tuple[Sequence[str], Sequence[str]],
) -> Response:
    """Stream the hits with these *fields*, or the *defaults*: of a plain search, of one through time."""
    service = current_service()
    params = SearchParams.model_construct(**dict(query))
    names = list(dict.fromkeys((ALWAYS, *fields))) if fields else []

    def lines() -> Iterable[str]:
        absent = service.archive.absent_ids()  # hidden after the last reindex
        listing = service.listing(params)
        releases: Iterable[ListedRelease] = (one for one in listing.releases() if one.id not in absent)
        if listing.is_of_all:
            releases = service.seen_lately(releases)
        if names or listing.is_of_all:
            rows = (ExportedText.at(one, service.version_address) for one in releases)
            return write(rows, names or defaults[1])
        return write(map(ExportedRelease.of, releases), defaults[0])

    def answer() -> Response:
        response = streamed(lines, mime_types)
        name = f"relizes-{today().isoformat()}.{ending}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        if notes := service.notes(params):
            response.headers["X-Query-Notes"] = json.dumps(list(map(message, notes)))
        return response

    return answer_unless_known(service.version.now(), answer)
