"""Classes and ids of elements: boilerplate names, and names that only describe layout."""

import re
from functools import lru_cache
from typing import Literal

from bs4 import Tag

from crawler.extraction.html.selectors import CACHED_NAME_CHARS_MAX

BoilerplateKind = Literal["tool", "notice"]

# Names for layout, state or scripts do not describe the content: Bootstrap's d-print-block, Tailwind's
# print:hidden, has-sidebar, js-search.
_UTILITY = re.compile(
    r"(?:d|col|text|txt|js|has|is|no|not|with|without|font|bg|flex|grid|show|hide|on|in|of|w|h|[mp][tblrxyse]?"
    r"|g[xy]?|gap|z|xs|sm|md|lg|xl|xxl)[-_]|.*[:/\[\]!@%]",
    re.IGNORECASE,
)
# A framework's short prefix: `o-share`, `main-menu`, `c-nav__item`. Drupal's `page-search` and `node-gallery`
# describe the whole page instead.
_FRAMEWORK = r"(?:(?!(?:page|path|body|node|lead|date|data)[-_])[a-z]{1,4}[-_]{1,2})?"
# Tools hold links, buttons and labels. Before a word for text or a language code the name means something
# else, as in `menu-text`, `print-content`, `share-body`, `lang-lv`.
_TOOL = re.compile(
    _FRAMEWORK + r"(?:breadcrumbs?|pager|pagination|pagenav(?:igation)?|menu|nav(?:bar|igation)?|tabs"
    r"|shar(?:e|ing)s?|social|addthis|addtoany|a2a|sharethis|rating|vote|createdby|hits|skip(?:link)?|toolbar"
    r"|tags|search|back|atpakal|pathway|dalities|read-?more|lang(?:uage)?s?(?![-_][a-z]{2,3}(?:$|[-_]))"
    r"|print(?=$|[-_]+(?:link|button|btn|icon|version|mail|e-?mail|pdf|this|header|footer|site|tool|wrapper)))"
    r"(?:$|[-_\d](?!(?:.*[-_])?(?:texts?|teksts?|contents?|saturs|body|article|raksts|release|relize|story|entry"
    r"|post|prose|lead|title|headline|date|datums|published|attachments|files)(?:$|[-_])))",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    _FRAMEWORK + r"(?:sidebar|cookies?|gdpr|consent|related|similar|saistit\w*|feedback|comments?|footer"
    r"|banner|login|newsletter|subscribe|popup|modal|gallery|galerija|slider|slick|carousel|accessibility)"
    r"(?:$|[-_\d])",
    re.IGNORECASE,
)


def class_names_of(element: Tag) -> list[str]:
    """Return the classes of *element*, then its id."""
    names = element.attrs.get("class", ())
    return [*names, str(element.attrs["id"])] if element.attrs.get("id") else [*names]


def semantic_names_of(element: Tag) -> list[str]:
    """Return the classes and the id of *element* that describe its content, not its looks."""
    return [name for name in class_names_of(element) if not _UTILITY.match(name)]


def boilerplate_kind(name: str) -> BoilerplateKind | None:
    """Return the kind of boilerplate that a class or id names: a tool, or a notice with paragraphs.

    >>> boilerplate_kind("main-menu"), boilerplate_kind("cookie-bar"), boilerplate_kind("d-print-block")
    ('tool', 'notice', None)
    """
    return _kind_of(name) if len(name) <= CACHED_NAME_CHARS_MAX else _kind_of.__wrapped__(name)


# The pages of a site share few names.
@lru_cache(maxsize=4096)
def _kind_of(name: str) -> BoilerplateKind | None:
    if _UTILITY.match(name):
        return None
    if _NOTICE.match(name):
        return "notice"
    return "tool" if _TOOL.match(name) else None
