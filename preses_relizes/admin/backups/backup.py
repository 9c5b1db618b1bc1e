"""`releases backup`: everything that cannot be rebuilt, in one file that verifies itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.check import check_store
from crawler.config import load_storage
from crawler.store import Store
from preses_relizes import __version__
from preses_relizes.admin.backups.backup_file import BackedUpFile, Manifest, sha256_of, write
from preses_relizes.admin.backups.inventory import STORE, SUBSCRIPTIONS, OwnFile, own_files
from preses_relizes.admin.options import (
    DEFAULT_CONFIG,
    USAGE,
    ConfigOption,
    JsonOption,
    UnsoundFileError,
    exit_on_error,
    fail,
    size,
)


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, e.g. releases.tar; it must not exist.")
    ],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Back up the store, the settings and what people edited; a crawl may run meanwhile.

    FILE is a tar file with checksums inside. It has the store, the abbreviations and other lists beside it,
    the settings, and the files that they name, such as judged queries. Index, reports and logs are left out:
    they can be rebuilt or are not worth keeping.

    The store is checked first; a damaged one is not backed up. FILE appears only when it is complete.

    For example:

    - `releases backup "/backup/releases-$(date +%F).tar"`
    """
    if not file.parent.is_dir():
        fail(f"{file.parent}: there is no such folder", USAGE)
    if file.exists():
        fail(f"{file}: exists already; give another name", USAGE)
    with exit_on_error():
        manifest = back_up(config, file)
    if as_json:
        typer.echo(manifest.model_dump_json(indent=2))
        return
    names = ", ".join(one.name for one in manifest.files)
    typer.echo(f"{file}: {manifest.releases} releases, {size(file.stat().st_size)}: {names}")


def back_up(config: Path, file: Path) -> Manifest:
    """Write the backup *file* of the installation with the settings at *config*.

    Raises:
        ConfigError: the settings are missing or invalid.
        UnsoundFileError: the store is damaged, or the subscriptions cannot be read.
        StoreError: there is no store, or it cannot be read.
        OSError: a file cannot be read or written.
    """
    storage = load_storage(config)
    copy = file.with_name(f"{file.name}.store.draft")
    subscriptions = file.with_name(f"{file.name}.subscriptions.draft")
    try:
        with Store.open_readonly(storage.store_path) as store:
            store.back_up_to(copy)
        with Store.open_readonly(copy) as store:
            if damage := [finding.remark for finding in check_store(store) if not finding.is_well]:
                raise UnsoundFileError(
                    f"{storage.store_path}: not backed up, since it is damaged: {damage[0]}"
                )
            others = [_settled(other, subscriptions) for other in own_files(config)]
            sources = {STORE: copy} | {other.name: other.path for other in others}
            manifest = _manifest(store, sources, others)
        write(file, sources, manifest)
    finally:
        for draft in (copy, subscriptions):
            draft.unlink(missing_ok=True)
    return manifest


def _settled(file: OwnFile, copy: Path) -> OwnFile:
    """Return *file*, or a *copy* of one that others may be writing."""
    if file.path.name != SUBSCRIPTIONS:
        return file
    try:
        from searcher.subscriptions import SubscriptionDatabase, SubscriptionFileError  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise UnsoundFileError(
            f"{file.path}: not backed up without {error.name}; pip install 'preses-relizes[mail]'"
        ) from error
    try:
        SubscriptionDatabase(file.path).copy_to(copy)
    except SubscriptionFileError as error:
        raise UnsoundFileError(f"not backed up: {error}") from error
    return replace(file, path=copy)


def _manifest(store: Store, sources: Mapping[str, Path], others: list[OwnFile]) -> Manifest:
    of_store = OwnFile(name=STORE, role="store", path=sources[STORE])
    return Manifest(
        program=__version__,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        store_format=store.format(),
        releases=store.count(),
        number=store.last_number(),
        files=tuple(_describe(file) for file in (of_store, *others)),
    )


def _describe(file: OwnFile) -> BackedUpFile:
    return BackedUpFile(
        name=file.name,
        role=file.role,
        key=file.key,
        bytes=file.path.stat().st_size,
        sha256=sha256_of(file.path),
    )
