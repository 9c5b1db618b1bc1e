"""The versions of the analysis and the layout; `reindex` rebuilds an index of another version.

Raise a number when tokens or documents change: `tests/index/test_golden.py` fails if you forget, and names
it. The data files of the analysis need no number, since their digests are part of the fingerprint.
"""

ANALYSIS = 1
"""Raise it if any text has other tokens than before, or any word other terms."""

LAYOUT = 1
"""Raise it if a release makes another document: its parts, their positions and weights, its fields, what is
masked, or the suggester data (`suggest/files`)."""
