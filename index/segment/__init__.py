"""How is a segment stored on disk, and how is it read?"""

from index.segment.array_file import Array, ArrayFile, ArrayWriter, Ints
from index.segment.hash_table import HashTable
from index.segment.postings import Postings

__all__ = [
    "Array",
    "ArrayFile",
    "ArrayWriter",
    "HashTable",
    "Ints",
    "Postings",
]
