from dataclasses import replace
from datetime import date

from index.query import Filters
from searcher.query_log.query_counts import QUERIES_MAX
from tests.support.searches import FIRST, counts, search


def test_a_query_is_counted_with_what_it_found_and_how_long_it_took() -> None:
    counted = counts(FIRST, search("A", seconds=0.1), search("a", has_match=False, seconds=0.3), search("b"))
    one = counted.queries["a"]
    assert (one.searches, one.unmatched, one.slowest_s) == (2, 1, 0.3)
    assert (counted.searches, counted.unmatched) == (3, 1)


def test_further_pages_and_other_requests_are_no_searches() -> None:
    other = replace(search("a"), search=None)
    assert counts(FIRST, search("a", is_first_page=False), other).searches == 0


def test_filters_are_named_without_what_people_typed() -> None:
    ministries, day = ("Jāņa Paraugs ministrija",), date(2020, 1, 1)
    filters = Filters(ministries=ministries, languages=("ru",), published_from=day, traits=("gone",))
    counted = counts(FIRST, search("a", filters=filters), search("b", filters=Filters(languages=("ru",))))
    assert counted.filters == {"ministry": 1, "language=ru": 2, "from": 1, "has=gone": 1}


def test_the_memory_that_queries_take_is_bounded() -> None:
    counted = counts(
        FIRST, *(search(f"vārds {number}") for number in range(QUERIES_MAX + 10)), search("vārds 0")
    )
    assert len(counted.queries) == QUERIES_MAX
    assert (counted.searches, counted.queries["vārds 0"].searches) == (QUERIES_MAX + 11, 2)


def test_the_time_of_all_searches_is_added_up() -> None:
    counted = counts(FIRST, search("a", seconds=0.25), search("a", seconds=0.5), search("a", seconds=0.125))
    one = counted.queries["a"]
    assert (one.seconds, one.slowest_s, one.searches, one.unmatched) == (0.875, 0.5, 3, 0)
    assert counted.day == FIRST


def test_each_filter_in_use_is_counted_once() -> None:
    filters = Filters(
        ministries=("A", "B"),
        categories=("C",),
        languages=("lv", "en"),
        traits=("gone", "edited"),
        published_to=date(2020, 1, 1),
    )
    counted = counts(FIRST, search("a", filters=filters), search("b"))
    assert counted.filters == {
        "ministry": 1,
        "category": 1,
        "language=lv": 1,
        "language=en": 1,
        "has=gone": 1,
        "has=edited": 1,
        "to": 1,
    }


def test_a_search_without_a_text_counts_only_in_the_sums() -> None:
    counted = counts(FIRST, search(""), search("a@b.lv"))
    assert (counted.searches, QUERIES_MAX) == (2, 1_000)
    assert "a@b.lv" not in counted.queries
