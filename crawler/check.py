"""The checks of `crawl check`: the store, and each site."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler.config import PLACEHOLDER, CrawlerConfig, Site
from crawler.config.site_hosts import hosts_of_all, start_urls
from crawler.downloader import FetchError, Session, product_token
from crawler.extraction import Extraction, ExtractionJob
from crawler.scheduler import Boundary, Fetch, count_orphans
from crawler.store import Store
from crawler.store.database import NO_STORE
from crawler.store.pending_change_rows import PendingChangeRows

# A web page or an e-mail address; `localhost` or a bare name would reach nobody.
_CONTACT = re.compile(r"(?:https?://|[^@]+@)[^@/]+\.\w+", re.ASCII)
_BRACKETS = str.maketrans("()<>", "    ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of one check."""

    what: str
    is_well: bool
    remark: str
    advice: str = ""
    """What to do about it."""


def check_settings(path: Path, sites: Sequence[Site], settings: CrawlerConfig) -> Finding:
    """Check that the settings at *path* have *sites*, and an address to reach the operator by."""
    advice = ""
    if not sites:
        remark, advice = "no sites", "name some in built_in_sites, or add [[crawler.sites]]"
    elif host := host_without_contact(sites, settings):
        remark = f"user_agent {contact_fault(settings.politeness.user_agent)}"
        advice = f"put your address there, so that {host} can reach you"
    else:
        remark = "1 site" if len(sites) == 1 else f"{len(sites)} sites"
    link = f" (a link; paths are relative to {path.absolute().parent})" if path.is_symlink() else ""
    return Finding(what="settings", is_well=not advice, remark=f"{path}{link}: {remark}", advice=advice)


def contact_fault(text: str) -> str | None:
    """Return why sites could not reach the operator by *text*; None if they could."""
    if PLACEHOLDER in text:
        return f"names {PLACEHOLDER}"
    words = text.translate(_BRACKETS).split()
    return None if any(_CONTACT.match(word.lstrip("+")) for word in words) else "has no web or e-mail address"


def host_without_contact(sites: Iterable[Site], settings: CrawlerConfig) -> str | None:
    """Return the first public host of *sites* if the user agent has no address of the operator."""
    if contact_fault(settings.politeness.user_agent) is None:
        return None
    public = (host for host in sorted(hosts_of_all(sites)) if not _is_ip_address(host))
    return next((host for host in public if host not in settings.allow_origins), None)


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
    return True


def no_store(path: Path) -> Finding:
    """Return the finding that there is no store at *path* yet, as in a new installation."""
    return Finding(what="store", is_well=True, remark=f"{path}: {NO_STORE}")


def check_store(store: Store) -> Iterator[Finding]:
    """Check that the file is intact and every release can be read."""
    damage = store.corruptions()
    yield Finding(what="store", is_well=not damage, remark="; ".join(damage) or str(store.path))
    missing = store.count_dangling_references()
    remark = f"{missing} rows of the store refer to a row that is missing" if missing else "complete"
    yield Finding(what="references", is_well=not missing, remark=remark)
    if damaged := store.damaged_ids():
        remark = f"{len(damaged)} are damaged, e.g. {damaged[0]}; restore the file from a backup"
        yield Finding(what="releases", is_well=False, remark=remark)
        return
    count = sum(1 for _ in store.changes_since(0))
    yield Finding(what="releases", is_well=True, remark=f"{count} can be read")


def check_held(store: Store, sites: Iterable[Site]) -> Iterator[Finding]:
    """Report what pages of *sites* showed that is not stored yet: it waits to be repeated or accepted."""
    rows = PendingChangeRows(store)
    for site in sites:
        held = [change for change in rows.of_site(site.id) if change.is_open]
        if held:
            first = min(held, key=lambda change: change.url)
            what = first.doubt or first.reason or "changed"
            remark = f"{len(held)} held, e.g. {first.url}: {what}"
            advice = f"look at the pages; `crawl --accept-loss {site.id}` takes what they show"
            yield Finding(what=site.id, is_well=False, remark=remark, advice=advice)


def check_orphans(store: Store, sites: Iterable[Site]) -> Iterator[Finding]:
    """Report sites in the frontier that the settings lack; no fault if they were removed on purpose."""
    for site, count in count_orphans(store, sites).items():
        remark = f"{count} URLs of a site that is not in the settings; they are kept but not fetched"
        yield Finding(what=site, is_well=True, remark=remark)


def check_site(
    site: Site, config: CrawlerConfig, fetch: Fetch, read: Callable[[ExtractionJob], Extraction]
) -> Iterator[Finding]:
    """Fetch the start pages, feeds and sitemaps of *site*, and count the releases they lead to."""
    session = Session(admits=Boundary(site, config.sites).admits)
    for kind, urls in start_urls(site).items():
        # A feed may be empty: some sites have one that they never fill.
        at_least = 1 if kind == "list" else 0
        for url in urls:
            try:
                page = fetch(url, session=session)
            except FetchError as error:
                yield Finding(what=site.id, is_well=False, remark=str(error))
                continue
            robot = product_token(config.politeness.user_agent)
            reading = read(
                ExtractionJob(page=page, kind=kind, site=site, templates=config.templates, robot=robot)
            )
            count = len(reading.discovered) + (len(reading.next_sources) if kind == "sitemap" else 0)
            remark = f"{url}: leads to {count} {'release' if count == 1 else 'releases'}"
            yield Finding(what=site.id, is_well=count >= at_least, remark=remark)
