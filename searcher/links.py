"""The addresses that pages print: each is one that the service accepts, and none is long."""

from collections.abc import Mapping
from urllib.parse import quote_plus, urlencode

from flask import g, request, url_for
from werkzeug.datastructures import MultiDict

from searcher.params import MINISTRIES_MAX, SearchParams

# A page walks by number, and chooses the histogram itself.
NAMES: Mapping[str, bool] = {
    name: many for name, many in SearchParams.names().items() if name not in ("cursor", "histogram")
}
"""The parameters of the search page, and whether each may be repeated."""

# A page repeats what was asked in some hundred links, so these bound its size.
QUERY_CHARS, QUERY_BYTES, OTHERS_BYTES = 1_000, 3_000, 4_000
"""At most so much of a query, and of all other parameters, is carried on by a link."""

Asked = MultiDict[str, str]


def asked() -> Asked:
    """Return the parameters of this page as they were sent, without the unknown and the empty."""
    sent: Asked = MultiDict()
    for name, many in NAMES.items():
        values = request.args.getlist(name)[: None if many else 1]
        if wanted := [value for value in dict.fromkeys(values) if value]:
            # A page may offer more boxes to tick than count.
            sent.setlist(name, wanted[:MINISTRIES_MAX])
    return sent


def url_with(**changes: object) -> str:
    """Return the address of the current search with *changes*; it starts at page 1 unless told otherwise."""
    arguments: Asked = g.asked.copy()
    arguments.pop("page", None)
    for key, value in changes.items():
        name = key.rstrip("_")
        arguments.pop(name, None)
        if isinstance(value, tuple):
            arguments.setlist(name, [str(one) for one in value])
        elif value not in (None, "", 1):
            arguments[name] = str(value)
    return _search(g.interface.language, arguments)


def url_in(language: str) -> str:
    """Return the address of this page in another interface language; an error page leads to the search."""
    asked: Asked | None = g.get("asked")
    if asked is not None or "failed" in g:
        return _search(language, asked or MultiDict())
    return url_for(str(request.endpoint), interface=language, **(request.view_args or {}))


def _search(language: str, arguments: Asked) -> str:
    # Not as keywords of `url_for`: some of those, such as `_external`, are not meant for strangers.
    address, query = url_for("views.search", interface=language), _query(arguments)
    return f"{address}?{query}" if query else address


def _query(arguments: Asked) -> str:
    pairs: list[str] = []
    left = OTHERS_BYTES
    for name, value in arguments.items(multi=True):
        pair = urlencode({name: _short(value) if name == "q" else value})
        if name != "q":
            left -= len(pair)
        if value and left >= 0:
            pairs.append(pair)
    return "&".join(pairs)


def _short(query: str) -> str:
    query = query[:QUERY_CHARS]
    while len(quote_plus(query)) > QUERY_BYTES:
        query = query[: len(query) // 2]
    return query
