"""Rules on URLs: which are worth fetching for a site, and which are its front page."""

from collections import Counter
from urllib.parse import urlsplit

from crawler.config import Site
from crawler.config.site_hosts import is_on_site
from crawler.config.site_paths import denies
from crawler.urls import canonical

# Browsers and servers agree on little more.
URL_CHARS_MAX = 2_000
# Deeper paths, and folders repeated more often, come from relative links that lack their leading slash.
FOLDERS_MAX = 15
FOLDER_REPEATS_MAX = 3

# The first folder of a page, and its language.
_LANGUAGES = {"lv": "lv", "lat": "lv", "en": "en", "eng": "en", "ru": "ru", "rus": "ru"}
_FRONT_PAGES = frozenset(("", *_LANGUAGES, "index.php", "index.html"))


def is_wanted(address: str, base: str, site: Site) -> bool:
    """Whether *address*, linked from the page *base*, may be fetched for *site*."""
    if len(address) > URL_CHARS_MAX or not is_on_site(address, site, linked_from=base):
        return False
    path = urlsplit(address).path
    folders = Counter(path.strip("/").split("/"))
    if folders.total() > FOLDERS_MAX or max(folders.values()) > FOLDER_REPEATS_MAX:
        return False
    return not denies(site, address)


def is_front_page(url: str, site: Site) -> bool:
    """Whether a canonical URL is a front page or a start page of *site*."""
    parts = urlsplit(url)
    is_named_so = not parts.query and parts.path.strip("/") in _FRONT_PAGES
    return is_named_so or url in {canonical(str(start)) for start in site.start}


def redirects_home(url: str, request_url: str, final_url: str, site: Site) -> bool:
    """Whether a redirect led from a release to a front page, a start page or a folder above it.

    *url* is the canonical form of *request_url*; *final_url* is the canonical URL that answered.
    """
    if final_url == canonical(request_url):
        return False
    requested, parts = urlsplit(url), urlsplit(final_url)
    is_above = not parts.query and requested.path.startswith(f"{parts.path.rstrip('/')}/")
    return is_above or is_front_page(final_url, site)


def is_of_other_language(url: str, final_url: str) -> bool:
    """Whether a redirect from *url* led to another language, as one may for whoever reads no Latvian."""
    return language_of_address(final_url) not in {"lv", language_of_address(url)}


def language_of_address(url: str) -> str:
    """Return the language that the first folder of *url* names; that of the sites if it names none."""
    return _LANGUAGES.get(urlsplit(url).path.lstrip("/").partition("/")[0], "lv")
