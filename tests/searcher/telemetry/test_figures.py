import multiprocessing
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from searcher.telemetry.figures import HITS, SECONDS, Figures
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
