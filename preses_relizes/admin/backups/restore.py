"""`releases restore`: brings an installation back from a backup, and overwrites nothing without a copy."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, get_args

import typer
from filelock import FileLock

from crawler.config import Storage, load_storage
from crawler.store.database import NEWEST_FORMAT, begin_epoch, log_files, write_log_back
from crawler.store.log.log_folder import LogFolder
from preses_relizes.admin.backups.backup_file import BackedUpFile, OpenBackup, Role, open_verified, sha256_of
from preses_relizes.admin.backups.inventory import SUBSCRIPTIONS, named_files
from preses_relizes.admin.options import DEFAULT_CONFIG, ConfigOption, UnsoundFileError, exit_on_error
from preses_relizes.shared.durable import put_in_place

BEFORE = ".before-"
"""The part before the time in the name of the copy of a file that a restore replaced."""


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `releases backup` wrote.")],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    with_settings: Annotated[
        bool, typer.Option("--settings", help="Replace existing settings, and the files they name, too.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Verify FILE and say what it has; write nothing.")
    ] = False,
) -> None:
    """Restore the store, the lists beside it and, if they are missing, the settings.

    FILE is verified first, to its last byte: a damaged one is refused, and nothing is written. Whatever is
    replaced is kept beside it under a name with `.before-` and the time. Without a settings file, that of
    FILE is written, and the data go where it says. If a restore is interrupted, repeat it.

    For example:

    - `releases restore releases.tar --dry-run`

    - `releases restore releases.tar` — then `reindex`
    """
    with exit_on_error(), open_verified(file) as backup:
        manifest = backup.manifest
        if manifest.store_format > NEWEST_FORMAT:
            raise UnsoundFileError(
                f"{file}: made by the newer version {manifest.program}; install that version"
            )
        typer.echo(
            f"{file}: sound; {manifest.releases} releases, made at {manifest.made} by {manifest.program}"
        )
        if dry_run:
            for one in manifest.files:
                typer.echo(f"  {one.name}: {one.bytes:,} bytes")
            return
        for line in put_back(backup, config, with_settings=with_settings):
            typer.echo(line)
        if LogFolder(load_storage(config).log_dir).is_kept:
            typer.echo("a log is kept: run `releases log resume --from EXPORT` with the last export")
    is_old = manifest.store_format < NEWEST_FORMAT
    typer.echo("run `releases upgrade`, then `reindex`" if is_old else "run `reindex`")


def put_back(backup: OpenBackup, config: Path, *, with_settings: bool) -> Iterator[str]:
    """Restore the files of *backup*; yield what was done with each.

    Raises:
        ConfigError: the settings that are to be kept or restored are invalid.
        Timeout: a crawl is running.
        OSError: a file cannot be written; those before it are restored.
    """
    by_role = {role: [file for file in backup.manifest.files if file.role == role] for role in get_args(Role)}
    stamp = f"{BEFORE}{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    [settings] = by_role["settings"]
    yield _put(backup, settings, config, stamp, replace=with_settings)
    places = {(key, path.name): path for key, path in named_files(config)}
    for named in by_role["named"]:
        if place := places.get((named.key, Path(named.name).name)):
            yield _put(backup, named, place, stamp, replace=with_settings)
    storage = load_storage(config)
    storage.data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(storage.data_dir / "crawl.lock", timeout=0):
        for data in by_role["data"]:
            target = storage.data_dir / Path(data.name).name
            if target.name == SUBSCRIPTIONS:
                yield _put_subscriptions(backup, data, target)
            else:
                yield _put(backup, data, target, stamp, replace=True)
        [store] = by_role["store"]
        yield _put_store(backup, store, storage, stamp)


def _put(backup: OpenBackup, file: BackedUpFile, target: Path, stamp: str, *, replace: bool) -> str:
    """Restore *file* to *target*, unless another file is there that is not to be replaced."""
    if not target.exists():
        _write(backup, file, target)
        return f"{target}: restored"
    if sha256_of(target) == file.sha256:
        return f"{target}: is the same already"
    if not replace:
        return f"{target}: kept; it differs from that of the backup, which --settings restores"
    kept = _keep(target, stamp)
    _write(backup, file, target)
    return f"{target}: restored; the old one is {kept.name}"


def _put_subscriptions(backup: OpenBackup, file: BackedUpFile, target: Path) -> str:
    if target.exists():
        return f"{target}: kept; who left since the backup stays away"
    _write(backup, file, target)
    target.chmod(0o600)
    return f"{target}: restored"


def _put_store(backup: OpenBackup, file: BackedUpFile, storage: Storage, stamp: str) -> str:
    target = storage.store_path
    draft = _draft_of(target)
    backup.extract(file, draft)
    begin_epoch(draft)
    kept = ""
    if target.exists():
        write_log_back(target)
        logs = [log for log in log_files(target) if log.exists()]
        kept = f"; the old one is {_keep(target, stamp).name}"
        for log in logs:  # a damaged store left them; only they may have its last changes
            _keep(log, stamp, of=target)
        for log in logs:  # SQLite would take it for the log of the new store
            log.unlink(missing_ok=True)
    put_in_place(draft, target)
    return f"{target}: restored{kept}"


def _write(backup: OpenBackup, file: BackedUpFile, target: Path) -> None:
    draft = _draft_of(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    backup.extract(file, draft)
    put_in_place(draft, target)


def _keep(path: Path, stamp: str, *, of: Path | None = None) -> Path:
    """Give the file at *path* a second name, which it keeps when a new file takes the first."""
    owner = of or path
    kept = path.with_name(f"{owner.name}{stamp}{path.name.removeprefix(owner.name)}")
    try:
        kept.hardlink_to(path)
    except OSError:  # not every file system has links
        shutil.copy2(path, kept)
    return kept


def _draft_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.draft")
