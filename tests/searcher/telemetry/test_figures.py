import multiprocessing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.telemetry.figures import HITS, PLACES_MAX, SECONDS, Figures
from tests.support.searches import search

SEARCH = search("budžets").search
EXCHANGE = replace(search("budžets", seconds=0.02), search=None)


def test_figures_of_all_processes_are_added_up() -> None:
    figures = Figures(["views.search"])
    context = multiprocessing.get_context("fork")

    def answer(place: int) -> None:
        figures.count_at(place)
        for _ in range(1_000):
            figures.record(EXCHANGE)

    # The third continues at the place of the first, which has ended.
    for places in ((0, 1), (0,)):
        processes = [context.Process(target=answer, args=(place,)) for place in places]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
    assert [*figures.requests()] == [("views.search", "2xx", 3_000)]


def test_statuses_are_counted_by_class() -> None:
    figures = Figures(["views.search"])
    for status in (200, 206, 304, 404, 503, 500):
        figures.record(replace(EXCHANGE, status=status))
    counts = {status: count for _, status, count in figures.requests()}
    assert counts == {"2xx": 2, "3xx": 1, "4xx": 1, "5xx": 2}


def test_an_endpoint_that_was_added_later_is_counted_as_none() -> None:
    figures = Figures(["views.search"])
    figures.record(replace(EXCHANGE, endpoint="later"))
    assert [*figures.requests()] == [("none", "2xx", 1)]


@given(st.lists(st.floats(0, 100)))
def test_a_bucket_has_all_values_up_to_its_bound(values: list[float]) -> None:
    figures = Figures(["views.search"])
    for value in values:
        figures.record(replace(EXCHANGE, seconds=value))
    expected = [sum(value <= bound for value in values) for bound in (*SECONDS, float("inf"))]
    counted = [list(distribution.counts) for _, distribution in figures.seconds()]
    assert counted == ([expected] if values else [])


def test_searches_are_counted_by_hits_and_those_without_a_match_apart() -> None:
    figures = Figures([])
    for total, has_match in ((0, False), (7, False), (7, True), (20_000, True)):
        search = replace(SEARCH, total=total, has_match=has_match)
        figures.record(replace(EXCHANGE, search=search))
    assert figures.hits().counts == (1, 1, 3, 3, 3, 3, 4)
    assert len(figures.hits().counts) == len(HITS) + 1
    assert (figures.hits().sum, figures.without_match()) == (20_014, 2)


def test_the_bounds_of_the_buckets_are_these() -> None:
    assert SECONDS == (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
    assert HITS == (0, 1, 10, 100, 1_000, 10_000)
    assert PLACES_MAX == 64


def test_each_endpoint_and_place_is_counted_by_itself() -> None:
    figures = Figures(["b", "a", "a"])
    assert figures.endpoints == ("a", "b", "none", "server")
    for place, endpoint, status, seconds in (
        (0, "a", 100, 0.5),
        (1, "a", 599, 0.25),
        (PLACES_MAX - 1, "server", 200, 20.0),
        (PLACES_MAX - 1, "b", 200, 0.001),
    ):
        figures.count_at(place)
        figures.record(replace(EXCHANGE, endpoint=endpoint, status=status, seconds=seconds))
    assert [*figures.requests()] == [("a", "1xx", 1), ("a", "5xx", 1), ("b", "2xx", 1), ("server", "2xx", 1)]
    assert [
        (name, one.counts[0], one.counts[-2], one.counts[-1], one.sum) for name, one in figures.seconds()
    ] == [
        ("a", 0, 2, 2, 0.75),
        ("b", 1, 1, 1, 0.001),
        ("server", 0, 0, 1, 20.0),
    ]
    assert (figures.hits().counts, figures.hits().sum, figures.without_match()) == ((0,) * 7, 0, 0)


@pytest.mark.parametrize(
    ("total", "first"), [(0, 0), (1, 1), (2, 2), (10, 2), (11, 3), (10_000, 5), (10_001, 6)]
)
def test_a_search_is_in_the_first_bucket_that_its_hits_fit(total: int, first: int) -> None:
    figures = Figures([])
    figures.record(replace(EXCHANGE, search=replace(SEARCH, total=total)))
    assert figures.hits().counts == (0,) * first + (1,) * (7 - first)
    assert figures.hits().sum == total
    assert figures.without_match() == 0
