from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from index.engines.answers.scope import _fold, _runs
from index.results import Stood

FIRST_READ = datetime(2026, 3, 1, tzinfo=UTC)


def stay(version: int, release: str = "iem-1") -> Stood:
    """Return the stay of a version that was read on the day of its number, and followed on the next."""
    since = FIRST_READ + timedelta(days=version)
    until = since + timedelta(days=1)
    return Stood(
        release=release,
        first=version,
        last=version,
        presumed=None,
        after=None,
        since=since,
        seen=since,
        until=until,
    )


def versions(stays: list[Stood], quoted: tuple[str, int] | None) -> list[tuple[int, int]]:
    return [(run.first, run.last) for run in _runs(stays, quoted)]


def test_versions_in_a_row_are_one_period() -> None:
    stays = [stay(3), stay(1), stay(2), stay(5)]
    assert versions(stays, None) == [(1, 3), (5, 5)]
    assert versions([stay(1), stay(2, "iem-2")], None) == [(1, 1), (2, 2)]


def test_the_times_of_the_quoted_version_are_its_own() -> None:
    stays = [stay(number) for number in range(1, 6)]
    assert versions(stays, ("iem-1", 3)) == [(1, 2), (3, 3), (4, 5)]
    assert versions(stays, ("iem-1", 1)) == [(1, 1), (2, 5)]
    assert versions(stays, ("iem-2", 3)) == [(1, 5)]


@pytest.mark.parametrize(
    ("found", "texts", "folded"),
    [
        # Back and forth between a text that matches and one that does not.
        ((1, 3, 5, 7), "aaaa", [(1, 7, 4)]),
        ((1, 3, 5), "aaa", [(1, 5, 3)]),
        # A text that came back once, as after a mistake, is told twice.
        ((1, 3), "aa", [(1, 1, 1), (3, 3, 1)]),
        ((1, 3, 5), "abc", [(1, 1, 1), (3, 3, 1), (5, 5, 1)]),
        ((1, 3, 5, 8, 10), "aabaa", [(1, 10, 4), (5, 5, 1)]),
        # Those in a row are one period already.
        ((1, 2, 3, 5), "abaa", [(1, 3, 1), (5, 5, 1)]),
    ],
)
def test_a_text_that_comes_back_often_is_one_period(
    found: Sequence[int], texts: str, folded: list[tuple[int, int, int]]
) -> None:
    of = {("iem-1", number): ord(text) for number, text in zip(found, texts, strict=True)}
    runs = _fold(_runs([stay(number) for number in found], None), of)
    assert [(run.first, run.last, run.times) for run in runs] == folded
    assert (runs[0].since, runs[0].until) == (stay(folded[0][0]).since, stay(folded[0][1]).until)
