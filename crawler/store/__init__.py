"""What is stored, and how does the index read it? The only room that speaks SQL."""

from crawler.store.database import ChangedError, ChangeError, StoreError
from crawler.store.history.events import Event, EventKind
from crawler.store.history.stays import Stay, stays_of
from crawler.store.history.versions import TextVersion, VersionKind
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
from crawler.store.sightings import (
    History,
    LastCrawl,
    Sighting,
    absent_ids,
    arrivals,
    changes_of,
    cluster_ministries,
    copies_of,
    hidden_since,
    histories,
    last_crawls,
    sighting,
)
from crawler.store.structure import Span, SpanKind, Structure, shown_structure

__all__ = [
    "Absence",
    "Attachment",
    "ChangeError",
    "ChangedError",
    "Confidence",
    "DateSource",
    "Event",
    "EventKind",
    "History",
    "LastCrawl",
    "Outcome",
    "Release",
    "Revision",
    "Sighting",
    "Span",
    "SpanKind",
    "Stay",
    "Store",
    "StoreError",
    "StoredRelease",
    "Structure",
    "TextVersion",
    "VersionKind",
    "absent_ids",
    "arrivals",
    "changes_of",
    "cluster_ministries",
    "copies_of",
    "has_same_content",
    "hidden_since",
    "histories",
    "last_crawls",
    "release_id",
    "shown_structure",
    "sighting",
    "stays_of",
]
