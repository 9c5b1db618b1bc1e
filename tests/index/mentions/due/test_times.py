"""Times are counted forward from the day of the release."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import Language
from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.due.times import NamedTime, TimeFinder, find_by_grammar

TODAY = date(2017, 11, 27)


def times(text: str, language: Language = "lv") -> list[NamedTime]:
    return list(TimeFinder(AnnotatedText(text, language, default_analyzer()), TODAY).find(0, len(text)))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1. jūlijā", "2018-07-01", "2018-07-01"),
        ("28.novembrī", "2017-11-28", "2017-11-28"),
        ("2018. gada 1. janvāra", "2018-01-01", "2018-01-01"),
        ("otrdien, 28. novembrī", "2017-11-28", "2017-11-28"),
        ("šā gada 1. decembrī", "2017-12-01", "2017-12-01"),
        ("30.11.2017.", "2017-11-30", "2017-11-30"),
        ("martā", "2018-03-01", "2018-03-31"),
        ("2018. gada 2. ceturksnī", "2018-04-01", "2018-06-30"),
        ("2018. gada IV ceturksnī", "2018-10-01", "2018-12-31"),
        ("nākamā gada pirmajā pusē", "2018-01-01", "2018-06-30"),
        ("gada pēdējā ceturksnī", "2017-10-01", "2017-12-31"),
        ("2021. gadam", "2021-01-01", "2021-12-31"),
        ("nākamgad", "2018-01-01", "2018-12-31"),
        ("nākamnedēļ", "2017-12-04", "2017-12-10"),
        ("pavasarī", "2018-03-01", "2018-05-31"),
        ("pirmdien", "2017-11-27", "2017-11-27"),
        ("nākamajai pirmdienai, 4. decembrim", "2017-12-04", "2017-12-04"),
        ("gada nogalei, 31. decembrim", "2017-12-31", "2017-12-31"),
        ("no 24. decembra līdz 4. janvārim", "2017-12-24", "2018-01-04"),
        ("no 11. līdz 15. martam", "2018-03-11", "2018-03-15"),
        ("no 23. uz 24. jūniju", "2018-06-23", "2018-06-24"),
        ("11. un 12. aprīlī", "2018-04-11", "2018-04-12"),
        ("no 1. decembra līdz nākamā gada 30. jūnijam", "2017-12-01", "2018-06-30"),
    ],
)
def test_a_time_is_read(text: str, first: str, last: str) -> None:
    (time,) = times(text)
    assert (time.first.isoformat(), time.last.isoformat()) == (first, last)
    assert (time.start, time.end) == (0, len(text))


@pytest.mark.parametrize(
    ("text", "has_year", "is_range", "is_end"),
    [
        ("30.11.2017.", True, False, False),
        ("1. jūlijā", False, False, False),
        ("2018. gada 1. janvāra", True, False, False),
        ("martā", False, False, False),
        ("pavasarī", False, False, False),
        ("pirmdien", False, False, False),
        ("nākamās nedēļas pirmdienā", True, False, False),
        ("nākamgad", True, False, False),
        ("gada pēdējā ceturksnī", False, False, False),
        ("2018. gada pēdējā ceturksnī", True, False, False),
        ("gada sākumā", False, False, False),
        ("gada beigās", False, False, True),
        ("2018. gada beigās", True, False, True),
        ("gada nogalē", False, False, True),
        ("2018. gada nogalē", True, False, True),
        ("mēneša beigās", False, False, True),
        ("marta beigās", False, False, True),
        ("2018. gada marta beigās", True, False, True),
        ("marta sākumā", False, False, False),
        ("11. un 12. aprīlī", False, True, False),
        ("2018. gada 11. un 12. aprīlī", True, True, False),
        ("no 11. līdz 15. martam", False, True, False),
        ("no 24. decembra līdz 4. janvārim", False, True, False),
        ("no 1. decembra līdz nākamā gada 30. jūnijam", True, True, False),
        ("2018.–2020. gadā", True, True, False),
    ],
)
def test_it_is_known_how_a_time_is_named(text: str, has_year: bool, is_range: bool, is_end: bool) -> None:
    (time,) = times(text)
    assert (time.has_year, time.is_range, time.is_end) == (has_year, is_range, is_end)


def test_the_end_of_a_longer_time_is_known_as_such() -> None:
    (time,) = times("gada beigām")
    assert time.is_end
    assert time.last == date(2017, 12, 31)


def test_places_are_those_of_the_text() -> None:
    text = "Jā. Darbus pabeigs 5. decembrī."
    (time,) = TimeFinder(AnnotatedText(text, "lv", default_analyzer()), TODAY).find(4, len(text))
    assert text[time.start : time.end] == "5. decembrī"


@pytest.mark.parametrize(
    ("text", "language", "first", "last"),
    [
        ("first half of 2018", "en", "2018-01-01", "2018-06-30"),
        ("1 March", "en", "2018-03-01", "2018-03-01"),
        ("15 апреля 2018 года", "ru", "2018-04-15", "2018-04-15"),
    ],
)
def test_other_languages_have_their_words(text: str, language: Language, first: str, last: str) -> None:
    (time,) = times(text, language)
    assert (time.first.isoformat(), time.last.isoformat()) == (first, last)


PIECES = st.sampled_from(
    "1. 5. 28. janvārī janvāra februārim martā 2018. 2019. gada gadā gadam gads līdz no un – - , otrdien, "
    "nākamās nedēļas šā beigās sākumā pirmajā pusē ceturksnī II rudenī kopš plkst. 10.00 darbus 12.12.2018. "
    "vidum uz".split()
)


@given(st.lists(PIECES, max_size=9).map(" ".join), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_what_is_plain_is_read_as_by_the_grammar(text: str, today: date) -> None:
    by_grammar = list(find_by_grammar(text, 0, len(text), today, "lv"))
    finder = TimeFinder(AnnotatedText(text, "lv", default_analyzer()), today)
    assert list(finder.find(0, len(text))) == by_grammar
