"""The `crawl` command: from the sites in config.toml to releases in the store."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from crawler import cli
from crawler.cli.group import CrawlGroup
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
    parse_day,
    require_contact,
)
from crawler.cli.site_completion import complete_site
from crawler.cli.stores import open_copy, open_locked
from crawler.config import CrawlerConfig, Site, Storage
from crawler.downloader import FetchError
from crawler.downloader.timestamp_request import ask_authority
from crawler.downloader.transport import tls_context
from crawler.reports import RunReport, Sample, to_json, to_table, write, write_sample
from crawler.run import run
from crawler.scheduler import CrawlOptions
from crawler.store import Store
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.log_rows import LogRows
from crawler.store.log.records import LogError
from crawler.tempdir import make_temp_dir
from preses_relizes.shared.signals import INTERRUPTED
from preses_relizes.shared.streams import reason_of
from preses_relizes.shared.version_option import VersionOption

EPILOG = """
Exit codes: 0 all is well; 1 a site is not well: it is down, nothing is stored for it, its changes were not
accepted, or its pages cannot be read; or the log of versions was not continued; 2 wrong settings or options;
3 another crawl is running; 4 the store cannot be read or written; 130 interrupted.

After exit code 1 the releases of the other sites are stored. So run `reindex` after every crawl, and keep the
exit code: `sh -c 'crawl; crawled=$?; reindex && exit $crawled'`

An interrupted crawl, even by `kill -9` or a power cut, resumes where it stopped when started again.
"""

app = typer.Typer(cls=CrawlGroup, rich_markup_mode="markdown", epilog=EPILOG, pretty_exceptions_enable=False)
for command in (
    cli.init,
    cli.check,
    cli.stats,
    cli.preview,
    cli.reextract,
    cli.undo,
    cli.hide,
    cli.unhide,
    cli.archive,
):
    app.command()(command)


@app.callback(invoke_without_command=True)
def crawl(
    context: typer.Context,
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    site: SiteOption = None,
    since: Annotated[
        date | None,
        typer.Option(
            parser=parse_day,
            metavar="DATE",
            help="Skip releases that a list page or feed dates before DATE.",
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Fetch at most N releases of each site.")
    ] = None,
    report: Annotated[
        bool,
        typer.Option(
            "--report", help="Also write a page that shows how each release is read; needs --limit."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Crawl and report, but store nothing.")] = False,
    accept_loss: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="Accept what is held of this site, such as mass removals or edits; may be repeated.",
            autocompletion=complete_site,
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Append a JSON line to FILE for every URL fetched and every site finished."
        ),
    ] = None,
    as_json: JsonOption = False,
    version: VersionOption = False,  # noqa: ARG001 - its callback ends the command
) -> None:
    """Fetch new, changed and removed press releases of the sites in the settings file.

    Without a command, `crawl` crawls. The commands show or change what is stored.

    For example:

    - `crawl` — all sites

    - `crawl --site iem --limit 20 --report` — a sample of a site, and a page to judge it by

    - `crawl --since 2026-01-01` — only this year's releases

    - `crawl --dry-run --json` — what a crawl would do, for a program
    """
    if context.invoked_subcommand is not None:
        if isinstance(context.command, CrawlGroup):
            context.command.reject_options_before(context.invoked_subcommand, context)
        # The settings file may be named before the command as well as after it.
        context.default_map = {context.invoked_subcommand: {"config": str(config)}}
        return
    storage, settings = load_settings(config)
    sites = find_sites(settings, site)
    _check_accepted(accept_loss, sites, settings)
    if report and limit is None:
        fail("--report needs --limit: the page is for a person to read, e.g. --limit 20", USAGE)
    if report and dry_run:
        fail("--report has no effect with --dry-run, which stores nothing", USAGE)
    require_contact(sites, settings, config)
    options = CrawlOptions(since=since, limit=limit, accept_loss=frozenset(accept_loss or ()))
    sample, pages, logged, unlogged = Sample() if report else None, [], "", ""
    with exit_on_error():
        temp_dir = make_temp_dir()
        with open_copy(storage, temp_dir) if dry_run else open_locked(storage) as store:
            outcome = run(sites, settings, store, options, log_path=log, sample=sample)
            if not dry_run:
                pages.append(write(outcome, storage.reports_dir))  # before anything else can fail
                if outcome.is_complete:
                    logged, unlogged = _log_versions(store, storage, outcome)
                    logged = "\n".join(filter(None, (logged, _stamp(LogFolder(storage.log_dir), settings))))
        if sample is not None and sample.pages:
            pages.append(write_sample(sample.pages, outcome, storage.reports_dir))
    _show(outcome, logged, pages, as_json=as_json)
    if not outcome.is_complete:
        raise typer.Exit(INTERRUPTED)
    if unlogged:
        fail(unlogged, UNSOUND)
    raise typer.Exit(0 if outcome.is_sound else UNSOUND)


def _log_versions(store: Store, storage: Storage, outcome: RunReport) -> tuple[str, str]:
    """Append what is stored to the log of versions, if one is kept; return what it adds, or why nothing."""
    try:
        return _extend_log(store, LogFolder(storage.log_dir), outcome.started), ""
    except ModuleNotFoundError as error:
        reason = f"{error.name} is not installed; pip install 'preses-relizes[log]'"
    except LogError as error:
        reason = str(error)
    except OSError as error:
        reason = reason_of(error)
    return "", f"the log was not continued: {reason}"


def _extend_log(store: Store, folder: LogFolder, began: datetime) -> str:
    """Return what the crawl that *began* then adds to the log; empty if none is kept."""
    if not folder.is_kept:
        if LogRows(store).size():
            raise LogError(f"{folder.key_path} is missing; copy the key there")
        return ""
    from crawler.store.log.continuation import extend  # noqa: PLC0415 - an extra

    added = extend(store, folder, began=began)
    versions = "1 version" if added == 1 else f"{added} versions"
    return f"log: {versions} added, {LogRows(store).size()} in all"


def _stamp(folder: LogFolder, settings: CrawlerConfig) -> str:
    """Have the last checkpoint stamped, if an authority is named; return what is to be told about it."""
    if not settings.stamp_authority or not folder.is_kept:
        return ""
    try:
        from crawler.store.log.stamp import stamp  # noqa: PLC0415 - an extra

        ask = partial(ask_authority, settings.stamp_authority, tls=tls_context(settings.tls_ca))
        return "log: its checkpoint was stamped" if stamp(folder, ask) else ""
    except ModuleNotFoundError as error:
        reason = f"{error.name} is not installed; pip install 'preses-relizes[stamp]'"
    except (FetchError, LogError) as error:
        reason = str(error)
    except OSError as error:
        reason = reason_of(error)
    return f"log: its checkpoint was not stamped, the next crawl tries again: {reason}"


def _check_accepted(ids: Sequence[str] | None, sites: Sequence[Site], settings: CrawlerConfig) -> None:
    """End the command if `--accept-loss` names a site that is unknown or left out."""
    if not ids:
        return
    accepted = {accepted_site.id for accepted_site in find_sites(settings, ids)}
    if unused := accepted - {crawled_site.id for crawled_site in sites}:
        fail(f"--accept-loss {min(unused)} has no effect: this crawl leaves the site out", USAGE)


def _show(outcome: RunReport, logged: str, pages: Iterable[Path], *, as_json: bool) -> None:
    if as_json:
        typer.echo(to_json(outcome))
        return
    open_console().print(to_table(outcome))
    if logged:
        typer.echo(logged, err=True)
    for page in pages:
        typer.echo(f"{'Pages' if page.stem.endswith('-pages') else 'Report'}: {page}", err=True)
    if outcome.advice:
        typer.echo(outcome.advice, err=True)


def main() -> NoReturn:
    """Run `crawl` with the arguments of the command line."""
    app(prog_name="crawl")
    raise SystemExit(0)
