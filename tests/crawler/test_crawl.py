"""The command as a user runs it, against the sample sites over real HTTP."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.store import Store
from samples.server import Sites, crawl_config, serving

SOME_SITES = ("iem", "vugd", "mfa", "em")


@pytest.fixture
def sites() -> Iterator[Sites]:
    with serving(base_port=0) as sites:
        yield sites


@pytest.fixture
def config(sites: Sites, tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    some = {site: sites[site] for site in SOME_SITES}
    path.write_text(crawl_config(some, tmp_path / "data"), encoding="utf-8")
    return path


def command(config: Path, *arguments: str) -> list[str]:
    run = "from crawler.crawl import main; main()"
    return [sys.executable, "-W", "error", "-c", run, *arguments, "--config", str(config)]


def crawl(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(config, *arguments), capture_output=True, text=True, check=False)


def report_of(config: Path, *arguments: str) -> dict[str, dict[str, int]]:
    """Crawl and return the outcomes of each site."""
    done = crawl(config, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return {site["site"]: site["outcomes"] for site in json.loads(done.stdout)["sites"]}


def contents(config: Path) -> dict[str, object]:
    """Return all that the store holds but times and numbers."""
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        releases = list(store.changes_since(0))
        assert len({stored.number for stored in releases}) == len(releases)
        return {
            stored.id: (
                stored.release,
                stored.state,
                stored.aliases,
                stored.cluster,
                [(old.title, old.lead, old.body, old.published) for old in store.revisions(stored.id)],
            )
            for stored in releases
        }


def last_number(config: Path) -> int:
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        return store.last_number()


def test_second_crawl_of_unchanged_sites_rewrites_nothing(config: Path) -> None:
    first = report_of(config)
    number = last_number(config)
    done = crawl(config, "--json")
    report = json.loads(done.stdout)
    assert all(site["outcomes"]["new"] == 0 for site in report["sites"])
    assert report["not_modified_share"] >= 0.95
    assert (last_number(config), first["iem"]["new"] > 5) == (number, True)


def test_second_day_shows_what_is_new_edited_and_removed(config: Path, sites: Sites) -> None:
    report_of(config)
    sites.day = 2
    second = report_of(config)
    assert second["vugd"]["new"] == second["vugd"]["changed"] == 1
    assert second["mfa"]["gone"] + second["mfa"]["missing"] == 1
    assert sum(len(entry[4]) for entry in contents(config).values()) == 2  # type: ignore[index]  # of a tuple


def crawl_killed(config: Path, after_visits: int) -> int:
    """Crawl, kill -9 after so many visits, return the exit code."""
    log = config.parent / "log"
    if not log.exists():
        os.mkfifo(log)
    with (
        subprocess.Popen(
            command(config, "--log", str(log)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process,
        log.open() as lines,
    ):
        for number, _ in enumerate(lines, start=1):
            if number == after_visits:
                process.kill()
    return process.returncode


@pytest.mark.parametrize("seed", range(2))
def test_killed_crawl_goes_on_and_ends_like_an_undisturbed_one(
    config: Path, sites: Sites, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    undisturbed = tmp_path_factory.mktemp("undisturbed") / "config.toml"
    undisturbed.write_text(config.read_text().replace(str(config.parent), str(undisturbed.parent)))
    for day in (1, 2):
        sites.day = day  # type: ignore[assignment]  # mypy widens the literals of a loop
        assert crawl(undisturbed).returncode == 0
        assert crawl_killed(config, chance.randint(1, 40)) == -signal.SIGKILL
        assert crawl_killed(config, chance.randint(1, 15)) == -signal.SIGKILL
        assert crawl(config).returncode == 0
        assert contents(config) == contents(undisturbed)
