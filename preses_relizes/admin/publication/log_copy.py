"""The log of versions as files, for `releases export`: those that are there already are kept."""

from pathlib import Path
from shutil import rmtree

from crawler.store import Store
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.published_log import CHECKPOINT, VKEY, PublishedLog
from crawler.store.log.tiles import Tile
from preses_relizes.shared.durable import put_in_place


def copy_log(store: Store, source: LogFolder, folder: Path) -> int:
    """Write the log of *store* into *folder*, the checkpoint last; return the number of its leaves.

    Partial tiles are removed when their tile is full.

    Raises:
        LogError: the store was restored, and does not have what was published.
        OSError: a file cannot be written.
    """
    log = PublishedLog.open(store, source)
    for tile in log.tiles():
        _copy(log, tile, folder)
    for stamp in source.stamps_path.glob("*.tsr"):
        if not (path := folder / "stamp" / stamp.name).exists():
            _write(path, stamp.read_bytes())
    _write(folder / VKEY, log.vkey.encode())
    _write(folder / CHECKPOINT, log.note.encode())
    return log.head.size


def _copy(log: PublishedLog, tile: Tile, folder: Path) -> None:
    path = folder / tile.path
    if path.exists():
        return
    _write(path, log.content(tile) or b"")
    partial = path.with_name(f"{path.name}.p")
    if tile.is_full and partial.is_dir():
        rmtree(partial)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.draft")
    draft.write_bytes(content)
    put_in_place(draft, path)
