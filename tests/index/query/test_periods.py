"""Tests of the reader of periods and of its grammar, `times`."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.letters import fold
from index.query.periods import YEARS, bound_spans, count_spoken, figures_at, find_periods, read_date

TODAY = date(2026, 11, 25)  # a Wednesday

WRITTEN = [
    ("27.11.2017", "2017-11-27", "2017-11-27"),
    ("27. 11. 2017", "2017-11-27", "2017-11-27"),
    ("2017-11-27", "2017-11-27", "2017-11-27"),
    ("2017. gada 27. novembrī", "2017-11-27", "2017-11-27"),
    ("27. novembris, 2017", "2017-11-27", "2017-11-27"),
    ("2017.  gada\n27. novembrī", "2017-11-27", "2017-11-27"),
    ("27. novembrī", "2025-11-27", "2025-11-27"),
    ("5. maijs", "2026-05-05", "2026-05-05"),
    ("2017. gada novembrī", "2017-11-01", "2017-11-30"),
    ("2017. gadā novembrī", "2017-11-01", "2017-11-30"),
    ("2017.gada februāris", "2017-02-01", "2017-02-28"),
    ("2016. g. februāris", "2016-02-01", "2016-02-29"),
    ("novembris 2017", "2017-11-01", "2017-11-30"),
    ("2017. gada 2. ceturksnī", "2017-04-01", "2017-06-30"),
    ("2017. gada pirmajā pusgadā", "2017-01-01", "2017-06-30"),
    ("2017.gadā", "2017-01-01", "2017-12-31"),
    ("2014.–2020. gadam", "2014-01-01", "2020-12-31"),
    ("no 2015. gada līdz 2017. gadam", "2015-01-01", "2017-12-31"),
    ("šodien", "2026-11-25", "2026-11-25"),
    ("vakar", "2026-11-24", "2026-11-24"),
    ("aizvakar", "2026-11-23", "2026-11-23"),
    ("šonedēļ", "2026-11-23", "2026-11-29"),
    ("šajā nedēļā", "2026-11-23", "2026-11-29"),
    ("pagājušajā nedēļā", "2026-11-16", "2026-11-22"),
    ("pagājušonedēļ", "2026-11-16", "2026-11-22"),
    ("šomēnes", "2026-11-01", "2026-11-30"),
    ("iepriekšējā mēnesī", "2026-10-01", "2026-10-31"),
    ("šogad", "2026-01-01", "2026-12-31"),
    ("pērn", "2025-01-01", "2025-12-31"),
    ("pagājušajā gadā", "2025-01-01", "2025-12-31"),
    ("pēdējās 30 dienās", "2026-10-27", "2026-11-25"),
    ("pēdējo 2 nedēļu", "2026-11-12", "2026-11-25"),
    ("pērnā gada decembrī", "2025-12-01", "2025-12-31"),
    ("pērn decembrī", "2025-12-01", "2025-12-31"),
    ("šā gada martā", "2026-03-01", "2026-03-31"),
    ("pagājušā gada rudenī", "2025-09-01", "2025-11-30"),
    ("pagājušajā ziemā", "2025-12-01", "2026-02-28"),
    ("šovasar", "2026-06-01", "2026-08-31"),
    ("šajā rudenī", "2026-09-01", "2026-11-30"),
    ("2023. gada ziemā", "2023-12-01", "2024-02-29"),
    ("summer 2023", "2023-06-01", "2023-08-31"),
    ("last summer", "2026-06-01", "2026-08-31"),
    ("this winter", "2025-12-01", "2026-02-28"),
    ("27 November 2017", "2017-11-27", "2017-11-27"),
    ("November 27, 2017", "2017-11-27", "2017-11-27"),
    ("May 2017", "2017-05-01", "2017-05-31"),
    ("in 2017", "2017-01-01", "2017-12-31"),
    ("last week", "2026-11-16", "2026-11-22"),
    ("last 7 days", "2026-11-19", "2026-11-25"),
    ("в 2017 году", "2017-01-01", "2017-12-31"),
    ("27/11/2017", "2017-11-27", "2017-11-27"),
    ("27-11-2017", "2017-11-27", "2017-11-27"),
    ("2017.11.27", "2017-11-27", "2017-11-27"),
    ("27.11.17", "2017-11-27", "2017-11-27"),
    ("27.11.99", "1999-11-27", "1999-11-27"),
    ("14/07/24", "2024-07-14", "2024-07-14"),
    ("27.11.", "2025-11-27", "2025-11-27"),
    ("7.2024", "2024-07-01", "2024-07-31"),
    ("2017 gads", "2017-01-01", "2017-12-31"),
    ("2024. marts", "2024-03-01", "2024-03-31"),
    ("2024. gada 1.–5. maijs", "2024-05-01", "2024-05-05"),
    ("1.-5. maijs 2024", "2024-05-01", "2024-05-05"),
    ("2024. gada maijs–jūlijs", "2024-05-01", "2024-07-31"),
    ("maijs-jūlijs 2024", "2024-05-01", "2024-07-31"),
    ("vasara 2023", "2023-06-01", "2023-08-31"),
    ("2023 summer", "2023-06-01", "2023-08-31"),
    ("летом 2023 года", "2023-06-01", "2023-08-31"),
    ("прошлой весной", "2026-03-01", "2026-05-31"),
    ("этой осенью", "2026-09-01", "2026-11-30"),
    ("27 ноября 2017 года", "2017-11-27", "2017-11-27"),
    ("2 квартал 2023 года", "2023-04-01", "2023-06-30"),
    ("Q2 2023", "2023-04-01", "2023-06-30"),
    ("second quarter of 2023", "2023-04-01", "2023-06-30"),
    ("pērn 24. decembrī", "2025-12-24", "2025-12-24"),
    ("pirms 3 dienām", "2026-11-22", "2026-11-22"),
    ("pirms 2 nedēļām", "2026-11-09", "2026-11-15"),
    ("3 months ago", "2026-08-01", "2026-08-31"),
    ("2 года назад", "2024-01-01", "2024-12-31"),
    ("за последние 30 дней", "2026-10-27", "2026-11-25"),
    ("ноябрь 2017", "2017-11-01", "2017-11-30"),
    ("на прошлой неделе", "2026-11-16", "2026-11-22"),
]


@pytest.mark.parametrize(("text", "first", "last"), WRITTEN)
def test_periods_are_found_in_text(text: str, first: str, last: str) -> None:
    (period,) = find_periods(f"policija {text} Rīgā", today=TODAY)
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize(("text", "first", "last"), WRITTEN)
def test_periods_are_found_without_diacritics(text: str, first: str, last: str) -> None:
    (period,) = find_periods(fold(text), today=TODAY)
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31.02.2017",
        "maija",
        "Marta",
        "2017",
        "gada",
        "1.1.0001",
        "99. novembrī",
        "12345.gadā",
        "3000. gads",
        "192.168.10.12",
        "4.1.17.2",
        "24/7",
        "4.1. pasākums",
        "2017. gadījums",
        "pirms 3 dienestiem",
    ],
)
def test_other_text_has_no_period(text: str) -> None:
    assert find_periods(text, today=TODAY) == ()


def test_a_period_has_its_span() -> None:
    text = "budžets 2017. gada novembrī, 2018. gada pēdējā un pērn"
    periods = find_periods(text, today=TODAY)
    assert [text[period.start : period.end] for period in periods] == [
        "2017. gada novembrī",
        "2018. gada",
        "pērn",
    ]


def test_last_month_in_january_is_december() -> None:
    (period,) = find_periods("last month", today=date(2026, 1, 31))
    assert (str(period.first), str(period.last)) == ("2025-12-01", "2025-12-31")


VALUES = [
    ("martā", "2026-03-01", "2026-03-31"),
    ("decembris", "2025-12-01", "2025-12-31"),
    ("Novembrī", "2026-11-01", "2026-11-30"),
    ("in March", "2026-03-01", "2026-03-31"),
    ("в марте", "2026-03-01", "2026-03-31"),
    ("pirmdien", "2026-11-23", "2026-11-23"),
    ("tresdiena", "2026-11-25", "2026-11-25"),
    ("pagājušajā trešdienā", "2026-11-18", "2026-11-18"),
    ("ceturtdien", "2026-11-19", "2026-11-19"),
    ("last Friday", "2026-11-20", "2026-11-20"),
    ("on Sunday", "2026-11-22", "2026-11-22"),
    ("во вторник", "2026-11-24", "2026-11-24"),
    *WRITTEN,
    ("2017", "2017-01-01", "2017-12-31"),
    ("0999", "0999-01-01", "0999-12-31"),
    ("gads 2017", "2017-01-01", "2017-12-31"),
    ("2017-11", "2017-11-01", "2017-11-30"),
    ("11/2017", "2017-11-01", "2017-11-30"),
    ("5.3.", "2026-03-05", "2026-03-05"),
    ("27.11", "2025-11-27", "2025-11-27"),
    ("29.02.", "2024-02-29", "2024-02-29"),
    ("27 nov 2017", "2017-11-27", "2017-11-27"),
    ("27 novembris", "2025-11-27", "2025-11-27"),
    ("2019-2021", "2019-01-01", "2021-12-31"),
    ("2021–2019", "2019-01-01", "2021-12-31"),
    ("2019..2021", "2019-01-01", "2021-12-31"),
    ("2019 līdz 2021", "2019-01-01", "2021-12-31"),
    ("no 1.5.2024 līdz 15.5.2024", "2024-05-01", "2024-05-15"),
    ("from May 2024 to July 2024", "2024-05-01", "2024-07-31"),
    ("с мая 2024 по июль 2024", "2024-05-01", "2024-07-31"),
    ("kopš 2020. gada", "2020-01-01", "2026-11-25"),
    ("since 2030", "2030-01-01", "2030-01-01"),
    ("in the summer of 2023", "2023-06-01", "2023-08-31"),
    ("the day before yesterday", "2026-11-23", "2026-11-23"),
    (" 27. 11. 2017., ", "2017-11-27", "2017-11-27"),
]


@pytest.mark.parametrize(("text", "first", "last"), VALUES)
def test_a_text_that_is_only_a_date_is_read(text: str, first: str, last: str) -> None:
    reading = read_date(text, today=TODAY)
    assert reading is not None
    assert tuple(map(str, reading.days)) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "31.02.2017", "2017-13", "13/2017", "abc", "112", "24/7", "3.14", "2019-", "-", "vakar Rīgā",
     "31. aprīlis", "budžets 2017. gadā", "2017 " * 30],
)  # fmt: skip
def test_other_text_is_no_date(text: str) -> None:
    assert read_date(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "relative"),
    [
        ("pērn", True),
        ("vakar", True),
        ("2023. gada vasarā", False),
        ("2020 līdz vakar", True),
        ("vakar līdz 2030", True),
        ("2020 līdz 2030", False),
        ("kopš pērnā gada decembra", True),
        ("kopš 2020. gada", False),
    ],
)
def test_a_reading_depends_on_today_or_not(text: str, *, relative: bool) -> None:
    reading = read_date(text, today=TODAY)
    assert reading is not None
    assert reading.relative is relative


DATE_LIKE = st.lists(
    st.sampled_from(["2017", "17", "27", "0", ".", "/", "-", "–", " ", " līdz ", "gada", "novembrī", "vasara",
                     "no ", "kopš ", "pērn", "Q2", "last ", "week", "2 ", "недели", "назад", ","]),
    max_size=9,
).map("".join)  # fmt: skip


@given(text=st.one_of(st.text(), DATE_LIKE), today=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_any_text_is_a_range_of_days_or_no_date(text: str, today: date) -> None:
    reading = read_date(text, today=today)
    assert reading is None or reading.days[0] <= reading.days[1]


@given(
    text=st.one_of(st.text(), st.text(alphabet="0123456789. -–gadnovembrīpērnlast")),
    today=st.dates(date(1900, 1, 1), date(2100, 12, 31)),
)
def test_periods_of_any_text_are_ordered_and_plausible(text: str, today: date) -> None:
    end = 0
    for period in find_periods(text, today=today):
        assert end <= period.start < period.end
        assert period.first <= period.last
        assert period.first.year in YEARS
        end = period.end


@pytest.mark.parametrize("text", ["plūdi -šogad", "plūdi !šogad", "plūdi (-šogad)", "plūdi NE šogad"])
def test_a_spoken_time_may_be_excluded(text: str) -> None:
    (period,) = find_periods(text, today=date(2026, 11, 23))
    assert (period.first, period.excluded, period.bound) == (date(2026, 1, 1), True, False)


@pytest.mark.parametrize("text", ["plūdi -2017", "plūdi -27.11.2017", "plūdi -pēc 2024. gada", "x-šogad"])
def test_figures_and_bounds_are_excluded_as_words(text: str) -> None:
    assert find_periods(text, today=date(2026, 11, 23)) == ()


def test_a_text_has_at_most_eight_periods() -> None:
    text = " un ".join(f"27.11.20{number}" for number in range(10, 19))
    periods = find_periods(text, today=date(2026, 11, 23))
    assert [str(period.first) for period in periods] == [f"20{number}-11-27" for number in range(10, 18)]
    assert {period.figures for period in periods} == {True}


@pytest.mark.parametrize(("before", "is_read"), [(24, True), (989, True), (991, False)])
def test_only_the_beginning_of_a_text_is_searched_for_periods(before: int, *, is_read: bool) -> None:
    periods = find_periods("x" * (before - 1) + " 27.11.2017 beigas", today=date(2026, 11, 23))
    assert [(period.start, period.end) for period in periods if period.figures] == (
        [(before, before + 10)] if is_read else []
    )


@pytest.mark.parametrize(("runs", "is_read"), [(23, True), (24, False)])
def test_only_so_many_runs_of_words_are_searched(runs: int, *, is_read: bool) -> None:
    text = "gada vards " * runs + "27.11.2017"
    assert bool(find_periods(text, today=date(2026, 11, 23))) == is_read


@pytest.mark.parametrize(
    ("text", "at", "days"),
    [
        ("x27.11.2017", 1, ("2017-11-27", "2017-11-27", 11)),
        ("2017-11", 0, ("2017-11-01", "2017-11-30", 7)),
        ("27.11.2017x", 0, None),
        ("27.11.1899", 0, None),
        ("27", 0, None),
        ("27.11.2017", 3, ("2017-11-01", "2017-11-30", 10)),
    ],
)
def test_figures_are_read_at_a_place(text: str, at: int, days: tuple[str, str, int] | None) -> None:
    period = figures_at(text, at, today=date(2026, 11, 23))
    assert (period and (str(period.first), str(period.last), period.end)) == days


def test_spoken_periods_are_counted_and_bounds_have_their_spans() -> None:
    today = date(2026, 11, 23)
    assert count_spoken("pērn un 2017. gadā, vakar", today=today) == 2
    assert count_spoken("2017. gadā", today=today) == 0
    assert bound_spans("robežsardze pēc 2024. gada, 2017. gadā", today=today) == ((12, 26),)
    assert find_periods("pērn", today=today)[0].days == (date(2025, 1, 1), date(2025, 12, 31))
    assert find_periods("kopš 2024. gada", today=today)[0].days == (date(2024, 1, 1), date.max)
