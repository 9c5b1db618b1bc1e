"""Which site owns a release? Its address decides, not its finder: see docs/decisions/014-identity.md."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.config import Site
from crawler.config.site_hosts import hosts_of
from crawler.config.site_paths import takes
from crawler.store import Release
from crawler.store.records import text_digest
from crawler.urls import canonical_host


class Owners:
    """The sites that may own a release, in the order of the settings."""

    def __init__(self, sites: Iterable[Site]) -> None:
        self._sites = {site.id: site for site in sites}
        self._hosts = {id_: hosts_of(site) for id_, site in self._sites.items()}

    def __contains__(self, site: str) -> bool:
        return site in self._sites

    def of(self, url: str, finder: Site, stored: str | None) -> Site:
        """Return the site that owns the release at *url*, which the site *finder* found.

        The site under which it is *stored* keeps it while its settings claim the address: a release that two
        sites claim must not go back and forth.
        """
        claimants = self._claimants(url)
        if stored in claimants:
            return self._sites[stored]
        return finder if finder.id in claimants or not claimants else self._sites[claimants[0]]

    def is_undisputed(self, url: str, finder: Site) -> bool:
        """Whether no site but *finder* claims a release at *url*: it is its owner, whatever is stored."""
        return set(self._claimants(url)) <= {finder.id}

    def claimant(self, url: str) -> Site | None:
        """Return the first site that claims a release at *url*; None: no site does."""
        return next((self._sites[id_] for id_ in self._claimants(url)), None)

    def claimant_of_host(self, url: str) -> Site | None:
        """Return the first site to which the host of *url* belongs; None: to no site."""
        host = canonical_host(url)
        return next((site for id_, site in self._sites.items() if host in self._hosts[id_]), None)

    def _claimants(self, url: str) -> list[str]:
        """Return the ids of the sites that claim a release at *url*."""
        host, path = canonical_host(url), urlsplit(url).path
        return [id_ for id_, site in self._sites.items() if host in self._hosts[id_] and takes(site, path)]


def is_same_release(release: Release, other: Release) -> bool:
    """Whether two sites publish the same release: the same words, or the same title on the same day.

    Lead, contact and attachments do not count, since they depend on the template of the site.
    """
    return text_digest(release) == text_digest(other) or (
        release.published is not None
        and (release.title.casefold(), release.published) == (other.title.casefold(), other.published)
    )
