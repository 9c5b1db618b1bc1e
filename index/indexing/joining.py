"""Indexes built apart, made one: their segments are moved, not written anew."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from index.codec.segment import ArraySegment
from index.codec.toc import ArrayTOC

_NAME = "MAIN"


def join(folder: Path, parts: Sequence[Path], schema: Any, meta: Mapping[str, Any]) -> None:
    """Make one index in *folder* of those in *parts*, which hold different documents and are used up."""
    segments: list[ArraySegment] = []
    for part in parts:
        for segment in ArrayTOC.latest(part, _NAME, schema).segments:
            for name in segment.list_files(FileStorage(str(part))):
                (part / name).rename(folder / name)
            segments.append(segment)
    ArrayTOC(schema, segments, 1, meta).write(FileStorage(str(folder)), _NAME)
