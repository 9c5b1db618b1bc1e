"""The search page: box, filters, chart and hits; without a search, what there is to search."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import Response, g, make_response, redirect, request
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from index.query import FILTERS, drop_days
from preses_relizes.shared.calendar import today
from searcher import links, register, search_address
from searcher.asking import SearchResponse
from searcher.delivery.caching import answer_unless_known
from searcher.pages.rendering import page
from searcher.params import DEPTH_MAX, SearchParams, explain_errors
from searcher.search_page import form_buttons
from searcher.search_page.chart import Chart
from searcher.search_page.match_words import match_words
from searcher.search_page.panel import Panel
from searcher.service import current_service
from searcher.telemetry import observe_search

NEWEST_SHOWN = 6
"""Releases on the start page."""
REDIRECTED_CHARS = 3_000
"""A longer canonical address is not redirected to: proxies refuse headers of 4 KB."""


def search() -> Response:
    """Show the search box and results; without a search, what there is to search."""
    sent = request.args.get(form_buttons.NAME, "")
    g.arguments = form_buttons.pressed(links.current_arguments(), sent)
    try:
        params = SearchParams.model_validate(_arguments())
    except ValidationError as error:
        return _page_with_errors(explain_errors(error))
    if form_buttons.chooses_days(sent):
        params = _without_typed_days(params)
    if said := register.read_said(params.q):
        return make_response(redirect(links.statements_url(**register.said_pairs(said))))
    named = search_address.pairs(params, per_page=current_service().settings.per_page)
    address = search_address.encode(named)
    if address != request.query_string.decode("latin-1") and len(address) <= REDIRECTED_CHARS:
        return make_response(redirect(links.search_url(g.interface.language, address)))
    g.arguments = MultiDict(named)
    make = _results if named else _start_page
    return answer_unless_known(current_service().version.now(), lambda: make(params))


def _without_typed_days(params: SearchParams) -> SearchParams:
    """Return *params* without days in the query, which contradict chosen ones; its other filters stay."""
    query = current_service().asker.read_as_typed(params)
    if not query.time:
        return params.model_copy(update={"q": drop_days(params.q, today=today())})
    values = {one.name: list(query.filters.chosen(one)) for one in FILTERS}
    return params.model_copy(update={"q": "", **values})


def _results(params: SearchParams) -> Response:
    answer = current_service().search(params, face=g.interface.language)
    observe_search(params.q, answer)
    return page(
        "search.html",
        params=params,
        answer=answer,
        word_matches=match_words(current_service(), params, answer),
        pages=tuple(pages(answer)),
        panel=Panel.of(params, answer),
        chart=Chart.of(params, answer, current_service()),
        card=register.find_card(current_service(), params),
    )


def _start_page(params: SearchParams) -> Response:
    asked = params.model_copy(update={"sort": "newest", "per_page": NEWEST_SHOWN})
    newest = current_service().search(asked, face=g.interface.language)
    own = asked.model_copy(update={"language": [g.interface.language]})
    return page(
        "start.html",
        params=params,
        answer=newest,
        hits=current_service().results(own).hits or newest.results.hits,
        panel=Panel.of(params, newest),
        chart=Chart.of(params, newest, current_service()),
    )


def _page_with_errors(errors: dict[str, str]) -> Response:
    """Show the form as it was filled in, with the *errors* beside the fields, and no results."""
    typed = g.arguments
    # Links on the page must not repeat invalid parameters.
    g.arguments = MultiDict((name, value) for name, value in typed.items(multi=True) if name not in errors)
    try:
        params = SearchParams.model_validate(_arguments())
    except ValidationError:  # two parameters contradict each other, of days or of the page
        kept = [pair for pair in g.arguments.items(multi=True) if pair[0] not in ("from", "to", "page")]
        g.arguments = MultiDict(kept)
        params = SearchParams.model_validate(_arguments())
    answer = current_service().search(params.model_copy(update={"page": 1}), face=g.interface.language)
    panel = replace(Panel.of(params, answer), errors=errors, typed=typed)
    return page("invalid.html", HTTPStatus.BAD_REQUEST, params=params, answer=answer, panel=panel)


def _arguments() -> dict[str, object]:
    """Return the parameters for `SearchParams`, with the configured number of hits."""
    return {"per_page": current_service().settings.per_page} | links.typed_arguments(g.arguments)


@dataclass(frozen=True, slots=True)
class PageLink:
    """An entry in the row of page numbers; ``number`` is None for an ellipsis."""

    number: int | None
    current: bool = False


def pages(answer: SearchResponse) -> Iterator[PageLink]:
    """Yield the page numbers to show: the first, the last, the current one and its neighbours."""
    query, total = answer.query, min(answer.results.total, DEPTH_MAX)
    last = -(-total // query.per_page)
    if last <= 1:
        return
    numbers = sorted({1, last, *(n for n in range(query.page - 2, query.page + 3) if 1 <= n <= last)})
    previous = 0
    for number in numbers:
        if number > previous + 1:
            yield PageLink(None)
        yield PageLink(number, current=number == query.page)
        previous = number
