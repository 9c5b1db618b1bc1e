"""Plain days and years are read where they are no part of a longer time."""

from datetime import date

import pytest

from index.mentions.due.plain_days import find_plain

TODAY = date(2017, 11, 27)


@pytest.mark.parametrize(
    ("text", "place", "first", "last"),
    [
        ("līdz 15. martam", "15. martam", "2018-03-15", "2018-03-15"),
        ("28.novembrī sāks", "28.novembrī", "2017-11-28", "2017-11-28"),
        ("no 2019. gada 1. janvāra", "2019. gada 1. janvāra", "2019-01-01", "2019-01-01"),
        ("otrdien, 28. novembrī", "otrdien, 28. novembrī", "2017-11-28", "2017-11-28"),
        ("Pabeigs 2019. gadā.", "2019. gadā", "2019-01-01", "2019-12-31"),
        ("līdz 29. februārim", "29. februārim", "2020-02-29", "2020-02-29"),
    ],
)
def test_a_plain_time_is_read(text: str, place: str, first: str, last: str) -> None:
    (time,) = find_plain(text, 0, len(text), TODAY)
    assert text[time.start : time.end] == place
    assert (time.first.isoformat(), time.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "no 11. līdz 15. martam",
        "11. un 12. aprīlī",
        "2019. gada pirmajā pusē",
        "2019. gada 2. ceturksnī",
        "nākamā gada 5. maijā",
        "2018.–2020. gadā",
        "31. februārī",
        "5 eiro",
        "12019. gadā",
    ],
)
def test_longer_and_impossible_times_are_left_to_the_grammar(text: str) -> None:
    assert list(find_plain(text, 0, len(text), TODAY)) == []


def test_only_what_is_in_the_part_that_is_read_makes_a_time_longer() -> None:
    for text, part in (
        ("Sāks 15. martā līdz 20. martam", "Sāks 15. martā"),
        ("2019. gada 15. martā", "15. martā"),
    ):
        start = text.index(part)
        (time,) = find_plain(text, start, start + len(part), TODAY)
        assert (text[time.start : time.end], time.first) == ("15. martā", date(2018, 3, 15))
