"""Extracts stored pages again after a change of templates, and shows a release field by field."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from difflib import unified_diff

from crawler.config import CrawlerConfig, Site
from crawler.downloader import product_token
from crawler.extraction import Extraction, ExtractionJob
from crawler.page import Page
from crawler.scheduler import Frontier, Owners, aliases_of, with_stored_address
from crawler.store import Outcome, Release, Store, has_same_content
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
    """Extract the stored pages of *site* by today's templates; return the number of pages by outcome.

    A page that another site of *config* owns is extracted by that site's templates.
    """
    outcomes: Counter[str] = Counter()
    owners, frontier = Owners(config.sites or (site,)), Frontier(store, config.recheck)
    for page in Pages(store).of_site(site.id):
        url = canonical(page.url)
        job = ExtractionJob(
            page=page,
            kind="release",
            site=owners.of(url, site, store.owner(url)),
            templates=config.templates,
            hints=frontier.hints(page.requested_url),
            robot=product_token(config.politeness.user_agent),
        )
        release = read(job).release
        if release is None:
            outcomes["failed"] += 1
            continue
        release = with_stored_address(release, page, store)
        if release.url != canonical(page.requested_url) and frontier.knows(release.url):
            outcomes["unchanged"] += 1  # an old address: the page stored under the new one is newer
            continue
        outcomes[_store(release, page, store)] += 1
    return outcomes


def _store(release: Release, page: Page, store: Store) -> Outcome:
    """Store a release extracted again. The page is the same, so a difference is not an edit."""
    seen = datetime.now(UTC)
    stored = store.find(release.url)
    if stored is None or stored.release.url != release.url:
        return store.save(release, seen=seen, aliases=aliases_of(release, page.requested_url, page))
    if stored.release.site != release.site and release.url != canonical(page.url):
        return "unchanged"  # a page of one site is no evidence about the release of another
    release = store.with_texts(release)
    if has_same_content(stored.release, release):
        return "unchanged"
    store.overwrite(stored.id, release, seen=seen)
    return "changed"


def field_by_field(release: Release) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and rule of each field; the rule is empty if there is only one."""
    rules = dict(release.rules)
    for name in FIELDS:
        yield name, _to_text(getattr(release, name)), rules.get(name, "")


def differences(stored: Release, read_now: Release) -> Iterator[str]:
    """Yield the lines of a diff from the stored release to the one read now; none if they are equal."""
    before, after = (
        [f"{name}: {line}" for name, value, _ in field_by_field(version) for line in value.splitlines()]
        for version in (stored, read_now)
    )
    yield from unified_diff(before, after, "stored", "read now", lineterm="", n=1)


def _to_text(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(str(getattr(part, "url", part)) for part in value)
    return "" if value is None else str(value)
