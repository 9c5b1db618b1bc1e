from datetime import date
from pathlib import Path

import pytest

from index.analysis import Analyzer
from index.best_bets import LiveBets
from tests.index.conftest import Save

DAY = date(2026, 11, 26)
BET = '[[bet]]\nqueries = ["krīze"]\nurl = "https://{name}.example/"\ntitle = "{name}"\n'


@pytest.fixture
def path(data: Path) -> Path:
    return data / "best_bets.toml"


@pytest.fixture
def live(path: Path, save: Save, analyzer: Analyzer) -> LiveBets:
    save("a")
    return LiveBets(path, path.with_name("releases.sqlite3"), analyzer)


def titles(live: LiveBets) -> list[str]:
    return [answer.title for answer in live.answers("krīzes", DAY)]


def test_an_edit_shows_at_once(live: LiveBets, path: Path) -> None:
    assert titles(live) == []
    path.write_text(BET.format(name="viena"), encoding="utf-8")
    assert titles(live) == ["viena"]
    path.write_text(BET.format(name="divas") + BET.format(name="trīs"), encoding="utf-8")
    assert titles(live) == ["divas", "trīs"]
    path.unlink()
    assert titles(live) == []


def test_an_invalid_edit_is_logged_once_and_changes_nothing(
    live: LiveBets, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text(BET.format(name="viena"), encoding="utf-8")
    titles(live)
    path.write_text("[[bet]]\nqueries = []\n", encoding="utf-8")
    assert titles(live) == titles(live) == ["viena"]
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{path}:2: bet.queries: ")


def test_without_a_store_there_are_no_answers(live: LiveBets, path: Path) -> None:
    path.write_text(BET.format(name="viena"), encoding="utf-8")
    path.with_name("releases.sqlite3").unlink()
    assert titles(live) == []


def test_the_version_changes_with_the_file(live: LiveBets, path: Path) -> None:
    before = live.version()
    path.write_text(BET.format(name="viena"), encoding="utf-8")
    assert live.version() != before
