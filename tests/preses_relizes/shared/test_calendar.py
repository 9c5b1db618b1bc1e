from datetime import UTC, date, datetime

import pytest

from preses_relizes.shared.calendar import LATVIAN_MONTHS, MONTHS, riga_day


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
