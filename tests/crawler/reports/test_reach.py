"""Whether a crawl without an answer is told from a crawl of sites that are down."""

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.config import Limits
from crawler.downloader import FetchError, Session
from crawler.page import Page
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


def reach_after(*reasons: str) -> Reach:
    """Return what a crawl reached whose fetches ended for these *reasons*; an empty one is an answer."""
    left = iter(reasons)

    def fetch(url: str, **options: object) -> Page:
        reason, _, detail = next(left).partition("/")
        if reason:
            raise FetchError(url, reason, detail=detail)
        return Page(
            requested_url=url,
            url=f"{url}?{sorted(options.items())}",
            status=200,
            headers={},
            body=b"",
            fetched=datetime(2026, 3, 1, tzinfo=UTC),
            chain=(url,),
        )

    reach = Reach(fetch)
    for _ in reasons:
        with contextlib.suppress(FetchError):
            reach.fetch("https://a.lv/")
    return reach


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ((), ""),
        (("timeout",), "no answer in time"),
        (("timeout", "dns", "dns"), "the host name has no address"),
        (("forbidden-address",), "the address of the host is not public"),
        (("timeout", ""), ""),
        (("timeout", "status-404"), ""),
        (("timeout", "robots"), ""),
        (("robots-unreachable/dns",), "the host name has no address"),
        (("robots-unreachable/status-503", "timeout"), ""),
        *(((silent,), "") for silent in ("stopped", "circuit-open", "retry-after", "quiet-hours", "denied")),
        (("dns", "circuit-open", "circuit-open", "denied"), "the host name has no address"),
    ],
)
def test_the_most_frequent_reason_is_named_if_nothing_answered(reasons: tuple[str, ...], words: str) -> None:
    remedy = "Check the network, name server and firewall of this machine with `releases check`"
    end = f". {remedy}, then crawl again."
    reach = reach_after(*reasons)
    assert reach.advice(1) == (f"The site did not answer: {words}{end}" if words else "")
    assert reach.advice(3) == (f"None of the 3 sites answered: {words}{end}" if words else "")


def test_a_fetch_is_passed_on_as_it_was_asked_for() -> None:
    reach = reach_after("")
    with pytest.raises(StopIteration):
        reach.fetch("https://a.lv/")
    asked: list[object] = []

    def fetch(url: str, **options: object) -> Page:
        asked.append((url, options))
        raise FetchError(url, "timeout")

    session = Session(admits=lambda _: True)
    with pytest.raises(FetchError):
        Reach(fetch).fetch("https://b.lv/", session=session, etag="e", last_modified="l", head_bytes=7)
    assert asked == [
        ("https://b.lv/", {"session": session, "etag": "e", "last_modified": "l", "head_bytes": 7})
    ]
