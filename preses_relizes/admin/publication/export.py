"""`releases export`: all releases as open data, for a nightly timer."""

import json
from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock, Timeout

from crawler.config import load_storage
from crawler.store import Store
from crawler.store.log.log_folder import LogFolder
from preses_relizes.admin.options import (
    BUSY,
    DEFAULT_CONFIG,
    USAGE,
    ConfigOption,
    JsonOption,
    exit_on_error,
    fail,
    size,
)
from preses_relizes.admin.publication.dump import (
    CSV,
    DCAT,
    LOG,
    MENTIONS,
    NDJSON,
    PARQUET,
    SQLITE,
    SUMS,
    Publisher,
    write_dump,
)
from preses_relizes.admin.publication.log_copy import copy_log
from searcher.config import load

_HTTP = ("http://", "https://")


def export(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="Where the files go: a folder that exists. A web server may serve it."
        ),
    ],
    *,
    address: Annotated[
        str,
        typer.Option("--address", metavar="URL", help="The public address of FOLDER."),
    ],
    licence: Annotated[
        str, typer.Option("--licence", metavar="URL", help="The address of the licence of the data.")
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Write all releases as open data, for a nightly timer; a crawl may run meanwhile.

    The files are `releases.ndjson`, `releases.sqlite3` and `releases.parquet` with the texts, `releases.csv`
    without them, `mentions.ndjson` with who and what they mention, who says what, what falls due and what
    followed, `dcat.jsonld`, which describes them for catalogues (DCAT-AP), and `SHA256SUMS`. They have what
    the pages show: releases that are gone from their site are marked, hidden ones left out, telephone numbers
    and e-mail addresses masked. Parquet needs the extra `parquet`.
    `log/` has the log of versions, if one is kept; `SHA256SUMS` covers its files, too. FOLDER must exist.
    Files of an earlier export are replaced when all new ones are complete.

    For example:

    - `releases export /srv/www/data --address https://relizes.example.lv/data/`
    """
    address = address if address.endswith("/") else f"{address}/"
    for name, url in (("--address", address), ("--licence", licence)):
        if url and (not url.startswith(_HTTP) or " " in url):
            fail(f"{name} {url}: not an address that begins with http:// or https://", USAGE)
    if not folder.is_dir():
        fail(f"{folder}: there is no such folder; it must exist, so make it first", USAGE)
    with exit_on_error():
        storage, settings = load_storage(config), load(config)
        page = f"{settings.base_url}{settings.url_prefix}" if settings.base_url else ""
        publisher = Publisher(name=settings.service_name, contact=settings.contact_email, page=page)
        try:
            with (
                FileLock(folder / ".export.lock", timeout=0),
                Store.open_readonly(storage.store_path) as store,
            ):
                log = LogFolder(storage.log_dir)
                leaves = copy_log(store, log, folder / LOG) if log.is_kept else None
                scope = write_dump(store, folder, address=address, licence=licence, publisher=publisher)
        except Timeout:
            fail(f"{folder}: another export is writing there", BUSY)
    names = (NDJSON, CSV, MENTIONS, SQLITE, PARQUET, DCAT, SUMS)
    sizes = {name: (folder / name).stat().st_size for name in names if (folder / name).exists()}
    if as_json:
        typer.echo(json.dumps({"releases": scope.releases, "files": sizes}, indent=2))
        return
    typer.echo(f"{folder}: {scope.releases} releases")
    for name, count in sizes.items():
        typer.echo(f"  {name}: {size(count)}")
    if PARQUET not in sizes:
        typer.echo(f"  no {PARQUET}: pip install 'preses-relizes[parquet]'")
    if leaves is not None:
        typer.echo(f"  {LOG}/: {leaves} leaves of the log of versions")
