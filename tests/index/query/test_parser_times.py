"""Queries that are only a time."""

from datetime import date

import pytest

from index.analysis import Analyzer
from index.query import Everything, Filters
from tests.support.queries import Parse, matches, shape


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2015. gadā!", date(2015, 1, 1), date(2015, 12, 31)),
        ("marts 2024", date(2024, 3, 1), date(2024, 3, 31)),
        ("2023. gada vasarā", date(2023, 6, 1), date(2023, 8, 31)),
        ("27.11.2017", date(2017, 11, 27), date(2017, 11, 27)),
        ("27.11.", date(2025, 11, 27), date(2025, 11, 27)),
        ("pagājušajā nedēļā", date(2026, 11, 16), date(2026, 11, 22)),
        ("last week", date(2026, 11, 16), date(2026, 11, 22)),
        ("вчера", date(2026, 11, 24), date(2026, 11, 24)),
        ("2019-2021", date(2019, 1, 1), date(2021, 12, 31)),
    ],
)
def test_a_query_that_is_only_a_time_asks_for_the_releases_of_that_time(
    read: Parse, text: str, first: date, last: date
) -> None:
    query = read(text)
    assert (query.clause, query.time, query.sort) == (Everything(), (first, last), "newest")
    assert query.filters == Filters(published_from=first, published_to=last)
    assert (query.ignored, query.periods) == ((), ())


@pytest.mark.parametrize(
    "text",
    ["budžets 2020", "vakar Rīgā", '"2020"', "=2020", "2020*", "-2020", "2020 VAI 2021", "virsraksts:2020",
     "1234", "2500", "2017 -2019", "(2020)"],
)  # fmt: skip
def test_other_queries_are_not_only_a_time(read: Parse, text: str) -> None:
    query = read(text)
    assert (query.time, query.words, query.sort) == (None, None, "relevance")


def test_filters_narrow_a_time(read: Parse) -> None:
    query = read("2020 ministrija:ārlietu no:06.2020", filters=Filters(published_to=date(2020, 8, 31)))
    assert query.time == (date(2020, 1, 1), date(2020, 12, 31))
    assert query.reading == "2020 ministrija:ārlietu no:06.2020"
    assert query.filters == Filters(
        ministries=("Ārlietu ministrija",), published_from=date(2020, 6, 1), published_to=date(2020, 8, 31)
    )


def test_stop_words_beside_a_time_are_listed(read: Parse) -> None:
    query = read("kas bija vakar? valoda:xx")
    assert (query.time, query.ignored) == (
        (date(2026, 11, 24), date(2026, 11, 24)),
        ("kas", "bija", "valoda:xx"),
    )
    assert read("2015. gadā valoda:xx").ignored == ("valoda:xx",)


def test_a_chosen_order_stays(read: Parse) -> None:
    assert read("2020", sort="oldest").sort == "oldest"


def test_a_time_has_a_query_for_its_words_unless_it_is_relative(read: Parse) -> None:
    words = read("2015. gadā", filters=Filters(languages=("lv",))).words
    assert words is not None
    assert (shape(words.clause), words.filters, words.sort) == (
        "2015",
        Filters(languages=("lv",)),
        "relevance",
    )
    assert read("pērn").words is None


def test_a_day_in_another_language_is_named_in_any_spelling(read: Parse, analyzer: Analyzer) -> None:
    words = read("6 September 2023").words
    assert words is not None
    assert matches(words.clause, analyzer.analyze("2023. gada 6. septembrī"))
    assert not matches(words.clause, analyzer.analyze("2023. gada 7. septembrī"))


def test_what_is_ignored_beside_a_time_written_with_signs_is_listed(read: Parse) -> None:
    query = read("vasara+2020 valoda:xx")
    assert query.time == (date(2020, 6, 1), date(2020, 8, 31))
    assert (query.reading, query.ignored) == ("vasara 2020", ("valoda:xx",))
