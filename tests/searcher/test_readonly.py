"""`serve` on a read-only folder, as under systemd's `ProtectSystem=strict`."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from crawler.store import Release, Store
from tests.conftest import run_command
from tests.support.children import child, first_line
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.published import release
from tests.support.read_only import read_only
from tests.support.serving import free_port

pytestmark = pytest.mark.sweep

EDIT = '<details class="revision"'
SEEN = datetime(2026, 3, 1, tzinfo=UTC)
FIRST = release(1, ("Sēde", "Notiks sēde.", "Sākums 9.00."))


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of a store with one release, edited once."""
    folder = tmp_path_factory.mktemp("readonly")
    try:
        subprocess.run(read_only(folder, "true"), check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs permission to create a mount namespace")
    (folder / "data").mkdir()
    (folder / "config.toml").write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    with Store(folder / "data" / "releases.sqlite3") as store:
        store.save(FIRST, seen=SEEN)
        store.save(edited(1), seen=SEEN + timedelta(1))
    run_command("reindex", "--config", str(folder / "config.toml"))
    return folder / "config.toml"


def edited(number: int) -> Release:
    return replace(FIRST, body=f"Sākums {9 + number}.00.")


@contextmanager
def serving(config: Path) -> Iterator[str]:
    """Run `serve` with its folder read-only; yield the address of the release."""
    program = str(Path(sys.executable).parent / "serve")
    command = (program, "--json", "--config", str(config), "--port", str(free_port()), "--processes", "1")
    with child(read_only(config.parent, *command), stdout=subprocess.PIPE) as process:
        address = first_line(process).split('"')[3]
        hits = requests.get(f"{address}/api/v1/search?q=sēde", timeout=20).json()["hits"]
        yield f"{address}/releases/{hits[0]['id']}"


def test_edits_are_shown_while_crawls_start_and_end(config: Path) -> None:
    path = config.parent / "data" / "releases.sqlite3"
    Store(path).close()  # the last reader leaves -wal and -shm behind, the last writer removes them
    with serving(config) as address:
        assert not path.with_name(f"{path.name}-wal").exists()
        for number in range(2, 6):
            page = requests.get(address, timeout=20)
            assert (page.status_code, page.text.count(EDIT)) == (200, number - 1)
            with Store(path) as store:  # while the server runs, as a crawl does
                store.save(edited(number), seen=SEEN + timedelta(number))
                page = requests.get(address, timeout=20)
                assert f"Sākums {9 + number}.00." in page.text
                assert page.text.count(EDIT) == number


def test_the_wal_of_a_killed_crawl_is_read_fully_or_refused(config: Path) -> None:
    path = config.parent / "data" / "releases.sqlite3"
    files = [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm")]
    killed = config.parent / "killed"
    killed.mkdir()
    with Store(path) as store:
        store.save(replace(FIRST, body="Sākums 23.00."), seen=SEEN + timedelta(9))
        for file in files:
            shutil.copy(file, killed)
    for file in killed.iterdir():
        shutil.copy(file, path.parent)
    with serving(config) as address:
        assert "Sākums 23.00." in requests.get(address, timeout=20).text
        files[-1].unlink()
        assert requests.get(address, timeout=20).status_code == 503
        Store(path).close()  # as the next crawl does
        assert "Sākums 23.00." in requests.get(address, timeout=20).text
