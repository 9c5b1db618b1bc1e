"""Plans the URLs that a page leads to."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from crawler.extraction import DiscoveredUrl, Extraction
from crawler.page import DiscoverySource, Page, PageKind
from crawler.scheduler.changes.mention import Sayings
from crawler.scheduler.context import SiteContext
from crawler.scheduler.frontier import LEAVES
from crawler.scheduler.plan import FetchOutcome, FrontierUrl, Link
from crawler.scheduler.reasons import BROKEN, IN_PART, TOO_MANY_LISTS
from crawler.scheduler.url_rules import is_wanted
from crawler.store import Attachment
from crawler.store.pages import digest_of
from crawler.urls import canonical

# A sitemap that leads to more sitemaps than this is a trap.
SITEMAPS_MAX = 50


class LinkPlanner:
    """Adds to the frontier the URLs that the pages of a site lead to; runs in a transaction of the store."""

    def __init__(self, context: SiteContext, mentions: Sayings) -> None:
        self._mentions = mentions
        self._site, self._frontier, self._run = context.site, context.frontier, context.crawl.run
        self._urls_max = context.crawl.config.guards.urls_per_site
        self._parameters = context.parameters
        self._since = context.crawl.options.since

    def add_list(self, entry: FrontierUrl, page: Page, extraction: Extraction, now: datetime) -> FetchOutcome:
        """Plan the releases of a list page and, unless it repeats an earlier one, further list pages."""
        discovered = extraction.discovered
        digest = digest_of("\n".join(sorted(canonical(link.url) for link in discovered)).encode())
        is_repeated, is_same = self._frontier.record_links(entry, digest)
        new_count = self._add(entry, "release", discovered)
        reason = remark_on(page, extraction)
        if not is_repeated and not _is_older(discovered, self._since):
            further, is_cut = self._list_pages(extraction.next_sources)
            self._add(entry, "list", further, refetch=new_count > 0)
            reason = TOO_MANY_LISTS if is_cut else reason
        return FetchOutcome(outcome="read", reason=reason, changed=None if is_same else now)

    def add_feed(self, entry: FrontierUrl, page: Page, extraction: Extraction, now: datetime) -> FetchOutcome:
        """Plan the releases of a feed or sitemap, and further sitemaps."""
        self._add(entry, "release", extraction.discovered)
        left = max(0, SITEMAPS_MAX - self._frontier.count(self._site.id, "sitemap"))
        sitemaps, _ = self._limit_new(extraction.next_sources, "sitemap", left)
        self._add(entry, "sitemap", sitemaps, refetch=True)
        return FetchOutcome(outcome="read", reason=remark_on(page, extraction), changed=now)

    def add_attachments(self, entry: FrontierUrl, attachments: Iterable[Attachment]) -> None:
        """Plan the files that a release links to."""
        discovered = [_link(attachment.url, "list", title=attachment.title) for attachment in attachments]
        self._add(entry, "attachment", discovered)

    def add_link(self, site: str, link: Link) -> None:
        """Plan one URL for *site*."""
        self._frontier.add(site, (link,), self._run, at_most=self._urls_max)

    def _list_pages(self, urls: Sequence[str]) -> tuple[list[DiscoveredUrl], bool]:
        site = self._site
        if self._parameters.names:
            urls = tuple(dict.fromkeys(self._parameters.known_urls(urls).values()))
        left = site.list_pages_max * len(site.start) - self._frontier.count(site.id, "list")
        return self._limit_new(urls, "list", max(0, left))

    def _limit_new(
        self, urls: Sequence[str], source: DiscoverySource, at_most: int
    ) -> tuple[list[DiscoveredUrl], bool]:
        """Return the known URLs, then at most *at_most* new ones; and whether any of *urls* is left out."""
        known = {url for url in urls if self._frontier.knows(url)}
        new = [url for url in urls if url not in known]
        kept = [*(url for url in urls if url in known), *new[:at_most]]
        return [_link(url, source) for url in kept], len(kept) < len(urls)

    def _add(
        self,
        entry: FrontierUrl,
        kind: PageKind,
        discovered: Sequence[DiscoveredUrl],
        *,
        refetch: bool = False,
    ) -> int:
        """Plan the *discovered* URLs; return how many of them were new."""
        if kind == "release":
            for each in discovered:
                self._mentions.add(canonical(each.url), each)
        known = self._known_urls(discovered) if kind == "release" and self._parameters.names else {}
        links = (
            Link(
                url=known.get(link.url) or (canonical(link.url) if kind in LEAVES else link.url),
                kind=kind,
                depth=entry.depth + 1,
                discovered=link,
                refetch=refetch,
            )
            for link in discovered
            if is_wanted(link.url, entry.request_url, self._site)
        )
        return self._frontier.add(self._site.id, links, self._run, at_most=self._urls_max)

    def _known_urls(self, discovered: Iterable[DiscoveredUrl]) -> dict[str, str]:
        """Return the URLs under which the pages are known, by the spelling of the *discovered* ones."""
        keys = {link.url: canonical(link.url) for link in discovered}
        known = self._parameters.known_urls(keys.values())
        return {spelling: known[key] for spelling, key in keys.items()}


def remark_on(page: Page, extraction: Extraction) -> str:
    """Return the remark in the report on a page that was read only in part."""
    if not page.is_whole or not extraction.is_whole:
        return IN_PART
    return BROKEN if extraction.reason == BROKEN else ""


def _link(url: str, source: DiscoverySource, *, title: str | None = None) -> DiscoveredUrl:
    return DiscoveredUrl(url=url, title=title, published=None, source=source)


def _is_older(discovered: Sequence[DiscoveredUrl], since: date | None) -> bool:
    """Whether a list dates all its releases before *since*."""
    return since is not None and all(link.published and link.published < since for link in discovered)
