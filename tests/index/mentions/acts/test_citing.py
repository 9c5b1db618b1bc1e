"""Days of acts are read in all their forms."""

from datetime import date

import pytest

from index.mentions.acts.citing import read_day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2017. gada 28. marta", date(2017, 3, 28)),
        ("2009.gada 22.decembra", date(2009, 12, 22)),
        ("28.03.2017.", date(2017, 3, 28)),
        ("3. maijs, 2017. gads", date(2017, 5, 3)),
        ("28 March 2017", date(2017, 3, 28)),
        ("2017. gada 31. jūnija", None),
    ],
)
def test_a_day_is_read(written: str, day: date | None) -> None:
    assert read_day(written) == day
