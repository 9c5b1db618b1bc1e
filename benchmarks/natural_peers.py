"""What a user would pick instead: OpenSearch with its own analyser of Latvian, tantivy with plain words."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import requests

from crawler.store import Release
from index.engines.opensearch.connection import write_lines
from index.engines.opensearch.mappings import NATIVE_ANALYZER
from index.layout import LAYOUT, Stream
from tests.opensearch.cluster import start_cluster

TEXTS: tuple[Stream, ...] = ("title", "lead", "body")
TIMEOUT_S = 120
BULK = 1_000
HITS, PASSAGE_CHARS = 10, 200
HEAP_BYTES = 512_000_000


class PlainEngine(Protocol):
    """An engine that answers plain words."""

    name: str
    process: int
    """The id of the process that searches."""

    def search(self, words: Sequence[str]) -> int:
        """Do all the work of an answer to *words*, all of which must occur; return the exact total."""


class NativeOpenSearch:
    """An index of one shard at *address*: ten hits, the exact total, marks, facets by site and year."""

    name = "OpenSearch, its own Latvian analyser"

    def __init__(self, address: str, process: int, releases: Iterable[Release]) -> None:
        self._address, self._session, self.process = address, requests.Session(), process
        texts = {field: {"type": "text", "analyzer": NATIVE_ANALYZER} for field in TEXTS}
        facets = {field: {"type": "keyword"} for field in ("site", "year")}
        settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
        self._ask("PUT", "", {"settings": settings, "mappings": {"properties": texts | facets}})
        lines: list[dict[str, object]] = []
        for release in releases:
            lines += [{"index": {}}, _document(release)]
            if len(lines) >= 2 * BULK:
                self._ask("POST", "/_bulk", write_lines(lines))
                lines = []
        if lines:
            self._ask("POST", "/_bulk", write_lines(lines))
        self._ask("POST", "/_forcemerge?max_num_segments=1")
        self._ask("POST", "/_refresh")

    def search(self, words: Sequence[str]) -> int:
        """Answer *words*, which may be in different fields."""
        fields = [f"{field}^{LAYOUT[field].weight}" for field in TEXTS]
        query = {"query": " ".join(words), "type": "cross_fields", "fields": fields, "operator": "and"}
        body = {
            "size": HITS,
            "track_total_hits": True,
            "_source": ["title", "site", "year"],
            "query": {"multi_match": query},
            "aggs": {field: {"terms": {"field": field, "size": 100}} for field in ("site", "year")},
            "highlight": {"fields": {"title": {"number_of_fragments": 0}, "lead": {}, "body": {}}},
        }
        return int(self._ask("POST", "/_search?request_cache=false", body)["hits"]["total"]["value"])

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        is_lines = isinstance(body, str)
        answer = self._session.request(
            method,
            self._address + path,
            data=body.encode() if isinstance(body, str) else None,
            json=None if is_lines else body,
            headers={"content-type": "application/x-ndjson"} if is_lines else {},
            timeout=TIMEOUT_S,
        )
        answer.raise_for_status()
        return answer.json()


@contextmanager
def native_opensearch(releases: Iterable[Release]) -> Iterator[PlainEngine]:
    """Start a cluster of one node and index *releases* in it."""
    with start_cluster([0]) as cluster:
        node = cluster.nodes[0]
        yield NativeOpenSearch(f"{node.url}/natural", node.pid, releases)


class PlainTantivy:
    """Tantivy with its default tokens: ten hits, the exact total and passages, no facets."""

    name = "tantivy, plain words"

    def __init__(self, folder: Path, releases: Iterable[Release]) -> None:
        import tantivy  # noqa: PLC0415 - an optional peer

        self.process = os.getpid()
        builder = tantivy.SchemaBuilder()
        for field in TEXTS:
            builder.add_text_field(field, stored=True)
        self._tantivy: Any = tantivy
        self._schema = builder.build()
        index = tantivy.Index(self._schema, path=str(folder))
        writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for release in releases:
            writer.add_document(tantivy.Document(**{field: [getattr(release, field)] for field in TEXTS}))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher: Any = index.searcher()

    def search(self, words: Sequence[str]) -> int:
        """Answer *words*."""
        make, occur = self._tantivy.Query, self._tantivy.Occur
        query = make.boolean_query([(occur.Must, self._word(word)) for word in words])
        top = self._searcher.search(query, limit=HITS, count=True)
        snippets = self._tantivy.SnippetGenerator.create(self._searcher, query, self._schema, "body")
        for _, address in top.hits:
            snippets.snippet_from_doc(self._searcher.doc(address)).fragment()
        return int(top.count)

    def _word(self, word: str) -> object:
        make, occur = self._tantivy.Query, self._tantivy.Occur
        return make.boolean_query(
            [
                (
                    occur.Should,
                    make.boost_query(make.term_query(self._schema, field, word), LAYOUT[field].weight),
                )
                for field in TEXTS
            ]
        )


@contextmanager
def plain_tantivy(releases: Iterable[Release]) -> Iterator[PlainEngine]:
    """Index *releases* in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield PlainTantivy(Path(folder), releases)


PEERS = {"opensearch": native_opensearch, "tantivy": plain_tantivy}
"""The peers by the names of the option."""


def _document(release: Release) -> dict[str, object]:
    texts = {str(field): getattr(release, field) for field in TEXTS}
    return {**texts, "site": release.site, "year": str(release.published.year if release.published else "")}
