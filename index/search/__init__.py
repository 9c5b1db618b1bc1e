"""Which documents match a query, and in which order?"""

from index.search.collapse import OrderedDocs
from index.search.cursor import TopDocs
from index.search.index_reader import IndexReader
from index.search.searcher import Searcher

__all__ = [
    "IndexReader",
    "OrderedDocs",
    "Searcher",
    "TopDocs",
]
