"""Which documents of the cluster answer, and in which order?"""

from index.engines.opensearch.search.searcher import ClusterSearcher
from index.engines.opensearch.search.snapshot import LostSnapshotError, Snapshot

__all__ = ["ClusterSearcher", "LostSnapshotError", "Snapshot"]
