"""The table of contents: the segments of a generation, as checksummed JSON replaced by rename."""

import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh.index import TOC, EmptyIndexError

from index.codec.codec import ArraySegment
from index.errors import DamagedError
from preses_relizes.shared.durable import name_errors, sync

VERSION = 1


class ArrayTOC(TOC):
    """Whoosh's table of contents without pickles; the schema comes from code."""

    def __init__(
        self, schema: Any, segments: list[ArraySegment], generation: int, meta: Mapping[str, Any]
    ) -> None:
        super().__init__(schema, segments, generation)
        self.meta = dict(meta)
        """The application's values of this generation: JSON."""

    @classmethod
    def newest(cls, folder: Path, indexname: str) -> int | None:
        """Return the newest generation in *folder*, None if there is none."""
        generations = [cls._pattern(indexname).match(name) for name in _list_names(folder)]
        return max((int(match.group(1)) for match in generations if match), default=None)

    @classmethod
    def latest(cls, folder: Path, indexname: str, schema: Any) -> "ArrayTOC":
        """Read the newest table of contents in *folder*.

        Raises:
            EmptyIndexError: there is no table of contents.
            DamagedError: it is damaged.
        """
        newest = cls.newest(folder, indexname)
        if newest is None:
            raise EmptyIndexError(f"{folder}: no index {indexname!r}")
        path = folder / cls._filename(indexname, newest)
        with name_errors(path):
            content = path.read_bytes()
        values = unseal(content, path)
        if values["version"] != VERSION or values["generation"] != newest:
            raise DamagedError(
                f"{path}: not a table of contents of version {VERSION} and generation {newest}"
            )
        segments = [ArraySegment.from_json(indexname, segment) for segment in values["segments"]]
        return cls(schema, segments, newest, values["meta"])

    def write(self, storage: Any, indexname: str, *, new: Sequence[ArraySegment] | None = None) -> None:
        """Sync the *new* segments, or all if None, then write the table of contents."""
        folder = Path(storage.folder)
        for segment in self.segments if new is None else new:
            for name in segment.list_files(storage):
                sync(folder / name)
        values = {
            "version": VERSION,
            "generation": self.generation,
            "segments": [segment.to_json() for segment in self.segments],
            "meta": self.meta,
        }
        path = folder / self._filename(indexname, self.generation)
        draft = path.with_suffix(".draft")
        with name_errors(draft):
            draft.write_bytes(seal(values))
        sync(draft)
        sync(folder)
        draft.replace(path)
        sync(folder)


def seal(values: Mapping[str, Any]) -> bytes:
    """Return JSON preceded by a line with its checksum."""
    content = json.dumps(values, ensure_ascii=False).encode()
    return b"%08x\n%b" % (zlib.crc32(content), content)


def unseal(sealed: bytes, path: Path) -> dict[str, Any]:
    """Return the values that ``seal`` wrote.

    Raises:
        DamagedError: the checksum differs.
    """
    seal, _, content = sealed.partition(b"\n")
    if seal != b"%08x" % zlib.crc32(content):
        raise DamagedError(f"{path}: damaged")
    values: dict[str, Any] = json.loads(content)
    return values


def _list_names(folder: Path) -> list[str]:
    """Return the names in *folder*, none if it is missing; unlike `glob`, this hides no I/O error."""
    try:
        return [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []
