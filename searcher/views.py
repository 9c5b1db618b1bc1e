"""The pages and their addresses in each language; the search page itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import Blueprint, Response, current_app, g, make_response, redirect, request
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from index.query import FILTERS, Days, drop_times
from searcher import links, register, search_address
from searcher.asking import SearchResponse
from searcher.corrections import corrections, corrections_atom, corrections_json
from searcher.delivery.caching import answer_unless_known
from searcher.feeds import atom_feed, json_feed
from searcher.i18n import DEFAULT, LANGUAGES, Interface
from searcher.pages import (
    citation,
    institutions,
    opensearch,
    release_page,
    sitemap,
    texts,
)
from searcher.pages.drill_down import DrillDown, Preset, presets, typed_days
from searcher.pages.filter_values import FilterValues
from searcher.pages.match_words import match_words
from searcher.pages.rendering import page
from searcher.params import DEPTH_MAX, QUERY_CHARS_MAX, SearchParams, explain_errors
from searcher.service import current_service
from searcher.telemetry import observe_search
from searcher.version_log import views as version_log

views = Blueprint("views", __name__)

NEWEST_SHOWN = 6
"""Releases on the start page."""
REDIRECTED_CHARS = 3_000
"""A longer canonical address is not redirected to: proxies refuse headers of 4 KB."""


@views.url_value_preprocessor
def choose_interface(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """Let a page be in the language of its address."""
    g.interface = current_app.extensions["interfaces"][(values or {}).pop("interface", DEFAULT)]


def search() -> Response:
    """Show the search box and results; without a search, what there is to search."""
    g.arguments = links.current_arguments()
    try:
        params = SearchParams.model_validate(_arguments())
    except ValidationError as error:
        return _page_with_errors(explain_errors(error))
    if said := register.read_said(params.q):
        return make_response(redirect(links.statements_url(**register.said_pairs(said))))
    named = search_address.pairs(params, per_page=current_service().settings.per_page)
    address = search_address.encode(named)
    if address != request.query_string.decode("latin-1") and len(address) <= REDIRECTED_CHARS:
        return make_response(redirect(links.search_url(g.interface.language, address)))
    g.arguments = MultiDict(named)
    make = _results if named else _start_page
    return answer_unless_known(current_service().version.now(), lambda: make(params))


def _results(params: SearchParams) -> Response:
    answer = current_service().search(params, face=g.interface.language)
    observe_search(params.q, answer)
    return page(
        "search.html",
        params=params,
        answer=answer,
        word_matches=match_words(current_service(), params, answer),
        pages=tuple(pages(answer)),
        panel=_panel(params, answer),
        card=register.find_card(current_service(), params),
    )


def _start_page(params: SearchParams) -> Response:
    asked = params.model_copy(update={"sort": "newest", "per_page": NEWEST_SHOWN})
    newest = current_service().search(asked, face=g.interface.language)
    return page("start.html", params=params, answer=newest, panel=_panel(params, newest))


def _page_with_errors(errors: dict[str, str]) -> Response:
    """Show the form as it was filled in, with the *errors* beside the fields, and no results."""
    typed = g.arguments
    # Links on the page must not repeat invalid parameters.
    g.arguments = MultiDict((name, value) for name, value in typed.items(multi=True) if name not in errors)
    try:
        params = SearchParams.model_validate(_arguments())
    except ValidationError:  # two parameters contradict each other
        g.arguments = MultiDict({"q": typed.get("q", "")[:QUERY_CHARS_MAX]})
        params = SearchParams(q=g.arguments["q"])
    answer = current_service().search(params.model_copy(update={"page": 1}), face=g.interface.language)
    panel = replace(_panel(params, answer), errors=errors, typed=typed)
    return page("invalid.html", HTTPStatus.BAD_REQUEST, params=params, answer=answer, panel=panel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The content of the form and of the filters beside the results."""

    params: SearchParams
    values: Mapping[str, FilterValues]
    """The values of the filters, by parameter."""
    drill_down: DrillDown
    typed_days: Days | None
    """The days that the query names as a filter: `pēc 2024. gada`, `gads:2019`."""
    q_of_today: str
    """The query without what asks for earlier texts."""
    presets: tuple[Preset, ...]
    during: str
    """The days of `during`, as in addresses."""
    errors: Mapping[str, str]
    """Error messages by parameter."""
    typed: Mapping[str, str]
    """Invalid parameters as typed."""


def _panel(params: SearchParams, answer: SearchResponse) -> Panel:
    interface: Interface = g.interface
    values = {
        one.name: FilterValues.of(answer, one, params.chosen(one), interface=interface) for one in FILTERS
    }
    drill_down = DrillDown.of(params, answer, current_service())
    return Panel(
        params=params,
        values=values,
        drill_down=drill_down,
        typed_days=typed_days(params, answer),
        q_of_today=drop_times(params.q),
        presets=presets(),
        during=search_address.shorten_days(*params.during) if params.during else "",
        errors={},
        typed={},
    )


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


# --- Addresses -----------------------------------------------------------------------------------

_PAGES: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    # The path in Latvian, the path in other languages (after their code), and the view.
    ("/", "/", search),
    ("/feed.atom", "/feed.atom", atom_feed),
    ("/feed.json", "/feed.json", json_feed),
    ("/opensearch.xml", "/opensearch.xml", opensearch.opensearch),
    ("/releases/<release>", "/releases/<release>", release_page.release),
    (
        "/releases/<release>/revisions/<int:number>",
        "/releases/<release>/revisions/<int:number>",
        release_page.revision,
    ),
    (
        "/releases/<release>/versions/<int:number>",
        "/releases/<release>/versions/<int:number>",
        release_page.version,
    ),
    ("/releases/<release>/beside/<other>", "/releases/<release>/beside/<other>", release_page.translation),
    ("/iestades", "/institutions", institutions.institutions),
    ("/iestades/<id>", "/institutions/<id>", institutions.institution),
    ("/cilveki", "/people", register.people),
    ("/cilveki/<path:name>", "/people/<path:name>", register.person),
    ("/izteikumi", "/statements", register.statements),
    ("/izteikumi.atom", "/statements.atom", register.statements_atom),
    ("/kalendars", "/calendar", register.due_calendar),
    ("/kalendars.ics", "/calendar.ics", register.due_ics),
    ("/tiesibu-akti", "/acts", register.acts),
    ("/tiesibu-akti/<path:name>", "/acts/<path:name>", register.act),
    ("/labojumi", "/corrections", corrections),
    ("/labojumi.atom", "/corrections.atom", corrections_atom),
    ("/labojumi.json", "/corrections.json", corrections_json),
    ("/palidziba", "/help", texts.help_page),
    ("/pieklustamiba", "/accessibility", texts.accessibility),
)

for path, english, view in _PAGES:
    for language in LANGUAGES:
        rule = path if language == DEFAULT else f"/{language}{english}"
        views.add_url_rule(rule, view.__name__, view, defaults={"interface": language}, methods=["GET"])

views.add_url_rule("/releases/<release>.bib", "bibtex", citation.bibtex)
views.add_url_rule("/releases/<release>/versions/<int:number>.bib", "version_bibtex", citation.version_bibtex)
views.add_url_rule("/releases/<release>/versions/<int:number>/proof", "proof", version_log.proof)
views.add_url_rule("/releases/<release>/versions/<int:number>/text", "version_text", version_log.text)
views.add_url_rule("/log/<path:path>", "log_file", version_log.log_file)
views.add_url_rule("/robots.txt", "robots", sitemap.robots)
views.add_url_rule("/sitemap.xml", "sitemap_index", sitemap.sitemap_index)
views.add_url_rule("/sitemap/<site>.xml", "sitemap", sitemap.sitemap)
