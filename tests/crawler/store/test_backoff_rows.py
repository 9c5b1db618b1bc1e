from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.store import Store
from crawler.store.backoff_rows import RetryAfterRows, RobotsFailureRows


def test_origins_are_kept_apart_until_their_time_is_over(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with Store(tmp_path / "releases.sqlite3") as store:
        failures = RobotsFailureRows(store)
        failures.put("https://iem.example", now + timedelta(minutes=10), "status-503")
        failures.put("http://iem.example", now + timedelta(minutes=5), "refused")
        assert failures.failures_left(now) == {
            "https://iem.example": (600, "status-503"),
            "http://iem.example": (300, "refused"),
        }
        assert failures.failures_left(now + timedelta(minutes=5)) == {
            "https://iem.example": (300, "status-503")
        }
        assert failures.failures_left(now) == {"https://iem.example": (600, "status-503")}


def test_longest_retry_after_counts_until_it_is_over(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with Store(tmp_path / "releases.sqlite3") as store:
        retry_after = RetryAfterRows(store)
        for hours in (2, 3, 1):
            retry_after.put("www.iem.example", now + timedelta(hours=hours))
        assert retry_after.seconds_left(now) == {"www.iem.example": 3 * 3600}
        assert retry_after.seconds_left(now + timedelta(hours=3)) == {}
        assert retry_after.seconds_left(now) == {}
