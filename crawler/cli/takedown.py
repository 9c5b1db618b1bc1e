"""`crawl undo`, `hide` and `unhide`: the operator's decisions about stored releases."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from crawler.cli.options import (
    BROKEN,
    DEFAULT_CONFIG,
    UNSOUND,
    USAGE,
    ConfigOption,
    JsonOption,
    count,
    exit_on_error,
    fail,
    find_sites,
    load_settings,
    parse_url,
)
from crawler.cli.site_completion import complete_site
from crawler.cli.stores import open_existing
from crawler.config import Storage
from crawler.run import now
from crawler.scheduler import Frontier
from crawler.store import Store
from crawler.store.database import NO_STORE, store_exists
from crawler.store.rollback import roll_back


def undo(
    site: Annotated[
        str,
        typer.Argument(
            metavar="SITE", help="ID of a site in the settings file.", autocompletion=complete_site
        ),
    ],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    run: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Roll back to before crawl N, as numbered in the reports; default: the last crawl.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Roll back the last crawl's changes to the releases of SITE.

    Releases that it marked as gone, or hid because the page asked for it, are present again. Releases that it
    overwrote have their earlier title, text and date again; the newer text stays as a version. New releases
    stay: `crawl hide URL` removes one. Releases hidden by `crawl hide` stay hidden.

    The next crawl fetches the site again, and accepts the same changes again. Look at the site first; until
    it is repaired, set `enabled = false` in its table of the settings.

    For example:

    - `crawl undo mfa` — as if the last crawl had changed no release of the ministry

    - `crawl undo mfa --run 41` — back to before crawl 41

    Then run `reindex`.
    """
    storage, settings = load_settings(config)
    find_sites(settings, [site])
    if not store_exists(storage.store_path):
        fail(f"{storage.store_path}: {NO_STORE}", BROKEN)
    with exit_on_error(), open_existing(storage) as store:
        started = Frontier(store, settings.recheck).run_start(run)
        if started is None:
            fail(f"there is no crawl {run or ''}".rstrip() + " in the store", USAGE)
        undone = roll_back(store, site, since=started, seen=now())
    if as_json:
        typer.echo(json.dumps({"site": site, **asdict(undone)}, ensure_ascii=False, indent=2))
        return
    removals, edits = len(undone.present_again), len(undone.text_again)
    typer.echo(f"{site}: rolled back {count(removals, 'removal')} and {count(edits, 'edit')}")
    for url in undone.text_lost:
        typer.echo(f"{url}: not rolled back; it had so many versions that the text is not kept")
    if removals or edits:
        typer.echo("run `reindex` to update the index")


def hide(
    url: Annotated[
        str | None,
        typer.Argument(metavar="URL", help="Address of a release; without it, list the hidden addresses."),
    ] = None,
    *,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Accept an address at which no release is stored yet.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Hide the release at URL for good; `crawl unhide URL` shows it again.

    Without URL: list the hidden addresses, and since when.

    Exit code 1: no release is stored at URL. With `--unseen`, a release found there later is hidden at once.

    For example:

    - `crawl hide https://www.iem.gov.lv/lv/jaunums/x` — then `reindex`
    """
    storage, _ = load_settings(config)
    if url is None:
        if unseen:
            fail("--unseen has no effect without URL", USAGE)
        _list_hidden(storage)
        return
    address = parse_url(url)
    if unseen and not store_exists(storage.store_path):
        fail(f"{storage.store_path}: {NO_STORE}", BROKEN)
    with exit_on_error(), open_existing(storage) as store:
        was_hidden, is_stored = store.is_hidden(address), store.find(address) is not None
        if not (unseen or is_stored or was_hidden):
            fail(
                f"{address}: no release is stored here; with --unseen, a release found later is hidden",
                UNSOUND,
            )
        store.hide(address, seen=now())
    state = "already hidden" if was_hidden else "hidden"
    advice = "run `reindex` to remove it from the index" if is_stored else "so will be a release found here"
    typer.echo(f"{address}: {state}; {advice}")


def _list_hidden(storage: Storage) -> None:
    with exit_on_error(), Store.open_readonly(storage.store_path) as store:
        takedowns = list(store.takedowns())
    for hidden, since in takedowns:
        typer.echo(f"{since:%Y-%m-%d} {hidden}")
    if not takedowns:
        typer.echo("no address is hidden", err=True)  # the list itself stays empty


def unhide(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a release.")],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show the release at URL again.

    Exit code 1: it is not hidden.

    For example:

    - `crawl unhide https://www.iem.gov.lv/lv/jaunums/x` — then `reindex`
    """
    storage, _ = load_settings(config)
    address = parse_url(url)
    with exit_on_error(), open_existing(storage) as store:
        if not store.is_hidden(address):
            fail(f"{address}: not hidden; `crawl hide` lists the hidden addresses", UNSOUND)
        store.unhide(address, seen=now())
    typer.echo(f"{address}: shown again; run `reindex`")
