"""A command that fails or is killed in any file-system call leaves the store as before or after it.

By default a sample of the calls; with ``--every-fault`` all of them, which takes hours.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pytest

from crawler.check import check_store
from crawler.store import Store
from tests.support.faults import calls_in, skip_without_strace
from tests.support.hostile_site import HostileSite, page
from tests.support.small_site import CONFIG, list_of, release, rows
from tests.support.warm_command import warm

pytestmark = pytest.mark.sweep

CALLS = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,openat"
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC")
# Number of calls tried, evenly spread over all calls of the commands; the kinds of faults take turns.
SAMPLED = 16

State = dict[str, tuple[str, str, str]]


@dataclass(frozen=True)
class Stage:
    """A command to disturb: its day and data, and the contents of the store before and after it."""

    arguments: tuple[str, ...]
    day: int
    config: Path
    before: Path
    old: State
    new: State
    calls: tuple[tuple[str, int], ...]
    """Each call by name and number, in the order of the first thread that makes it."""

    @property
    def data(self) -> Path:
        return self.config.parent / "data"


class Point(NamedTuple):
    """The call of a command that fails, and how it fails."""

    stage: int
    call: str
    number: int
    fault: str


def crawl(
    config: Path, arguments: Sequence[str] = (), *, before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    if not before:
        return warm("crawler.crawl").run(*arguments, "--config", str(config))
    command = [Path(sys.executable).parent / "crawl", *arguments, "--config", config]
    return subprocess.run([*before, *command], capture_output=True, text=True, check=False, timeout=120)


def strace_command(data: Path, *options: str) -> list[str]:
    """Return the strace command that watches the files that matter, with *options*."""
    names = (
        "",
        "releases.sqlite3",
        "releases.sqlite3-wal",
        "releases.sqlite3-shm",
        "releases.sqlite3-journal",
    )
    reports = [
        f"reports/crawl-{run:06}.{kind}{new}"
        for run in (1, 2, 3, 4)
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
    """Return the contents of the store; raise an exception if it is damaged."""
    if not (data / "releases.sqlite3").exists():
        return {}
    with Store(data / "releases.sqlite3") as store:
        assert all(finding.is_well for finding in check_store(store))
        return {
            stored.release.url: (stored.state, stored.release.title, stored.release.body)
            for stored in store.changes_since(0)
        }


def restore(stage: Stage) -> None:
    shutil.rmtree(stage.data, ignore_errors=True)
    if stage.before.exists():
        shutil.copytree(stage.before, stage.data)


NAMES = ("relize-1", "relize-2", "relize-3", "relize-4")
# By day: the releases of the site, and which of them are edited. The changes of the last day stay pending.
DAYS = ((NAMES[:3], ()), (NAMES, NAMES[1:2]), (NAMES, NAMES[:1] + NAMES[2:]))


def publish(site: HostileSite, *, day: int) -> None:
    names, edited = DAYS[day]
    site.scripts["/lv/jaunumi"] = page(list_of(rows(*names)))
    for name in names:
        text = release(name)
        text = text.replace("Latgalē", "Vidzemē") if name in edited else text
        site.scripts[f"/lv/jaunums/{name}"] = page(text)


@pytest.fixture(scope="module")
def site() -> Iterator[HostileSite]:
    with HostileSite(missing=page(status=404)) as site:
        yield site


@pytest.fixture(scope="module")
def stages(site: HostileSite, tmp_path_factory: pytest.TempPathFactory) -> tuple[Stage, ...]:
    """Two crawls, the second with an edit and a new release; then each other command that writes."""
    skip_without_strace()
    folder = tmp_path_factory.mktemp("faults")
    config, other = folder / "config.toml", folder / "other.toml"
    settings = CONFIG.format(origin=site.origin)
    config.write_text(settings, encoding="utf-8")
    other.write_text(settings.replace("body =", 'title = ["title"]\nbody ='), encoding="utf-8")
    nothing, first, second, doubted = (folder / name for name in ("nothing", "first", "second", "doubted"))
    made = [trace_stage(site, Stage((), 0, config, nothing, {}, {}, ()), kept=first)]
    made.append(trace_stage(site, Stage((), 1, config, first, {}, {}, ()), kept=second))
    made.append(trace_stage(site, Stage(("reextract",), 1, other, second, {}, {}, ())))
    hide = ("hide", f"http://{site.origin}/lv/jaunums/relize-2")
    made.append(trace_stage(site, Stage(hide, 1, config, second, {}, {}, ())))
    made.append(trace_stage(site, Stage(("undo", "iem"), 1, config, second, {}, {}, ())))
    restore(made[-1])
    publish(site, day=2)
    assert crawl(config).returncode == 1
    shutil.copytree(folder / "data", doubted)
    made.append(trace_stage(site, Stage(("--accept-loss", "iem"), 2, config, doubted, {}, {}, ())))
    return tuple(made)


def trace_stage(site: HostileSite, stage: Stage, *, kept: Path | None = None) -> Stage:
    """Return *stage* with the calls its command makes and what it changes; copy the data to *kept*."""
    restore(stage)
    publish(site, day=stage.day)
    old = state(stage.data)
    trace = stage.config.parent / "trace"
    strace = strace_command(stage.data, "-o", str(trace), "-e", f"trace={CALLS}")
    done = crawl(stage.config, stage.arguments, before=strace)
    assert done.returncode == 0, done.stderr
    new = state(stage.data)
    assert old != new
    if kept:
        shutil.copytree(stage.data, kept)
    return replace(stage, old=old, new=new, calls=calls_in(trace))


@pytest.mark.long_sweep
def test_store_is_old_or_new_and_the_same_command_recovers(
    site: HostileSite, stages: tuple[Stage, ...], request: pytest.FixtureRequest
) -> None:
    points = [
        Point(number, *call, fault)
        for number, stage in enumerate(stages)
        for call in stage.calls
        for fault in FAULTS
    ]
    if not request.config.getoption("--every-fault"):
        points = points[:: len(points) // SAMPLED | 1]
    failures = [fault for point in points if (fault := disturb(site, stages[point.stage], point))]
    assert not failures, json.dumps(failures, indent=1)


def disturb(site: HostileSite, stage: Stage, point: Point) -> str:
    """Disturb a command once; return what went wrong, or an empty text."""
    restore(stage)
    publish(site, day=stage.day)
    inject = f"inject={point.call}:{point.fault}:when={point.number}"
    strace = strace_command(stage.data, "-o", "/dev/null", "-e", f"trace={CALLS}", "-e", inject)
    done = crawl(stage.config, stage.arguments, before=strace)
    if "Traceback" in done.stderr or done.returncode not in (0, 1, 3, 4, -9, 137):
        return f"{point}: exit code {done.returncode}: {done.stderr[-1500:]}"
    try:
        found = state(stage.data)
    except Exception as error:  # noqa: BLE001  # a torn store may raise anything; the failure names the call
        return f"{point}: {error!r}"
    if torn := {
        url for url, content in found.items() if content not in (stage.old.get(url), stage.new.get(url))
    }:
        return f"{point}: {torn} is neither old nor new"
    again = crawl(stage.config, stage.arguments)
    if (again.returncode, state(stage.data)) != (0, stage.new):
        return f"{point}: then exit code {again.returncode}: {again.stderr[-1500:]}"
    return ""
