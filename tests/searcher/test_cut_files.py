"""`serve` on files that are cut while they are mapped: an earlier index answers."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest
import requests

from crawler.store import Store
from tests.support.awaiting import wait_until
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.serving import serving
from tests.support.shelf import SEEN, index
from tests.support.stored_release import publish

pytestmark = [pytest.mark.sweep, pytest.mark.long_sweep]

SECRET = "https://www.iem.example/slepta"
# Answers that show that none of the processes gives another one.
STEADY = 12
CLIENTS = 3


@pytest.fixture(scope="module")
def releases() -> list[str]:
    """Return texts long enough that every file of the index has many pages."""
    drawn = Random(7)
    return [" ".join("".join(drawn.choices("aeiklmnoprstuv", k=7)) for _ in range(60)) for _ in range(120)]


@pytest.fixture
def config(tmp_path: Path, releases: list[str]) -> Path:
    """Return the settings of two indexes; a release was hidden and another added since the earlier one."""
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}[searcher]\nanswer_s = 60\n', encoding="utf-8")
    with new_store(tmp_path / "data" / "releases.sqlite3") as store:
        for number, text in enumerate(releases):
            store.save(publish(f"x{number}", f"Ziņa {number}", text), seen=SEEN)
        store.save(publish("slepta", "Noslēpums", "Noslēpums atklāts."), seen=SEEN)
    index(config)
    with Store(tmp_path / "data" / "releases.sqlite3") as store:
        store.hide(SECRET, seen=SEEN)
        store.save(publish("jauna", "Jaunums", "Jaunums."), seen=SEEN)
    index(config, "--full")
    return config


def total(address: str, text: str) -> int | None:
    """Return how many hits *text* has; None if there is no answer."""
    with suppress(requests.ConnectionError):
        answer = requests.get(f"{address}/api/v1/search?q={text}", timeout=60)
        return int(answer.json()["total"]) if answer.ok else None
    return None


@contextmanager
def requests_all_along(address: str) -> Iterator[list[int | None]]:
    """Ask for the same text again and again, by several clients; yield the totals."""
    totals: list[int | None] = []
    stopped = threading.Event()

    def ask() -> None:
        while not stopped.is_set():
            totals.append(total(address, "zi%C5%86a"))

    with ThreadPoolExecutor(CLIENTS) as pool:
        asking = [pool.submit(ask) for _ in range(CLIENTS)]
        try:
            yield totals
        finally:
            stopped.set()
        for one in asking:
            one.result()


@pytest.mark.parametrize("processes", ["1", "2"])
@pytest.mark.parametrize(("kinds", "size"), [("posts", 64), ("posts", 4096), ("docs", 4096), ("*", 4096)])
def test_an_earlier_index_answers_for_one_that_was_cut(
    config: Path, capfd: pytest.CaptureFixture[str], kinds: str, size: int, processes: str
) -> None:
    folder = config.parent / "data" / "index"
    current, _ = (folder / "CURRENT").read_text().split()
    with serving(config, "--processes", processes) as address, requests_all_along(address) as totals:
        assert (total(address, "zi%C5%86a"), total(address, "jaunums")) == (120, 1)
        for path in (folder / current).glob(f"MAIN_*.{kinds}"):
            os.truncate(path, size)
        steady = 0

        def is_steady() -> bool:
            nonlocal steady
            found = [total(address, text) for text in ("zi%C5%86a", "jaunums", "nosl%C4%93pums")]
            steady = steady + 1 if found == [120, 0, 0] else 0
            return steady == STEADY

        wait_until(is_steady)
        sent_before = len(totals) + CLIENTS
        wait_until(lambda: len(totals) > sent_before + STEADY)
        assert {*totals[sent_before:]} == {120}
        detail = requests.get(f"{address}/healthz", timeout=60).json()["detail"]
        assert detail.startswith("the index is damaged; `reindex --full`; until then, ")
        index(config, "--full")
        wait_until(lambda: total(address, "jaunums") == 1)
        wait_until(lambda: requests.get(f"{address}/healthz", timeout=60).ok)
    assert "run `reindex --full`" in capfd.readouterr().err
