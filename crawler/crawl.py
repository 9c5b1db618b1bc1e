"""The `crawl` command: from the sites in config.toml to releases in the store."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

import typer
from filelock import FileLock, Timeout
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crawler.check import Finding, check_site, check_store, no_store, site_stats
from crawler.config import ConfigError, CrawlerConfig, Site, Storage, load, load_all
from crawler.downloader import FetchError, product_token
from crawler.extraction import ExtractionJob, Readers
from crawler.page import Page
from crawler.reextract import differences, field_by_field, reread, under_known_address
from crawler.report import RunReport, to_json, to_table, write
from crawler.run import RunOptions, crawled, now, open_fetcher
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.host_workers import hosts
from crawler.scheduler.outcomes import is_wanted
from crawler.store import Store, StoreError
from crawler.store.database import NO_STORE, is_made
from crawler.store.pages import Pages
from crawler.store.rollback import undo as take_back
from crawler.tempdir import scratch
from crawler.urls import address, canonical
from preses_relizes.signals import INTERRUPTED

DOUBTFUL, USAGE, BUSY, BROKEN = 1, 2, 3, 4

EPILOG = """
Exit codes: 0 all went well; 1 a site is not well: it is down, nothing is stored for it, what it says now
was not believed, or its pages cannot be read; 2 wrong settings or options; 3 another crawl is running;
4 the store cannot be read or written; 130 interrupted.

After 1, too, what the other sites published is stored. So index after every crawl, and keep its exit code:
`sh -c 'crawl; crawled=$?; reindex && exit $crawled'`

A crawl that was interrupted, even by `kill -9` or a power cut, goes on where it was when started again.
"""

app = typer.Typer(rich_markup_mode="markdown", epilog=EPILOG, pretty_exceptions_enable=False)

ConfigOption = Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
SiteOption = Annotated[
    list[str] | None, typer.Option("--site", metavar="ID", help="Only this site; may be repeated.")
]
DEFAULT_CONFIG = Path("config.toml")


@app.callback(invoke_without_command=True)
def crawl(
    context: typer.Context,
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    site: SiteOption = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="Only releases that lists date then or later."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Ask at most N releases of each site.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Crawl, report, and store nothing.")] = False,
    accept_loss: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Believe what this site says, though it lost or changed very much."),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Add a JSON line to FILE for every URL asked and every site done."),
    ] = None,
    preview: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Show how this page is read, and store nothing; with --stored, as kept."
        ),
    ] = None,
    stored: Annotated[
        bool, typer.Option("--stored", help="Read the kept pages again, without a request.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch new, changed and removed press releases of the sites in the settings file.

    For example:

    - `crawl` — all sites

    - `crawl --site iem --site vugd --limit 20` — a taste of two sites

    - `crawl --since 2026-01-01` — only what is dated this year

    - `crawl --dry-run --json` — what would come of it, for a program

    - `crawl --preview https://www.iem.gov.lv/lv/jaunums/x` — how one page is read, and by which rules

    - `crawl --stored` — after a change of templates
    """
    if context.invoked_subcommand is not None:
        # The settings file may be named before the subcommand as well as after it.
        context.default_map = {context.invoked_subcommand: {"config": str(config)}}
        return
    storage, settings = _settings(config)
    asked = RunOptions(
        since=since.date() if since else None,
        limit=limit,
        accepted=frozenset(accept_loss or ()),
        log=log,
    )
    sites = _sites(settings, site)
    _sites(settings, accept_loss)
    if preview:
        _preview(preview, settings, storage, is_kept=stored)
        return
    if stored:
        _reread(sites, settings, storage, as_json=as_json)
        return
    with _errors_told(), ExitStack() as stack:
        folder = scratch()
        store = stack.enter_context(_copy(storage, folder) if dry_run else _writing(storage))
        made = crawled(sites, settings, store, asked)
        if not dry_run:
            write(made, storage.reports_dir)
    _show(made, as_json=as_json)
    if not made.is_complete:
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(0 if made.is_sound else DOUBTFUL)


@app.command()
def check(
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    site: SiteOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no site.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look whether settings and store are sound and every site can be reached; make no store.

    All of the settings file is looked at, also what is said there of the index and the search page.
    Exit code 1: something is not well, or nothing was crawled yet.
    """
    storage, settings = _settings(config, load_all)
    sites = _sites(settings, site)
    findings = [Finding(what="settings", is_well=True, remark=f"{config}: {len(sites)} sites")]
    with _errors_told(), _examined(storage) as store:
        findings += check_store(store) if is_made(storage.store_path) else [no_store(storage.store_path)]
        if not offline:
            with open_fetcher(sites, settings, store, threading.Event()) as fetcher, Readers() as readers:
                checks = (check_site(one, settings, fetcher.fetch, readers.read) for one in sites)
                findings += chain.from_iterable(checks)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{'ok ' if finding.is_well else 'BAD'} {finding.what}: {finding.remark}")
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else DOUBTFUL)


@app.command()
def stats(
    *, config: ConfigOption = DEFAULT_CONFIG, site: SiteOption = None, as_json: JsonOption = False
) -> None:
    """Show what is stored of each site; a crawl may be running meanwhile."""
    storage, settings = _settings(config)
    with _errors_told(), Store.open_readonly(storage.store_path) as store:
        found = [asdict(site_stats(store, one.id)) for one in _sites(settings, site)]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    shown = Table(*(found[0] if found else ()), box=box.SIMPLE)
    for row in found:
        shown.add_row(*map(str, row.values()))
    _console().print(shown)


@app.command()
def undo(
    site: Annotated[str, typer.Argument(help="A site of the settings file.")],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    run: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Back to before crawl N, as numbered in the reports; else the last one."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Take back what the last crawl did to the releases of SITE that were known before it.

    What it marked as gone, or hid because the page asked for it, is present again. What it overwrote has
    its earlier title, text and day again, and what the page said meanwhile is forgotten. What was new stays;
    `crawl hide URL` takes one out. What `crawl hide` hid stays hidden.

    The next crawl asks the site again: if it still says so, it will be believed again. So look at the site
    first; until it is mended, set `enabled = false` in its table of the settings.

    For example:

    - `crawl undo mfa` — as if the last crawl had changed no release of the ministry

    - `crawl undo mfa --run 41` — as before crawl 41, whatever came after it

    Then run `reindex`.
    """
    storage, settings = _settings(config)
    _sites(settings, [site])
    with _errors_told(), _examined(storage) as store:
        started = Frontier(store, settings.recheck).started(run)
        if started is None:
            _stop(f"there is no crawl {run or ''}".rstrip() + " in the store", USAGE)
        undone = take_back(store, site, since=started, seen=now())
    if as_json:
        typer.echo(json.dumps({"site": site, **asdict(undone)}, ensure_ascii=False, indent=2))
        return
    present, text = len(undone.present_again), len(undone.text_again)
    typer.echo(f"{site}: {present} releases are present again, {text} have their earlier text again")
    if present or text:
        typer.echo("run `reindex` to search them so")


@app.command()
def hide(
    url: Annotated[str | None, typer.Argument(help="Address of a release; none: show the hidden.")] = None,
    *,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Also an address at which no release is stored yet.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Take the release at URL out of everything shown, for good; `crawl unhide URL` takes that back.

    Without URL: show the addresses that were taken down so, and when.

    Exit code 1: no release is stored at URL. With `--unseen` one that is found there later is hidden at once.
    """
    storage, _ = _settings(config)
    if url is None:
        with _errors_told(), Store.open_readonly(storage.store_path) as store:
            for hidden, since in store.takedowns():
                typer.echo(f"{since:%Y-%m-%d} {hidden}")
        return
    known = _canonical(url)
    if unseen and not is_made(storage.store_path):
        _stop(f"{storage.store_path}: {NO_STORE}", BROKEN)
    with _errors_told(), _examined(storage) as store:
        if not (unseen or store.find(known) or store.is_hidden(known)):
            _stop(f"{known}: no release is stored at this address; --unseen hides what will be", DOUBTFUL)
        store.hide(known, seen=now())
        is_stored = store.find(known) is not None
    then = "run `reindex` to take it out of the index" if is_stored else "so will be what is found there"
    typer.echo(f"{known}: hidden; {then}")


@app.command()
def unhide(
    url: Annotated[str, typer.Argument(help="Address of a release.")],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show the release at URL again.

    Exit code 1: it is not hidden.
    """
    storage, _ = _settings(config)
    known = _canonical(url)
    with _errors_told(), _examined(storage) as store:
        if not store.is_hidden(known):
            _stop(f"{known}: not hidden; `crawl hide` shows what is", DOUBTFUL)
        store.unhide(known, seen=now())
    typer.echo(f"{known}: shown again; run `reindex`")


@app.command()
def archive(
    file: Annotated[
        Path, typer.Argument(help="The file to write, e.g. iem.warc.gz; it must not be there yet.")
    ],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    site: SiteOption = None,
) -> None:
    """Write the kept pages of releases into a WARC file, for archives; needs the extra `warc`."""
    try:
        from crawler.store.warc import write_warc  # noqa: PLC0415 - an extra that need not be installed
    except ModuleNotFoundError as error:
        _stop(f"{error.name} is not installed; pip install 'preses-relizes[warc]'", USAGE)
    storage, settings = _settings(config)
    sites = _sites(settings, site)
    with _errors_told(), Store.open_readonly(storage.store_path) as store, file.open("xb") as out:
        pages = (page for one in sites for page in Pages(store).of_site(one.id))
        count = write_warc(pages, out, name=file.name)
    typer.echo(f"{file}: {count} pages")


def main() -> NoReturn:
    """Run the command."""
    app(prog_name="crawl")
    raise SystemExit(0)


def _settings(
    path: Path, read: Callable[[Path], tuple[Storage, CrawlerConfig]] = load
) -> tuple[Storage, CrawlerConfig]:
    try:
        return read(path)
    except ConfigError as error:
        _stop(str(error), USAGE)


def _sites(settings: CrawlerConfig, ids: Sequence[str] | None) -> list[Site]:
    """Return the sites named *ids*, or all that are enabled."""
    by_id = {site.id: site for site in settings.sites}
    if unknown := [id_ for id_ in ids or () if id_ not in by_id]:
        _stop(f"no site {unknown[0]!r} in the settings; there are {', '.join(by_id) or 'none'}", USAGE)
    if ids:
        return [by_id[id_] for id_ in dict.fromkeys(ids)]
    if not settings.sites:
        _stop("no [[crawler.sites]] in the settings: nothing to crawl", USAGE)
    return [site for site in settings.sites if site.enabled]


@contextmanager
def _writing(storage: Storage) -> Iterator[Store]:
    """Open the store for this process alone."""
    storage.data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(storage.data_dir / "crawl.lock", timeout=0), Store(storage.store_path) as store:
        yield store


@contextmanager
def _examined(storage: Storage) -> Iterator[Store]:
    """Open the store for this process alone; where there is none, an empty one elsewhere, and make none."""
    with _writing(storage) if is_made(storage.store_path) else _copy(storage, scratch()) as store:
        yield store


@contextmanager
def _copy(storage: Storage, folder: Path) -> Iterator[Store]:
    """Open a copy of the store in *folder*."""
    path = folder / "releases.sqlite3"
    if is_made(storage.store_path):
        with Store.open_readonly(storage.store_path) as store:
            store.copy_to(path)
    with Store(path) as store:
        yield store


@contextmanager
def _errors_told() -> Iterator[None]:
    """End the command with one clear line where the store or another crawl stands in its way."""
    try:
        yield
    except Timeout:
        _stop("another crawl is running on the same data", BUSY)
    except (StoreError, OSError) as error:
        _stop(str(error), BROKEN)


def _stop(message: str, code: int) -> NoReturn:
    typer.echo(f"crawl: {message}", err=True)
    raise typer.Exit(code)


def _canonical(url: str) -> str:
    if address(url) is None:
        _stop(f"{url}: no web address", USAGE)
    return canonical(url)


def _preview(url: str, settings: CrawlerConfig, storage: Storage, *, is_kept: bool) -> None:
    """Show how the page at *url* is read, field by field, and how that differs from what is stored."""
    site = next((site for site in settings.sites if is_wanted(url, url, site) and _is_own(url, site)), None)
    if site is None:
        _stop(f"{url}: no site in the settings has this host", USAGE)
    with _errors_told(), _copy(storage, scratch()) as store:
        frontier = Frontier(store, settings.recheck)
        try:
            page = _kept(url, store) if is_kept else _fetched(url, settings, [site], store)
        except FetchError as error:
            _stop(str(error), DOUBTFUL)
        hints = frontier.hints(canonical(url))
        robot = product_token(settings.politeness.user_agent)
        task = ExtractionJob(
            page=page, kind="release", site=site, templates=settings.templates, hints=hints, robot=robot
        )
        with Readers() as readers:
            reading = readers.read(task)
        if (release := reading.release) is None:
            _stop(reading.detail or f"{page.url}: {reading.reason}", DOUBTFUL)
        release = under_known_address(release, page, store)
        known = store.find(release.url)
    console = _console()
    fields = Table("field", "value", "rule", box=box.SIMPLE)
    for name, value, rule in field_by_field(release):
        fields.add_row(name, escape(value), escape(rule))
    console.print(fields)
    lines = list(differences(known.release, release)) if known else ["not stored yet"]
    for line in lines or ["the same is stored"]:
        console.print(escape(line), highlight=False)


def _is_own(url: str, site: Site) -> bool:
    return urlsplit(url).netloc in hosts([site])


def _kept(url: str, store: Store) -> Page:
    page = Pages(store).kept(canonical(url))
    if page is None:
        _stop(f"{url}: no page is kept of it", DOUBTFUL)
    return page


def _fetched(url: str, settings: CrawlerConfig, sites: Sequence[Site], store: Store) -> Page:
    with open_fetcher(sites, settings, store, threading.Event()) as fetcher:
        return fetcher.fetch(url)


def _reread(sites: Sequence[Site], settings: CrawlerConfig, storage: Storage, *, as_json: bool) -> None:
    """Read the kept pages of *sites* again."""
    with _errors_told(), _examined(storage) as store, Readers() as readers:
        frontier = Frontier(store, settings.recheck)
        outcomes = {
            site.id: reread(
                site,
                settings.templates,
                store,
                frontier,
                readers.read,
                sites=settings.sites,
                robot=product_token(settings.politeness.user_agent),
            )
            for site in sites
        }
    if as_json:
        typer.echo(json.dumps(outcomes, indent=2))
        return
    for site, counts in outcomes.items():
        said = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        typer.echo(f"{site}: {said or 'no pages kept'}")


def _console() -> Console:
    """Return where tables go: a file or pipe is as wide as they need."""
    console = Console()
    return console if console.is_terminal else Console(width=140)


def _show(made: RunReport, *, as_json: bool) -> None:
    if as_json:
        typer.echo(to_json(made))
    else:
        _console().print(to_table(made))
