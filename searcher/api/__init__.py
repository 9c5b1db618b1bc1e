"""What does the service answer to programs? The JSON API: the same results as the pages."""

from searcher.api import completion, corrections, exports, institutions, releases, search
from searcher.api.blueprint import api

__all__ = ["api", "completion", "corrections", "exports", "institutions", "releases", "search"]
