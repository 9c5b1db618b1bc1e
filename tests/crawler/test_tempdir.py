"""Temporary files are removed after every crawl; those of a killed crawl, by the next one."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.tempdir import PREFIX, make_temp_dir
from tests.support.awaiting import DEADLINE_S
from tests.support.children import child, run_bounded
from tests.support.crawl_command import command, crawl
from tests.support.hostile_site import HostileSite, Visit, page
from tests.support.small_site import list_of, release, rows

pytestmark = pytest.mark.sweep


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for temporary files."""
    # A short path, like a real one: multiprocessing creates a socket there.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite() as site:
        site.scripts["/lv/jaunumi"] = page(list_of(rows("relize-1")))
        site.scripts["/lv/jaunums/relize-1"] = page(release("relize-1"))
        yield site


def assert_success(done: subprocess.CompletedProcess[str]) -> None:
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_next_crawl_removes_what_a_killed_one_left(
    site: HostileSite, config: Path, temporary: Path, arguments: tuple[str, ...]
) -> None:
    assert_success(crawl(config))
    assert list(temporary.iterdir()) == []
    with child(command(config, *arguments)) as process:

        def kill(_visit: Visit) -> None:
            process.kill()

        site.scripts["/lv/jaunumi"] = kill
        assert process.wait(DEADLINE_S) == -signal.SIGKILL
    assert len(list(temporary.iterdir())) == 1
    site.scripts["/lv/jaunumi"] = page(list_of(rows("relize-1")))
    assert_success(crawl(config, *arguments))
    assert list(temporary.iterdir()) == []


def test_folders_of_others_are_left_alone(config: Path, temporary: Path) -> None:
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (temporary / f"{PREFIX}a-link").symlink_to(elsewhere)
    own = make_temp_dir()
    assert crawl(config).returncode == 0
    assert set(temporary.iterdir()) == {elsewhere, temporary / f"{PREFIX}a-link", own}


def test_a_folder_is_locked_removed_at_the_end_and_used_for_all_files(temporary: Path) -> None:
    code = (
        "import tempfile; from pathlib import Path; from crawler.tempdir import make_temp_dir\n"
        "one, other = make_temp_dir(), make_temp_dir()\n"
        "print(one.name[:10], one.is_dir(), other.is_dir(), one != other)\n"
        "print(other.parent == one, tempfile.gettempdir() == str(other))"
    )
    done = run_bounded([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{PREFIX} True True True\nTrue True\n"
    assert list(temporary.iterdir()) == []


def test_leftovers_are_removed_and_what_is_in_use_stays(temporary: Path) -> None:
    left = [temporary / f"{PREFIX}{name}" for name in ("left", "used", "file")]
    for folder in left[:2]:
        (folder / "inside").mkdir(parents=True)
    left[2].touch()
    used = os.open(left[1], os.O_RDONLY)
    fcntl.flock(used, fcntl.LOCK_EX)
    try:
        own = make_temp_dir()
    finally:
        os.close(used)
    assert {*temporary.iterdir()} == {left[1], left[2], own}
