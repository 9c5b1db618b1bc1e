"""A release as a listing reads it."""

from index.results import ListedRelease

LISTED = ListedRelease(
    id="iem-1",
    url="https://www.iem.example/x",
    title="Ziņa",
    lead="",
    body="Teksts.",
    published=None,
    site="iem",
    ministry="Iekšlietu ministrija",
    language="lv",
    also_published_by=(),
    gone=False,
    edited=False,
    machine_translated=False,
)
