import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.store import Store, StoreError
from index.analysis import Analyzer
from index.analysis.latvian.hunspell import DICTIONARY
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from index.engines.whoosh.parallel import Partition, build_shared, partition
from index.query import Everything, Query
from tests.index.conftest import SEEN, Save
from tests.support.engines import faults

pytestmark = pytest.mark.sweep

EVERYTHING = Query(text="", clause=Everything(), reading="", per_page=100)


def dealt(folder: Path, store: Store, before: Path) -> list[Partition]:
    return partition(folder, store, dictionary=DICTIONARY, known=before, processes=2)


def test_two_processes_build_what_one_builds(
    save: Save, store: Store, analyzer: Analyzer, tmp_path: Path
) -> None:
    for number in range(30):
        save(f"{number}", title=f"Ziņa {number}", body="Valsts ieņēmumu dienests (VID) informē.")
    store.hide("https://iem.example/7", seen=SEEN)
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    alone = build(one, store, analyzer)
    done: list[int] = []
    together = build_shared(
        two, store, analyzer, dealt(two, store, tmp_path / "none"), on_progress=done.append
    )
    assert (together.added, together.removed, together.number) == (alone.added, alone.removed, alone.number)
    assert [(d.short, d.releases) for d in together.definitions] == [("VID", 29)]
    assert sum(done) == 30
    assert faults(two, analyzer, releases=29) == []
    engines = WhooshEngine(one), WhooshEngine(two)
    hits, others = ({hit.id: hit.title for hit in engine.search(EVERYTHING).hits} for engine in engines)
    assert hits == others
    assert [path for path in two.iterdir() if path.is_dir()] == []


def test_what_changes_while_they_build_is_there_once(
    save: Save, store: Store, analyzer: Analyzer, tmp_path: Path
) -> None:
    for number in range(10):
        save(f"{number}", title=f"Ziņa {number}")
    deal = dealt(tmp_path, store, tmp_path / "none")
    save("3", title="Labota ziņa")
    save("11", title="Jauna ziņa")
    build_shared(tmp_path, store, analyzer, deal, on_progress=lambda _: None)
    titles = [hit.title.text for hit in WhooshEngine(tmp_path).search(EVERYTHING).hits]
    assert len(titles) == 11
    assert {"Labota ziņa", "Jauna ziņa"} < set(titles)


def test_a_share_that_fails_is_told(save: Save, store: Store, analyzer: Analyzer, tmp_path: Path) -> None:
    save("a")
    deal = dealt(tmp_path, store, tmp_path / "none")
    store.path.unlink()
    with pytest.raises(StoreError, match="no releases yet"):
        build_shared(tmp_path, store, analyzer, deal, on_progress=lambda _: None)


WAITING = """
import sys
from pathlib import Path
from index.engines.whoosh.parallel import Partition, _start

folder = Path(sys.argv[1])
dictionary = Path(sys.argv[2])
part = Partition(
    folder=folder / "share", store=folder / "store", dictionary=dictionary, known=folder, since=0, until=1
)
with _start(part) as worker:
    print(worker.process.pid, flush=True)
    worker.receive()
"""


def test_no_worker_outlives_its_parent(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "vocabulary")  # the worker reads it and waits for ever
    waiting = subprocess.Popen(
        [sys.executable, "-c", WAITING, tmp_path, DICTIONARY], stdout=subprocess.PIPE, text=True
    )
    assert waiting.stdout is not None
    assert int(waiting.stdout.readline()) != waiting.pid
    waiting.kill()
    # The worker holds the same pipe: it is at its end when both have ended.
    waiting.communicate(timeout=30)
