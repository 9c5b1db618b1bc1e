"""What does the service answer to programs? The JSON API: the same results as the pages."""

from searcher.api import (
    changes,
    completion,
    corrections,
    exports,
    institutions,
    register,
    releases,
    search,
    versions,
)
from searcher.api.blueprint import api

__all__ = [
    "api",
    "changes",
    "completion",
    "corrections",
    "exports",
    "institutions",
    "register",
    "releases",
    "search",
    "versions",
]
