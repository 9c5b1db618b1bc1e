"""Queries of a bounded size: of what a cluster would refuse, the documents that parts match are listed first.

A cluster refuses more than 1,024 single queries in one. The terms of a field are one query, so only long
texts whose words have many forms or related phrases come near.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from index.engines.opensearch.connection import Json

QUERIES_MAX = 900
"""The most single queries in one; filters need some, too."""
TERMS_MAX = 60_000
"""The most terms in one query: clusters refuse more than 65,536."""
NOTHING: Json = {"match_none": {}}

_SINGLE = frozenset(("term", "terms", "span_term", "prefix", "wildcard", "fuzzy", "match_all", "match_none"))
"""The queries that contain no others."""
_INNER = ("filter", "should", "must_not")
_NAME = "_name"

Find = Callable[[Json], Sequence[int]]
"""Returns the numbers of all documents that match a query."""


def count_queries(query: object) -> int:
    """Return how many single queries a query or several consist of."""
    if isinstance(query, Mapping):
        return sum(1 if name in _SINGLE else count_queries(inner) for name, inner in query.items())
    return sum(map(count_queries, query)) if isinstance(query, list) else 0


def any_of(queries: Sequence[Json]) -> Json:
    """Return the query for documents that match any of *queries*: terms of one field together."""
    terms: dict[str, list[Any]] = {}
    others: list[Json] = []
    for query in _alternatives(queries):
        if query == NOTHING:
            continue
        field, values = _terms_of(query)
        if values and len(terms.get(field, ())) + len(values) <= TERMS_MAX:
            terms[field] = [*terms.get(field, ()), *values]
        else:
            others.append(query)
    same = [{"terms": {field: list(dict.fromkeys(values))}} for field, values in terms.items()]
    every = [*same, *others]
    if len(every) == 1:
        return every[0]
    return {"bool": {"should": every, "minimum_should_match": 1}} if every else NOTHING


def with_numbers(numbers: Sequence[int]) -> Json:
    """Return the query for the documents *numbers*."""
    slices = (numbers[first : first + TERMS_MAX] for first in range(0, len(numbers), TERMS_MAX))
    return any_of([{"terms": {"number": list(some)}} for some in slices])


def fit_all(queries: Sequence[Json], most: int, find: Find) -> list[Json]:
    """Return *queries*, which together are at most *most* single ones.

    First the phrases among alternatives are listed, which few documents have; then the largest queries.
    Queries with a name stay, as hits tell by it that they match.
    """
    fitted = list(queries)
    if count_queries(fitted) > most:
        fitted = [_list_phrases(query, most, find) for query in fitted]
    for place in sorted(range(len(fitted)), key=lambda place: -count_queries(fitted[place])):
        if count_queries(fitted) <= most:
            break
        if not _has_name(fitted[place]):
            fitted[place] = listed(fitted[place], most, find)
        elif (inner := fitted[place].get("bool")) is not None:
            fitted[place] = {"bool": _map_inner(inner, lambda some: fit_all(some, len(some), find))}
    return fitted


def _list_phrases(query: Json, most: int, find: Find) -> Json:
    """Return *query*, in which alternatives that are more than one query are a list."""
    inner = query.get("bool")
    if inner is None:
        return query
    if not _is_any(query):
        return {"bool": _map_inner(inner, lambda some: [_list_phrases(each, most, find) for each in some])}
    alternatives = inner["should"]
    large = [each for each in alternatives if count_queries(each) > 1 and not _has_name(each)]
    few = [each for each in alternatives if each not in large]
    return any_of([*few, listed(any_of(large), most, find)] if large else few)


def listed(query: Json, most: int, find: Find) -> Json:
    """Return the list of the documents that match *query*."""
    return with_numbers(sorted(_find_within(query, most, find)))


def _find_within(query: Json, most: int, find: Find) -> set[int]:
    """Return the documents that match *query*, asked for with at most *most* single queries at once."""
    inner = query.get("bool")
    if inner is None or count_queries(query) <= most:
        return set(find(query))
    if _is_any(query):
        groups = _batches(inner["should"], most)
        return {number for group in groups for number in _find_within(group, most, find)}
    kinds = sum(kind in inner for kind in _INNER)
    return set(find({"bool": _map_inner(inner, lambda some: fit_all(some, most // kinds, find))}))


def _batches(alternatives: Sequence[Json], most: int) -> Iterator[Json]:
    """Yield *alternatives* in groups of at most *most* single queries."""
    group: list[Json] = []
    for each in alternatives:
        if group and count_queries([*group, each]) > most:
            yield any_of(group)
            group = []
        group.append(each)
    if group:
        yield any_of(group)


def _map_inner(inner: Mapping[str, Any], change: Callable[[list[Json]], list[Json]]) -> Json:
    return {kind: change(value) if kind in _INNER else value for kind, value in inner.items()}


def _is_any(query: Json) -> bool:
    """Return whether *query* is nothing but alternatives, of which one must match."""
    inner: Mapping[str, Any] = query.get("bool", {})
    return inner.keys() == {"should", "minimum_should_match"} and bool(inner["minimum_should_match"] == 1)


def _alternatives(queries: Sequence[Json]) -> list[Json]:
    """Return *queries*, those inside alternatives by themselves."""
    return [each for query in queries for each in (query["bool"]["should"] if _is_any(query) else [query])]


def _terms_of(query: Json) -> tuple[str, Sequence[Any]]:
    """Return field and values of a query for plain terms; no values if it is another."""
    terms = query.get("terms")
    if terms is None or len(terms) != 1:
        return "", ()
    field, values = next(iter(terms.items()))
    return field, values


def _has_name(query: object) -> bool:
    if isinstance(query, Mapping):
        return _NAME in query or any(map(_has_name, query.values()))
    return isinstance(query, list) and any(map(_has_name, query))
