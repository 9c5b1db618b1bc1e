"""The example that keeps a copy, docs/examples/mirror.py, is run as a reader would run it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.store import Store
from crawler.store.database import begin_epoch
from index.reindex import app as reindex
from tests.support.answering_server import Prepared, answer_in_turn
from tests.support.awaiting import DEADLINE_S, wait_until
from tests.support.published import SEEN, release
from tests.support.serving import started

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "mirror.py"
STORE = Path("data") / "releases.sqlite3"

Day = Callable[[Store, int], None]


def save(number: int, start: str) -> Day:
    texts = (f"Sēde {number}", f"Sēde sākas {start}.", "Ieeja brīva.", f"Zāle {number}, {start}.")
    return lambda store, day: void(store.save(release(number, texts), seen=SEEN + timedelta(days=day)))


def hide(number: int) -> Day:
    return lambda store, day: store.hide(url(number), seen=SEEN + timedelta(days=day))


def unhide(number: int) -> Day:
    return lambda store, day: store.unhide(url(number), seen=SEEN + timedelta(days=day))


def lose(number: int) -> Day:
    return lambda store, day: store.mark_gone(id_of(store, number), seen=SEEN + timedelta(days=day))


def void(_: object) -> None:
    """Return nothing."""


def url(number: int) -> str:
    return f"https://iem.example/{number}"


def id_of(store: Store, number: int) -> str:
    found = store.find(url(number))
    assert found
    return found.id


WEEK: list[list[Day]] = [
    [save(1, "9.00"), save(2, "9.00"), save(3, "9.00")],
    [save(1, "10.00"), save(4, "9.00")],
    [hide(2), save(3, "11.00")],
    [],
    [lose(4), save(1, "12.00"), save(5, "9.00"), hide(5)],
    [unhide(2), save(6, "9.00")],
    [save(6, "10.00"), save(6, "11.00"), hide(1)],
]
BACKED_UP = 3
"""The day in the evening of which the data are copied."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    (tmp_path / "data").mkdir()
    return tmp_path


def live(folder: Path, number: int, day: list[Day]) -> None:
    """Let *day* pass: what happens on it is stored, then indexed."""
    with Store(folder / STORE) as store:
        for happen in day:
            happen(store, number)
    done = CliRunner().invoke(reindex, ["--config", str(folder / "config.toml"), "--accept-loss"])
    assert done.exit_code == 0, done.output


def mirror(service: str, copy: Path) -> None:
    subprocess.run([sys.executable, EXAMPLE, service, copy], check=True, timeout=DEADLINE_S)


def copied(copy: Path) -> dict[str, tuple[str, str, str]]:
    """Return title, lead and text of each release in the copy."""
    texts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in copy.glob("*.json")}
    return {id_: (one["title"], one["lead"], one["text"]) for id_, one in texts.items()}


def stored(folder: Path) -> dict[str, tuple[str, str, str]]:
    """Return title, lead and text of each release in the store that may be shown."""
    with Store(folder / STORE) as store:
        releases = [store.find(url(number)) for number in range(1, 8)]
        return {
            one.id: (one.release.title, one.release.lead, one.release.body)
            for one in releases
            if one and not store.is_hidden(one.release.url)
        }


def mirror_until_equal(service: str, copy: Path, folder: Path) -> None:
    """Run the example until the copy is what the store is: the service takes a moment to open a new index."""

    def is_equal() -> bool:
        mirror(service, copy)
        return copied(copy) == stored(folder)

    wait_until(is_equal)


@pytest.mark.long_sweep
def test_a_copy_stays_equal_for_a_week_and_after_a_restore(folder: Path) -> None:
    config, copy, backup = folder / "config.toml", folder / "copy", folder / "backup"
    live(folder, 0, WEEK[0])
    with started(config, "--processes", "1") as (service, _):
        for number, day in enumerate(WEEK):
            if number:
                live(folder, number, day)
            mirror_until_equal(service, copy, folder)
            if number == BACKED_UP:
                shutil.copytree(folder / "data", backup)
    lost = copied(copy)
    shutil.rmtree(folder / "data")
    backup.rename(folder / "data")
    begin_epoch(folder / STORE)
    live(folder, len(WEEK), [save(7, "9.00")])
    with started(config, "--processes", "1") as (service, _):
        mirror_until_equal(service, copy, folder)
    assert copied(copy) != lost
    assert lost.keys() - copied(copy).keys()  # what only the lost days had is gone from the copy, too


def test_no_id_leads_out_of_the_copy(tmp_path: Path) -> None:
    change = {"release": "../escaped", "version": 1, "kind": "new"}
    body = json.dumps({"changes": [change], "next": "a-1"}).encode()
    with answer_in_turn([Prepared(200, body)]) as server:
        done = subprocess.run(
            [sys.executable, EXAMPLE, server.url, tmp_path / "copy"],
            check=False,
            timeout=DEADLINE_S,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert "not an id: '../escaped'" in done.stderr
    assert not (tmp_path / "escaped.json").exists()
