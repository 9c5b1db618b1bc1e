"""An index whose next commit merges its segments."""

from datetime import UTC, date, datetime
from pathlib import Path

from typer.testing import CliRunner

from crawler.store import Release, Store
from index.reindex import app

SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
OLD = {f"Ziņa {number}" for number in range(8)}
NEW = OLD - {"Ziņa 0"} | {"Labota ziņa", "Jauna ziņa"}
"""The titles before and after that commit."""


def save(store: Store, number: int, title: str) -> None:
    url = f"https://www.iem.example/{number}"
    release = Release(
        url=url,
        site="iem",
        ministry="Iekšlietu ministrija",
        language="lv",
        title=title,
        lead="Ievads par visu.",
        body=f"Teksts {number} par darbu. " * 20,
        contact="",
        published=date(2020, 1, 1),
        published_source="time",
        published_confidence="high",
    )
    store.save(release, seen=SEEN)


def reindex(folder: Path) -> None:
    done = CliRunner().invoke(app, ["--config", str(folder / "config.toml")])
    assert done.exit_code == 0, done.output


def prepare(folder: Path) -> None:
    """Make an index whose next commit merges eight segments, and the changes for that commit."""
    folder.mkdir()
    # A small dictionary loads at once.
    (folder / "small.aff").write_text("SET UTF-8\n", encoding="utf-8")
    (folder / "small.dic").write_text("1\nvārds\n", encoding="utf-8")
    (folder / "config.toml").write_text(
        'data_dir = "data"\n[index]\ndictionary = "small.aff"\n', encoding="utf-8"
    )
    (folder / "data").mkdir()
    with Store(folder / "data" / "releases.sqlite3") as store:
        for number in range(8):
            save(store, number, f"Ziņa {number}")
            reindex(folder)
        save(store, 0, "Labota ziņa")
        save(store, 8, "Jauna ziņa")
