"""Damaged files are detected, and a broken commit leaves the old index or the new one."""

import errno
import random
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.codec import open_dir
from index.errors import DamagedError
from index.search import Searcher
from tests.support.breakable_index import CALLS, EVERYTHING, commit, docs, ids
from tests.support.children import run_bounded
from tests.support.corpora import SCHEMA, index_of, write
from tests.support.disks import files_of_at_most

pytestmark = pytest.mark.sweep


def test_any_damaged_byte_and_any_truncation_is_detected(tmp_path: Path) -> None:
    index_of(tmp_path, docs(0, 12), docs(12, 3))
    files = [path for path in tmp_path.iterdir() if path.stat().st_size]
    rng = random.Random(7)
    for _ in range(300):
        path = rng.choice(files)
        whole = path.read_bytes()
        at = rng.randrange(len(whole))
        damaged = rng.choice(
            (
                whole[:at],
                whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :],
                whole + b"x",
            )
        )
        path.write_bytes(damaged)
        with pytest.raises(DamagedError):
            Searcher(open_dir(tmp_path, SCHEMA)).verify()
        path.write_bytes(whole)
    assert len(ids(open_dir(tmp_path, SCHEMA))) == 15


@pytest.mark.parametrize("extension", [".docs", ".posts"])
def test_swapped_files_of_two_segments_are_refused(tmp_path: Path, extension: str) -> None:
    index_of(tmp_path, docs(0, 3), docs(3, 3))
    first, second = (path for path in tmp_path.iterdir() if path.suffix == extension)
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    with pytest.raises(DamagedError, match="of another segment"):
        Searcher(open_dir(tmp_path, SCHEMA))


def test_merge_refuses_a_damaged_segment(tmp_path: Path) -> None:
    ix = index_of(tmp_path, docs(0, 3), docs(3, 3))
    path = next(path for path in tmp_path.iterdir() if path.suffix == ".posts")
    whole = path.read_bytes()
    path.write_bytes(whole[:64] + bytes([whole[64] ^ 1]) + whole[65:])
    with pytest.raises(DamagedError):
        commit(ix, docs(6, 2), optimize=True)
    path.write_bytes(whole)
    assert ids(open_dir(tmp_path, SCHEMA)) == {doc.id for doc in docs(0, 6)}


class Faults:
    """Fails the *n*-th call to the file system; one instance, because audit hooks cannot be removed."""

    def __init__(self) -> None:
        self.left = -1
        self.failure = errno.EIO
        sys.addaudithook(self._hook)

    def _hook(self, event: str, _: object) -> None:
        if self.left >= 0 and event in CALLS:
            self.left -= 1
            if self.left < 0:
                raise OSError(self.failure, "injected", event)

    @contextmanager
    def at(self, number: int, failure: int) -> Iterator[None]:
        self.left, self.failure = number, failure
        try:
            yield
        finally:
            self.left = -1


@pytest.fixture(scope="module")
def faults() -> Faults:
    return Faults()


@pytest.fixture(scope="module")
def two_segments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an index of six documents, which a test copies before it writes."""
    folder = tmp_path_factory.mktemp("two-segments") / "index"
    index_of(folder, docs(0, 4), docs(4, 2))
    return folder


@pytest.mark.long_sweep
@pytest.mark.parametrize("failure", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("optimize", [False, True])
def test_failed_commit_leaves_the_old_or_the_new_index(
    tmp_path: Path, two_segments: Path, faults: Faults, failure: int, optimize: bool
) -> None:
    old, number, is_done = {doc.id for doc in docs(0, 6)}, 0, False
    while not is_done:
        folder = tmp_path / str(number)
        shutil.copytree(two_segments, folder)
        ix = open_dir(folder, SCHEMA)
        with faults.at(number, failure):
            try:
                commit(ix, docs(6, 2), optimize=optimize)
                is_done = faults.left >= 0
            except OSError:
                pass
        names = ids(open_dir(folder, SCHEMA))
        assert names in (old, old | {"fm-6", "fm-7"})
        again = open_dir(folder, SCHEMA).writer()
        write(again, docs(8, 1))
        again.commit()
        assert ids(open_dir(folder, SCHEMA)) == names | {"fm-8"}
        number += 1
    assert number > 10


@pytest.mark.parametrize("size", [100, 500, 1_000, 2_000, 4_000, 8_000, 16_000])
def test_commit_on_a_full_disk_names_a_file_and_leaves_none_behind(tmp_path: Path, size: int) -> None:
    ix = index_of(tmp_path, docs(0, 4), docs(4, 2))
    before = sorted(tmp_path.iterdir())
    with files_of_at_most(size), pytest.raises(OSError) as failed:  # noqa: PT011 - any errno
        commit(ix, docs(6, 300), optimize=True)
    assert Path(failed.value.filename).parent == tmp_path
    assert sorted(tmp_path.iterdir()) == before
    commit(ix, docs(6, 2), optimize=True)
    assert ids(open_dir(tmp_path, SCHEMA)) == {doc.id for doc in docs(0, 6) + docs(6, 2)}


KILLED = """
import os, sys
from pathlib import Path
from index.codec import open_dir
from tests.support.breakable_index import CALLS, docs
from tests.support.corpora import SCHEMA, write
folder, optimize = Path(sys.argv[1]), sys.argv[2] == "True"
for number in range(1000):
    child = os.fork()
    if child == 0:
        left = number
        def hook(event, _):
            global left
            if event in CALLS:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), 9)
        writer = open_dir(folder / str(number), SCHEMA).writer() if (folder / str(number)).exists() else None
        if writer is None:
            os._exit(7)
        write(writer, docs(6, 2))
        sys.addaudithook(hook)
        writer.commit(optimize=optimize)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        print(number, os.WEXITSTATUS(status))
        break
"""


@pytest.mark.long_sweep
@pytest.mark.parametrize("optimize", [False, True])
def test_killed_commit_leaves_the_old_or_the_new_index(
    tmp_path: Path, two_segments: Path, optimize: bool
) -> None:
    for number in range(100):
        shutil.copytree(two_segments, tmp_path / str(number))
    result = run_bounded(
        [sys.executable, "-c", KILLED, str(tmp_path), str(optimize)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    calls, status = map(int, result.stdout.split())
    assert status == 0, "more calls than folders were made for"
    assert calls > 5
    old = {doc.id for doc in docs(0, 6)}
    for number in range(calls):
        folder = tmp_path / str(number)
        doc_ids = ids(open_dir(folder, SCHEMA))
        assert doc_ids in (old, old | {"fm-6", "fm-7"})
        again = open_dir(folder, SCHEMA).writer()
        write(again, docs(8, 1))
        again.commit()
        assert ids(open_dir(folder, SCHEMA)) == doc_ids | {"fm-8"}
        names = {
            path.name.partition(".")[0] for path in folder.iterdir() if path.suffix in {".docs", ".posts"}
        }
        assert len(names) == len(open_dir(folder, SCHEMA)._segments()), "left-overs are cleaned up"


def test_releasing_memory_between_searches_changes_no_answer(tmp_path: Path) -> None:
    searcher = Searcher(index_of(tmp_path, docs(0, 20), docs(20, 20)))
    before = searcher.search(EVERYTHING)
    fields = [searcher.stored(doc) for doc in before.docs]
    searcher.reader.release_memory(0)
    assert searcher.search(EVERYTHING) == before
    assert [searcher.stored(doc) for doc in before.docs] == fields
