"""The JSON of stored fields, compressed document by document with a dictionary of the segment."""

from array import array
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property

import numpy as np
from zstandard import (
    ZstdCompressionDict,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    train_dictionary,
)

from index.segment.array_file import ArrayFile, ArrayWriter, shrink

# Higher levels and larger dictionaries save less than a twentieth of the texts (decision 067).
DICTIONARY_BYTES, LEVEL = 1 << 16, 3
# JSON compressed in one call. The thread waits up to 5 ms for the interpreter before and after each call,
# which is little beside the 100 ms in which as much JSON is made. The first batch, if it is full, trains the
# dictionary; more texts do not make that better. It has their statistics, so frames need none of their own.
BATCH_BYTES = 1 << 20
# The length of the pieces that a dictionary is made of, and of those whose frequency chooses them: with both
# given, no others are tried.
PIECE, COUNTED = 200, 8
# The first bytes of a dictionary that was trained.
TRAINED = bytes.fromhex("37a430ec")
Content = bytes | bytearray | memoryview
"""JSON; the compressor takes any of these."""


class StoredJson:
    """The JSON of each document of a segment, compressed on its own with the dictionary of the segment."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._packed, self._offsets = arrays["stored"].data, arrays["stored_offsets"].data
        self._packed_dictionary = arrays["stored_dictionary"].data
        # A decompressor serves one thread at a time: each read takes one from here, or makes another.
        self._idle: list[ZstdDecompressor] = []

    @cached_property
    def dictionary(self) -> bytes:
        """Trained on the segment's first documents or, if they are few, the beginning of their JSON."""
        return ZstdDecompressor().decompress(self._packed_dictionary)

    def packed(self, docnum: int) -> memoryview:
        """Return the compressed JSON of a document."""
        return self._packed[self._offsets[docnum] : self._offsets[docnum + 1]]

    def __getitem__(self, docnum: int) -> bytes:
        try:
            decompressor = self._idle.pop()
        except IndexError:
            decompressor = ZstdDecompressor(ZstdCompressionDict(self.dictionary))
        content = decompressor.decompress(self.packed(docnum))
        self._idle.append(decompressor)
        return content


def _make_dictionary(contents: Sequence[Content]) -> bytes:
    """Return a dictionary for documents like *contents*."""
    beginning = b"".join(contents)
    if len(beginning) >= BATCH_BYTES:
        with suppress(ZstdError):  # the documents are too few, or too much alike
            trained = train_dictionary(
                DICTIONARY_BYTES, [*contents], k=PIECE, d=COUNTED, dict_id=1, level=LEVEL
            )
            return trained.as_bytes()
    return beginning[:DICTIONARY_BYTES]


def _new_compressor(dictionary: bytes) -> ZstdCompressor:
    """Return a compressor that adds only the size of the content: array files have checksums."""
    prepared = ZstdCompressionDict(dictionary)
    prepared.precompute_compress(LEVEL)
    return ZstdCompressor(LEVEL, prepared, write_checksum=False, write_dict_id=False)


class StoredJsonWriter:
    """Compresses the JSON of the documents of a segment and writes it to *out*, whose open array it is.

    The dictionary is made of the segment's own documents, so no segment keeps text of a release that was
    removed before it was written. A thread compresses one batch while the next one is collected.
    """

    def __init__(self, out: ArrayWriter) -> None:
        self._out = out
        self._dictionary = b""
        self._waiting: list[Content] = []
        self._waiting_bytes = self._count = 0
        self._sizes = array("I")
        self._thread = ThreadPoolExecutor(1)
        self._packing: Future[list[bytes]] | None = None
        out.begin("stored")

    def __len__(self) -> int:
        return self._count

    def add(self, content: bytes) -> None:
        """Add the JSON of the next document; it waits until there is enough for a batch."""
        self._count += 1
        self._waiting.append(content)
        self._waiting_bytes += len(content)
        if self._waiting_bytes >= BATCH_BYTES:
            self._write_packed()
            self._packing = self._thread.submit(self._pack, self._take_waiting())

    def adopt_dictionary(self, other: StoredJson) -> None:
        """Use the dictionary of another segment if it was trained; its documents must be copied first."""
        if other.dictionary.startswith(TRAINED):
            self._use(other.dictionary)

    def copy(self, other: StoredJson, docnum: int) -> None:
        """Add a document of another segment."""
        if self._dictionary == other.dictionary:
            self._finish_batches()
            self._count += 1
            self._write([bytes(other.packed(docnum))])
        else:
            self.add(other[docnum])

    def _take_waiting(self) -> list[Content]:
        if not self._dictionary:
            self._use(_make_dictionary(self._waiting))
        taken, self._waiting, self._waiting_bytes = self._waiting, [], 0
        return taken

    def _use(self, dictionary: bytes) -> None:
        self._dictionary, self._compressor = dictionary, _new_compressor(dictionary)

    def _pack(self, contents: list[Content]) -> list[bytes]:
        # One call for the whole batch: each would wait until the other thread lets go of the interpreter.
        frames = self._compressor.multi_compress_to_buffer(contents)
        return [frames[place].tobytes() for place in range(len(contents))]

    def _finish_batches(self) -> None:
        self._write_packed()
        if self._waiting:
            self._write(self._pack(self._take_waiting()))

    def _write_packed(self) -> None:
        """Write the batch that the thread compresses, if any; an error of the thread is raised here."""
        if self._packing:
            packing, self._packing = self._packing, None
            self._write(packing.result())

    def _write(self, frames: Sequence[bytes]) -> None:
        self._out.append(np.frombuffer(b"".join(frames), np.uint8))
        self._sizes.extend(map(len, frames))

    def close(self) -> None:
        """Write the waiting documents, the offsets and the dictionary."""
        self._finish_batches()
        self._out.end()
        offsets = np.zeros(len(self._sizes) + 1, np.int64)
        np.cumsum(self._sizes, out=offsets[1:])
        self._out.add("stored_offsets", shrink(offsets))
        packed = ZstdCompressor(LEVEL, write_checksum=False).compress(self._dictionary)
        self._out.add("stored_dictionary", np.frombuffer(packed, np.uint8))

    def abandon(self) -> None:
        """End the thread."""
        self._thread.shutdown()
