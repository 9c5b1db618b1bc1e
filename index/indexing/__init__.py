"""How does a release get into an index?"""

from index.indexing.document import Document, fingerprint
from index.indexing.indexer import BuildError, Counts, build, faults, update

__all__ = [
    "BuildError",
    "Counts",
    "Document",
    "build",
    "faults",
    "fingerprint",
    "update",
]
