"""The cluster's own analyser of Latvian on the judged queries, and the disk space of the texts that it reads.

Usage: python -m benchmarks.native_analyzer [--urls http://127.0.0.1:9201]

Each query is a `multi_match` on title, lead and text with our weights: with all words, then with any.
Our engines score the same queries with `make relevance`.
"""

import argparse
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from benchmarks.relevance import SETS, SampleCorpus, load_queries
from crawler.store import Store
from index.engines.opensearch.connection import write_lines
from index.engines.opensearch.mappings import NATIVE_ANALYZER, PLAIN_ANALYZER, RAW_FIELDS
from index.evaluation.relevance import DEPTH, KIND_MEASURE, RankedAnswer, means, scores
from index.indexing import Document
from index.layout import LAYOUT

FIELDS = [f"{field}^{LAYOUT[field].weight}" for field in RAW_FIELDS]
TIMEOUT_S = 120


class RawIndex:
    """An index at *address* with the raw texts of the releases in a store, read by *analyzer*."""

    def __init__(self, address: str, analyzer: str, store_path: Path) -> None:
        self._address = address
        fields = {field: {"type": "text", "analyzer": analyzer} for field in RAW_FIELDS}
        self._ask("PUT", "", {"mappings": {"_source": {"enabled": False}, "properties": fields}})
        with Store.open_readonly(store_path) as store:
            documents = [Document.of(stored) for stored in store.changes_since(0)]
        lines = [
            line
            for document in documents
            for line in ({"index": {"_id": document.id}}, {f: getattr(document, f) for f in RAW_FIELDS})
        ]
        self._ask("POST", "/_bulk?refresh=true", write_lines(lines))
        self._ask("POST", "/_forcemerge?max_num_segments=1")
        self.count = len(documents)

    def rank(self, text: str, operator: str) -> list[str]:
        """Return the ids of the best hits for *text*, whose words must all occur (`and`) or any (`or`)."""
        asked = {"query": text, "type": "cross_fields", "fields": FIELDS, "operator": operator}
        body = {"size": DEPTH, "query": {"multi_match": asked}}
        return [hit["_id"] for hit in self._ask("POST", "/_search", body)["hits"]["hits"]]

    def size_bytes(self) -> int:
        """Return its size on disk."""
        primaries = self._ask("GET", "/_stats/store")["_all"]["primaries"]
        return int(primaries["store"]["size_in_bytes"])

    def delete(self) -> None:
        """Remove the index."""
        self._ask("DELETE", "")

    def _ask(self, method: str, path: str, body: Mapping[str, object] | str | None = None) -> Any:
        sent = {"data": body.encode()} if isinstance(body, str) else {"json": body}
        headers = {"content-type": "application/x-ndjson" if isinstance(body, str) else "application/json"}
        answer = requests.request(method, self._address + path, headers=headers, timeout=TIMEOUT_S, **sent)  # type: ignore[arg-type]  # one of both
        answer.raise_for_status()
        return answer.json()


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = os.environ.get("OPENSEARCH_URL") or "http://127.0.0.1:9201"
    parser.add_argument("--urls", default=default, help="nodes of the cluster; the first is asked")
    node = parser.parse_args().urls.split(",")[0]
    with tempfile.TemporaryDirectory() as folder:
        corpus = SampleCorpus(Path(folder))
        for analyzer in (NATIVE_ANALYZER, PLAIN_ANALYZER):
            address = f"{node}/raw-{os.getpid()}-{analyzer}"
            raw = RawIndex(address, analyzer, Path(folder) / "releases.sqlite3")
            try:
                report(raw, corpus, analyzer)
            finally:
                raw.delete()


def report(raw: RawIndex, corpus: SampleCorpus, analyzer: str) -> None:
    """Print size and relevance."""
    print(f"{analyzer}: {raw.size_bytes() / raw.count:,.0f} bytes a release")
    for name in SETS:
        judged = load_queries(name)
        for operator in ("and", "or"):
            answers = {
                query.text: RankedAnswer([corpus.names[id_] for id_ in raw.rank(query.text, operator)])
                for query in judged
            }
            print(f"  {name}, {operator}: {KIND_MEASURE} {means(scores(judged, answers))[KIND_MEASURE]:.3f}")


if __name__ == "__main__":
    main()
