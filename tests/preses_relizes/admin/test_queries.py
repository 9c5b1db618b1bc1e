import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.library import build_library
from tests.support.releases_command import run
from tests.support.searches import FIRST, counts, log_file, search


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of a small library that counted three days of searches."""
    path, _ = build_library(tmp_path_factory.mktemp("queries"))
    path.write_text(path.read_text(encoding="utf-8") + 'query_log = "queries.sqlite3"\n', encoding="utf-8")
    for day in range(3):
        asked = [*[search("seminārs par drošību")] * 3, *[search("dronu medības", has_match=False)] * 2]
        if not day:
            asked.append(search("reti"))
        log_file(path.with_name("queries.sqlite3")).add(counts(FIRST + timedelta(day), *asked))
    return path


def test_it_shows_what_is_asked_often_and_counts_the_rest(config: Path) -> None:
    shown = run("queries", "--config", str(config)).output
    assert "2026-03-01 to 2026-03-03: 16 searches" in shown
    assert "no release matched the whole query: 6 (37.5%)" in shown
    assert "seminārs par drošību" in shown
    assert "asked too seldom to be shown: 1 different queries" in shown
    assert "reti" not in shown


def test_rare_queries_are_not_shown(config: Path) -> None:
    report = json.loads(run("queries", "--json", "--config", str(config)).output)
    assert [one["text"] for one in report["top"]] == ["seminārs par drošību", "dronu medības"]
    assert report["rare"] == 1


def test_without_a_query_log_it_says_how_to_have_one(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    done = run("queries", "--config", str(config))
    assert (done.exit_code, "name a file as [searcher] query_log" in done.output) == (0, True)


@pytest.mark.parametrize(("content", "reason"), [(None, "no such file"), (b"x" * 5_000, "not a database")])
def test_a_log_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, reason: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher]\nquery_log = "queries"\n', encoding="utf-8")
    if content:
        (tmp_path / "queries").write_bytes(content)
    done = run("queries", "--config", str(config))
    assert (done.exit_code, reason in done.output) == (4, True)


def test_all_of_a_report_is_shown(config: Path) -> None:
    lines = [line.strip() for line in run("queries", "--config", str(config)).output.splitlines()]
    assert lines[:3] == [
        "2026-03-01 to 2026-03-03: 16 searches",
        "no release matched the whole query: 6 (37.5%)",
        "asked too seldom to be shown: 1 different queries",
    ]
    rows = [line.split() for line in lines]
    assert ["seminārs", "par", "drošību", "9", "3", "0", "10", "10"] in rows
    assert ["dronu", "medības", "6", "3", "6", "10", "10"] in rows
    assert ["query", "searches", "days", "unmatched", "mean", "ms", "slowest", "ms"] in rows
    assert [title for title in ("Most frequent", "Without a match", "Slowest") if title not in lines] == []


def test_as_many_queries_are_shown_as_asked_for(config: Path) -> None:
    report = json.loads(run("queries", "--json", "--top", "1", "--config", str(config)).output)
    assert [one["text"] for one in report["top"]] == ["seminārs par drošību"]
    assert run("queries", "--top", "0", "--config", str(config)).exit_code == 2
    assert run("queries", "--top", "1001", "--config", str(config)).exit_code == 2


def test_a_log_without_searches_has_no_share(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher]\nquery_log = "queries"\n', encoding="utf-8")
    log_file(tmp_path / "queries")
    shown = run("queries", "--config", str(config)).output
    assert shown.startswith("- to -: 0 searches\nno release matched the whole query: 0 (0.0%)\n")
