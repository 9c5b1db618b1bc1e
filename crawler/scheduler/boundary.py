"""The boundary of a site: every URL passes it before it is asked for, planned or stored from."""

from collections.abc import Iterable

from crawler.config import Site
from crawler.config.site_hosts import hosts_of
from crawler.config.site_paths import denies
from crawler.urls import canonical_host


class Boundary:
    """What the crawl of *site* may ask for; *sites* are all that the settings have."""

    def __init__(self, site: Site, sites: Iterable[Site]) -> None:
        self._site = site
        self._hosts = hosts_of(site)
        self._others = [(other, hosts_of(other)) for other in sites if other.id != site.id]
        self.is_open = not any(other.deny for other in (site, *(other for other, _ in self._others)))
        """Whether the settings deny nothing at all."""

    def admits(self, url: str) -> bool:
        """Whether *url* may be asked for: on a host of other sites only, one of them must allow it."""
        if self.is_open:
            return True
        if denies(self._site, url):
            return False
        host = canonical_host(url)
        if host in self._hosts:
            return True
        others = [other for other, hosts in self._others if host in hosts]
        return not others or not all(denies(other, url) for other in others)
