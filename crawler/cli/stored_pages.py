"""`crawl preview`, `reextract` and `archive`: how pages are read, and which are stored."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from crawler.cli.options import (
    DEFAULT_CONFIG,
    UNSOUND,
    USAGE,
    ConfigOption,
    JsonOption,
    SiteOption,
    exit_on_error,
    fail,
    find_sites,
    load_settings,
    open_console,
    parse_url,
    require_contact,
)
from crawler.cli.stores import open_copy, open_existing
from crawler.config import CrawlerConfig, Site
from crawler.config.site_hosts import is_on_site
from crawler.downloader import FetchError, Session, product_token
from crawler.extraction import ExtractionJob, ReaderPool
from crawler.page import Page
from crawler.reextract import differences
from crawler.reextract import reextract as extract_again
from crawler.run import open_fetcher
from crawler.scheduler import Boundary, Frontier, is_wanted, with_stored_address
from crawler.store import Release, Store
from crawler.store.log.log_rows import LogRows
from crawler.store.pages import Pages
from crawler.store.records import field_by_field
from crawler.urls import canonical


def preview(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Address of a page of a site in the settings file.")
    ],
    *,
    stored: Annotated[
        bool, typer.Option("--stored", help="Use the stored page instead of fetching it.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show how the page at URL is read, field by field and by which rule; store nothing.

    Differences from the stored release are shown below.

    Exit code 1: the page cannot be fetched, or is not a release.

    For example:

    - `crawl preview https://www.iem.gov.lv/lv/jaunums/x` — the page as it is now

    - `crawl preview --stored https://www.iem.gov.lv/lv/jaunums/x` — the stored page, without a request
    """
    storage, settings = load_settings(config)
    parse_url(url)
    site = next((site for site in settings.sites if _is_page_of(url, site)), None)
    if site is None:
        fail(f"{url}: no site in the settings has this host", USAGE)
    if not stored:
        require_contact([site], settings, config)
    with exit_on_error(), open_copy(storage) as store:
        release = _extract(_page(url, site, settings, store, is_stored=stored), site, settings, store)
        stored_release = store.find(release.url)
    _show_fields(release)
    lines = list(differences(stored_release.release, release)) if stored_release else ["not stored yet"]
    for line in lines or ["no differences from the stored release"]:
        open_console().print(escape(line), highlight=False)


def reextract(
    *, config: ConfigOption = DEFAULT_CONFIG, site: SiteOption = None, as_json: JsonOption = False
) -> None:
    """Extract the releases from the stored pages again, without a request.

    For use after a change of templates. A release that is read differently was not edited, so its old text
    is not kept as a revision. Gone and hidden releases stay gone and hidden.

    For example:

    - `crawl reextract --site iem` — one site; then `reindex`
    """
    storage, settings = load_settings(config)
    sites = find_sites(settings, site)
    with exit_on_error(), open_existing(storage) as store, ReaderPool() as readers:
        outcomes = {each.id: extract_again(each, settings, store, readers.submit) for each in sites}
    if as_json:
        typer.echo(json.dumps(outcomes, indent=2))
        return
    for id_, counts in outcomes.items():
        summary = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        typer.echo(f"{id_}: {summary or 'no stored pages'}")


def archive(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="The file to write, e.g. iem.wacz or iem.warc.gz; it must not exist."
        ),
    ],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    site: SiteOption = None,
) -> None:
    """Write the stored pages of releases to a WARC file, or to a WACZ; needs the extra `warc`.

    A FILE that ends with `.wacz` has the records in a ZIP with an index and a list of pages, which programs
    that replay archives open. Each record has the digest of its page and, if a log of versions is kept, the
    leaf from which it was read. Pages of hidden releases are left out.

    For example:

    - `crawl archive iem.warc.gz --site iem`
    - `crawl archive iem.wacz --site iem`
    """
    try:
        from crawler.store.web_archive.wacz import write_wacz  # noqa: PLC0415 - an extra that need not be installed
        from crawler.store.web_archive.warc import log_headers, write_warc  # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        fail(f"{error.name} is not installed; pip install 'preses-relizes[warc]'", USAGE)
    storage, settings = load_settings(config)
    sites = find_sites(settings, site)
    with exit_on_error(), Store.open_readonly(storage.store_path) as store, file.open("xb") as out:
        pages = (
            page
            for each in sites
            for page in Pages(store).of_site(each.id)
            if not any(map(store.is_hidden, {canonical(url) for url in (page.requested_url, page.url)}))
        )
        headers_of = log_headers(LogRows(store))
        if file.suffix == ".wacz":

            def title_of(page: Page) -> str:
                stored = store.find(canonical(page.requested_url))
                return stored.release.title if stored else ""

            now = datetime.now(UTC)
            count = write_wacz(pages, out, created=now, title_of=title_of, headers_of=headers_of)
        else:
            count = write_warc(pages, out, name=file.name, headers_of=headers_of)
    typer.echo(f"{file}: {count} pages")


def _is_page_of(url: str, site: Site) -> bool:
    return is_wanted(url, url, site) and is_on_site(url, site)


def _page(url: str, site: Site, settings: CrawlerConfig, store: Store, *, is_stored: bool) -> Page:
    if is_stored:
        page = Pages(store).get(canonical(url))
        return page or fail(f"{url}: no stored page; run without --stored to fetch it", UNSOUND)
    try:
        with open_fetcher([site], settings, store) as fetcher:
            return fetcher.fetch(url, session=Session(admits=Boundary(site, settings.sites).admits))
    except FetchError as error:
        fail(str(error), UNSOUND)


def _extract(page: Page, site: Site, settings: CrawlerConfig, store: Store) -> Release:
    job = ExtractionJob(
        page=page,
        kind="release",
        site=site,
        templates=settings.templates,
        hints=Frontier(store, settings.recheck).hints(canonical(page.requested_url)),
        robot=product_token(settings.politeness.user_agent),
    )
    with ReaderPool() as readers:
        extraction = readers.read(job)
    if extraction.release is None:
        fail(extraction.detail or f"{page.url}: {extraction.reason}", UNSOUND)
    return with_stored_address(extraction.release, page, store)


def _show_fields(release: Release) -> None:
    table = Table("field", "value", "rule", box=box.SIMPLE)
    for name, value, rule in field_by_field(release):
        table.add_row(name, escape(value), escape(rule))
    open_console().print(table)
