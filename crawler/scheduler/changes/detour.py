"""An address at which nothing is stored leads to another page: is that the release of the address?

Only a title that a list gives proves it. A page in another language, which a site may show to whoever reads
no Latvian, waits; so does one of which the list says nothing. One that lists name at its own address, too, is
left to that: of two rows, one may be another release of the same title or day.
"""

from crawler.extraction import DiscoveredUrl
from crawler.page import Page
from crawler.scheduler.context import SiteContext
from crawler.scheduler.identity import Judgement, fits, has_title, is_titled
from crawler.scheduler.reasons import OTHER_RELEASE
from crawler.scheduler.url_rules import language_of_address
from crawler.store import Release
from crawler.urls import canonical

OTHER_LANGUAGE = "leads to a page in another language"
ASTRAY = "leads to a page that no list gives for the address"


def doubt_detour(
    url: str, page: Page, release: Release, mention: DiscoveredUrl | None, context: SiteContext
) -> Judgement | None:
    """Return the doubt about the *release* that *page* shows, to which the address *url* led; None: none.

    *mention* is what a list gives for *url*.
    """
    if release.url == url:
        return None  # nearly all pages
    there, is_redirect = context.frontier.hints(release.url), canonical(page.url) != url
    if is_redirect and _tells(mention) and _tells(there) and fits(there, release) is not False:
        return Judgement("strange", OTHER_RELEASE)
    if mention is not None and is_titled(mention, release):
        return None
    languages = {"lv", language_of_address(url), context.store.main_language(release.site)}
    if release.language not in languages:
        return Judgement("strange", OTHER_LANGUAGE)
    is_untold = is_redirect and _tells(mention) and not fits(mention, release)
    return Judgement("strange", ASTRAY) if is_untold else None


def is_back(url: str, page: Page, release: Release, context: SiteContext) -> bool:
    """Whether *page*, at the listed *url* itself, shows a release that is kept where that once led to.

    No list names that address, which may be a print version or that of a session, and nothing fetches it.
    """
    if not url == release.url == canonical(page.url):
        return False
    known = context.store.holder(url)
    return (
        known is not None
        and known.url != url
        and known.site == release.site
        and context.frontier.is_listed(url)
        and not context.frontier.knows(known.url)
    )


def _tells(mention: DiscoveredUrl | None) -> bool:
    """Whether a list says anything of an address."""
    return mention is not None and (has_title(mention) or mention.published is not None)
