"""Compares what a searcher answers, page by page, with the right answers."""

import os
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from index.query import Query
from index.results import Histogram
from index.search import Searcher, TopDocs
from index.search.cursor import START
from index.search.ranking import recency
from tests.support import oracle
from tests.support.oracle import Doc
from tests.support.settled_queries import QueryDraft
from tests.support.worlds import LARGE_EVERY, World

QUERIES = 25
"""The queries about each world."""

WORLDS = int(os.environ.get("WORLDS", "32"))
"""The generated worlds that the tests try; 400 make 10,000 queries."""

PAGES = 10
"""The most pages of an answer that are compared."""


def check(
    searcher: Searcher,
    docs: Sequence[Doc],
    query: Query,
    *,
    collapse: bool,
    most: float = 0.0,
    excluded: Sequence[str] = (),
) -> None:
    """Compare the pages of *query*, by number and by cursor, with the answer by brute force.

    *most* is the boost of adjacent words; *excluded* are ids.
    """
    expected = oracle.search(query, docs, collapse=collapse, most=most, excluded=excluded)
    right = expected.hits[: PAGES * query.per_page]
    left_out = [doc for doc in map(searcher.find, excluded) if doc is not None]
    by_relevance = query.sort == "relevance"  # else there may be related words, whose scores are kept rounded
    for pages in (by_number, by_cursor):
        hits: list[tuple[str, float]] = []
        for top in islice(pages(searcher, query, collapse=collapse, excluded=left_out), PAGES):
            assert top.total == expected.total
            facets = {
                name: {value.value: value.count for value in values} for name, values in top.facets.items()
            }
            assert facets == expected.facets
            assert periods(top.histogram) == expected.histogram
            hits += zip((searcher.stored(doc)["id"] for doc in top.docs), top.scores, strict=True)
        assert [name for name, _ in hits] == [name for name, _ in right]
        scores = pytest.approx([score for _, score in right], rel=1e-9 if by_relevance else 1e-6)
        assert [score for _, score in hits] == scores
    if collapse and not excluded:
        assert searcher.count(query.clause, query.filters) == expected.total


def by_number(
    searcher: Searcher, query: Query, *, collapse: bool, excluded: Sequence[int] = ()
) -> Iterator[TopDocs]:
    """Yield the pages of *query* up to the first that is empty."""
    for page in count(1):
        yield (top := searcher.search(replace(query, page=page), collapse=collapse, excluded=excluded))
        if not top.docs:
            break


def by_cursor(
    searcher: Searcher, query: Query, *, collapse: bool, excluded: Sequence[int] = ()
) -> Iterator[TopDocs]:
    """Yield the pages of *query*, each from the end of the one before."""
    query, after = replace(query, cursor=START), None
    while True:
        yield (top := searcher.search(query, after=after, collapse=collapse, excluded=excluded))
        if top.last is None:
            break
        after = top.last


def periods(histogram: Histogram | None) -> dict[str, int]:
    """Return the counts by the beginning of the ISO date, as the right answers have them."""
    if histogram is None:
        return {}
    return {oracle.name(period.first, histogram.interval): period.count for period in histogram.periods}


def check_world(folder: Path, seed: int, searcher_class: type[Searcher]) -> None:
    """Ask the world of *seed*, indexed in *folder*, many queries in turn; a searcher answers all of them."""
    chance = Random(seed)
    world = World.drawn(chance, folder, is_large=seed % LARGE_EVERY == 0)
    most = chance.choice((0.0, 0.2, 2.0))
    searcher = searcher_class(world.index, recency=recency, proximity=most)
    draft = QueryDraft(chance, world)
    for _ in range(QUERIES):
        query, collapse = draft.query(), chance.random() < 0.7
        excluded = [chance.choice(world.docs).id] if chance.random() < 0.1 else []
        check(searcher, world.docs, query, collapse=collapse, most=most, excluded=excluded)
