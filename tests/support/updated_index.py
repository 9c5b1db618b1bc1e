"""An index from which documents were deleted, and those that are left."""

from datetime import date
from pathlib import Path

from index.codec import ArrayIndex
from tests.support.corpora import index_of
from tests.support.school_budget import document

# One is among the others, one is the first of its segment; both are long, and the newest.
GONE = (
    document("a-gone", *[0, 11, 9] * 9, day=date(2026, 11, 1)),
    document("c-gone", *[0, 0, 9] * 9, day=date(2025, 1, 1)),
)
KEPT = (
    document("a", 0, 11, day=date(2019, 5, 1)),
    document("b", 0, 9, 9, 11, day=date(2021, 3, 1)),
    document("c", 11, 9, day=None),
    document("d", 9, 11, 0, day=date(2020, 1, 1)),
    document("e", 9, day=date(2021, 3, 2)),
)


def updated(folder: Path) -> ArrayIndex:
    """Return an index of two segments, each with a deleted document."""
    index = index_of(folder, [KEPT[0], GONE[0], KEPT[1]], [GONE[1], *KEPT[2:]])
    writer = index.writer()
    for doc in GONE:
        writer.delete_unique("id", doc.id.encode())
    writer.commit(merge=False)
    return index
