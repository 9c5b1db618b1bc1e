"""The table of contents: which segments make the index, as checksummed JSON replaced by rename."""

import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh.index import TOC, EmptyIndexError

from index.codec.codec import ArraySegment
from index.durable import name_errors, sync
from index.errors import DamagedError

VERSION = 1


class ArrayTOC(TOC):
    """Whoosh's table of contents without its pickles; the schema comes from code."""

    def __init__(
        self, schema: Any, segments: list[ArraySegment], generation: int, meta: Mapping[str, Any]
    ) -> None:
        super().__init__(schema, segments, generation)
        self.meta = dict(meta)
        """What the index's owner keeps with the generation: JSON values."""

    @classmethod
    def newest(cls, folder: Path, indexname: str) -> int | None:
        """Return the newest generation in *folder*; None where there is none."""
        generations = [cls._pattern(indexname).match(name) for name in _names_in(folder)]
        return max((int(found.group(1)) for found in generations if found), default=None)

    @classmethod
    def latest(cls, folder: Path, indexname: str, schema: Any) -> "ArrayTOC":
        """Read the newest table of contents in *folder*.

        Raises:
            EmptyIndexError: there is none.
            DamagedError: it is not what was written.
        """
        newest = cls.newest(folder, indexname)
        if newest is None:
            raise EmptyIndexError(f"{folder}: no index {indexname!r}")
        path = folder / cls._filename(indexname, newest)
        with name_errors(path):
            written = path.read_bytes()
        values = unsealed(written, path)
        if values["version"] != VERSION or values["generation"] != newest:
            raise DamagedError(
                f"{path}: not a table of contents of version {VERSION} and generation {newest}"
            )
        segments = [ArraySegment.from_json(indexname, one) for one in values["segments"]]
        return cls(schema, segments, newest, values["meta"])

    def write(self, storage: Any, indexname: str, *, new: Sequence[ArraySegment] | None = None) -> None:
        """Write the table, after making sure that the *new* segments it names, or else all, are on disk."""
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
            draft.write_bytes(sealed(values))
        sync(draft)
        sync(folder)
        draft.replace(path)
        sync(folder)


def sealed(values: Mapping[str, Any]) -> bytes:
    """Return JSON after a line with its checksum."""
    written = json.dumps(values, ensure_ascii=False).encode()
    return b"%08x\n%b" % (zlib.crc32(written), written)


def unsealed(content: bytes, path: Path) -> dict[str, Any]:
    """Return what ``sealed`` wrote.

    Raises:
        DamagedError: the checksum does not fit.
    """
    seal, _, written = content.partition(b"\n")
    if seal != b"%08x" % zlib.crc32(written):
        raise DamagedError(f"{path}: damaged")
    values: dict[str, Any] = json.loads(written)
    return values


def _names_in(folder: Path) -> list[str]:
    """The names in *folder*, none where it is missing; unlike `glob`, this hides no I/O error."""
    try:
        return [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []
