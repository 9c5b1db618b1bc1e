"""A digest of all that mentions depend on beside the texts and their analysis."""

import hashlib
from functools import cache
from pathlib import Path

from index.versions import MENTIONS

_LISTS = sorted(Path(__file__).parent.rglob("data/*.t*"))


@cache
def rules_digest() -> str:
    """Return a digest of the version of the rules and of their lists."""
    digest = hashlib.sha256(str(MENTIONS).encode())
    for path in _LISTS:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
