from datetime import UTC, date, datetime, timedelta

import pytest

from preses_relizes.shared.calendar import (
    ENGLISH_MONTHS,
    LATVIAN_MONTHS,
    MONTH_NAMES,
    MONTHS,
    RIGA,
    day_bounds,
    riga_day,
    today,
)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2017, 1, 1, 21, 59, tzinfo=UTC), date(2017, 1, 1)),
        (datetime(2017, 1, 1, 22, 0, tzinfo=UTC), date(2017, 1, 2)),
        (datetime(2017, 7, 1, 21, 0, tzinfo=UTC), date(2017, 7, 2)),
    ],
)
def test_days_change_at_midnight_in_riga(moment: datetime, day: date) -> None:
    assert riga_day(moment) == day


@pytest.mark.parametrize(
    ("name", "number"),
    [("janvari", 1), ("martam", 3), ("maija", 5), ("sept", 9), ("мая", 5), ("октябре", 10), ("december", 12)],
)
def test_months_have_their_number_in_every_case_and_language(name: str, number: int) -> None:
    assert MONTHS[name] == number


def test_abbreviation_with_a_dot_is_not_a_month() -> None:
    assert "mar." not in MONTHS
    assert "marts." not in MONTHS


def test_latvian_months_are_in_order() -> None:
    folded = [name.translate(str.maketrans("āīū", "aiu")) for name in LATVIAN_MONTHS]
    assert [MONTHS[name] for name in folded] == list(range(1, 13))


def test_every_spelling_of_a_month_is_known_and_no_other() -> None:
    names = {
        month: {name for name, number in MONTH_NAMES.items() if number == month} for month in MONTHS.values()
    }
    assert names[1] == {
        *("janvaris", "janvara", "janvarim", "janvari", "janvaros"),
        *("январь", "января", "январю", "январем", "январе"),
        "january",
    }
    assert names[3] == {
        *("marts", "marta", "martam", "martu", "martos"),
        *("март", "марта", "марту", "мартом", "марте"),
        "march",
    }
    assert names[5] == {
        *("maijs", "maija", "maijam", "maiju", "maijos"),
        *("маи", "мая", "маю", "маем", "мае"),
        "may",
    }
    assert {month: len(spellings) for month, spellings in names.items()} == dict.fromkeys(range(1, 13), 11)
    abbreviations = {name: month for name, month in MONTHS.items() if name not in MONTH_NAMES}
    assert abbreviations == {
        **dict.fromkeys(("jan", "janv", "янв"), 1),
        **dict.fromkeys(("feb", "febr", "фев", "февр"), 2),
        **dict.fromkeys(("mar", "мар"), 3),
        **dict.fromkeys(("apr", "апр"), 4),
        **dict.fromkeys(("mai",), 5),
        **dict.fromkeys(("jun", "июн"), 6),
        **dict.fromkeys(("jul", "июл"), 7),
        **dict.fromkeys(("aug", "авг"), 8),
        **dict.fromkeys(("sep", "sept", "сен", "сент"), 9),
        **dict.fromkeys(("oct", "okt", "окт"), 10),
        **dict.fromkeys(("nov", "ноя", "нояб"), 11),
        **dict.fromkeys(("dec", "дек"), 12),
    }


def test_today_is_that_of_riga() -> None:
    before = datetime.now(UTC)
    day = today()
    assert day in {riga_day(before), riga_day(datetime.now(UTC))}
    assert str(RIGA) == "Europe/Riga"


def test_english_months_are_in_order() -> None:
    assert [MONTH_NAMES[name] for name in ENGLISH_MONTHS] == list(range(1, 13))


@pytest.mark.parametrize(
    ("day", "start", "hours"),
    [
        (date(2026, 1, 5), datetime(2026, 1, 4, 22, tzinfo=UTC), 24),
        (date(2026, 3, 29), datetime(2026, 3, 28, 22, tzinfo=UTC), 23),
        (date(2026, 10, 25), datetime(2026, 10, 24, 21, tzinfo=UTC), 25),
    ],
)
def test_a_day_in_riga_has_its_bounds(day: date, start: datetime, hours: int) -> None:
    assert day_bounds(day) == (start, start + timedelta(hours=hours))
