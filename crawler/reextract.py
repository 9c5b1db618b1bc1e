"""Reads pages again: kept ones after a change of templates, any one to show how it is read."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from difflib import unified_diff

from crawler.config import CrawlerConfig, Site
from crawler.downloader import product_token
from crawler.extraction import Extraction, ExtractionJob
from crawler.page import Page
from crawler.scheduler.changes.release_address import aliases_of, under_known_address
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.ownership import Owners
from crawler.store import Outcome, Release, Store, says_the_same
from crawler.store.pages import Pages
from crawler.urls import canonical

FIELDS = (
    "url",
    "language",
    "title",
    "lead",
    "body",
    "contact",
    "published",
    "published_source",
    "published_confidence",
    "updated",
    "category",
    "attachments",
    "translations",
    "machine_translated",
)


def reextract(
    site: Site, config: CrawlerConfig, store: Store, read: Callable[[ExtractionJob], Extraction]
) -> Counter[str]:
    """Store what the kept pages of *site* say to today's templates; return the number of pages by outcome.

    A page that belongs to another site of *config* is read by that site's templates.
    """
    outcomes: Counter[str] = Counter()
    owners, frontier = Owners(config.sites or (site,)), Frontier(store, config.recheck)
    for page in Pages(store).of_site(site.id):
        url = canonical(page.url)
        task = ExtractionJob(
            page=page,
            kind="release",
            site=owners.of(url, site, store.owner(url)),
            templates=config.templates,
            hints=frontier.hints(page.asked),
            robot=product_token(config.politeness.user_agent),
        )
        release = read(task).release
        if release is None:
            outcomes["failed"] += 1
            continue
        release = under_known_address(release, page, store)
        if release.url != canonical(page.asked) and frontier.knows(release.url):
            outcomes["unchanged"] += 1  # an old address: what is kept of its own is newer
            continue
        outcomes[_store(release, page, store)] += 1
    return outcomes


def _store(release: Release, page: Page, store: Store) -> Outcome:
    """Store what a kept page says now. It is the same page: what is read otherwise was not edited."""
    seen = datetime.now(UTC)
    stored = store.find(release.url)
    if stored is None or stored.release.url != release.url:
        return store.save(release, seen=seen, aliases=aliases_of(release, page.asked, page))
    if stored.release.site != release.site and release.url != canonical(page.url):
        return "unchanged"  # a page of one site says nothing of what another has at that address
    release = store.with_texts(release)
    if says_the_same(stored.release, release):
        return "unchanged"
    store.overwrite(stored.id, release, seen=seen)
    return "changed"


def field_by_field(release: Release) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and rule of each field; the rule is empty where only one could speak."""
    rules = dict(release.rules)
    for name in FIELDS:
        yield name, _shown(getattr(release, name)), rules.get(name, "")


def differences(stored: Release, read_now: Release) -> Iterator[str]:
    """Yield the lines of a diff from what is stored to what is read now; none where they are the same."""
    before, after = (
        [f"{name}: {line}" for name, value, _ in field_by_field(one) for line in value.splitlines()]
        for one in (stored, read_now)
    )
    yield from unified_diff(before, after, "stored", "read now", lineterm="", n=1)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(str(getattr(part, "url", part)) for part in value)
    return "" if value is None else str(value)
