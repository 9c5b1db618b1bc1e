"""Which feed does a search have? Atom and JSON Feed of its newest releases and latest edits."""

from searcher.feeds.views import atom_feed, json_feed

__all__ = ["atom_feed", "json_feed"]
