"""`crawl check` and `crawl stats`: is everything sound, and what is stored?"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from crawler.check import (
    Finding,
    check_held,
    check_orphans,
    check_settings,
    check_site,
    check_store,
    no_store,
)
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
    require_contact,
)
from crawler.cli.stores import open_backoffs
from crawler.config import CrawlerConfig, Site, Storage, load_all
from crawler.extraction import ReaderPool
from crawler.reports.figures import figures_table, hosts_table, site_figures
from crawler.reports.history import last_report
from crawler.run import open_fetcher
from crawler.store import Store, StoreError
from crawler.store.database import store_exists


def check(
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    site: SiteOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Make no requests.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the settings, the store and each site; change nothing.

    The whole settings file is checked, including the parts for the index and the search page. Start pages,
    feeds and sitemaps are fetched, and must lead to releases.

    Exit code 1: something is wrong. That nothing was crawled yet is no fault.

    For example:

    - `crawl check --site lvm` — does a new site answer, and does its list lead to releases?

    - `crawl check --offline` — settings and store alone
    """
    if offline and site:
        fail("--site has no effect with --offline, which fetches from no site", USAGE)
    storage, settings = load_settings(config, load_all)
    sites = find_sites(settings, site)
    if not offline:
        require_contact(sites, settings, config)
    findings = [check_settings(config, sites, settings)]
    with exit_on_error():
        findings += _check_data(storage, settings)
        if not offline:
            findings += _check_sites(sites, settings, storage)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            advice = f"; {finding.advice}" if finding.advice else ""
            typer.echo(f"{'ok ' if finding.is_well else 'BAD'} {finding.what}: {finding.remark}{advice}")
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else UNSOUND)


def _check_data(storage: Storage, settings: CrawlerConfig) -> Iterator[Finding]:
    if not store_exists(storage.store_path):
        yield no_store(storage.store_path)
        return
    try:
        with Store.open_readonly(storage.store_path) as store:
            yield from check_store(store)
            yield from check_orphans(store, settings.sites)
            yield from check_held(store, settings.sites)
    except StoreError as error:
        yield Finding(what="store", is_well=False, remark=str(error))


def _check_sites(sites: Sequence[Site], settings: CrawlerConfig, storage: Storage) -> Iterator[Finding]:
    with (
        open_backoffs(storage) as store,
        open_fetcher(sites, settings, store) as fetcher,
        ReaderPool() as readers,
    ):
        for site in sites:
            yield from check_site(site, settings, fetcher.fetch, readers.read)


def stats(
    *, config: ConfigOption = DEFAULT_CONFIG, site: SiteOption = None, as_json: JsonOption = False
) -> None:
    """Show what is stored of each site, and how its last crawls went; works while a crawl is running.

    The columns:

    - `present`, `gone`, `hidden` — releases; `missing` — those present that their site lacked once

    - `denied` — present releases that are no longer asked for, because `deny` in the settings matches

    - `revisions` — earlier versions of releases; `held` — what waits to be read again, or for `--accept-loss`

    - `urls` — known addresses; `left` — those never fetched; `due` — releases to fetch within a day

    - `newest` — the day of the last release; `new`, `changed`, `gone`, `failed` — a bar for each of the last
      crawls

    The page of the last report shows more.

    For example:

    - `crawl stats` — all sites, and the slowest hosts

    - `crawl stats --site iem --json` — one site, for a program
    """
    storage, settings = load_settings(config)
    with exit_on_error(), Store.open_readonly(storage.store_path) as store:
        sites = find_sites(settings, site)
        figures = site_figures(store, sites, storage.reports_dir, settings.recheck)
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in figures], ensure_ascii=False, indent=2))
        return
    console = open_console()
    console.print(figures_table(figures))
    for each in figures:
        for alarm in each.alarms:
            console.print(f"{each.site}: {alarm}", highlight=False, markup=False)
    if not site:
        console.print(hosts_table(last_report(storage.reports_dir)))
