"""Later crawls and commands respect a host that asked for a long pause."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.store import Store
from crawler.store.backoff_rows import RobotsFailureRows
from tests.support.crawl_command import crawl
from tests.support.hostile_site import HostileSite, in_turn, page
from tests.support.small_site import list_of, release, rows

pytestmark = pytest.mark.sweep

NAMES = ("relize-1", "relize-2", "relize-3")


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite() as site:
        site.scripts["/lv/jaunumi"] = page(list_of(rows(*NAMES)))
        site.scripts |= {f"/lv/jaunums/{name}": page(release(name)) for name in NAMES}
        yield site


def objections(done: subprocess.CompletedProcess[str]) -> list[str]:
    [report] = json.loads(done.stdout)["sites"]
    assert isinstance(report["objections"], list)
    return report["objections"]


def store_of(config: Path) -> Store:
    return Store(config.parent / "data" / "releases.sqlite3")


def test_next_run_leaves_a_host_alone_until_the_time_is_over(site: HostileSite, config: Path) -> None:
    busy = page("", 503, retry_after="7200")
    site.scripts["/lv/jaunums/relize-2"] = in_turn(busy, page(release("relize-2")))
    first = crawl(config, "--json")
    requests = len(site.requests)
    log = config.parent / "log"
    second = crawl(config, "--json", "--log", str(log))
    assert (first.returncode, second.returncode, len(site.requests)) == (1, 1, requests)
    [objection] = objections(second)
    assert objection.startswith("the host asked for a long pause (until 20")
    assert objection in json.loads(log.read_text())["objections"]
    assert crawl(config, "check").returncode == 1
    assert (
        "the host asked for a long pause (until 20"
        in crawl(config, "preview", site.url("/lv/jaunums/relize-1")).stderr
    )
    assert len(site.requests) == requests
    with store_of(config) as store:
        store.execute("UPDATE sent_away SET until = until - 7200")
    assert crawl(config, "--json").returncode == 0
    with store_of(config) as store:
        assert store.count() == 3


@pytest.mark.parametrize("status", [503, 429])
def test_next_run_does_not_fetch_an_unreadable_robots_txt_at_once(
    site: HostileSite, config: Path, status: int
) -> None:
    config.write_text(f"{config.read_text()}\n[crawler.limits]\ntries = 1\n", encoding="utf-8")
    site.scripts["/robots.txt"] = page("", status)
    first, second = crawl(config, "--json"), crawl(config, "--json")
    assert len(site.requests) == 1
    expected = [f"robots.txt cannot be read (status {status}): the rest is left for the next run"]
    assert (objections(first), objections(second), second.returncode) == (expected, expected, 1)
    assert f"robots.txt cannot be read (status {status})" in crawl(config, "check").stdout
    assert len(site.requests) == 1
    with store_of(config) as store:
        store.execute("UPDATE robots_unread SET until = until - 600")
    site.scripts["/robots.txt"] = page("", 404)
    assert crawl(config, "--json").returncode == 0
    with store_of(config) as store:
        assert (store.count(), RobotsFailureRows(store).failures_left(datetime.now(UTC))) == (3, {})
