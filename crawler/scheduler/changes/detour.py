"""An address at which nothing is stored leads to another page: is that the release of the address?

Only a title that a list gives proves it. A page in another language, which a site may show to whoever reads
no Latvian, waits; so does one of which the list says nothing, or to which it also leads by itself.
"""

from crawler.extraction import DiscoveredUrl
from crawler.page import Page
from crawler.scheduler.context import SiteContext
from crawler.scheduler.identity import Judgement, fits, has_title, is_titled
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
    if release.url == url or (mention is not None and is_titled(mention, release)):
        return None  # nearly all pages
    languages = {"lv", language_of_address(url), context.store.main_language(release.site)}
    if release.language not in languages:
        return Judgement("strange", OTHER_LANGUAGE)
    if canonical(page.url) == url or not _tells(mention):
        return None
    is_listed_itself = _tells(context.frontier.hints(release.url))
    return Judgement("strange", ASTRAY) if is_listed_itself or not fits(mention, release) else None


def _tells(mention: DiscoveredUrl | None) -> bool:
    """Whether a list says anything of an address."""
    return mention is not None and (has_title(mention) or mention.published is not None)
