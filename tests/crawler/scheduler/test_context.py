"""What a site's crawl knows of its surroundings: owners, templates, and the jobs of readers."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.config import CrawlerConfig, Recheck
from crawler.downloader import Session
from crawler.extraction import DiscoveredUrl, Extraction, ExtractionJob
from crawler.page import Page, PageKind
from crawler.scheduler.context import NO_OPTIONS, CrawlContext, SiteContext
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.plan import FrontierUrl
from crawler.store import Store
from tests.support.site_crawl import InProcessReader
from tests.support.stored_release import DAY, RELEASE

CONFIG = CrawlerConfig.model_validate(
    {
        "politeness": {"user_agent": "robots/1.0 (+https://a.lv)"},
        "templates": {name: {"body": [f".{name}"]} for name in "tuvw"},
        "sites": [
            {
                "id": "a",
                "ministry": "A",
                "template": "t",
                "older_templates": ["u"],
                "start": ["https://a.lv/lv/"],
                "hosts": ["shared.lv"],
            },
            {
                "id": "b",
                "ministry": "B",
                "template": "v",
                "start": ["https://b.lv/lv/"],
                "hosts": ["shared.lv"],
            },
        ],
    }
)
HINTS = DiscoveredUrl(url="https://a.lv/x", title="T", published=None, source="list")


def unasked(*_: object, **__: object) -> Page:
    raise AssertionError("nothing is fetched")


@pytest.fixture
def context(store: Store) -> SiteContext:
    """The environment of the first site."""
    crawl = CrawlContext(
        config=CONFIG,
        store=store,
        run=Frontier(store, Recheck()).start(datetime(2026, 3, 2, tzinfo=UTC)),
        fetch=unasked,
        readers=InProcessReader(),
        on_commit=lambda _: None,
        stop=threading.Event(),
        now=lambda: datetime(2026, 3, 2, tzinfo=UTC),
    )
    return SiteContext.of(CONFIG.sites[0], crawl)


def entry(url: str, kind: PageKind = "release") -> FrontierUrl:
    return FrontierUrl(url=url, request_url=url, site="a", kind=kind, depth=1, hints=HINTS, changed=0)


def page(url: str) -> Page:
    fetched = datetime(2026, 3, 2, tzinfo=UTC)
    return Page(requested_url=url, url=url, status=200, headers={}, body=b"", fetched=fetched, chain=(url,))


@pytest.mark.parametrize(
    ("url", "kind", "site", "templates"),
    [
        ("https://a.lv/x", "release", "a", ["t", "u"]),
        ("https://b.lv/x", "release", "b", ["v"]),
        ("https://b.lv/x", "list", "a", ["t", "u"]),
        ("https://c.lv/x", "release", "a", ["t", "u"]),
    ],
)
def test_a_release_is_read_by_the_templates_of_its_owner(
    context: SiteContext, url: str, kind: PageKind, site: str, templates: list[str]
) -> None:
    job = context.job(entry(url, kind), page(url))
    assert job == ExtractionJob(
        page=page(url),
        kind=kind,
        site=next(one for one in CONFIG.sites if one.id == site),
        templates={name: CONFIG.templates[name] for name in templates},
        hints=HINTS,
        robot="robots",
        wants_text=False,
        is_known=False,
    )


@pytest.mark.parametrize(
    ("kind", "is_stored", "is_known"),
    [("release", True, True), ("release", False, False), ("attachment", True, False)],
)
def test_a_release_that_is_stored_at_the_address_is_known(
    context: SiteContext, kind: PageKind, *, is_stored: bool, is_known: bool
) -> None:
    one = replace(entry("https://a.lv/x", kind), is_stored=is_stored)
    assert context.job(one, page("https://a.lv/x")).is_known is is_known


def test_a_release_that_two_sites_claim_stays_where_it_is(context: SiteContext, store: Store) -> None:
    url = "https://shared.lv/x"
    assert context.owner_of(url).id == "a"
    store.save(replace(RELEASE, site="b", url=url), seen=DAY)
    assert context.owner_of(url).id == "b"


def test_the_parts_belong_to_the_site(context: SiteContext) -> None:
    assert (context.site.id, context.crawl.options) == ("a", NO_OPTIONS)
    assert isinstance(context.session, Session)
    assert (NO_OPTIONS.since, NO_OPTIONS.limit, NO_OPTIONS.accept_loss) == (None, None, frozenset())
    assert context.parameters.names == frozenset()
    assert context.boundary.is_open
    assert {"a", "b"} <= {site for site in ("a", "b", "c") if site in context.owners}
    assert "c" not in context.owners
    assert Extraction().reason is None
