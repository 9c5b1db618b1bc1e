"""What the table of contents keeps of a segment: its name, its size, its deletions."""

import base64
import zlib
from typing import Any

import numpy as np
from whoosh.codec.base import Segment


class ArraySegment(Segment):
    """A segment written by the array codec."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._count = 0
        self._deleted: set[int] = set()

    def codec(self) -> Any:  # Whoosh's codecs are not typed
        """Return the codec that reads it."""
        from index.codec.codec import ArrayCodec  # noqa: PLC0415 - the codec makes segments  # the codec makes segments, so it comes later

        return ArrayCodec()

    def should_assemble(self) -> bool:
        """Refuse a compound file: Whoosh would copy it to memory for each reader."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        """Set how many documents there are."""
        self._count = doccount

    def doc_count_all(self) -> int:
        """Return how many documents there are, deleted ones too."""
        return self._count

    def deleted_count(self) -> int:
        """Return how many documents are deleted."""
        return len(self._deleted)

    def deleted_docs(self) -> set[int]:
        """Return the deleted documents."""
        return self._deleted

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether *docnum* is deleted."""
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:  # Whoosh's signature
        """Delete *docnum*, or take its deletion back."""
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)

    def to_json(self) -> dict[str, Any]:
        """Return the segment as JSON values."""
        deleted = np.zeros(self._count, bool)
        deleted[list(self._deleted)] = True
        packed = zlib.compress(np.packbits(deleted).tobytes())
        return {"id": self.segid, "documents": self._count, "deleted": base64.b64encode(packed).decode()}

    @classmethod
    def from_json(cls, indexname: str, values: dict[str, Any]) -> "ArraySegment":
        """Return the segment that ``to_json`` described."""
        segment = cls(indexname)
        segment.segid = values["id"]
        segment._count = int(values["documents"])
        bits = np.frombuffer(zlib.decompress(base64.b64decode(values["deleted"])), np.uint8)
        segment._deleted = set(np.flatnonzero(np.unpackbits(bits)[: segment._count]).tolist())
        return segment
