"""The JSON of stored fields, compressed document by document with a dictionary of the segment."""

from array import array
from collections.abc import Sequence
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
# A dictionary is trained on the documents that begin a segment, if there are this many bytes of them; more
# do not make it better. It has the statistics of the texts, too, so frames need none of their own.
SAMPLE_BYTES = 1 << 20
# Documents are compressed in turn: what the dictionary needs stays in the processor's cache.
BATCH_BYTES = 1 << 16
# The length of the pieces that a dictionary is made of, and of those whose frequency chooses them: with both
# given, no others are tried.
PIECE, COUNTED = 200, 8
# What a trained dictionary begins with.
TRAINED = bytes.fromhex("37a430ec")


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


def _make_dictionary(contents: Sequence[bytes]) -> bytes:
    """Return a dictionary for documents like *contents*."""
    beginning = b"".join(contents)
    if len(beginning) >= SAMPLE_BYTES:
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
    removed before it was written.
    """

    def __init__(self, out: ArrayWriter) -> None:
        self._out = out
        self._dictionary = b""
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._sizes = array("I")
        out.begin("stored")

    def __len__(self) -> int:
        return len(self._waiting) + len(self._sizes)

    def add(self, content: bytes) -> None:
        """Add the JSON of the next document; it waits for enough to train a dictionary, or for a batch."""
        self._waiting.append(content)
        self._waiting_bytes += len(content)
        if self._waiting_bytes >= (BATCH_BYTES if self._dictionary else SAMPLE_BYTES):
            self._compress_waiting()

    def adopt_dictionary(self, other: StoredJson) -> None:
        """Use the dictionary of another segment if it was trained; its documents must be copied first."""
        if other.dictionary.startswith(TRAINED):
            self._use(other.dictionary)

    def copy(self, other: StoredJson, docnum: int) -> None:
        """Add a document of another segment."""
        if self._dictionary == other.dictionary:
            self._compress_waiting()
            self._append(other.packed(docnum))
        else:
            self.add(other[docnum])

    def _compress_waiting(self) -> None:
        if not self._waiting:
            return
        if not self._dictionary:
            self._use(_make_dictionary(self._waiting))
        for content in self._waiting:
            self._append(self._compressor.compress(content))
        self._waiting.clear()
        self._waiting_bytes = 0

    def _use(self, dictionary: bytes) -> None:
        self._dictionary, self._compressor = dictionary, _new_compressor(dictionary)

    def _append(self, packed: bytes | memoryview) -> None:
        self._out.append(np.frombuffer(packed, np.uint8))
        self._sizes.append(len(packed))

    def close(self) -> None:
        """Write the waiting documents, the offsets and the dictionary."""
        self._compress_waiting()
        self._out.end()
        offsets = np.zeros(len(self._sizes) + 1, np.int64)
        np.cumsum(self._sizes, out=offsets[1:])
        self._out.add("stored_offsets", shrink(offsets))
        packed = ZstdCompressor(LEVEL, write_checksum=False).compress(self._dictionary)
        self._out.add("stored_dictionary", np.frombuffer(packed, np.uint8))
