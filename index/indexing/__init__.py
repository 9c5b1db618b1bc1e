"""Which parts of a release are searched, filtered and shown?"""

from index.indexing.document import Document, fingerprint, split_categories

__all__ = [
    "Document",
    "fingerprint",
    "split_categories",
]
