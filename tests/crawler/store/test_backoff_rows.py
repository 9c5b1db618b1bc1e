from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.store import Store
from crawler.store.backoff_rows import RetryAfterRows, RobotsFailureRows, copy_backoffs


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


def test_a_later_failure_replaces_the_earlier_and_the_last_second_counts(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with Store(tmp_path / "releases.sqlite3") as store:
        failures = RobotsFailureRows(store)
        failures.put("https://iem.example", now + timedelta(minutes=10), "status-503")
        failures.put("https://iem.example", now + timedelta(minutes=1), "refused")
        assert failures.failures_left(now) == {"https://iem.example": (60, "refused")}
        assert failures.failures_left(now + timedelta(seconds=59)) == {"https://iem.example": (1, "refused")}
        assert failures.failures_left(now + timedelta(seconds=60)) == {}


def test_both_tables_are_copied_to_another_store(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with Store(tmp_path / "a.sqlite3") as source, Store(tmp_path / "b.sqlite3") as target:
        RetryAfterRows(source).put("iem.example", now + timedelta(hours=1))
        RobotsFailureRows(source).put("https://iem.example", now + timedelta(minutes=10), "status-503")
        copy_backoffs(source, target)
        assert RetryAfterRows(target).seconds_left(now) == {"iem.example": 3600}
        assert RobotsFailureRows(target).failures_left(now) == {"https://iem.example": (600, "status-503")}
        assert RetryAfterRows(target).seconds_left(now + timedelta(seconds=3599)) == {"iem.example": 1}
