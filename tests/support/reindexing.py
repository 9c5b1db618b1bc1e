"""A data directory with releases in its store, and `reindex` run on it as users run it."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from typer.testing import CliRunner

from crawler.store import Release, Store
from index.engines.whoosh.live_engine import LiveEngine
from index.query import Everything, Query
from index.reindex import app
from tests.support.new_store import new_store

SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
EVERYTHING = Query(text="", clause=Everything(), reading="", per_page=100)


# --- Releases ------------------------------------------------------------------------------------


def release(name: str) -> Release:
    return Release(
        url=f"https://iem.example/{name}",
        site="iem",
        ministry="Iekšlietu ministrija",
        language="lv",
        title=f"Ziņa {name}",
        lead="",
        body=f"Teksts {name}.",
        contact="",
        published=date(2020, 1, 1),
        published_source="time",
        published_confidence="high",
    )


def fill(path: Path, names: range) -> None:
    with (Store if path.exists() else new_store)(path) as store:
        for number in names:
            store.save(release(f"{number}"), seen=SEEN)


def remove(path: Path) -> None:
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()


# --- The command ---------------------------------------------------------------------------------


def use_small_dictionary(data: Path) -> Path:
    """Let the settings of *data* name a small dictionary, which loads at once; return *data*."""
    for ending, text in ((".aff", "SET UTF-8\n"), (".dic", "1\nvārds\n")):
        (data.parent / f"small{ending}").write_text(text, encoding="utf-8")
    with (data.parent / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[index]\ndictionary = "small.aff"\n')
    return data


@dataclass(frozen=True)
class Run:
    returncode: int
    stdout: str
    stderr: str


def run(data: Path, *arguments: str) -> Run:
    done = CliRunner().invoke(app, ["--config", str(data.parent / "config.toml"), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Run(done.exit_code, done.stdout, done.stderr)


def report(data: Path, *arguments: str) -> dict[str, object]:
    done = run(data, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def said(stderr: str) -> list[str]:
    """Return the lines of *stderr* but those that say which step began."""
    return [line for line in stderr.splitlines() if not re.fullmatch(r"[\w ]+: at most \d+ changes", line)]


def shown(data: Path) -> dict[str, bool]:
    """Return whether each release in the index is gone, by id."""
    return {hit.id: hit.gone for hit in LiveEngine(data / "index").search(EVERYTHING).hits}
