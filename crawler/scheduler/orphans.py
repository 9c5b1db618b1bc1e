"""Releases and URLs of sites that the settings no longer have: they were renamed or removed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from crawler.config import Site
from crawler.scheduler.ownership import Owners
from crawler.store import Store
from crawler.store.frontier_rows import FrontierRows
from crawler.store.pending_change_rows import PendingChangeRows


def adopt_orphans(store: Store, sites: Iterable[Site], *, seen: datetime) -> None:
    """Give the releases and URLs of orphaned sites to those of *sites* that claim their address now.

    Without this a renamed site would never be fetched again: each URL has one row in the frontier, and that
    would stay with the old name. Rows that no site claims stay as they are, and are not fetched.
    """
    owners = Owners(sites)
    orphaned = [site for site in FrontierRows(store).sites() if site not in owners]
    for site in orphaned:
        with store.transaction():
            _adopt_releases(store, site, owners, seen)
            _adopt_urls(store, site, owners)


def count_orphans(store: Store, sites: Iterable[Site]) -> dict[str, int]:
    """Return the number of URLs by site, for each site in the frontier that is not in *sites*."""
    ids = {site.id for site in sites}
    rows = FrontierRows(store)
    return {site: rows.count(site) for site in rows.sites() if site not in ids}


def _adopt_releases(store: Store, site: str, owners: Owners, seen: datetime) -> None:
    for id_, url in store.urls_of(site):
        owner, stored = owners.claimant(url), store.get(id_)
        if owner is not None and stored is not None:
            release = replace(stored.release, site=owner.id, ministry=owner.ministry)
            store.overwrite(id_, release, seen=seen)
            PendingChangeRows(store).set_site(id_, owner.id)


def _adopt_urls(store: Store, site: str, owners: Owners) -> None:
    rows = FrontierRows(store)
    for url, kind in rows.urls(site):
        owner = owners.claimant(url) if kind == "release" else owners.claimant_of_host(url)
        if owner is not None:
            rows.set_site(url, owner.id)
