"""What is kept, and how does the index read it? The only room that speaks SQL."""

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
    has_same_content,
    release_id,
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
    "has_same_content",
    "release_id",
]
