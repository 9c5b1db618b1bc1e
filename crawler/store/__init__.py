"""What is kept? The contract between the crawler and the index."""

from crawler.store.database import ChangedError, ChangeError, StoreError
from crawler.store.records import (
    Absence,
    Attachment,
    Confidence,
    DateSource,
    Outcome,
    Release,
    Revision,
    StoredRelease,
    dumped,
    loaded,
    release_id,
    says_the_same,
)
from crawler.store.releases import Store

__all__ = [
    "Absence",
    "Attachment",
    "ChangeError",
    "ChangedError",
    "Confidence",
    "DateSource",
    "Outcome",
    "Release",
    "Revision",
    "Store",
    "StoreError",
    "StoredRelease",
    "dumped",
    "loaded",
    "release_id",
    "says_the_same",
]
