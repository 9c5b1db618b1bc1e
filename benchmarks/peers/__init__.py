"""The engines that ``benchmarks.speed`` compares, each given the same terms and asked for the same work."""

from collections.abc import Callable

from benchmarks.peers.columnar import Columnar, WholeEngine
from benchmarks.peers.engine import Here, Peer
from benchmarks.peers.fts5 import SqliteFts5
from benchmarks.peers.lucene import lucene
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
"""Each is made anew for every measurement; raises ``AbsentError`` where it is not installed."""
INDEX_OF = {"ours-whole": "ours", "tantivy-whole": "tantivy"}
"""Those that search the index of another."""
