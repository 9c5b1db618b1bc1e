"""A build that fails ends in one line, and the old index stays in use."""

import struct
import subprocess
import sys
import zlib
from array import array
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.interface import IndexedChanges
from index.engines.whoosh.indexer import WorkerError, build, read_meta, recall, update, wrap_limit_errors
from index.errors import BuildError
from index.indexing import fingerprint
from tests.index.conftest import Save
from tests.support.reindexing import SEEN, fill, release, report, run, said, shown, use_small_dictionary

pytestmark = pytest.mark.sweep

COUNT = 10

# Runs `reindex` with a lowered limit of the code, or of the memory.
LIMITED = """
import resource, sys
import index.segment.doc_lists, index.writer.text_writer, index.reindex

def memory_left(megabytes):
    pages = int(open("/proc/self/statm").read().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (megabytes << 20), -1))

exec(sys.argv.pop(1))
index.reindex.main()
"""


def reindex_limited(data: Path, limit: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", LIMITED, limit, "--config", data.parent / "config.toml", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def data(data: Path) -> Path:
    return use_small_dictionary(data)


@pytest.fixture
def indexed(data: Path) -> Path:
    fill(data / "releases.sqlite3", range(COUNT))
    report(data)
    return data


@pytest.mark.parametrize("arguments", [(), ("--full",)])
@pytest.mark.parametrize(
    ("limit", "named"),
    [
        ("index.writer.text_writer.WORDS_MAX = 3", "cannot be built: OverflowError: "),
        ("index.segment.doc_lists.BLOCKS_MAX = 0", "cannot be built: OverflowError: "),
        ("memory_left(48)", ""),  # the store may be the one that runs out of memory
    ],
)
def test_exceeding_a_limit_or_the_memory_is_one_line(
    indexed: Path, limit: str, named: str, arguments: tuple[str, ...]
) -> None:
    before = shown(indexed)
    with Store(indexed / "releases.sqlite3") as store:
        for number in range(3):
            text = "a " * 1_500_000 if "memory" in limit else "Teksts."
            store.save(replace(release(f"new-{number}"), body=f"{text}{number}"), seen=SEEN)
    result = reindex_limited(indexed, limit, *arguments)
    lines = said(result.stderr)
    assert (result.returncode, len(lines)) == (4, 1), result.stderr
    assert lines[0].startswith("reindex: /")
    assert named in lines[0]
    assert shown(indexed) == before
    assert run(indexed, *arguments).returncode == 0
    assert len(shown(indexed)) == COUNT + 3


def endless() -> object:
    return endless()


@pytest.mark.parametrize(
    "fault",
    [
        lambda: array("I")[0],
        lambda: dict[str, str]()["a"],
        lambda: 1 / 0,
        lambda: array("I", [1 << 32]),
        lambda: struct.pack("B", 300),
        "\ud800".encode,
        lambda: zlib.decompress(b"no"),
        lambda: zstandard.decompress(b"no"),
        lambda: np.array([1 << 70], np.uint64),
        lambda: np.zeros(1 << 60),
        lambda: np.zeros(3).reshape(2),
        lambda: bytearray(b"a").extend([300]),
        lambda: "a" * (1 << 62),
        endless,
    ],
)
def test_an_exceeded_limit_is_one_error_that_names_the_folder(
    tmp_path: Path, fault: Callable[[], object]
) -> None:
    with (
        pytest.raises(BuildError, match=rf"^{tmp_path}: cannot be built: \w+: [^\n]+$"),
        wrap_limit_errors(tmp_path),
    ):
        fault()


# --- What an update reports ---


@pytest.fixture
def built(tmp_path: Path, store: Store, save: Save, analyzer: Analyzer) -> Path:
    """Return an index of one release, which explains an abbreviation in its lead."""
    save("a", lead="Ziņo Valsts ieņēmumu dienests (VID).", body="Teksts.")
    folder = tmp_path / "index"
    folder.mkdir()
    build(folder, store, analyzer)
    return folder


def updated(folder: Path, store: Store, analyzer: Analyzer, **options: Any) -> IndexedChanges:
    number = (read_meta(folder) or {})["number"]
    return update(folder, store, analyzer, since=number, **options)


def explained(changes: IndexedChanges) -> list[tuple[str, str, int]]:
    return [(one.short, one.long, one.releases) for one in changes.definitions]


def test_abbreviations_that_a_release_no_longer_explains_are_counted_off(
    built: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a", lead="Ziņo dienests.", body="Vairs nekā.")
    assert explained(updated(built, store, analyzer)) == [("VID", "Valsts ieņēmumu dienests", -1)]


def test_abbreviations_that_stay_are_counted_once(
    built: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a", lead="Ziņo", body="Valsts ieņēmumu dienests (VID) ziņo.")
    assert explained(updated(built, store, analyzer)) == []
    save("b", body="Ziņo Valsts ieņēmumu dienests (VID).")
    changes = updated(built, store, analyzer)
    assert explained(changes) == [("VID", "Valsts ieņēmumu dienests", 1)]
    assert changes.definitions[0].evidence == save("b", body="Cits.")


def test_a_hidden_release_explains_nothing_and_is_absent(
    built: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    hidden = save("b", body="Valsts policija (VP) ziņo.")
    store.hide("https://iem.example/a", seen=SEEN)
    store.hide("https://iem.example/b", seen=SEEN)
    changes = updated(built, store, analyzer)
    assert explained(changes) == [("VID", "Valsts ieņēmumu dienests", -1)]
    assert (changes.added, changes.removed, changes.number) == (0, 2, store.last_number())
    assert hidden in changes.absent
    assert len(changes.absent) == 2


def test_only_changes_up_to_a_number_are_indexed(
    built: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("b")
    until = store.last_number()
    save("c")
    progress: list[int] = []
    changes = updated(built, store, analyzer, until=until, on_progress=progress.append)
    assert (changes.number, changes.added, progress) == (until, 1, [1])
    assert read_meta(built) == {"number": until, "fingerprint": fingerprint(analyzer)}
    assert updated(built, store, analyzer).added == 1


def test_an_update_that_is_not_approved_changes_nothing(
    built: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    before = sorted(path.name for path in built.iterdir())
    save("b")

    def refuse(changes: IndexedChanges) -> None:
        assert changes.added == 1
        raise BuildError("no")

    with pytest.raises(BuildError, match="no"):
        updated(built, store, analyzer, approve=refuse)
    assert sorted(path.name for path in built.iterdir()) == before
    assert updated(built, store, analyzer).added == 1


def test_a_build_keeps_its_words_beside_the_index(built: Path) -> None:
    other = Analyzer()
    recall(other, built)
    assert other.can_load(built / "vocabulary")
    assert read_meta(built.parent) is None


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (MemoryError(), "MemoryError: (out of memory? lower index.processes)"),
        (WorkerError("killed"), "WorkerError: killed (out of memory? lower index.processes)"),
        (OverflowError("too\n many"), "OverflowError: too many"),
        (struct.error("bad"), "error: bad"),
    ],
)
def test_a_limit_is_reported_in_one_line(tmp_path: Path, error: Exception, message: str) -> None:
    with pytest.raises(BuildError) as raised, wrap_limit_errors(tmp_path):
        raise error
    assert str(raised.value) == f"{tmp_path}: cannot be built: {message}"


def test_an_error_of_a_file_passes_through(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk"), wrap_limit_errors(tmp_path):
        raise OSError(28, "disk")
