from datetime import UTC, datetime
from pathlib import Path

import pytest

from searcher.digest.ledger import Ledger, LedgerError, MailProgress, PendingMail

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
