"""Under which address is a release kept? See docs/decisions/014-identity.md.

A crawl decides this (`with_fetched_address`); extracting a stored page again keeps what was decided
(`with_stored_address`).
"""

from dataclasses import replace

from crawler.page import Page
from crawler.scheduler.context import SiteContext
from crawler.scheduler.plan import FrontierUrl
from crawler.store import Release, Store, StoredRelease, has_same_content
from crawler.store.records import text_digest
from crawler.urls import canonical


def with_fetched_address(release: Release, entry: FrontierUrl, page: Page, context: SiteContext) -> Release:
    """Return *release* under the page's own address if the canonical one belongs to a page with another text.

    Some sites declare one canonical URL on all their pages. Equal releases are merged by the store.
    """
    own = canonical(page.url)
    if release.url in (entry.url, own):
        return release
    declared = context.store.find(release.url)
    if context.owner_of(release.url).id != context.site.id:
        return release if declared and _is_copy(release, declared) else replace(release, url=own)
    known = context.store.find(entry.url)
    if known is not None and known.release.url == release.url:
        return release
    is_true = _is_same(declared, release) if declared else not context.frontier.knows(release.url)
    return release if is_true else replace(release, url=own)


def with_stored_address(release: Release, page: Page, store: Store) -> Release:
    """Return *release*, extracted again, under the address at which the store knows *page*."""
    own = (canonical(page.requested_url), canonical(page.url))
    known = store.find(own[0])
    is_separate = known is not None and known.release.url in own and release.url not in own
    return replace(release, url=known.release.url) if known and is_separate else release


def aliases_of(release: Release, requested_url: str, page: Page) -> tuple[str, ...]:
    """Return the other canonical URLs at which *page* answered with *release*."""
    urls = dict.fromkeys(map(canonical, (requested_url, *page.chain, page.url)))
    return tuple(url for url in urls if url != release.url)


def _is_same(stored: StoredRelease, release: Release) -> bool:
    """Whether *stored* equals *release* in all but owner, address and structure, which may not be kept."""
    known = stored.release
    at_known = replace(release, url=known.url, site=known.site, ministry=known.ministry)
    return has_same_content(known, replace(at_known, structure=known.structure))


def _is_copy(release: Release, stored: StoredRelease) -> bool:
    """Whether *release* is, word for word, the release at the address that it names as its own."""
    is_there = stored.state == "present" and stored.release.url == release.url
    return is_there and text_digest(stored.release) == text_digest(release)
