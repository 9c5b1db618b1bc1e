"""URLs in the pages: the service accepts each of them, and none is long."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import current_app, g, request, url_for
from werkzeug.datastructures import MultiDict

from index.query import FILTERS, Filters
from searcher.params import VALUES_MAX, SearchParams, tidy
from searcher.search_address import encode, shorten_first_day, shorten_last_day

# The page has page numbers instead of a cursor, and chooses the histogram itself.
NAMES: Mapping[str, bool] = {
    name: many for name, many in SearchParams.names().items() if name not in ("cursor", "histogram")
}
"""The parameters of the search page, and whether each may be repeated."""

# A page repeats the query in about a hundred links, so these limits bound its size.
QUERY_CHARS, QUERY_BYTES, OTHERS_BYTES = 1_000, 3_000, 4_000
"""Limits of the query, and of all other parameters, in a link."""

SIDE_BY_SIDE = "view=side"
"""The parameter of an edit's page for the texts before and after the edit beside each other."""

Arguments = MultiDict[str, str]


def current_arguments() -> Arguments:
    """Return the parameters of the request without unknown and empty ones."""
    sent: Arguments = MultiDict()
    for name, many in NAMES.items():
        values = request.args.getlist(name)[: None if many else 1]
        if unique := [value for value in dict.fromkeys(values) if value.strip()]:
            # A page may have more checkboxes than a request may name.
            sent.setlist(name, unique[:VALUES_MAX])
    return sent


def typed_arguments(arguments: Arguments) -> dict[str, object]:
    """Return *arguments* as `SearchParams` takes them."""
    return {name: values if NAMES[name] else values[0] for name, values in arguments.lists()}


def url_with(**changes: object) -> str:
    """Return the URL of the current search with *changes*, at page 1 unless they say otherwise."""
    pairs = {**_current_pairs(), "page": ()}
    for key, value in changes.items():
        name = key.rstrip("_")
        if name == "q" and value == g.arguments.get("q"):
            continue
        if isinstance(value, tuple):
            pairs[name] = tuple(_pair(name, str(item)) for item in value if item)
        else:
            pairs[name] = () if value in (None, "", 1) else (_changed_pair(name, value),)
    return search_url(g.interface.language, _join(pairs))


def _changed_pair(name: str, value: object) -> str:
    return _day_pair(name, value) if isinstance(value, date) else _pair(name, str(value))


@lru_cache(1024)  # each page has the same years and months
def _day_pair(name: str, day: date) -> str:
    return _pair(name, shorten_first_day(day) if name == "from" else shorten_last_day(day))


FORMS: Mapping[str, tuple[str, ...]] = {
    "views.atom_feed": ("sort", "page", "per_page", "explain"),
    "views.json_feed": ("sort", "page", "per_page", "explain"),
    "views.chart_csv": ("sort", "page", "per_page", "explain"),
    "views.chart_svg": ("sort", "page", "per_page", "explain"),
    "api.export_csv": ("page", "per_page", "explain"),
    "api.export_ndjson": ("page", "per_page", "explain"),
}
"""The endpoints that return the hits of a search in another form, and the parameters that each leaves out."""


def form_url(endpoint: str) -> str:
    """Return the URL of the current search in the form of *endpoint*, one of `FORMS`."""
    in_language = {"interface": g.interface.language} if endpoint.startswith("views.") else {}
    address = _once(endpoint, **in_language)
    query = _join({**_current_pairs(), **dict.fromkeys(FORMS[endpoint], ())})
    return with_query(address, query)


def release_url(release: str, hit: int | None = None) -> str:
    """Return the URL of the page of *release*, found by the current search as hit number *hit*, from 1."""
    language = g.interface.language
    any_release = _once("views.release", interface=language, release="-")
    return _with_search(any_release.removesuffix("-") + quote(release, safe=""), hit)


def edit_url(release: str, number: int, *, side_by_side: bool = False) -> str:
    """Return the URL of the page of an edit of *release*, which leads back to the current hit."""
    address = url_for("views.revision", interface=g.interface.language, release=release, number=number)
    return _with_search(address, g.get("hit"), side_by_side=side_by_side)


def version_url(release: str, number: int) -> str:
    """Return the URL of the page of a version of *release*, which leads back to the current hit."""
    return _with_search(version_path(release, number), g.get("hit"))


def version_path(release: str, number: int) -> str:
    """Return the path of the page of a version of *release*, in the language of the page."""
    return url_for("views.version", interface=g.interface.language, release=release, number=number)


def translation_url(release: str, other: str) -> str:
    """Return the URL of *release* beside its translation *other*, which leads back to the current hit."""
    address = url_for("views.translation", interface=g.interface.language, release=release, other=other)
    return _with_search(address, g.get("hit"))


def _with_search(address: str, hit: int | None, *, side_by_side: bool = False) -> str:
    """Return *address* with the current search, so that its page can lead back to the results."""
    search = _join({**_current_pairs(), "page": (), "explain": ()})
    added = (search, f"hit={hit}" if hit else "", SIDE_BY_SIDE if side_by_side else "")
    return with_query(address, "&".join(filter(None, added)))


def values_of(filters: Filters) -> dict[str, tuple[str, ...]]:
    """Return the values that *filters* choose, as `url_with` takes them."""
    return {one.name: filters.chosen(one) for one in FILTERS}


def url_in(language: str) -> str:
    """Return the URL of this page in another interface language; for an error page, of the search."""
    if request.endpoint == "views.search" or "failed" in g:
        return search_url(language, _join(_current_pairs()))
    address = url_for(str(request.endpoint), interface=language, **(request.view_args or {}))
    if own := g.get("own_query"):  # of a list that is no search
        return f"{address}?{own}"
    return _with_search(address, g.get("hit"), side_by_side=g.get("side_by_side", False))


def search_for(**named: str) -> str:
    """Return the canonical address of a search by the parameters *named*: a link to it needs no redirect."""
    return search_url(g.interface.language, encode(named.items()))


def corrections_url(**named: str) -> str:
    """Return the canonical address of the corrections with the parameters *named*."""
    return with_query(_once("views.corrections", interface=g.interface.language), encode(named.items()))


def person_url(name: str) -> str:
    """Return the address of the page of the person *name*."""
    return url_for("views.person", interface=g.interface.language, name=name)


def act_url(name: str) -> str:
    """Return the address of the page of the act *name*."""
    return url_for("views.act", interface=g.interface.language, name=name)


def statements_url(**named: str) -> str:
    """Return the address of the statements with the parameters *named*."""
    return with_query(_once("views.statements", interface=g.interface.language), encode(named.items()))


def statements_feed_url(speaker: str) -> str:
    """Return the address of the feed of what a *speaker* says."""
    address = _once("views.statements_atom", interface=g.interface.language)
    return with_query(address, encode([("speaker", speaker)]))


def period_of(first: date, last: date) -> dict[str, str]:
    """Return the parameters of a search for releases of these days, newest first."""
    return {"from": shorten_first_day(first), "to": shorten_last_day(last), "sort": "newest"}


def of_year(year: int) -> dict[str, str]:
    """Return the parameters of a search for releases of a *year*, newest first."""
    return period_of(date(year, 1, 1), date(year, 12, 31))


def list_address(endpoint: str, pairs: Sequence[tuple[str, str]] = (), **values: Any) -> str:
    """Return the path of *endpoint* in the language of the page with the parameters *pairs*."""
    return with_query(url_for(endpoint, interface=g.interface.language, **values), encode(pairs))


def subscribe_url(kind: str = "search", named: Iterable[tuple[str, str]] | None = None) -> str:
    """Return the address of the form to subscribe to the current search, or to what is *named*.

    Empty if nobody can subscribe.
    """
    if "subscriptions" not in current_app.extensions:
        return ""
    without = dict.fromkeys(("page", "per_page", "sort", "explain"), ())
    query = _join({**_current_pairs(), **without}) if named is None else encode(named)
    form = _once("subscriptions.subscribe", interface=g.interface.language)
    return with_query(form, encode([("about", with_query(kind, query))]))


def search_url(language: str, query: str) -> str:
    """Return the URL of the search page in *language* with the query string *query*."""
    # Not as keywords of `url_for`: clients must not set some of those, such as `_external`.
    address = _once("views.search", interface=language)
    return with_query(address, query)


def address_of(endpoint: str, **values: Any) -> str:
    """Return the address of *endpoint*, as Flask's ``url_for`` does."""
    return (_once if values.keys() <= _FEW else url_for)(endpoint, **values)


_FEW = frozenset({"interface", "filename"})
"""The values of endpoints of which there are few: a page has twenty such addresses."""


def _once(endpoint: str, **values: Any) -> str:
    """Return the address of *endpoint*; it is made once for each app and prefix."""
    addresses: dict[tuple[str, ...], str] = current_app.extensions.setdefault("addresses", {})
    key = request.root_path, endpoint, *values.values()
    address = addresses.get(key)
    if address is None:
        address = addresses[key] = url_for(endpoint, **values)
    return address


def with_query(address: str, query: str) -> str:
    """Return *address* with a *query* string, if that is not empty."""
    return f"{address}?{query}" if query else address


# --- What the links of a page share, worked out once for each page -------------------------------

Pairs = Mapping[str, tuple[str, ...]]
"""The encoded ``name=value`` pairs of a query string, by name, in canonical order."""


def _current_pairs() -> Pairs:
    """Return the pairs of the current search, for every name."""
    context = g._get_current_object()  # noqa: SLF001 - documented; each use of the proxy costs as much as a link
    arguments = context.get("arguments", _NO_ARGUMENTS)
    known: tuple[Arguments, Pairs] | None = context.get("link_pairs")
    if known is None or known[0] is not arguments:
        values = dict(arguments.lists())
        pairs = {name: tuple(_pair(name, value) for value in values.get(name, ())) for name in NAMES}
        context.link_pairs = known = arguments, pairs
    return known[1]


_NO_ARGUMENTS = Arguments()


def _pair(name: str, value: str) -> str:
    return encode([(name, shorten(value) if name == "q" else value)]) if value else ""


def _join(pairs: Pairs) -> str:
    """Return the query string of *pairs* without those that exceed the limits."""
    query = "&".join([pair for of_name in pairs.values() for pair in of_name if pair])
    return query if len(query) <= OTHERS_BYTES else "&".join(_keep_within_limits(pairs))


def _keep_within_limits(pairs: Pairs) -> Iterator[str]:
    left = OTHERS_BYTES
    for name, of_name in pairs.items():
        for pair in of_name:
            if name != "q":
                left -= len(pair)
            if pair and left >= 0:
                yield pair


def shorten(query: str) -> str:
    """Return *query* as short as links and buttons repeat it."""
    query = tidy(query)[:QUERY_CHARS]
    while len(encode([("q", query)])) > QUERY_BYTES:
        query = query[: len(query) // 2]
    return query.strip()
