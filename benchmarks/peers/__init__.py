"""The engines that ``benchmarks.speed`` compares: same terms, same work."""

from collections.abc import Callable

from benchmarks.peers.engine import Here, Peer
from benchmarks.peers.fts5 import SqliteFts5
from benchmarks.peers.lucene import lucene
from benchmarks.peers.ours import Columnar, WholeEngine
from benchmarks.peers.stock_whoosh import StockWhoosh
from benchmarks.peers.tantivy import Tantivy, WholeTantivy
from benchmarks.peers.xapian import xapian

PEERS: dict[str, Callable[[], Peer]] = {
    "ours": lambda: Here(Columnar()),
    "ours-whole": lambda: Here(WholeEngine()),
    "whoosh": lambda: Here(StockWhoosh()),
    "fts5": lambda: Here(SqliteFts5()),
    "tantivy": lambda: Here(Tantivy()),
    "tantivy-whole": lambda: Here(WholeTantivy()),
    "xapian": xapian,
    "lucene": lucene,
}
"""Constructors, called for every measurement; they raise ``AbsentError`` if the engine is not installed."""
INDEX_OF = {"ours-whole": "ours", "tantivy-whole": "tantivy"}
"""Peers that search the index of another peer."""
