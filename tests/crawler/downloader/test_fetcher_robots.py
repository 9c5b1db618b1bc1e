"""robots.txt and politeness, as the server sees them."""

import gzip
import threading
from itertools import pairwise

import pytest

from crawler.config import Politeness
from crawler.downloader import Fetcher
from tests.support.fetching import AGENT, QUICK, Waits, failure, fetcher_of, never_answer, reason_of, serving
from tests.support.hostile_site import HostileSite, Script, Visit, page, raw

pytestmark = pytest.mark.sweep


def test_robots_txt_is_fetched_first_and_once(site: HostileSite) -> None:
    with fetcher_of(site) as fetcher:
        for path in ("/a", "/b", "/c"):
            fetcher.fetch(site.url(path))
    assert [request.path for request in site.requests] == ["/robots.txt", "/a", "/b", "/c"]


@pytest.mark.parametrize(
    "path", ["/private/a", "/%70rivate/a", "/x/../private/a", "//private/a", "/private/a#b"]
)
def test_url_forbidden_by_robots_txt_is_not_fetched(site: HostileSite, path: str) -> None:
    site.scripts["/robots.txt"] = serving("User-agent: *\nDisallow: /private\nDisallow: //private")
    error = failure(site, path)
    assert (error.reason, error.temporary, site.paths) == ("robots", False, [])


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(site: HostileSite) -> None:
    site.scripts["/robots.txt"] = serving("User-agent: preses-relizes\nDisallow: /private")
    site.scripts["/a"] = page("", 302, location="/private/a")
    assert failure(site, "/a").reason == "robots"
    assert site.paths == ["/a"]


def test_a_redirect_to_another_host_obeys_that_hosts_robots_txt(
    site: HostileSite, canary: HostileSite
) -> None:
    site.scripts["/a"] = page("", 302, location=canary.url("/b"))
    canary.scripts["/robots.txt"] = serving("User-agent: *\nDisallow: /")
    with fetcher_of(site, canary) as fetcher:
        assert reason_of(fetcher, site.url("/a")) == "robots"
    assert canary.paths == []


def _reset(visit: Visit) -> None:
    visit.reset()


@pytest.mark.parametrize(
    "script",
    [
        page("", 500),
        page("", 503),
        page("", 429),
        page("", 599),
        page("", 204),
        _reset,
        never_answer,
        raw(""),
        raw("garbage\r\n\r\n"),
        raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser-agent: *"),
        page("User-agent: *", content_encoding="gzip"),
        page("", 302),
        page("", 302, location="http://[bad"),
        page("", 302, location="http://169.254.169.254/robots.txt"),
    ],
)
def test_host_without_readable_robots_txt_is_not_fetched(site: HostileSite, script: Script) -> None:
    site.scripts["/robots.txt"] = script
    error = failure(site, "/a")
    assert (error.reason, error.temporary, site.paths) == ("robots-unreachable", True, [])
    assert error.retry_after is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_no_robots_txt_forbids_nothing(site: HostileSite, status: int) -> None:
    site.scripts["/robots.txt"] = page("User-agent: *\nDisallow: /", status)
    with fetcher_of(site) as fetcher:
        assert fetcher.fetch(site.url("/a")).status == 200


@pytest.mark.parametrize(("hops", "reason"), [(5, "robots"), (6, None)])
def test_robots_txt_is_followed_for_five_redirects(site: HostileSite, hops: int, reason: str | None) -> None:
    places = ["/robots.txt", *(f"/{hop}" for hop in range(1, hops + 1))]
    for here, there in pairwise(places):
        site.scripts[here] = page("", 301, location=there)
    site.scripts[places[-1]] = serving("User-agent: *\nDisallow: /a")
    with fetcher_of(site) as fetcher:
        if reason:
            assert reason_of(fetcher, site.url("/a")) == reason
        else:
            assert fetcher.fetch(site.url("/a")).status == 200


def test_redirect_loop_counts_as_no_robots_txt(site: HostileSite) -> None:
    site.scripts["/robots.txt"] = page("", 302, location="/robots.txt")
    with fetcher_of(site) as fetcher:
        assert fetcher.fetch(site.url("/a")).status == 200


def test_robots_txt_beyond_500_kib_is_not_read(site: HostileSite) -> None:
    rules = "User-agent: *\nDisallow: /a\n" + "# filler\n" * 80_000
    site.scripts["/robots.txt"] = serving(gzip.compress(rules.encode(), mtime=0), content_encoding="gzip")
    large = QUICK.model_copy(update={"page_bytes": 10_000_000})
    with fetcher_of(site, limits=large) as fetcher:
        assert reason_of(fetcher, site.url("/a")) == "robots"
        assert fetcher.fetch(site.url("/b")).status == 200


def test_an_outage_of_robots_txt_in_a_later_crawl_stops_that_crawl(site: HostileSite) -> None:
    with fetcher_of(site) as fetcher:
        fetcher.fetch(site.url("/a"))
    site.scripts["/robots.txt"] = page("", 503)
    assert failure(site, "/b").reason == "robots-unreachable"
    assert site.paths == ["/a"]


def test_crawl_delay_is_kept(site: HostileSite, waits: Waits) -> None:
    site.scripts["/robots.txt"] = serving("User-agent: *\nCrawl-delay: 20")
    with fetcher_of(site, waits=waits) as fetcher:
        for path in ("/a", "/b"):
            fetcher.fetch(site.url(path))
    assert [round(seconds) for seconds in waits.taken if seconds > 1] == [20, 20]


def test_delay_is_kept_as_seen_by_the_server(site: HostileSite, canary: HostileSite) -> None:
    sites = (site, canary)
    origins = [each.origin for each in sites]
    paced = Politeness(user_agent=AGENT, delay_s=0.1, requests_per_s=1000)
    with Fetcher(paced, QUICK, hosts=origins, allow_origins=origins) as fetcher:

        def crawl(each: HostileSite) -> None:
            for number in range(8):
                fetcher.fetch(each.url(f"/{number}"))

        workers = [threading.Thread(target=crawl, args=(each,)) for each in (*sites, *sites)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    for each in sites:
        times = [request.at for request in each.requests]
        assert len(times) == 17
        assert min(after - before for before, after in pairwise(times)) > 0.05
        assert each.at_once_most == 1
