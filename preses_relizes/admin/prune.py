"""`releases prune`: shows what takes up disk space, and removes what is no longer needed."""

import json
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock

from crawler.cli.stores import open_locked
from crawler.config import Storage, load_storage
from crawler.store import Store
from crawler.store.database import SCHEMA, store_exists
from crawler.store.pages import Pages
from index.config import load as load_indexing
from index.engines import open_builder
from preses_relizes.admin.backups.restore import BEFORE
from preses_relizes.admin.machine_checks import size_of
from preses_relizes.admin.options import DEFAULT_CONFIG, ConfigOption, JsonOption, exit_on_error, size

_DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskUse:
    """The disk space that one kind of file or row takes up."""

    what: str
    count: int
    bytes: int
    option: str
    """The option that removes some of it."""


def prune(
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    generations: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Keep N indexes before the one in use.")
    ] = None,
    reports: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Keep the reports of the last N crawls.")
    ] = None,
    copies: Annotated[
        int | None,
        typer.Option(min=0, metavar="DAYS", help="Remove copies that upgrades and restores kept, if older."),
    ] = None,
    pages: Annotated[
        int | None,
        typer.Option(min=0, metavar="DAYS", help="Remove the pages of releases gone or hidden for longer."),
    ] = None,
    compact: Annotated[
        bool, typer.Option("--compact", help="Give the free space in the store back to the disk.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove what the options name, and show what takes up the disk; without options, remove nothing.

    No release is removed, and no page of a release that is present: `crawl reextract` needs it. Removing
    pages frees space within the store; `--compact` gives it back, and needs as much space as the store has.

    For example:

    - `releases prune` — what is there, and which option removes it

    - `releases prune --generations 1 --copies 30`

    - `releases prune --pages 365 --compact`
    """
    with exit_on_error():
        storage = load_storage(config)
        before = list(disk_uses(storage, config))
        if generations is not None:
            _prune_generations(storage, config, keep=generations)
        if reports is not None:
            _remove(_reports(storage)[: -2 * reports])
        if copies is not None:
            _remove(path for path in _copies(storage, config) if _age_s(path) >= copies * _DAY_S)
        if pages is not None or compact:
            _prune_store(storage, pages, is_compacted=compact)
        uses = list(disk_uses(storage, config))
    if as_json:
        typer.echo(json.dumps([asdict(use) for use in uses], indent=2))
        return
    for was, use in zip(before, uses, strict=False):  # a crawl may create the store meanwhile
        removed = _show_removed(was.count - use.count, was.bytes - use.bytes)
        typer.echo(f"{use.what}: {use.count:,} ({size(use.bytes)}){removed}; {use.option}")
    if before == uses and (compact or (generations, reports, copies, pages) != (None,) * 4):
        typer.echo("nothing was removed")
    typer.echo(f"free disk space: {size(shutil.disk_usage(config.absolute().parent).free)}")


def _show_removed(count: int, total: int) -> str:
    return f", {count:,} ({size(total)}) removed" if count > 0 else ""


def disk_uses(storage: Storage, config: Path) -> Iterator[DiskUse]:
    """Yield what takes up the disk, with the option that removes some of it."""
    generations = [path for path in storage.index_dir.glob("[0-9]*") if path.is_dir()]
    yield _use("indexes, the one in use included", generations, "--generations N")
    yield _use("reports of crawls", _reports(storage), "--reports N")
    yield _use("copies kept by upgrades and restores", _copies(storage, config), "--copies DAYS")
    if not store_exists(storage.store_path):
        return
    with Store.open_readonly(storage.store_path) as store:
        stored = Pages(store)
        yield DiskUse(what="stored pages", **_sizes(stored.measure()), option="needed by `crawl reextract`")
        absent = stored.measure_absent(since=datetime.now(UTC))
        yield DiskUse(what="of these, of releases gone or hidden", **_sizes(absent), option="--pages DAYS")
        yield DiskUse(what="free pages in the store", **_sizes(store.measure_free()), option="--compact")


def _prune_generations(storage: Storage, config: Path, *, keep: int) -> None:
    if storage.index_dir.is_dir():
        with FileLock(storage.index_dir / "reindex.lock", timeout=0):
            open_builder(storage, load_indexing(config)).prune(keep=keep)


def _prune_store(storage: Storage, days: int | None, *, is_compacted: bool) -> None:
    if not store_exists(storage.store_path):
        return
    with open_locked(storage) as store:
        if days is not None:
            Pages(store).forget_absent(since=datetime.now(UTC) - timedelta(days=days))
        if is_compacted:
            store.compact()


def _reports(storage: Storage) -> list[Path]:
    """Return the two files of each report, oldest first."""
    return sorted(storage.reports_dir.glob("crawl-*"))


def _copies(storage: Storage, config: Path) -> list[Path]:
    """Return the copies that upgrades and restores kept, beside the store and beside the settings."""
    folders = {storage.data_dir.absolute(), config.absolute().parent}
    names = (f"{storage.store_path.name}{SCHEMA}*", f"*{BEFORE}*")
    return sorted({path for folder in folders for name in names for path in folder.glob(name)})


def _age_s(path: Path) -> float:
    # The time at which it was linked to this name; its content is older.
    return time.time() - path.stat().st_ctime


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _use(what: str, paths: list[Path], option: str) -> DiskUse:
    return DiskUse(what=what, count=len(paths), bytes=sum(map(size_of, paths)), option=option)


def _sizes(measured: tuple[int, int]) -> dict[str, int]:
    count, total = measured
    return {"count": count, "bytes": total}
