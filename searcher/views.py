"""The pages: search with results, a release with its revisions, help."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from searcher import links, search_address
from searcher.delivery.caching import answer_unless_known, tag_by_content
from searcher.params import DEPTH_MAX, QUERY_CHARS_MAX, SearchParams, explain_errors
from searcher.service import SearchResponse, current_service

views = Blueprint("views", __name__)

REDIRECTED_CHARS = 3_000
"""A longer canonical address is not redirected to: proxies refuse headers of 4 KB."""


@views.url_value_preprocessor
def _choose_interface(_endpoint: str | None, values: dict[str, str] | None) -> None:
    g.interface = current_app.extensions["interfaces"][(values or {}).pop("interface", "lv")]


@views.get("/", defaults={"interface": "lv"})
@views.get("/en/", defaults={"interface": "en"})
def search() -> Response:
    """Show the search box and results."""
    g.arguments = links.current_arguments()
    try:
        params = SearchParams.model_validate(_arguments())
    except ValidationError as error:
        # Links on the page must not repeat invalid parameters.
        g.arguments = MultiDict({"q": g.arguments.get("q", "")[:QUERY_CHARS_MAX]})
        valid = SearchParams(q=g.arguments["q"])
        return _page("search.html", HTTPStatus.BAD_REQUEST, params=valid, errors=explain_errors(error))
    named = search_address.pairs(params, per_page=current_service().settings.per_page)
    address = search_address.encode(named)
    if address != request.query_string.decode("latin-1") and len(address) <= REDIRECTED_CHARS:
        return make_response(redirect(links.search_url(g.interface.language, address)))
    g.arguments = MultiDict(named)
    return answer_unless_known(current_service().version(), lambda: _results(params))


def _results(params: SearchParams) -> Response:
    search = params.model_copy(update={"histogram": "month"}) if _is_year(params) else params
    answer = current_service().search(search)
    return _page("search.html", params=params, answer=answer, errors={}, pages=tuple(pages(answer)))


@views.get("/releases/<release>", defaults={"interface": "lv"})
@views.get("/en/releases/<release>", defaults={"interface": "en"})
def release(release: str) -> Response:
    """Show one release, its revisions and a link to the original."""
    archived = current_service().release(release)
    if archived is None:
        abort(HTTPStatus.NOT_FOUND)
    page = _page("release.html", release=archived, similar=current_service().similar(release))
    return tag_by_content(page)


@views.get("/palidziba", defaults={"interface": "lv"})
@views.get("/en/help", defaults={"interface": "en"})
def help_page() -> Response:
    """Explain the query language by examples."""
    return tag_by_content(_page("help.html"))


def _is_year(params: SearchParams) -> bool:
    """Return whether the filters select one year; the page then offers its months."""
    return params.from_ is not None and params.to is not None and params.from_.year == params.to.year


def _arguments() -> dict[str, object]:
    """Return the parameters for `SearchParams`, with the configured number of hits."""
    sent: dict[str, object] = {"per_page": current_service().settings.per_page}
    for name, values in g.arguments.lists():
        sent[name] = values if links.NAMES[name] else values[0]
    return sent


def _page(template: str, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Response:
    return make_response(render_template(template, **context), status)


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
