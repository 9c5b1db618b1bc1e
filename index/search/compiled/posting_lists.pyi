"""What Python sees of the compiled posting lists."""

from index.segment.postings import Postings

class SegmentTerms:
    """The terms of a segment; immutable, shared by all threads."""

    def __init__(self, postings: Postings) -> None: ...
    def size(self, field: str, text: str) -> int:
        """Return the document frequency of a term, or slightly more; 0 if it is missing."""
