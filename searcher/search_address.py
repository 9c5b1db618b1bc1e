"""The canonical address of a search: its permalink, cache key, feed id and saved form at once.

Searches that mean the same have one query string: without empty parameters and defaults, in a fixed order,
with dates as short as possible, and encoded as browsers encode a form.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from urllib.parse import quote_plus

from index.query import FILTERS
from searcher.params import SearchParams, tidy

Pairs = tuple[tuple[str, str], ...]


def query_string(params: SearchParams, *, per_page: int) -> str:
    """Return the canonical query string of *params*; *per_page* is the default of the service.

    >>> query_string(SearchParams(q=" valsts  budžets ", sort="newest", from_=date(2019, 1, 1)), per_page=10)
    'q=valsts+bud%C5%BEets&from=2019&sort=newest'
    """
    return encode(pairs(params, per_page=per_page))


def pairs(params: SearchParams, *, per_page: int) -> Pairs:
    """Return the names and values of the canonical query string, not encoded."""
    values: dict[str, str | Iterable[str] | None] = {
        "q": tidy(params.q),
        **{one.name: sorted({*params.chosen(one)}) for one in FILTERS},
        "from": shorten_first_day(params.from_) if params.from_ else None,
        "to": shorten_last_day(params.to) if params.to else None,
        "near": "true" if params.near else None,
        "without": sorted({*params.without}),
        "versions": "true" if params.versions else None,
        "during": shorten_days(*params.during) if params.during else None,
        "sort": params.sort,
        "page": str(params.page),
        "per_page": str(params.per_page or per_page),
        "cursor": params.cursor,
        "histogram": params.histogram,
        "verbatim": "true" if params.verbatim else None,
        "explain": "true" if params.explain else None,
    }
    defaults = {"sort": "relevance", "page": "1", "per_page": str(per_page)}
    return tuple(
        (name, value)
        for name, given in values.items()
        for value in ([given] if isinstance(given, str) else given or ())
        if value and value != defaults.get(name)
    )


def encode(named: Iterable[tuple[str, str]]) -> str:
    """Return *named* values as browsers encode a form, so that submitting one needs no redirect."""
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in named)


def shorten_first_day(day: date) -> str:
    """Return the shortest date that begins on *day*: 2019, 2019-03 or 2019-03-05."""
    if day.day > 1:
        return day.isoformat()
    return day.isoformat()[: 4 if day.month == 1 else 7]


def shorten_last_day(day: date) -> str:
    """Return the shortest date that ends on *day*: 2019, 2019-02 or 2019-03-05."""
    if day.day < monthrange(day.year, day.month)[1]:
        return day.isoformat()
    return day.isoformat()[: 4 if day.month == 12 else 7]


def shorten_days(first: date, last: date) -> str:
    """Return the shortest range that has the days: 2019, 2019-02 or 2019-03-05..2019-04."""
    begin, end = shorten_first_day(first), shorten_last_day(last)
    return end if begin == end else f"{begin}..{end}"


@lru_cache(256)  # a page repeats the query in each of its links
def _encode(text: str) -> str:
    # Source: https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set
    return quote_plus(text, safe="*").replace("~", "%7E")
