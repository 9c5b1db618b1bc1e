"""Crawls a world with the real `crawl`, day by day, and checks the result."""

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from crawler.store import Store, StoreError
from crawler.urls import canonical
from tests.storm import processes
from tests.storm.place import PageFilter
from tests.storm.processes import CommandResult
from tests.storm.world import Expected, World

CRAWL = Path(sys.executable).parent / "crawl"
INSIDE = Path(__file__).parent / "inside"
MEMORY_MB_MAX = 300
STOP_S_MAX = 10
# 1: a site stored nothing or changed implausibly, as in each world with a dying site.
WELL = {0, 1}
STOPPED = {130}
# Functions in which threads wait for others.
WAITING = ("in wait", "in select", "in _wait_for_tstate_lock", "in _end_after", "in accept", "in _worker")
# The share of worlds that get SIGTERM during the first crawl.
STOPPED_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failure: its kind, and what is needed to reproduce it."""

    kind: str
    detail: str


@dataclass(slots=True)
class WorldResult:
    """The result of one world."""

    seed: int
    failures: list[Failure] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    """Releases that the first crawl left for a later one."""
    runs: list[CommandResult] = field(default_factory=list)


def storm(
    seed: int, folder: Path, *, days: int, bound_s: float, nasty_max: int, page_filter: PageFilter
) -> WorldResult:
    """Crawl the world of *seed* on *days* days and check the result."""
    result = WorldResult(seed)
    with World(seed, folder, nasty_max=nasty_max, page_filter=page_filter) as world:
        config = world.config()
        (folder / "recipe").write_text("\n".join(world.recipe()), encoding="utf-8")
        chance = Random(f"{seed}/stop")
        if chance.random() < STOPPED_SHARE:
            result.runs.append(_crawl(config, world, bound_s, stop_after_s=chance.uniform(0.3, 6)))
            result.failures += _check_ending(result.runs[-1], world)
        found: set[str] = set()
        for day in range(days):
            world.day = day
            run = _crawl(config, world, bound_s)
            result.runs.append(run)
            result.failures += [*_check_ending(run, world), *_check_outside(world)]
            missing = list(_check_releases(world, found))
            is_last = day == days - 1
            result.failures += [one for one in missing if is_last or one.kind != "not stored"]
            if day == 0:
                result.late = [one.detail for one in missing if one.kind == "not stored"]
    return result


def _crawl(config: Path, world: World, bound_s: float, *, stop_after_s: float = math.inf) -> CommandResult:
    notes = {
        "STORM_NOTES": str(world.folder / "notes"),
        "STORM_DAYS": str(world.day),
        "PYTHONPATH": str(INSIDE),
    }
    return processes.run(
        [CRAWL, "--config", config, "--json", "--log", world.folder / "log"],
        folder=world.folder,
        environment=notes,
        bound_s=bound_s,
        stop_after_s=stop_after_s,
        stop_bound_s=STOP_S_MAX,
    )


def _check_ending(run: CommandResult, world: World) -> Iterator[Failure]:
    if run.was_late:
        yield Failure(kind="does not end", detail=f"after {run.seconds:.0f} s; {_stacks(world)}")
    if run.is_killed:
        yield Failure(kind="ignores SIGTERM", detail=_stacks(world))
    if run.peak_mb > MEMORY_MB_MAX:
        yield Failure(kind="memory", detail=f"{run.peak_mb:.0f} MB")
    if "Traceback (most recent call last)" in run.errors + run.output:
        yield Failure(kind="traceback", detail=run.errors[-600:])
    if run.code not in (WELL | STOPPED if run.was_signalled else WELL) and not run.is_killed:
        yield Failure(kind=f"exit code {run.code}", detail=run.errors[-300:])
    elif run.code in WELL:
        yield from _check_report(run, world)


def _check_report(run: CommandResult, world: World) -> Iterator[Failure]:
    try:
        reported = {site["site"] for site in json.loads(run.output)["sites"]}
    except (ValueError, KeyError, TypeError) as error:
        yield Failure(kind="report", detail=f"{error!r}: {run.output[:200]!r}")
        return
    if missing := {site.id for site in world.sites} - reported:
        yield Failure(kind="report", detail=f"does not mention {missing}")


def _check_outside(world: World) -> Iterator[Failure]:
    """Yield what was fetched, looked up or opened but must not be."""
    hosts = {origin.partition(":")[0] for origin in world.origins}
    notes = world.folder / "notes"
    lines = set(notes.read_text("utf-8").splitlines()) if notes.exists() else ()
    for event, what in map(json.loads, lines):
        if (event == "connect" and what not in world.origins) or (event == "name" and what not in hosts):
            yield Failure(kind=f"outside: {event}", detail=str(what))
        if event == "open":
            yield Failure(kind="opens a file", detail=str(what))
    for request in world.canary.requests:
        yield Failure(kind="outside: canary", detail=request.path)
    for site in world.sites:
        for request in site.server.requests:
            if request.headers.get("host") != site.origin:
                yield Failure(
                    kind="another host", detail=f"{request.headers.get('host')!r}{request.path[:200]}"
                )
            if request.path == "/stolen":
                yield Failure(kind="reads a file", detail="requests a URL from a local file")
            if site.forbids and not site.dying and request.path.startswith("/slepens/"):
                yield Failure(kind="robots", detail=f"{site.id}{request.path} is forbidden")


def _check_releases(world: World, found: set[str]) -> Iterator[Failure]:
    """Yield the honest releases that are wrong or missing; add the others to *found*."""
    path = world.folder / "data" / "releases.sqlite3"
    try:
        with Store.open_readonly(path) as store:
            for expected in world.expected():
                if failure := _compare(expected, store, expected.url in found):
                    yield failure
                else:
                    found.add(expected.url)
    except StoreError as error:
        yield Failure(kind="store", detail=str(error))


def _compare(expected: Expected, store: Store, was_found: bool) -> Failure | None:
    stored = store.find(canonical(expected.url))
    where = f"{expected.site} {expected.url}"
    if stored is None:
        return Failure(kind="lost" if was_found else "not stored", detail=where)
    if stored.state != "present":
        return Failure(kind=f"falsely {stored.state}", detail=where)
    if stored.release.site != expected.site:
        return Failure(kind="under another site", detail=f"{where} is of {stored.release.site}")
    if stored.release.title != expected.text.title:
        return Failure(kind="another title", detail=f"{where}: {stored.release.title[:80]!r}")
    if lost := [
        one for one in expected.text.paragraphs if one not in stored.release.body + stored.release.lead
    ]:
        return Failure(
            kind="text lost", detail=f"{where}: {lost[0][:120]!r}; kept {stored.release.body[:200]!r}"
        )
    return None


def _stacks(world: World) -> str:
    """Return the stacks of all threads that were not merely waiting."""
    stacks = world.folder / "notes.stacks"
    if not stacks.exists():
        return "no stacks were written"
    found = {}
    for thread in stacks.read_text("utf-8", "replace").split("hread 0x")[1:]:
        lines = [line.strip() for line in thread.splitlines()[1:] if line.startswith("  File")]
        if lines and not lines[0].endswith(WAITING):
            own = [line for line in lines if "/crawler/" in line][:2]
            found[" < ".join([lines[0], *own])] = None
    return "; ".join([*found][:8]) or "all threads wait"
