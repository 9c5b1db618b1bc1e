from datetime import date

import pytest

from index.analysis import Analyzer
from index.query import Filters, parse
from tests.support.queries import MINISTRIES, TODAY, Parse


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("gads:2017", Filters(published_from=date(2017, 1, 1), published_to=date(2017, 12, 31))),
        ("no:2017-05 līdz:2018", Filters(published_from=date(2017, 5, 1), published_to=date(2018, 12, 31))),
        ("from:27.11.2017", Filters(published_from=date(2017, 11, 27))),
        (
            'datums:"pagājušajā nedēļā"',
            Filters(published_from=date(2026, 11, 16), published_to=date(2026, 11, 22)),
        ),
        ("valoda:angļu", Filters(languages=("en",))),
        ("lang:ru", Filters(languages=("ru",))),
        ("ministrija:iekšlietu", Filters(ministries=("Iekšlietu ministrija",))),
        ('iestade:"valsts pol"', Filters(ministries=("Valsts policija",))),
    ],
)
def test_typed_filters_become_filters(read: Parse, text: str, filters: Filters) -> None:
    query = read(f"{text} drošība")
    assert query.filters == filters
    assert query.reading == f"drošība {text}"


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("ministrija:iekšlietu ministrija:ārlietu", Filters(ministries=MINISTRIES[:2])),
        ("ministrija:ārlietu VAI iestāde:policija", Filters(ministries=MINISTRIES[1:])),
        ("valoda:en valoda:ru", Filters(languages=("en", "ru"))),
        ("gads:2015 gads:2017", Filters(published_from=date(2015, 1, 1), published_to=date(2017, 12, 31))),
        ("-ministrija:policija", Filters(ministries=MINISTRIES[:2])),
        ("NE ministrija:policija", Filters(ministries=MINISTRIES[:2])),
        ("-ministrija:policija -ministrija:ārlietu", Filters(ministries=MINISTRIES[:1])),
        ("-valoda:lv", Filters(languages=("en", "ru"))),
        ("valoda:lv valoda:en -valoda:en", Filters(languages=("lv",))),
        ("-no:2017", Filters(published_to=date(2016, 12, 31))),
        ("-līdz:2017", Filters(published_from=date(2018, 1, 1))),
        (
            "valoda:lv -valoda:lv",
            Filters(published_from=date.max, published_to=date.min),
        ),  # excludes all
    ],
)
def test_values_of_a_field_are_alternatives_and_negated_ones_exclude(
    read: Parse, text: str, filters: Filters
) -> None:
    query = read(f"drošība {text}")
    assert (query.filters, query.clause) == (filters, read("drošība").clause)


@pytest.mark.parametrize("text", ["-gads:2017", "-ministrija:nezināma", "NOT valoda:xx"])
def test_an_unknown_negated_filter_is_listed_as_ignored(read: Parse, text: str) -> None:
    query = read(f"{text} drošība")
    assert (query.filters, query.ignored) == (Filters(), (text,))
    assert query.clause == read("drošība").clause


def test_negated_values_are_removed_from_the_chosen_ones(read: Parse) -> None:
    chosen = Filters(ministries=MINISTRIES[:2])
    assert read("-ministrija:ārlietu", filters=chosen).filters.ministries == MINISTRIES[:1]


def test_typed_filters_narrow_the_chosen_ones(read: Parse) -> None:
    query = read("gads:2017", filters=Filters(published_from=date(2017, 6, 1), languages=("lv",)))
    assert query.filters == Filters(
        languages=("lv",), published_from=date(2017, 6, 1), published_to=date(2017, 12, 31)
    )


def test_without_names_of_ministries_none_matches(analyzer: Analyzer) -> None:
    query = parse("ministrija:policija", analyzer=analyzer, today=TODAY)
    assert query.filters == Filters()


def test_chosen_filters_stay(read: Parse) -> None:
    chosen = Filters(ministries=MINISTRIES[:1], languages=("lv",), published_to=date(2017, 1, 1))
    assert read("drošība", filters=chosen).filters == chosen
