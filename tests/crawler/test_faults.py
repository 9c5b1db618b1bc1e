"""A crawl whose file-system calls fail, or that is killed in one: the store is as before or as after it.

By default a few of the calls, evenly; with ``--every-fault`` all of them, which takes an hour.
"""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from crawler.inspection import check_store
from crawler.store import Store
from tests.crawler.hostile import HostileSite, page
from tests.crawler.test_large_pages import CONFIG, list_of, release, rows

CALLS = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,openat"
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC")
# The kinds of faults in turn, at calls evenly spread over all that a crawl makes.
SAMPLED = 12

State = dict[str, tuple[str, str, str]]


@dataclass(frozen=True)
class Stage:
    """A crawl to be disturbed: of which site, on what data, and what the store holds before and after it."""

    config: Path
    before: Path
    old: State
    new: State
    calls: tuple[tuple[str, int], ...]
    """Each call, by name and number, in the order of its first thread."""

    @property
    def data(self) -> Path:
        return self.config.parent / "data"


class Point(NamedTuple):
    """Which call of which crawl goes wrong, and how."""

    day: int
    call: str
    number: int
    fault: str


def crawl(config: Path, before: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "crawl", "--config", config]
    return subprocess.run([*before, *command], capture_output=True, text=True, check=False, timeout=120)


def traced(data: Path, *options: str) -> list[str]:
    """Return how to run a command with *options* of strace about the files that matter."""
    names = (
        "",
        "releases.sqlite3",
        "releases.sqlite3-wal",
        "releases.sqlite3-shm",
        "releases.sqlite3-journal",
    )
    reports = [
        f"reports/crawl-{run:06}.{kind}{new}"
        for run in (1, 2)
        for kind in ("json", "html")
        for new in ("", ".new")
    ]
    paths = [data / name for name in (*names, "crawl.lock", "reports", *reports)]
    return [
        "strace",
        "-f",
        "--seccomp-bpf",
        *options,
        *(part for path in paths for part in ("-P", str(path))),
    ]


def state(data: Path) -> State:
    """Return what the store says, damage told by an exception."""
    if not (data / "releases.sqlite3").exists():
        return {}
    with Store(data / "releases.sqlite3") as store:
        assert all(finding.is_well for finding in check_store(store))
        return {
            stored.release.url: (stored.state, stored.release.title, stored.release.body)
            for stored in store.changes_since(0)
        }


def restored(stage: Stage) -> None:
    shutil.rmtree(stage.data, ignore_errors=True)
    if stage.before.exists():
        shutil.copytree(stage.before, stage.data)


def publish(site: HostileSite, *names: str, edited: str = "") -> None:
    site.scripts["/lv/jaunumi"] = page(list_of(rows(*names)))
    for name in names:
        text = release(name)
        site.scripts[f"/lv/jaunums/{name}"] = page(
            text.replace("Latgalē", "Vidzemē") if name == edited else text
        )


@pytest.fixture(scope="module")
def site() -> Iterator[HostileSite]:
    with HostileSite(missing=page(status=404)) as site:
        yield site


@pytest.fixture(scope="module")
def stages(site: HostileSite, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, ...]:
    """The first crawl, which makes the store, and the second, which finds an edit and a new release."""
    usable = shutil.which("strace") and subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"], capture_output=True, check=False
    )
    if not usable or usable.returncode:
        pytest.skip("strace is not installed, or may not trace here: no faults can be injected")
    folder = tmp_path_factory.mktemp("faults")
    config = folder / "config.toml"
    config.write_text(CONFIG.format(origin=site.origin), encoding="utf-8")
    made = []
    for before in (folder / "nothing", folder / "first"):
        publish_day(site, day=len(made))
        old = state(folder / "data")
        trace = folder / "trace"
        done = crawl(config, traced(folder / "data", "-o", str(trace), "-e", f"trace={CALLS}"))
        assert done.returncode == 0, done.stderr
        new = state(folder / "data")
        made.append(Stage(config=config, before=before, old=old, new=new, calls=calls_in(trace)))
        shutil.copytree(folder / "data", folder / "first", dirs_exist_ok=True)
    return tuple(made)


def publish_day(site: HostileSite, *, day: int) -> None:
    if day == 0:
        publish(site, "relize-1", "relize-2", "relize-3")
    else:
        publish(site, "relize-1", "relize-2", "relize-3", "relize-4", edited="relize-2")


def calls_in(trace: Path) -> tuple[tuple[str, int], ...]:
    """Return the calls of *trace*, numbered as strace does: for each thread and name by itself."""
    seen: Counter[tuple[str, str]] = Counter()
    calls: dict[tuple[str, int], None] = {}
    for thread, name in re.findall(r"^(\d+) +(\w+)\(", trace.read_text(errors="replace"), re.MULTILINE):
        seen[thread, name] += 1
        calls[name, seen[thread, name]] = None
    return tuple(calls)


def test_store_is_old_or_new_and_the_next_crawl_recovers(
    site: HostileSite, stages: tuple[Stage, ...], request: pytest.FixtureRequest
) -> None:
    points = [
        Point(day, *call, fault)
        for day, stage in enumerate(stages)
        for call in stage.calls
        for fault in FAULTS
    ]
    if not request.config.getoption("--every-fault"):
        points = points[:: len(points) // SAMPLED | 1]
    failures = [told for point in points if (told := disturbed(site, stages[point.day], point))]
    assert not failures, json.dumps(failures, indent=1)


def disturbed(site: HostileSite, stage: Stage, point: Point) -> str:
    """Disturb a crawl once; return what was wrong then, or nothing."""
    restored(stage)
    publish_day(site, day=point.day)
    inject = f"inject={point.call}:{point.fault}:when={point.number}"
    done = crawl(stage.config, traced(stage.data, "-o", "/dev/null", "-e", f"trace={CALLS}", "-e", inject))
    if "Traceback" in done.stderr or done.returncode not in (0, 1, 3, 4, -9, 137):
        return f"{point}: exit code {done.returncode}: {done.stderr[-1500:]}"
    try:
        found = state(stage.data)
    except Exception as error:  # noqa: BLE001 # whatever it is, it is told
        return f"{point}: {error!r}"
    if torn := {url for url, said in found.items() if said not in (stage.old.get(url), stage.new.get(url))}:
        return f"{point}: {torn} is neither old nor new"
    again = crawl(stage.config)
    if (again.returncode, state(stage.data)) != (0, stage.new):
        return f"{point}: then exit code {again.returncode}: {again.stderr[-1500:]}"
    return ""
