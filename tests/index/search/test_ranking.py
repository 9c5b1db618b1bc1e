import numpy as np
import pytest

from index.search.ranking import RECENCY_BOOST, RECENCY_HALF_LIFE_DAYS, recency

NEWEST = 740_000


@pytest.mark.parametrize(
    ("day", "factor"),
    [
        (NEWEST, 1 + RECENCY_BOOST),
        (NEWEST - RECENCY_HALF_LIFE_DAYS, 1 + RECENCY_BOOST / 2),
        (0, 1.0),
    ],
)
def test_recency_halves_with_age(day: int, factor: float) -> None:
    assert recency(np.array([NEWEST, day], np.int32))[1] == pytest.approx(factor)


def test_index_without_days_has_no_recency() -> None:
    assert recency(np.zeros(2, np.int32)).tolist() == [1.0, 1.0]
