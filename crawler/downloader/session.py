"""What the requests of one site in one crawl share: the URLs that it may ask for, and its cookies."""

from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.downloader.cookies import Cookies


def admit_all(_url: str) -> bool:
    """Admit any URL."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The session of a site in a crawl; used by one thread."""

    admits: Callable[[str], bool] = admit_all
    """Whether the settings let the site ask for a URL; checked before each request, also after a redirect."""
    cookies: Cookies = field(default_factory=Cookies)
