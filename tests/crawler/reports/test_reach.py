"""Whether a crawl without an answer is told from a crawl of sites that are down."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.config import Limits
from crawler.downloader import FetchError
from crawler.reports import Reach
from tests.support.crawl_command import crawl
from tests.support.fetching import QUICK, fetcher_of, never_answer
from tests.support.hostile_site import HostileSite, Script, page

PATIENT = Limits(connect_s=60, read_s=60, total_s=120, tries=1)


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite() as site:
        yield site


def advice_after_fetch(site: HostileSite, limits: Limits) -> str:
    with fetcher_of(site, limits=limits) as fetcher:
        reach = Reach(fetcher.fetch)
        with contextlib.suppress(FetchError):
            reach.fetch(site.url("/a"))
        return reach.advice(2)


@pytest.mark.parametrize(
    "scripts",
    [
        {"/a": page("<p>Te.")},
        {"/a": page("", 404)},
        {"/a": page("", 503)},
        {"/robots.txt": page("", 503)},
        {"/robots.txt": page("User-agent: *\nDisallow: /")},
    ],
    ids=["page", "missing", "busy", "robots.txt busy", "forbidden"],
)
def test_host_that_answers_anything_proves_the_network(site: HostileSite, scripts: dict[str, Script]) -> None:
    site.scripts |= scripts
    assert advice_after_fetch(site, PATIENT) == ""


def test_sites_without_an_answer_lead_to_the_network(site: HostileSite) -> None:
    site.scripts["/robots.txt"] = never_answer
    advice = advice_after_fetch(site, QUICK)
    assert advice.startswith("None of the 2 sites answered: no answer in time. ")
    assert "`releases check`" in advice


def test_crawl_that_fetched_nothing_has_no_advice(site: HostileSite) -> None:
    with fetcher_of(site) as fetcher:
        assert Reach(fetcher.fetch).advice(2) == ""


@pytest.mark.sweep
def test_operator_of_a_machine_without_network_is_told_at_the_end(config: Path, site: HostileSite) -> None:
    site.scripts["/robots.txt"] = never_answer
    config.write_text(f"{config.read_text()}\n[crawler.limits]\ntries = 1\nread_s = 1\n", encoding="utf-8")
    done = crawl(config)
    last = done.stderr.splitlines()[-1]
    assert (done.returncode, last.startswith("The site did not answer: no answer in time. ")) == (1, True)
    report = config.parent / "data" / "reports" / "crawl-000001"
    assert json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))["advice"] == last
    assert "The site did not answer" in report.with_suffix(".html").read_text(encoding="utf-8")
