"""Asks a site for addresses that do not exist, in the shape of those that the crawl doubts."""

from collections.abc import Iterable
from dataclasses import replace

from crawler.downloader import FetchError
from crawler.extraction import DiscoveredUrl
from crawler.scheduler.context import SiteContext
from crawler.scheduler.identity import ErrorPages, Newcomer, nonsense_url, shape_of
from crawler.scheduler.plan import FrontierUrl

# Requests for addresses that do not exist, in one crawl of a site.
PROBES_MAX = 20


def learn_error_pages(context: SiteContext, newcomers: Iterable[Newcomer] = ()) -> ErrorPages:
    """Return the pages that the site shows at addresses that do not exist.

    It is asked if there are doubtful readings, or *newcomers* of which no list gives the title or the day. A
    site that answers by a status, or is not to be asked by its robots.txt, has none.
    """
    errors = ErrorPages()
    for url in _doubtful_urls(context, newcomers)[:PROBES_MAX]:
        if context.crawl.stop.is_set():
            break
        entry = _entry(nonsense_url(url), context)
        if not context.boundary.admits(entry.url):
            continue
        try:
            page = context.crawl.fetch(entry.request_url, session=context.session)
        except FetchError:
            continue
        job = replace(context.job(entry, page), wants_text=True)
        errors.add(context.crawl.readers.submit(job).result())
    return errors


def _doubtful_urls(context: SiteContext, newcomers: Iterable[Newcomer]) -> list[str]:
    """Return an address of each shape that a list names and that may show something else."""
    urls = [
        change.url for change in context.pending.of_site(context.site.id) if change.outline or change.doubt
    ]
    urls += [newcomer.url for newcomer in newcomers if not newcomer.is_listed]
    shapes: dict[str, str] = {}
    for url in urls:
        if (shape := shape_of(url)) not in shapes and context.frontier.is_listed(url):
            shapes[shape] = url
    return list(shapes.values())


def _entry(url: str, context: SiteContext) -> FrontierUrl:
    """Return a URL that is read as if a list led to it: else an error page would not look like a release."""
    return FrontierUrl(
        url=url,
        request_url=url,
        site=context.site.id,
        kind="release",
        depth=1,
        hints=DiscoveredUrl(url=url, title=None, published=None, source="list"),
        changed=0,
    )
