from datetime import UTC, datetime, timedelta

from index.engines.answers.scope import _runs
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
