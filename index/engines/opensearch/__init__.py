"""How does an OpenSearch cluster search, build, update and swap the index?"""

from index.engines.opensearch.builder import ClusterBuilder
from index.engines.opensearch.live_engine import LiveClusterEngine

__all__ = ["ClusterBuilder", "LiveClusterEngine"]
