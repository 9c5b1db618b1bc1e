"""The versions of the analysis and the layout; `reindex` rebuilds an index of another version.

Raise a version when tokens or documents change: `tests/index/test_golden.py` fails if you forget, and names
it. The data files that a build reads need no version, since their digests are part of the fingerprint
(`indexing/document`).
"""

ANALYSIS = 3
"""Raise it if any text yields different tokens, or any word different terms."""

MENTIONS = 1
"""Raise it if the rules read other mentions from any text."""

LAYOUT = 11
"""Raise it if any release yields a different document (parts, positions, weights, fields, masking), or
different suggester data (`suggest/suggester_data`)."""
