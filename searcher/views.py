"""The pages: the search box with its results, and one release with its revisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from index.engine import FacetValue
from searcher import params
from searcher.params import DEPTH_MAX, SearchParams
from searcher.service import Answer, service

views = Blueprint("views", __name__)


@views.url_value_preprocessor
def _choose_interface(_endpoint: str | None, values: dict[str, str] | None) -> None:
    g.interface = current_app.extensions["interfaces"][(values or {}).pop("interface", "lv")]


@views.get("/", defaults={"interface": "lv"})
@views.get("/en/", defaults={"interface": "en"})
def search() -> Response:
    """Show the search box and, where something is asked, what it finds."""
    try:
        asked = SearchParams.model_validate(_arguments())
    except ValidationError as error:
        return _page(
            "search.html", HTTPStatus.BAD_REQUEST, asked=SearchParams(), errors=params.problems(error)
        )
    answer = service().search(asked.model_copy(update={"histogram": "month"}) if _is_year(asked) else asked)
    return _page("search.html", asked=asked, answer=answer, errors={}, pages=tuple(pages(answer)))


@views.get("/releases/<release>", defaults={"interface": "lv"})
@views.get("/en/releases/<release>", defaults={"interface": "en"})
def release(release: str) -> Response:
    """Show one release, its revisions and the way to the original."""
    found = service().archive.release(release)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return _page("release.html", shown=found, similar=service().engine.similar(release))


@views.get("/palidziba", defaults={"interface": "lv"})
@views.get("/en/help", defaults={"interface": "en"})
def help_page() -> Response:
    """Explain the query language by examples."""
    return _page("help.html")


def _is_year(asked: SearchParams) -> bool:
    """Whether only releases of one year are asked for: their months can be chosen from."""
    return asked.from_ is not None and asked.to is not None and asked.from_.year == asked.to.year


def _arguments() -> dict[str, object]:
    """Return the parameters as the model takes them; a form sends its empty fields too."""
    sent = request.args.to_dict(flat=False)
    many = {"ministry", "language"}
    return {name: values if name in many else values[0] for name, values in sent.items() if any(values)}


def _page(template: str, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Response:
    return make_response(render_template(template, **context), status)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A place in the row of page numbers; ``number`` is None where numbers are left out."""

    number: int | None
    current: bool = False


def pages(answer: Answer) -> Iterator[PageLink]:
    """Yield the page numbers to show: the first, the last, the current one and its neighbours."""
    query, total = answer.query, min(answer.results.total, DEPTH_MAX)
    last = -(-total // query.per_page)
    if last <= 1:
        return
    shown = sorted({1, last, *(n for n in range(query.page - 2, query.page + 3) if 1 <= n <= last)})
    previous = 0
    for number in shown:
        if number > previous + 1:
            yield PageLink(None)
        yield PageLink(number, current=number == query.page)
        previous = number


def url_with(**changes: object) -> str:
    """Return the address of the current search with *changes*; it starts at page 1 unless told otherwise."""
    arguments: MultiDict[str, str] = request.args.copy()
    arguments.pop("page", None)
    for key, value in changes.items():
        name = key.rstrip("_")
        arguments.pop(name, None)
        if isinstance(value, tuple):
            arguments.setlist(name, [str(one) for one in value])
        elif value not in (None, "", 1):
            arguments[name] = str(value)
    chosen: dict[str, Any] = {
        name: values for name, values in arguments.to_dict(flat=False).items() if any(values)
    }
    return url_for("views.search", interface=g.interface.language, **chosen)


def url_in(language: str) -> str:
    """Return the address of this page in another interface language."""
    values = {**(request.view_args or {}), **request.args.to_dict(flat=False)}
    return url_for(request.endpoint or "views.search", **{**values, "interface": language})


def without(values: list[str], value: str) -> tuple[str, ...]:
    """Return *values* less *value*."""
    return tuple(other for other in values if other != value)


def facet(answer: Answer, name: str, chosen: list[str]) -> tuple[FacetValue, ...]:
    """Return the values of a facet; a chosen value stays, though nothing matches it any more."""
    found = answer.results.facets.get(name, ())
    missing = [value for value in chosen if value not in {one.value for one in found}]
    return (*found, *(FacetValue(value, 0) for value in missing))
