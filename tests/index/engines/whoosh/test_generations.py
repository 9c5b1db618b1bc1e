import os
import re
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from index.engines.whoosh.generations import CURRENT, Generations
from index.errors import EngineError
from tests.index.engines.whoosh.conftest import Publish
from tests.support.disks import files_of_at_most, unreadable


def test_names_grow_even_within_a_second(build_generation: Publish) -> None:
    names = [build_generation().name for _ in range(3)]
    assert names == sorted(set(names))


def test_errors_of_current_name_the_file(
    generations: Generations,
) -> None:
    generations.root.mkdir()
    with files_of_at_most(10), pytest.raises(OSError, match=CURRENT):
        generations.use(generations.root / "20260101T000000-001")
    unreadable(generations.root / CURRENT)
    with pytest.raises(OSError, match=CURRENT):
        generations.current()


def test_a_failed_build_leaves_nothing(generations: Generations) -> None:
    def fail() -> None:
        with generations.draft() as draft:
            (draft / "half").touch()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(generations.root.iterdir()) == []


def test_prune_keeps_the_newest_old_generations(build_generation: Publish, generations: Generations) -> None:
    folders = [build_generation() for _ in range(4)]
    generations.use(folders[-1])
    generations.prune(keep=1)
    assert sorted(path for path in generations.root.iterdir() if path.is_dir()) == folders[2:]
    assert generations.previous() == folders[2]


NAMES = ["20260101T000000-001", "20260101T000000-002", "20260201T000000-001", "20260301T000000-001"]


def folders(generations: Generations, *names: str) -> list[Path]:
    for name in names:
        (generations.root / name).mkdir(parents=True)
    return [generations.root / name for name in names]


def names_left(generations: Generations) -> list[str]:
    return sorted(path.name for path in generations.root.iterdir())


def test_without_a_build_there_is_no_generation(generations: Generations) -> None:
    assert (generations.current(), generations.newest(), generations.previous()) == (None, None, None)
    assert generations.is_announced()
    generations.prune(keep=1)
    generations.clean()


@pytest.mark.parametrize(("used", "previous"), [(0, None), (1, 0), (2, 1), (3, 2)])
def test_current_and_previous_follow_use(generations: Generations, used: int, previous: int | None) -> None:
    created = folders(generations, *NAMES)
    assert generations.previous() is None
    generations.use(created[(used + 1) % 4])
    generations.use(created[used])
    assert generations.current() == created[used]
    assert generations.newest() == created[-1]
    assert generations.previous() == (None if previous is None else created[previous])


@pytest.mark.parametrize(
    ("used", "kept", "stay"),
    [
        (3, 0, [3]),
        (3, 1, [2, 3]),
        (3, 2, [1, 2, 3]),
        *((3, kept, [0, 1, 2, 3]) for kept in range(3, 10)),
        *((2, kept, [0, 1, 2]) for kept in range(2, 6)),
        (2, 1, [1, 2]),  # a generation after the one in use is removed
        (0, 2, [0]),
    ],
)
def test_prune_keeps_as_many_generations_as_asked(
    generations: Generations, used: int, kept: int, stay: list[int]
) -> None:
    generations.use(folders(generations, *NAMES)[used])
    generations.prune(keep=kept)
    assert names_left(generations) == [*(NAMES[at] for at in stay), CURRENT]


def test_generation_that_cannot_be_removed_stops_nothing(generations: Generations, tmp_path: Path) -> None:
    created = folders(generations, *NAMES)
    elsewhere = tmp_path / "elsewhere"
    created[0].rename(elsewhere)
    created[0].symlink_to(elsewhere)  # a link is not followed
    generations.use(created[3])
    generations.prune(keep=0)
    assert names_left(generations) == [NAMES[0], NAMES[3], CURRENT]
    assert elsewhere.is_dir()


def test_prune_removes_nothing_without_a_generation_in_use(generations: Generations) -> None:
    folders(generations, *NAMES)
    generations.prune(keep=0)
    assert names_left(generations) == NAMES


def test_clean_removes_only_the_drafts_of_killed_builds(generations: Generations) -> None:
    generations.use(folders(generations, NAMES[0], f"{NAMES[1]}.draft", f"{NAMES[2]}.draft", "other")[0])
    (generations.root / NAMES[1]).with_suffix(".draft").joinpath("file").touch()
    (generations.root / "9.draft").touch()
    (generations.root / "reindex.lock").touch()
    assert generations.newest() == generations.root / NAMES[0]
    generations.clean()
    assert names_left(generations) == [NAMES[0], "9.draft", CURRENT, "other", "reindex.lock"]


def test_only_a_folder_is_a_generation(generations: Generations) -> None:
    created = folders(generations, NAMES[0], "other")
    (generations.root / NAMES[1]).touch()
    assert generations.newest() == created[0]


def test_a_draft_is_no_generation_until_it_is_finished(generations: Generations) -> None:
    with generations.draft() as draft:
        assert draft.is_dir()
        assert draft.parent == generations.root
        assert generations.newest() is None
    assert draft.is_dir()
    finished = generations.finish(draft)
    assert names_left(generations) == [finished.name]
    assert (generations.newest(), generations.current()) == (finished, None)


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("99991231T235959-001", "99991231T235959-002"),
        ("99991231T235959-099", "99991231T235959-100"),
        ("99991231T235959", "99991231T235959-001"),
    ],
)
def test_a_name_sorts_after_all_others_even_if_the_clock_was_set_back(
    generations: Generations, before: str, name: str
) -> None:
    folders(generations, NAMES[0], before, NAMES[3])
    with generations.draft() as draft:
        assert draft.name == f"{name}.draft"


def test_a_draft_left_by_a_killed_build_is_not_continued(generations: Generations) -> None:
    folders(generations, "99991231T235959-001", "99991231T235959-002.draft")
    with pytest.raises(FileExistsError), generations.draft():
        pytest.fail("the files of another build are in it")
    generations.clean()
    with generations.draft() as draft:
        assert draft.name == "99991231T235959-002.draft"


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "Pacific/Honolulu"])
def time_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("time_zone")
def test_a_name_is_the_time_in_utc(generations: Generations) -> None:
    folders(generations, *NAMES)
    before = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    with generations.draft() as draft:
        assert re.fullmatch(r"\d{8}T\d{6}-001\.draft", draft.name)
        assert before <= draft.name[:15] <= f"{datetime.now(UTC):%Y%m%dT%H%M%S}"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_the_draft_is_removed_whatever_ends_the_build(
    generations: Generations, error: type[BaseException]
) -> None:
    folders(generations, NAMES[0])

    def fail() -> None:
        with generations.draft() as draft:
            (draft / "half").touch()
            raise error

    with pytest.raises(error):
        fail()
    assert names_left(generations) == [NAMES[0]]


def test_error_of_a_build_whose_draft_is_lost_stays_the_error(generations: Generations) -> None:
    def fail() -> None:
        with generations.draft() as draft:
            draft.rmdir()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()


@pytest.mark.parametrize(
    "content", [b"", b"20260101T000000-001", b"20260101T000000-001 00000000\n", b"\xff \xff"]
)
def test_a_damaged_current_file_is_an_error(generations: Generations, content: bytes) -> None:
    generations.use(folders(generations, *NAMES)[0])
    sealed = (generations.root / CURRENT).read_bytes()
    (generations.root / CURRENT).write_bytes(content)
    with pytest.raises(EngineError, match=rf"{CURRENT}: damaged; run `reindex --full`"):
        generations.current()
    (generations.root / CURRENT).write_bytes(sealed)
    assert sealed == b"20260101T000000-001 %08x\n" % zlib.crc32(b"20260101T000000-001")
    assert generations.current() == generations.root / NAMES[0]


def test_a_seal_has_eight_digits_whatever_the_name(generations: Generations) -> None:
    generations.root.mkdir()
    for serial in range(100):  # the checksums of some begin with a zero
        name = f"20260101T000000-{serial:03}"
        generations.use(generations.root / name)
        assert (generations.root / CURRENT).read_bytes() == b"%s %08x\n" % (
            name.encode(),
            zlib.crc32(name.encode()),
        )


@pytest.mark.parametrize(("later_ns", "is_announced"), [(-1, True), (0, True), (1, False)])
def test_a_commit_is_announced_if_current_is_newer(
    generations: Generations, later_ns: int, *, is_announced: bool
) -> None:
    (folder,) = folders(generations, NAMES[0])
    generations.use(folder)
    at = (generations.root / CURRENT).stat().st_mtime_ns
    for name, when in (("_MAIN_1.toc", at - 1), ("_MAIN_2.toc", at + later_ns), ("other", at + 9)):
        (folder / name).touch()
        os.utime(folder / name, ns=(when, when))
    assert generations.is_announced() is is_announced


def test_the_generation_in_use_comes_first_then_the_newest(generations: Generations) -> None:
    created = folders(generations, *NAMES)
    assert list(generations.newest_first()) == created[::-1]
    generations.use(created[1])
    assert list(generations.newest_first()) == [created[1], created[3], created[2], created[0]]
    (generations.root / CURRENT).write_bytes(b"damaged")
    assert list(generations.newest_first()) == created[::-1]
    (generations.root / CURRENT).unlink()
    unreadable(generations.root / CURRENT)
    assert list(generations.newest_first()) == created[::-1]


def test_a_generation_in_use_whose_folder_is_lost_still_comes_first(generations: Generations) -> None:
    created = folders(generations, *NAMES[:2])
    generations.use(created[0])
    created[0].rmdir()
    assert generations.current() == created[0]
    assert list(generations.newest_first()) == created
    assert (generations.newest(), generations.previous()) == (created[1], None)


def steps_on_disk(work: Callable[[], object]) -> list[str]:
    """Return the calls of *work* that rename or sync files, in order."""
    steps: list[str] = []

    def note(_frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and function.__name__ in {"fsync", "rename", "replace"}:
            steps.append(function.__name__)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return steps


def test_finish_and_use_sync_around_each_rename(generations: Generations) -> None:
    with generations.draft() as draft:
        pass
    assert steps_on_disk(lambda: generations.finish(draft)) == ["rename", "fsync"]
    (finished,) = generations.root.iterdir()
    assert steps_on_disk(lambda: generations.use(finished)) == ["fsync", "replace", "fsync"]
