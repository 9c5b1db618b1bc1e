import numpy as np
import pytest

from index.search import ranking
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


def test_days_count_from_the_newest_and_undated_releases_have_no_boost() -> None:
    half_life = RECENCY_HALF_LIFE_DAYS
    days = np.array([0, 5, 5 + half_life, 5 + 2 * half_life], np.int32)
    assert recency(days).tolist() == pytest.approx([1, 1.025, 1.05, 1.1])
    assert recency(np.array([1], np.int32)).tolist() == [1.1]
    assert recency(np.zeros(0, np.int32)).tolist() == []


def test_hits_are_ranked_by_these_numbers() -> None:
    """Another number is another ranking: it is chosen on the judged queries, not by the way."""
    assert (ranking.K1, ranking.B) == (1.2, 0.75)
    assert ranking.FIELD_WEIGHTS == {"lemma": 1.0, "stem": 0.5, "exact": 0.1}
    assert ranking.UNACCENTED_SHARE == {"lemma": 0.875, "stem": 0.0}
    assert (RECENCY_BOOST, RECENCY_HALF_LIFE_DAYS, ranking.PROXIMITY_BOOST) == (0.1, 1_095, 0.2)
    assert (ranking.COVERAGE_POWER, ranking.NEAR_SHARE) == (2, 0.2)
    assert [(line.same, line.akin, line.opening, line.near) for line in ranking.LINES] == [
        (0.5, 0.85, 0.5, 0.5),
        (0.3, 0.6, 0.2, 0.35),
        (0.0, 0.5, 0.35, 0.35),
    ]
    assert (ranking.SIMILAR_SHARE, ranking.SIMILAR_BEST_SHARE) == (0.13, 0.4)
