from datetime import UTC, datetime
from pathlib import Path

import pytest

from searcher.digest.ledger import FILE, Ledger, LedgerError, MailProgress, PendingMail

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
PENDING = PendingMail(message_id="<x@example.lv>", made=NOW, releases=("iem-1",))
PROGRESS = MailProgress(number=7, reached=NOW, recent={"iem-1": NOW}, pending=PENDING)


def test_what_was_recorded_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "digest.json"
    assert Ledger(path).get("a") is None
    Ledger(path).put("a", PROGRESS)
    assert Ledger(path).get("a") == PROGRESS
    assert [one.name for one in tmp_path.iterdir()] == ["digest.json"]


def test_removed_subscriptions_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "digest.json"
    ledger = Ledger(path)
    for key in "abc":
        ledger.put(key, PROGRESS)
    ledger.keep_only("ac")
    assert [Ledger(path).get(key) is None for key in "abc"] == [False, True, False]


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": {}}', b"\xff"])
def test_a_damaged_file_is_not_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "digest.json"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="restore it, or remove it"):
        Ledger(path)
    assert path.read_bytes() == content


def test_a_ledger_is_written_only_if_something_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "digest.json"
    ledger = Ledger(path)
    ledger.put("a", PROGRESS)
    path.unlink()
    ledger.keep_only(["a", "b"])
    assert not path.exists()
    ledger.keep_only(["b"])
    assert (path.exists(), ledger.get("a"), Ledger(path).get("a")) == (True, None, None)


def test_the_newest_progress_counts(tmp_path: Path) -> None:
    path = tmp_path / FILE
    ledger = Ledger(path)
    ledger.put("a", PROGRESS)
    ledger.put("b", PROGRESS)
    newer = PROGRESS.model_copy(update={"number": 8, "pending": None})
    ledger.put("a", newer)
    assert (Ledger(path).get("a"), Ledger(path).get("b")) == (newer, PROGRESS)
    assert FILE == "digest.json"


def test_an_error_names_the_file_and_what_happens_without_it(tmp_path: Path) -> None:
    path = tmp_path / "digest.json"
    path.write_bytes(b"{")
    with pytest.raises(LedgerError) as caught:
        Ledger(path)
    assert str(caught.value) == (
        f"{path}: not a ledger of digests; restore it, or remove it: then only releases that come from "
        "now on are mailed"
    )
