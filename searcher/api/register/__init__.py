"""Who said what, what falls due, which acts are cited? The register as programs read it."""

from searcher.api.register import lists, mentions, names

__all__ = ["lists", "mentions", "names"]
