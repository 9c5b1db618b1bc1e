"""The file format of every part of a segment: named arrays, memory-mapped.

See ``docs/index-format.md``.
"""

import json
import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from index.errors import DamagedError
from index.file_stamp import FileStamp
from preses_relizes.shared.durable import name_errors

Array = NDArray[Any]
Ints = NDArray[np.int64]

MAGIC = b"PRESARR\n"
VERSION = 7
ALIGNMENT = 64
SPOOL_BYTES = 1 << 20
_FORGOTTEN_BYTES = 16 << 20
_HEADER = struct.Struct("<8sII48x")  # magic, version, checksum of the two; one alignment long
_TRAILER = struct.Struct("<QII8s")  # offset, length and checksum of the directory; magic

DTYPES = frozenset({"|u1", "<u2", "<u4", "<u8", "|i1", "<i2", "<i4", "<i8", "<f4", "<f8"})


@dataclass(frozen=True, slots=True)
class ArrayEntry:
    """The extent of an array in its file; ``crc`` covers the array and the padding up to ``end``.

    An array of zeros takes no room: it ends where it begins.
    """

    dtype: str
    count: int
    offset: int
    end: int
    crc: int

    @property
    def is_zeros(self) -> bool:
        """Whether it has nothing but zeros."""
        return self.end == self.offset


class ArrayWriter:
    """Writes named arrays in sequence to *file* at *path*; the file is complete only after ``close``.

    Every OSError names the file.
    """

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file, self.path = file, path
        self._entries: dict[str, ArrayEntry] = {}
        self._temp_files: list[TempFile] = []
        self.meta: dict[str, Any] = {}
        """JSON values stored with the arrays."""
        head = struct.pack("<8sI", MAGIC, VERSION)
        self._offset = 0
        self._write(_HEADER.pack(MAGIC, VERSION, zlib.crc32(head)), 0)

    def describe(self, **meta: Any) -> None:
        """Store JSON values with the arrays."""
        self.meta.update(meta)

    def add(self, name: str, chunks: Array | Iterable[Array]) -> None:
        """Append an array, complete or in chunks of one type."""
        self.begin(name)
        for chunk in (chunks,) if isinstance(chunks, np.ndarray) else chunks:
            self.append(chunk)
        self.end()

    def begin(self, name: str) -> None:
        """Begin an array; ``append`` chunks of one type, then call ``end``."""
        if name in self._entries:
            raise ValueError(f"{name}: written twice")
        self._open = ArrayEntry("|u1", 0, self._offset, 0, 0), name

    def append(self, chunk: Array) -> None:
        """Append a chunk to the open array."""
        entry, name = self._open
        plain = np.ascontiguousarray(chunk)
        dtype = plain.dtype.str
        if dtype not in DTYPES or (entry.count and dtype != entry.dtype):
            raise ValueError(f"{name}: a chunk of type {dtype} does not fit this array")
        content = plain.data.cast("B") if plain.size else b""
        crc = entry.crc
        if self._offset > entry.offset or np.frombuffer(content, np.uint8).any():
            crc = self._write_zeros(entry, plain.itemsize)
            crc = self._write(content, crc)
        self._open = ArrayEntry(dtype, entry.count + plain.size, entry.offset, 0, crc), name

    def _write_zeros(self, entry: ArrayEntry, size: int) -> int:
        """Write the zeros with which the open array begins, if they were not; return its checksum."""
        if self._offset > entry.offset:
            return entry.crc
        left, crc = entry.count * size, entry.crc
        for first in range(0, left, SPOOL_BYTES):
            crc = self._write(bytes(min(SPOOL_BYTES, left - first)), crc)
        return crc

    def end(self) -> None:
        """End the open array."""
        entry, name = self._open
        crc = self._write(bytes(-self._offset % ALIGNMENT), entry.crc)
        self._entries[name] = ArrayEntry(entry.dtype, entry.count, entry.offset, self._offset, crc)

    def spool(self, name: str, dtype: DTypeLike) -> "Spool":
        """Return a buffer on disk for an array that grows while others are written."""
        return Spool(self, name, np.dtype(dtype))

    def temp_file(self) -> "TempFile":
        """Return an unnamed file for data that is too large for memory."""
        self._temp_files.append(TempFile(self.path))
        return self._temp_files[-1]

    def abandon(self) -> None:
        """Close the temporary files; the caller closes the file itself."""
        for temp_file in self._temp_files:
            temp_file.close()

    def _write(self, content: bytes | memoryview, crc: int) -> int:
        with name_errors(self.path):
            self._file.write(content)
        self._offset += len(content)
        return zlib.crc32(content, crc)

    def close(self) -> None:
        """Write the directory; the caller closes the file."""
        arrays = {name: [e.dtype, e.count, e.offset, e.end, e.crc] for name, e in self._entries.items()}
        directory = json.dumps({"arrays": arrays, "meta": self.meta}, ensure_ascii=False).encode()
        with name_errors(self.path):
            self._file.write(directory)
            self._file.write(_TRAILER.pack(self._offset, len(directory), zlib.crc32(directory), MAGIC))
            self._file.flush()


def write_arrays(path: Path, arrays: Mapping[str, Array], **meta: Any) -> None:
    """Write a file of *arrays* and JSON values."""
    with name_errors(path), path.open("wb") as file:
        out = ArrayWriter(file, path)
        for name, array in arrays.items():
            out.add(name, array)
        out.describe(**meta)
        out.close()


class TempFile:
    """A temporary file in the folder of *beside*, for data that is too large for memory.

    The first megabyte stays in memory. Every OSError names *beside*.
    """

    def __init__(self, beside: Path) -> None:
        self._beside = beside
        with name_errors(beside):
            self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed by ``close``
                max_size=SPOOL_BYTES, dir=str(beside.parent)
            )

    def seek(self, place: int) -> None:
        """Go to an offset in bytes."""
        with name_errors(self._beside):
            if place > SPOOL_BYTES:
                self._file.rollover()  # in memory, seeking would allocate everything before *place*
            self._file.seek(place)

    def write(self, content: Array) -> None:
        """Write an array at the current offset."""
        with name_errors(self._beside):
            self._file.write(np.ascontiguousarray(content).data.cast("B") if content.size else b"")

    def read(self, size: int) -> bytes:
        """Read up to *size* bytes from the current offset."""
        with name_errors(self._beside):
            return self._file.read(size)

    def close(self) -> None:
        """Delete the file."""
        # On a full disk flushing fails, but the data is no longer needed.
        with suppress(OSError):
            self._file.close()


class Spool:
    """An array that grows in a temporary file until it can be written, to save memory."""

    def __init__(self, out: ArrayWriter, name: str, dtype: np.dtype[Any]) -> None:
        self._out, self._name, self._dtype = out, name, dtype
        self._temp_file = out.temp_file()

    def append(self, chunk: Array) -> None:
        """Append a chunk, converted to the type of the array."""
        self._temp_file.write(chunk.astype(self._dtype, copy=False))

    def write(self, dtype: DTypeLike | None = None) -> None:
        """Write the array to the array file, converted to *dtype* if given."""
        self._temp_file.seek(0)
        self._out.begin(self._name)
        while chunk := self._temp_file.read(SPOOL_BYTES):
            self._out.append(np.frombuffer(chunk, self._dtype).astype(dtype or self._dtype, copy=False))
        self._out.end()
        self._temp_file.close()


class ArrayFile(Mapping[str, Array]):
    """The arrays of a memory-mapped file; opening checks the directory, and ``verify`` checks every byte.

    *content* is the content of a file that exists only in memory.
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.path = path
        self._bytes = _map(path) if content is None else content
        self._stamp = FileStamp.at(path) if content is None else None
        self.entries, self.meta = self._directory()
        """The extents of the arrays by name, and the JSON values stored with them."""
        self._arrays: dict[str, Array] = {}

    def _directory(self) -> tuple[dict[str, ArrayEntry], dict[str, Any]]:
        size = len(self._bytes)
        if size < _HEADER.size + _TRAILER.size:
            raise DamagedError(f"{self.path}: too short")
        if self._bytes[: _HEADER.size] != _HEADER.pack(
            MAGIC, VERSION, zlib.crc32(struct.pack("<8sI", MAGIC, VERSION))
        ):
            raise DamagedError(f"{self.path}: not an array file of version {VERSION}")
        offset, length, crc, magic = _TRAILER.unpack_from(self._bytes, size - _TRAILER.size)
        if magic != MAGIC or offset + length + _TRAILER.size != size:
            raise DamagedError(f"{self.path}: truncated, or damaged at its end")
        content = self._bytes[offset : offset + length]
        if zlib.crc32(content) != crc:
            raise DamagedError(f"{self.path}: directory damaged")
        directory = json.loads(content)
        return {name: ArrayEntry(*row) for name, row in directory["arrays"].items()}, directory["meta"]

    def __getitem__(self, name: str) -> Array:
        array = self._arrays.get(name)
        if array is None:
            entry = self.entries.get(name)
            if entry is None:
                raise DamagedError(f"{self.path}: no array {name!r}")
            if entry.is_zeros:
                array = np.zeros(entry.count, entry.dtype)
                array.flags.writeable = False
            else:
                array = np.frombuffer(self._bytes, np.dtype(entry.dtype), entry.count, entry.offset)
            self._arrays[name] = array
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    @property
    def size(self) -> int:
        """The size of the file in bytes."""
        return len(self._bytes)

    def forget(self) -> None:
        """Release the memory of the pages read so far."""
        if hasattr(mmap, "MADV_DONTNEED") and isinstance(self._bytes, mmap.mmap):
            # In parts: no other thread runs during one.
            for first in range(0, len(self._bytes), _FORGOTTEN_BYTES):
                self._bytes.madvise(mmap.MADV_DONTNEED, first, _FORGOTTEN_BYTES)

    def verify(self, prefix: str = "") -> None:
        """Compare the arrays whose names start with *prefix* with their checksums; by default, all arrays.

        Raises:
            DamagedError: a checksum differs; the message names the array.
        """
        view = memoryview(self._bytes)
        for name, entry in self.entries.items():
            if name.startswith(prefix) and zlib.crc32(view[entry.offset : entry.end]) != entry.crc:
                raise DamagedError(f"{self.path}: array {name!r} damaged")
        self.forget()

    def verify_on_disk(self) -> None:
        """Read the file at the path again and compare it with the checksums.

        Unlike reading the mapping, this detects a file that was replaced, truncated or became unreadable,
        and it never ends the process with SIGBUS.

        Raises:
            DamagedError: it is not the file that was opened.
            OSError: the file cannot be read.
        """
        self._stamp = self._stamp_now() or self._stamp
        if ArrayFile(self.path).entries != self.entries:
            raise DamagedError(f"{self.path}: not the file that was opened")
        with name_errors(self.path), self.path.open("rb", buffering=0) as file:
            for name, entry in self.entries.items():
                if _crc(file.fileno(), entry) != entry.crc:
                    raise DamagedError(f"{self.path}: array {name!r} damaged")

    def has_changed(self) -> bool:
        """Return whether the mapped file was written to since it was opened, or last verified on disk."""
        return self._stamp_now() not in (None, self._stamp)

    def is_harmed(self) -> bool:
        """Return whether the mapped file, unless another is at its path, is not what was written."""
        stamp = self._stamp_now()
        if stamp is None or stamp.size != self.size:
            return stamp is not None
        try:
            self.verify_on_disk()
        except (DamagedError, OSError):
            return True
        return False

    def _stamp_now(self) -> FileStamp | None:
        """Return the stamp of the mapped file; None if another one is at its path, or none."""
        now = FileStamp.at(self.path)
        return now if self._stamp and self._stamp.is_same_file(now) else None


def path_in(storage: Any, name: str) -> Path:
    """Return the path of a file in *storage*; a storage in memory needs it only to place temporary files."""
    return Path(storage.folder or tempfile.gettempdir()) / name


def open_in(storage: Any, name: str) -> "ArrayFile":
    """Open an array file of a Whoosh storage; a file on disk is memory-mapped."""
    if storage.folder:
        return ArrayFile(path_in(storage, name))
    with storage.open_file(name) as file:
        return ArrayFile(Path(name), file.read())


def _map(path: Path) -> mmap.mmap:
    with name_errors(path), path.open("rb") as file:
        try:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise DamagedError(f"{path}: empty") from error


def _crc(file: int, entry: ArrayEntry) -> int:
    """Return the checksum of an array, read a megabyte at a time."""
    crc = 0
    for place in range(entry.offset, entry.end, SPOOL_BYTES):
        crc = zlib.crc32(os.pread(file, min(SPOOL_BYTES, entry.end - place), place), crc)
    return crc


def shrink(values: Array) -> Array:
    """Convert non-negative integers to the smallest unsigned type that fits them.

    >>> shrink(np.array([1, 300])).dtype
    dtype('uint16')
    """
    return values.astype(smallest_type(int(values.max(initial=0))))


def smallest_type(top: int) -> np.dtype[np.unsignedinteger[Any]]:
    """Return the smallest unsigned type that fits *top*."""
    return np.dtype(next(t for t in (np.uint8, np.uint16, np.uint32, np.uint64) if top <= np.iinfo(t).max))
