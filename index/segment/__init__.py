"""How is a segment stored on disk, and how is it read?"""

from contextlib import suppress

from index.compiled import IS_WANTED
from index.segment.array_file import Array, ArrayFile, ArrayWriter, Ints
from index.segment.hash_table import HashTable
from index.segment.postings import Postings

if IS_WANTED:
    with suppress(ModuleNotFoundError):  # where it was not compiled
        from index.compiled.hash_table import CompiledHashTable as HashTable

__all__ = [
    "Array",
    "ArrayFile",
    "ArrayWriter",
    "HashTable",
    "Ints",
    "Postings",
]
