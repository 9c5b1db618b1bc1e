"""Crawls the sites of many cases together, day by day, and judges each."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.store import Store
from tests.accidents.case import Case
from tests.accidents.verdict import Finding, check_day, check_recovery, check_report, check_truth
from tests.accidents.world import World, open_world
from tests.support.warm_command import warm

SETTINGS = """
data_dir = "data"
[crawler]
allow_origins = {origins}
[crawler.politeness]
delay_s = 0
requests_per_s = 100000
hosts_at_once = 8
[crawler.limits]
backoff_s = 0.01
tries = 2
"""
Report = dict[str, Any]
"""The report of a crawl of one site."""
# 1: a site is not well.
CRAWLED = (0, 1)


@dataclass(slots=True)
class Judged:
    """A case with what is wrong about it, and the report of its site by day."""

    case: Case
    findings: list[Finding] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    @property
    def wrong(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == "wrong"]


def judge(cases: Sequence[Case], folder: Path) -> list[Judged]:
    """Crawl the sites of *cases* in *folder*; return them with what is wrong.

    All sites are crawled by one command a day, since starting it takes most of its time.
    """
    with ExitStack() as stack:
        worlds = [stack.enter_context(open_world(case, f"s{n}")) for n, case in enumerate(cases)]
        judged = [Judged(case) for case in cases]
        known: list[frozenset[str]] = [frozenset()] * len(cases)
        for day in range(max(case.crawls for case in cases)):
            active = [n for n, case in enumerate(cases) if day < case.crawls]
            reports = _crawl([worlds[n] for n in active], folder, day, worlds)
            with Store.open_readonly(folder / "data" / "releases.sqlite3") as store:
                for n in active:
                    judged[n].reports.append(reports[worlds[n].site.id])
                    if cases[n].accident:
                        judged[n].findings += check_report(worlds[n], reports[worlds[n].site.id], day)
                    judged[n].findings += _findings(worlds[n], store, known[n], day)
                    known[n] = frozenset(
                        one.path for one in worlds[n].site.publications if store.find(worlds[n].key(one.path))
                    )
        return judged


def _findings(world: World, store: Store, known: frozenset[str], day: int) -> Iterable[Finding]:
    is_last = day == world.case.crawls - 1
    if world.case.accident is None:
        return list(check_truth(world, store, day)) if is_last else []
    found = list(check_day(world, store, known, day))
    if is_last:
        found += check_recovery(world, store, day)
    return found


def _crawl(active: Sequence[World], folder: Path, day: int, worlds: Sequence[World]) -> dict[str, Report]:
    """Crawl the sites of *active* on a day; return the report of each."""
    for world in active:
        world.dawn(day)
        world.site.server.requests.clear()
    config = folder / "config.toml"
    if not config.exists():
        folder.mkdir(parents=True, exist_ok=True)
        origins = json.dumps([world.site.server.origin for world in worlds])
        tables = [SETTINGS.format(origins=origins), *(world.site.settings() for world in worlds)]
        config.write_text("\n".join(tables), encoding="utf-8")
    chosen = [argument for world in active for argument in ("--site", world.site.id)]
    done = warm("tests.accidents.later_crawl").run(str(day), "--config", str(config), "--json", *chosen)
    reports = _reports(done)
    for world in active:
        asked = [request.path for request in world.site.server.requests]
        reports[world.site.id]["nonsense"] = world.site.count_nonsense(asked)
    return reports


def _reports(done: "subprocess.CompletedProcess[str]") -> dict[str, Report]:
    if done.returncode not in CRAWLED:
        raise AssertionError(f"exit code {done.returncode}: {done.stderr}")
    return {site["site"]: site for site in json.loads(done.stdout)["sites"]}
