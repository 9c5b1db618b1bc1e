"""The generations of an index on disk, and the swap from one to another."""

import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from index.errors import DamagedIndexError, EngineError
from preses_relizes.shared.durable import name_errors, sync

CURRENT = "CURRENT"
_DRAFT = ".draft"


class Generations:
    """The folder *root*: a folder for each generation, and the file ``CURRENT`` that names the one in use.

    Only one process may change it at a time.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path | None:
        """Return the folder of the generation in use; None if there is none.

        Raises:
            DamagedIndexError: ``CURRENT`` is damaged.
        """
        name = read_current(self.root)
        return self.root / name if name else None

    def newest(self) -> Path | None:
        """Return the folder of the newest finished generation, in use or not; None if there is none."""
        return next(reversed(self._list_finished()), None)

    def previous(self) -> Path | None:
        """Return the newest finished generation before the one in use."""
        current = self.current()
        older = [
            folder for folder in self._list_finished() if current is not None and folder.name < current.name
        ]
        return older[-1] if older else None

    def earlier(self) -> Iterator[Path]:
        """Yield the generations before the one in use, newest first; all if ``CURRENT`` is damaged."""
        current = None
        with suppress(EngineError, OSError):
            current = self.current()
        yield from (
            folder
            for folder in reversed(self._list_finished())
            if current is None or folder.name < current.name
        )

    def newest_first(self) -> Iterator[Path]:
        """Yield the generation in use, if ``CURRENT`` can be read, then all others, newest first."""
        current = None
        with suppress(EngineError, OSError):
            current = self.current()
        if current is not None:
            yield current
        yield from (folder for folder in reversed(self._list_finished()) if folder != current)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Make a folder for a new generation; remove it if the build fails."""
        folder = self.root / f"{self._next_name()}{_DRAFT}"
        folder.mkdir(parents=True)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def finish(self, draft: Path) -> Path:
        """Give the complete generation in *draft* its final name; it is not in use yet."""
        finished = draft.with_suffix("")
        draft.rename(finished)
        sync(self.root)
        return finished

    def use(self, generation: Path) -> None:
        """Put *generation* into use; running servers notice that ``CURRENT`` changed.

        At any moment, ``CURRENT`` names the old generation or the new one.
        """
        draft = self.root / f"{CURRENT}{_DRAFT}"
        name = generation.name.encode()
        with name_errors(draft):
            draft.write_bytes(name + b" " + _seal(name))
        sync(draft)
        draft.replace(self.root / CURRENT)
        sync(self.root)

    def is_announced(self) -> bool:
        """Return whether servers see the last commit; False if a kill prevented ``use`` after it."""
        current = self.current()
        if current is None:
            return True
        announced = (self.root / CURRENT).stat().st_mtime_ns
        return all(path.stat().st_mtime_ns <= announced for path in current.glob("*.toc"))

    def prune(self, *, keep: int) -> None:
        """Remove all generations but the one in use and the *keep* newest before it."""
        current = self.current()
        if current is None:
            return
        unused = [folder for folder in self._list_finished() if folder != current]
        older = [folder for folder in unused if folder.name < current.name]
        kept = set(older[-keep:] if keep else ())
        for folder in unused:
            if folder not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def clean(self) -> None:
        """Remove the drafts of killed builds."""
        for folder in self.root.glob(f"*{_DRAFT}"):
            shutil.rmtree(folder, ignore_errors=True)  # leaves a file alone

    def _list_finished(self) -> list[Path]:
        return sorted(path for path in self.root.glob("[0-9]*") if path.is_dir() and path.suffix != _DRAFT)

    def _next_name(self) -> str:
        """Return a name that sorts after all others, even if the clock was set back."""
        now = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
        newest = max((folder.name for folder in self._list_finished()), default="")
        return f"{max(now, newest.partition('-')[0])}-{_serial(newest, now):03}"


def _serial(newest: str, now: str) -> int:
    stamp, _, serial = newest.partition("-")
    return int(serial or 0) + 1 if stamp >= now else 1


def read_current(root: Path) -> str:
    """Return the name of the generation in use; "" if there is none.

    Raises:
        DamagedIndexError: ``CURRENT`` is not what was written.
        OSError: it cannot be read.
    """
    path = root / CURRENT
    try:
        with name_errors(path):
            name, _, seal = path.read_bytes().partition(b" ")
    except FileNotFoundError:
        return ""
    if seal != _seal(name):
        raise DamagedIndexError(f"{path}: damaged; run `reindex --full`")
    return name.decode()


def _seal(name: bytes) -> bytes:
    return b"%08x\n" % zlib.crc32(name)
