"""The engines that ``benchmarks.speed`` compares; all index the same terms and do the same work."""

from collections.abc import Callable

from benchmarks.peers.engine import LocalPeer, Peer
from benchmarks.peers.fts5 import SqliteFts5
from benchmarks.peers.lucene import lucene
from benchmarks.peers.ours import OurEngine, OurSearcher
from benchmarks.peers.stock_whoosh import StockWhoosh
from benchmarks.peers.tantivy import Tantivy, WholeTantivy
from benchmarks.peers.tantivy_rust import tantivy_rust
from benchmarks.peers.xapian import xapian

PEERS: dict[str, Callable[[], Peer]] = {
    "ours": lambda: LocalPeer(OurSearcher()),
    "ours-whole": lambda: LocalPeer(OurEngine()),
    "whoosh": lambda: LocalPeer(StockWhoosh()),
    "fts5": lambda: LocalPeer(SqliteFts5()),
    "tantivy": lambda: LocalPeer(Tantivy()),
    "tantivy-whole": lambda: LocalPeer(WholeTantivy()),
    "tantivy-rust": tantivy_rust,
    "lucene": lucene,
    "lucene-reordered": lambda: lucene(reordered=True),
    "xapian": xapian,
}
"""Constructors, called for each measurement; they raise ``AbsentError`` if the engine is not installed."""
INDEX_OF = {"tantivy-whole": "tantivy", "tantivy-rust": "tantivy"}
"""Peers that search the index of another peer."""
