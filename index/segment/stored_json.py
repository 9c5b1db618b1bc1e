"""The JSON of stored fields, compressed document by document with a dictionary of the segment."""

from array import array

import lz4.block
import numpy as np

from index.segment.array_file import ArrayFile, ArrayWriter, shrink

# LZ4's high compression would save another sixth, but pack four times slower (decision 067).
DICTIONARY_BYTES = 1 << 14


class StoredJson:
    """The JSON of each document of a segment, compressed on its own with the dictionary of the segment."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._packed, self._offsets = arrays["stored"].data, arrays["stored_offsets"].data
        self.dictionary = arrays["stored_dictionary"].tobytes()

    def packed(self, docnum: int) -> memoryview:
        """Return the compressed JSON of a document."""
        return self._packed[self._offsets[docnum] : self._offsets[docnum + 1]]

    def __getitem__(self, docnum: int) -> bytes:
        content: bytes = lz4.block.decompress(self.packed(docnum), dict=self.dictionary)
        return content


class StoredJsonWriter:
    """Compresses the JSON of the documents of a segment and writes it to *out*, whose open array it is.

    The dictionary is the beginning of the segment's own documents, so no segment keeps text of a release that
    was removed before it was written.
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
        """Add the JSON of the next document; the first ones wait until the dictionary is full."""
        if self._dictionary:
            self._compress(content)
            return
        self._waiting.append(content)
        self._waiting_bytes += len(content)
        if self._waiting_bytes >= DICTIONARY_BYTES:
            self._compress_waiting()

    def adopt_dictionary(self, other: StoredJson) -> None:
        """Use the dictionary of another segment, if it is full; all its documents must be copied first."""
        if len(other.dictionary) == DICTIONARY_BYTES:
            self._dictionary = other.dictionary

    def copy(self, other: StoredJson, docnum: int) -> None:
        """Add a document of another segment."""
        if self._dictionary == other.dictionary:
            self._append(other.packed(docnum))
        else:
            self.add(other[docnum])

    def _compress_waiting(self) -> None:
        self._dictionary = b"".join(self._waiting)[:DICTIONARY_BYTES]
        for content in self._waiting:
            self._compress(content)
        self._waiting.clear()

    def _compress(self, content: bytes) -> None:
        self._append(lz4.block.compress(content, dict=self._dictionary))

    def _append(self, packed: bytes | memoryview) -> None:
        self._out.append(np.frombuffer(packed, np.uint8))
        self._sizes.append(len(packed))

    def close(self) -> None:
        """Write the waiting documents, the offsets and the dictionary."""
        if self._waiting:
            self._compress_waiting()
        self._out.end()
        offsets = np.zeros(len(self._sizes) + 1, np.int64)
        np.cumsum(self._sizes, out=offsets[1:])
        self._out.add("stored_offsets", shrink(offsets))
        self._out.add("stored_dictionary", np.frombuffer(self._dictionary, np.uint8))
