"""Tantivy, the Rust library closest to Lucene."""

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

from benchmarks.corpus import LAST, CorpusRelease
from benchmarks.peers.engine import (
    COUNTED,
    FIELDS,
    SEARCHED,
    AbsentError,
    Answer,
    PeerQuery,
    Stopwatch,
    join_terms,
    year_of,
)
from benchmarks.peers.tantivy_rust import merge_segments
from index.analysis import Forms
from index.search import ranking

ScoredDoc = tuple[float, object]
"""A score and the address of a document."""

# Memory for documents before a segment is written: enough for one segment of 200,000 documents, and what an
# update takes.
ONE_SEGMENT_BYTES, COMMITS_BYTES = 4_200_000_000, 256_000_000
# Candidates for the recency boost: it lifts few releases from below this rank into the first ten.
RESCORED = 50
# Enough candidates to fill a page next to its hits, counting each cluster as one hit.
FOLDED = 20
PASSAGES_CHARS = 3 * 150
# As in our engine.
PAGE = 10


class Tantivy:
    """Tantivy with one indexing thread; its merges are part of the measured time."""

    name = "tantivy"

    threads = (1, 2)

    def __init__(self) -> None:
        try:
            import tantivy  # noqa: PLC0415 - an optional peer
        except ImportError as error:
            raise AbsentError("no package tantivy") from error
        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        for name in FIELDS:
            builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("title", stored=True, tokenizer_name="whitespace", index_option="basic")
        builder.add_text_field("body", stored=True, tokenizer_name="default", index_option="basic")
        for name in ("ministry", "language"):
            builder.add_text_field(name, stored=False, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("year", fast=True)
        builder.add_unsigned_field("published", fast=True)
        # Set only for releases that share a cluster: few, which keeps counting clusters fast.
        builder.add_unsigned_field("cluster", fast=True)
        self._schema = builder.build()
        self._facets = {name: {"terms": {"field": name, "size": 100}} for name in COUNTED}

    def build(self, folder: Path, releases: Iterable[CorpusRelease], commit_every: int) -> float:
        """Index the releases."""
        new_index, stopwatch = self._tantivy.Index(self._schema, path=str(folder)), Stopwatch()
        writer = new_index.writer(
            heap_size=COMMITS_BYTES if commit_every else ONE_SEGMENT_BYTES, num_threads=1
        )
        for number, (release, shares) in enumerate(_with_sharing(releases), 1):
            with stopwatch:
                document = self._tantivy.Document()
                for name in FIELDS:
                    document.add_text(name, join_terms(release, name))
                document.add_text("id", release.id)
                document.add_text("title", release.title)
                document.add_text("body", release.body)
                document.add_text("ministry", release.ministry)
                document.add_text("language", release.language)
                document.add_unsigned("year", year_of(release))
                document.add_unsigned("published", release.published)
                if shares:
                    document.add_unsigned("cluster", _number(release.cluster))
                writer.add_document(document)
                if commit_every and number % commit_every == 0:
                    writer.commit()
        with stopwatch:
            writer.commit()
            writer.wait_merging_threads()
        if not commit_every and self.open(folder) > 1:
            return stopwatch.seconds + merge_segments(folder)
        return stopwatch.seconds

    def open(self, folder: Path) -> int:
        """Open the index."""
        self._index = self._tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        return int(self._searcher.num_segments)

    def search(self, peer_query: PeerQuery) -> Answer:
        """Answer one query."""
        query = self._query(peer_query)
        top = self._searcher.search(query, limit=10, count=True)
        counts = self._searcher.aggregate(query, self._facets)
        make = self._tantivy.SnippetGenerator.create(
            self._searcher, self._snippet_query(peer_query), self._schema, "body"
        )
        passages = 0
        for _, address in top.hits:
            document = self._searcher.doc(address)
            passages += make.snippet_from_doc(document).fragment() is not None and bool(document["title"])
        return Answer(top.count, len(top.hits), len(counts), passages)

    def _query(self, peer_query: PeerQuery) -> object:
        make, occur, schema = self._tantivy.Query, self._tantivy.Occur, self._schema
        if peer_query.is_phrase:
            return make.boolean_query(
                [
                    (occur.Should, make.phrase_query(schema, f, [getattr(w, f)[0] for w in peer_query.words]))
                    for f in SEARCHED
                ]
            )
        return make.boolean_query([(occur.Must, self._word(forms)) for forms in peer_query.words])

    def _word(self, forms: Forms) -> object:
        make, occur = self._tantivy.Query, self._tantivy.Occur
        return make.boolean_query(
            [
                (occur.Should, make.boost_query(make.term_query(self._schema, field, term, "freq"), weight))
                for field, weight in SEARCHED.items()
                for term in getattr(forms, field)
            ]
        )

    def _snippet_query(self, peer_query: PeerQuery, field: str = "body") -> object:
        make, occur = self._tantivy.Query, self._tantivy.Occur
        terms = [
            make.term_query(self._schema, field, term, "basic") for w in peer_query.words for term in w.exact
        ]
        return make.boolean_query([(occur.Should, term) for term in terms])


class WholeTantivy(Tantivy):
    """Tantivy doing the work of ``WhooshEngine.search``, as quickly as its Python binding can.

    Optional phrases boost adjacent words. Recency rescores only the first hits, because weighting every match
    by a field takes longer. If fewer than ten releases match all words, a second search finds partial
    matches. Phrases have none: their words match in any form already.

    It is spared some of our work: a boost as a share of the score; recency beyond the first hits; facets that
    count a cluster once; other publishers of a release; three passages of whole sentences (it shows one as
    long); marks in the lead or on other inflected forms; URL, ministry and day of a hit; translations.
    """

    name = "tantivy-whole"

    def __init__(self) -> None:
        super().__init__()
        self._aggregations = {
            **self._facets,
            # Exact, and no slower than a cardinality aggregation, because few releases share a cluster.
            "repeats": {"terms": {"field": "cluster", "size": 100_000, "min_doc_count": 2}},
        }

    def search(self, peer_query: PeerQuery) -> Answer:
        """Answer one query with all the work of our engine."""
        counts = self._searcher.aggregate(self._query(peer_query), self._aggregations)
        # Every release has a language.
        total = sum(bucket["doc_count"] for bucket in counts["language"]["buckets"])
        total -= sum(bucket["doc_count"] - 1 for bucket in counts["repeats"]["buckets"])
        hits = self._best(self._boost_pairs(peer_query))[:PAGE]
        snippets = [self._make_snippets(peer_query, field) for field in ("title", "body")]
        passages = self._count_shown(hits, snippets)
        if total < PAGE and len(peer_query.words) > 1 and not peer_query.is_phrase:
            self._count_shown(self._nearest(peer_query, hits), snippets)
        return Answer(total, len(hits), len(self._facets), passages)

    def _boost_pairs(self, peer_query: PeerQuery) -> object:
        """Return the query with a boost for adjacent pairs of words."""
        query, pairs = self._query(peer_query), list(pairwise(peer_query.words))
        if peer_query.is_phrase or not pairs:
            return query
        make, occur = self._tantivy.Query, self._tantivy.Occur
        # A phrase is scored in one field, a word in all searched fields.
        boost = ranking.PROXIMITY_BOOST * sum(SEARCHED.values()) / len(pairs)
        phrases = [(occur.Should, make.boost_query(self._phrase(pair), boost)) for pair in pairs]
        return make.boolean_query([(occur.Must, query), *phrases])

    def _phrase(self, words: Iterable[Forms]) -> object:
        """Return a phrase query for the words in any inflected form."""
        return self._tantivy.Query.phrase_query(self._schema, "stem", [forms.stem[0] for forms in words])

    def _best(self, query: object) -> list[ScoredDoc]:
        """Return the first hits after the recency boost, one per cluster."""
        hits = self._searcher.search(query, limit=RESCORED, count=False).hits
        days = self._searcher.fast_field_values("published", [address for _, address in hits])
        recent = ((score * _recency(day), address) for (score, address), day in zip(hits, days, strict=True))
        first = sorted(recent, key=itemgetter(0), reverse=True)[:FOLDED]
        clusters = self._searcher.fast_field_values("cluster", [address for _, address in first])
        return [
            hit
            for place, (hit, cluster) in enumerate(zip(first, clusters, strict=True))
            if cluster is None or cluster not in clusters[:place]
        ]

    def _nearest(self, peer_query: PeerQuery, hits: list[ScoredDoc]) -> list[ScoredDoc]:
        """Return the hits that fill the page: releases with some of the query words."""
        make, occur = self._tantivy.Query, self._tantivy.Occur
        query = make.boolean_query([(occur.Should, self._word(forms)) for forms in peer_query.words])
        least = ranking.NEAREST_SHARE * max((score for score, _ in hits), default=0.0)
        addresses = [address for _, address in hits]
        near = [hit for hit in self._best(query) if hit[0] >= least and hit[1] not in addresses]
        return near[: PAGE - len(hits)]

    def _make_snippets(self, peer_query: PeerQuery, field: str) -> Any:
        terms = self._snippet_query(peer_query, field)
        snippets = self._tantivy.SnippetGenerator.create(self._searcher, terms, self._schema, field)
        snippets.set_max_num_chars(PASSAGES_CHARS)
        return snippets

    def _count_shown(self, hits: list[ScoredDoc], snippets: list[Any]) -> int:
        """Return the number of hits with a highlighted title and passage."""
        count = 0
        for _, address in hits:
            document = self._searcher.doc(address)
            title, body = (make.snippet_from_doc(document) for make in snippets)
            parts = document["title"], title.highlighted(), body.fragment(), body.highlighted()
            count += all(part is not None for part in parts)
        return count


def _recency(day: int) -> float:
    """Return the recency factor of a day in the corpus."""
    return 1 + ranking.RECENCY_BOOST * 0.5 ** ((LAST - day) / ranking.RECENCY_HALF_LIFE_DAYS)


def _with_sharing(releases: Iterable[CorpusRelease]) -> Iterator[tuple[CorpusRelease, bool]]:
    """Yield each release and whether it may share a cluster; in the corpus, pairs are consecutive."""
    for release, following in pairwise(chain(releases, (None,))):
        if release is not None:
            yield (
                release,
                release.cluster != release.id or (following is not None and following.cluster == release.id),
            )


def _number(id_: str) -> int:
    """Return the number of a release of the corpus."""
    return int(id_.partition("-")[2], 16)
