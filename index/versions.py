"""The versions of what an index is made by; the next `reindex` builds an index of another version anew.

A changed comment is no new version; a changed token is. `tests/index/test_golden.py` fails where a number
should have been raised, and says which. The data files of the analysis need none: their digests count.
"""

ANALYSIS = 1
"""Raise it if any text has other tokens, or any word other terms, than before."""

LAYOUT = 1
"""Raise it if a release becomes another document: its parts, their places and weights, its fields, what is
masked, or what is written beside them (`suggest/files`)."""
