"""`back-up` of the units, with restic: incremental, rotated, and proved from the repository itself."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.store import Store
from tests.support.installation import install
from tests.support.reindexing import report
from tests.support.stored_release import DAY, RELEASE

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(shutil.which("restic") is None, reason="needs restic: apt-get install restic"),
]

SCRIPT = Path(__file__).parents[2] / "deploy" / "systemd" / "back-up"
SFTP_SERVER = Path("/usr/lib/openssh/sftp-server")


class Machine:
    """An installation, and the repository in which it is kept."""

    def __init__(self, folder: Path, repository: str, options: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.config = install(folder / "here")
        (folder / "here" / "judged.toml").write_text(
            '[[query]]\ntext = "ministrija"\njudgements = { "https://a.lv/" = 1 }\n', encoding="utf-8"
        )
        report(folder / "here" / "data")
        (folder / "key").write_text("atslēga-kas-nav-kopijā", encoding="utf-8")
        (folder / "cache").mkdir()
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "RELEASES": str(Path(sys.executable).with_name("releases")),
            "RELEASES_CONFIG": str(self.config),
            "CACHE_DIRECTORY": str(folder / "cache"),
            "RESTIC_REPOSITORY": repository,
            "RESTIC_PASSWORD_FILE": str(folder / "key"),
        }
        self._options = options
        self.restic("init")

    def use_programs(self, folder: Path) -> None:
        """Find programs in *folder* first."""
        self._environment["PATH"] = f"{folder}:{self._environment['PATH']}"

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self._environment,
            input="Dati.",
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def restic(self, *arguments: str) -> str:
        done = self.run("restic", *self._options, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def back_up(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = self.run(SCRIPT, *arguments)
        assert not (self.folder / "cache" / "releases.tar").exists()
        return done

    def snapshots(self) -> list[str]:
        """Return the days of the backups that are kept."""
        return [one["time"][:10] for one in json.loads(self.restic("snapshots", "--json"))]

    def bytes_kept(self) -> int:
        size = json.loads(self.restic("stats", "--mode", "raw-data", "--json"))["total_size"]
        assert isinstance(size, int)
        return size


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, str(tmp_path / "repository"))


def test_a_second_backup_adds_what_changed_and_is_proved(machine: Machine) -> None:
    assert machine.back_up().returncode == 0
    first = machine.bytes_kept()
    with Store(machine.config.parent / "data" / "releases.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
    done = machine.back_up()
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.bytes_kept() - first < first / 2
    report(machine.config.parent / "data")
    proved = machine.back_up("prove")
    assert proved.returncode == 0, proved.stderr
    assert "sound; 30 releases" in proved.stdout
    assert "ok   answers: 1 of 1 judged queries are answered alike" in proved.stdout


def test_the_key_is_not_in_what_it_encrypts(machine: Machine) -> None:
    machine.back_up()
    files = machine.run("sh", "-c", "restic dump latest /releases.tar | grep -c atslēga-kas-nav")
    assert files.stdout == "0\n"


def test_a_damaged_repository_fails_the_proof(machine: Machine) -> None:
    machine.back_up()
    pack = max((machine.folder / "repository" / "data").rglob("*"), key=lambda path: path.stat().st_size)
    pack.chmod(0o600)
    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 1
    pack.write_bytes(content)
    shutil.rmtree(machine.folder / ".cache", ignore_errors=True)
    done = machine.back_up("prove")
    assert done.returncode != 0
    assert done.stderr


def test_a_damaged_store_replaces_no_backup(machine: Machine) -> None:
    machine.back_up()
    store = machine.config.parent / "data" / "releases.sqlite3"
    content = bytearray(store.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    store.write_bytes(content)
    assert machine.back_up().returncode != 0
    assert len(machine.snapshots()) == 1


@pytest.mark.long_sweep
def test_a_year_of_backups_is_thinned_out(machine: Machine) -> None:
    today = date.today()  # noqa: DTZ011 - restic counts in local days
    for age in [*range(1, 20), *range(20, 60, 7), *range(60, 450, 30)]:
        day = f"{today - timedelta(days=age)} 04:00:00"
        options = ("--time", day, "--host", "releases", "--tag", "releases")
        machine.restic("backup", "--quiet", *options, "--stdin", "--stdin-filename", "releases.tar")
    assert machine.back_up().returncode == 0
    kept = machine.snapshots()
    assert [str(today - timedelta(days=age)) for age in range(6, -1, -1)] == kept[-7:]
    assert len({day[:7] for day in kept}) == 12
    assert len(kept) <= 7 + 4 + 12


@pytest.mark.skipif(not SFTP_SERVER.exists(), reason="needs the sftp-server of OpenSSH")
def test_a_repository_on_another_machine(tmp_path: Path) -> None:
    """Over SFTP; what connects to the other machine is left out."""
    machine = Machine(tmp_path, f"sftp:other:{tmp_path}/repository", ("-o", f"sftp.command={SFTP_SERVER}"))
    (tmp_path / "bin").mkdir()
    wrapper = tmp_path / "bin" / "restic"
    wrapper.write_text(f'#!/bin/sh\nexec {shutil.which("restic")} -o sftp.command={SFTP_SERVER} "$@"\n')
    wrapper.chmod(0o755)
    machine.use_programs(tmp_path / "bin")
    assert machine.back_up().returncode == 0
    assert machine.back_up("prove").returncode == 0
