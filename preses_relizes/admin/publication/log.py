"""`releases init-log` and `releases log resume`: begin the log of versions, continue it after a restore."""

from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock

from crawler.cli.stores import open_locked
from crawler.config import Storage, load_storage
from crawler.store import Store, StoreError
from crawler.store.database import NO_STORE, store_exists
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.log_rows import LogRows
from crawler.store.log.merkle import EMPTY_ROOT
from preses_relizes.admin.options import (
    DEFAULT_CONFIG,
    UNSOUND,
    USAGE,
    ConfigOption,
    UnsoundFileError,
    exit_on_error,
    fail,
)
from searcher.config import load

_NOT_INSTALLED = "{name} is not installed; pip install 'preses-relizes[log]'"


def init_log(
    *,
    name: Annotated[
        str,
        typer.Option("--name", metavar="NAME", help="Default: `/log` at `base_url`, without https://."),
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Begin a log of all versions of releases, by which anyone can prove what a text was; docs/log.md.

    This makes the key that signs the log, `log/key` in the data directory, which only its owner can read. It
    is in no backup: keep a copy where nobody else can read it. NAME is in each checkpoint, for good. The next
    `crawl` logs all versions that are stored; needs the extra `log`.

    For example:

    - `releases init-log --name relizes.example.lv/log`
    """
    try:
        from crawler.store.log.checkpoint import SigningKey  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        fail(_NOT_INSTALLED.format(name=error.name), USAGE)
    with exit_on_error():
        storage = load_storage(config)
        name = name or _default_name(config)
        if not name:
            fail(
                f"give --name, such as relizes.example.lv/log, or set base_url in [searcher] of {config}",
                USAGE,
            )
        if "+" in name or any(char.isspace() or not char.isprintable() for char in name):
            fail(f"--name {name!r}: must not have a space, a plus sign or a control character", USAGE)
        folder = LogFolder(storage.log_dir)
        folder.path.mkdir(parents=True, exist_ok=True)
        with FileLock(storage.data_dir / "crawl.lock", timeout=0):
            _require_no_log(storage, folder)
            key = SigningKey.make(name)
            folder.publish(key.sign(0, EMPTY_ROOT))
            folder.put_keys(str(key), str(key.verifier))
    typer.echo(f"{folder.key_path}: keep a copy of this key where nobody else can read it")
    typer.echo("the key by which others verify the log; publish it elsewhere, too:")
    typer.echo(str(key.verifier))
    typer.echo("now run `crawl`: it logs what is stored, and each new version")


def _default_name(config: Path) -> str:
    settings = load(config)
    return f"{settings.base_url}{settings.url_prefix}/log".partition("://")[2] if settings.base_url else ""


def _require_no_log(storage: Storage, folder: LogFolder) -> None:
    if folder.is_kept:
        raise UnsoundFileError(f"{folder.key_path}: there is a log already")
    if store_exists(storage.store_path):
        with Store.open_readonly(storage.store_path) as store:
            if LogRows(store).size():
                raise UnsoundFileError(
                    f"{folder.key_path}: the key of the log in the store is missing; copy it here"
                )


log = typer.Typer(no_args_is_help=True)


# Without a callback, Typer takes the only command for the group and drops its name.
@log.callback()
def of_versions() -> None:
    """Keep the log of versions, which `releases init-log` begins."""


@log.command()
def resume(
    *,
    export: Annotated[
        Path,
        typer.Option(
            "--from", metavar="EXPORT", help="A folder of `releases export`, or a copy of its folder `log`."
        ),
    ],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Continue the log after the store was restored from an older backup.

    Leaves that the store lacks are read from EXPORT, which must be at least as new as the last checkpoint in
    the data directory. What they say of versions that the backup has not stays true; nobody can prove it any
    more, since its nonces are lost. Nothing is written unless EXPORT continues the log in the store.

    Exit code 1: it does not.

    For example:

    - `releases log resume --from /srv/www/data` — then `crawl`
    """
    try:
        from crawler.store.log.continuation import resume as resume_from  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        fail(_NOT_INSTALLED.format(name=error.name), USAGE)
    with exit_on_error():
        storage = load_storage(config)
        if not store_exists(storage.store_path):
            raise StoreError(f"{storage.store_path}: {NO_STORE}")
        folder = LogFolder(storage.log_dir)
        if not folder.vkey_path.exists():
            fail(f"{folder.vkey_path}: no log is kept; `releases init-log` begins one", UNSOUND)
        source = export / "log" if (export / "log").is_dir() else export
        with open_locked(storage) as store:
            count = resume_from(store, folder, source)
    typer.echo(f"{storage.store_path}: {count} leaves of the log brought back")
