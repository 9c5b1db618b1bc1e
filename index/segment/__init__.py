"""How is a segment laid out on disk, and read from there?"""

from index.segment.array_file import Array, ArrayFile, ArrayWriter
from index.segment.postings import Postings

__all__ = [
    "Array",
    "ArrayFile",
    "ArrayWriter",
    "Postings",
]
