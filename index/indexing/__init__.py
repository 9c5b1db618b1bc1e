"""What of a release is searched, filtered and shown?"""

from index.indexing.document import Document, fingerprint

__all__ = [
    "Document",
    "fingerprint",
]
