"""Searches one state of a generation in a cluster: exact counts, and the order of our own ranking."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from crawler.config import Language
from index.analysis import Analyzer
from index.engines.opensearch.connection import Json
from index.engines.opensearch.search.clause_queries import ClauseQuery, ClauseTranslator
from index.engines.opensearch.search.counting import (
    VALUES_MAX,
    Counting,
    filter_queries,
    read_rows,
    standing_queries,
)
from index.engines.opensearch.search.head import Head
from index.engines.opensearch.search.highlighting import Highlighter
from index.engines.opensearch.search.listed_docs import ListedDocs
from index.engines.opensearch.search.match_lists import MatchLists
from index.engines.opensearch.search.ranked_matches import RankedMatches
from index.engines.opensearch.search.ranked_walk import RankedWalk
from index.engines.opensearch.search.similarity import similar_docs
from index.engines.opensearch.search.snapshot import Snapshot
from index.engines.opensearch.search.vocabulary import ClusterVocabulary, terms_to_settle
from index.query import AskedInterval, Clause, Filters, Query, Sort
from index.results import Explanation
from index.search import TopDocs
from index.search.cursor import HitPlace
from index.search.match_offsets import MatchOffsets
from index.search.searcher import ENDS

# Documents whose texts are kept.
_STORED_MAX = 2_000
_NO_FILTERS = Filters()
# Totals that are kept.
_TOTALS_MAX = 500
# Walks by relevance that go on where the last request ended: 15 MB each at most.
_WALKS_MAX = 4


class ClusterSearcher:
    """Searches *snapshot*, made by *analyzer*; documents are known by the number of their last change."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self.snapshot, self.reader = snapshot, ClusterVocabulary(snapshot)
        self._analyzer = analyzer
        self._translator = ClauseTranslator(self.reader, MatchLists(snapshot), self._find_numbers)
        self._stored: Mapping[int, Json] = {}
        self._docs: Mapping[str, int | None] = {}
        self._totals: Mapping[tuple[Clause, Filters], int] = {}
        self._walks: OrderedDict[Hashable, RankedWalk] = OrderedDict()
        self._walks_changing = threading.Lock()

    def look_up(self, clauses: Iterable[Clause | None]) -> None:
        """Ask at once for the terms that settle *clauses*, and for their words."""
        self.reader.look_up(term for clause in clauses if clause for term in terms_to_settle(clause))

    def search(
        self,
        query: Query,
        *,
        after: HitPlace | None = None,
        excluded: Sequence[int] = (),
        faceted: bool = True,
    ) -> TopDocs:
        """Return the page that *query* asks for, one document per cluster.

        Raises:
            EngineError: a shard does not answer.
        """
        asked = self._translator.translate(query.clause)
        among, standing = filter_queries(query.filters), standing_queries(query.filters)
        if excluded:
            among.append({"bool": {"must_not": [{"terms": {"number": list(excluded)}}]}})
        counting = self._counting(query.filters, faceted=faceted, interval=query.histogram)
        matched = {"bool": {"filter": [asked.matching, *standing]}}
        counted = {
            "size": 0,
            "track_total_hits": True,
            "query": matched,
            "post_filter": {"bool": {"filter": among}},
            "aggs": counting.aggregations(),
        }
        ends = query.per_page if query.cursor else query.page * query.per_page
        count = ends + (query.cursor is not None)  # one more shows whether there is a next page
        matches = self._ranked(asked, [*among, *standing], query.sort, query.own_language)
        walk = self._walk(matches, query) if query.cursor and not excluded else RankedWalk(matches)
        if request := walk.request(count, after):
            answer, found = self.snapshot.search_all([counted, request])
            walk.accept(request, found)
        else:
            answer = self.snapshot.search(counted)
        counts = counting.read(answer, read_rows(self.snapshot, matched, answer))
        first = walk.first(count, after) if counts.total else []
        page = first[ends - query.per_page : ends]
        self._load([ranked.candidate.number for ranked in page])
        return TopDocs(
            docs=tuple(ranked.candidate.number for ranked in page),
            scores=tuple(ranked.score for ranked in page),
            folded=tuple(map(walk.others_of_cluster, page)),
            total=counts.total,
            facets=counts.facets,
            histogram=counts.histogram,
            last=page[-1].place if len(first) > ends else None,
        )

    def list_all(self, query: Query) -> ListedDocs:
        """Return all documents that match *query*, in its order, one per cluster."""
        asked = self._translator.translate(query.clause)
        matches = self._ranked(asked, _passing(query.filters), query.sort, query.own_language)
        total = self._count(asked, query.filters)
        ordered = (one.candidate for one in RankedWalk(matches).all())
        return ListedDocs(ordered, total, members=matches.members, leaders=matches.leaders_with)

    def _walk(self, matches: RankedMatches, query: Query) -> RankedWalk:
        """Return the walk through *matches* that an earlier page of *query* has begun, or else a new one."""
        key = query.clause, query.filters, query.sort, query.own_language
        with self._walks_changing:
            walk = self._walks.setdefault(key, RankedWalk(matches))
            self._walks.move_to_end(key)
            if len(self._walks) > _WALKS_MAX:
                self._walks.popitem(last=False)
        return walk

    def _ranked(
        self,
        asked: ClauseQuery,
        among: Sequence[Json] = (),
        sort: Sort = "relevance",
        own_language: Language | None = None,
    ) -> RankedMatches:
        return RankedMatches(self.snapshot, self.reader, asked, among, sort, own_language=own_language)

    def _find_numbers(self, asked: ClauseQuery) -> list[int]:
        return self._ranked(asked, sort="newest").numbers()

    # --- Counts and scores -------------------------------------------------------------------

    def count(self, clause: Clause, filters: Filters = _NO_FILTERS) -> int:
        """Return the number of matching documents; a cluster counts once."""
        total = self._totals.get((clause, filters))
        if total is None:
            total = self._count(self._translator.translate(clause), filters)
            # Replaced and not changed, as other threads read it.
            kept = {} if len(self._totals) > _TOTALS_MAX else self._totals
            self._totals = {**kept, (clause, filters): total}
        return total

    def _count(self, asked: ClauseQuery, filters: Filters) -> int:
        counting = self._counting(filters, faceted=False, interval=None)
        matched = {"bool": {"filter": [asked.matching, *_passing(filters)]}}
        body = {"size": 0, "track_total_hits": True, "query": matched, "aggs": counting.aggregations()}
        answer = self.snapshot.search(body)
        return counting.read(answer, read_rows(self.snapshot, matched, answer)).total

    def _counting(self, filters: Filters, *, faceted: bool, interval: AskedInterval | None) -> Counting:
        return Counting(filters, faceted=faceted, interval=interval, shared=self.snapshot.shared)

    def texts_of(self, releases: Sequence[str], clause: Clause, filters: Filters) -> Sequence[int]:
        """Return the documents of *releases*, of all their texts, that match *clause* and when they stood."""
        among = [*standing_queries(filters), {"terms": {"release": list(releases)}}]
        return self._ranked(self._translator.translate(clause), among, "newest").numbers() if releases else []

    def ends(self, clause: Clause, filters: Filters) -> tuple[Sequence[int], Sequence[int]]:
        """Return the matching documents that appeared first, and those that ended last, `ENDS` at most."""
        asked = self._translator.translate(clause)
        matched = {"bool": {"filter": [asked.matching, *_passing(filters)]}}
        return self._end(matched, "since", "asc"), self._end(matched, "until", "desc")

    def _end(self, matched: Json, field: str, order: str) -> Sequence[int]:
        body = {
            "size": ENDS,
            "query": matched,
            "sort": [{field: order}, {"id": "asc"}],
            "_source": False,
            "docvalue_fields": ["number", field],
        }
        hits = self.snapshot.search(body)["hits"]["hits"]
        return [
            int(hit["fields"]["number"][0])
            for hit in hits
            if hit["fields"][field] == hits[0]["fields"][field]
        ]

    def scores(self, clause: Clause, docs: Sequence[int]) -> list[float]:
        """Return the score of each of *docs*, 0 if it does not match."""
        asked = self._translator.translate(clause)
        found = {one.candidate.number: one.score for one in self._ranked(asked).with_numbers(docs)}
        return [found.get(doc, 0.0) for doc in docs]

    def explain(
        self, clause: Clause, docs: Iterable[int], own_language: Language | None = None
    ) -> dict[int, Explanation]:
        """Explain the scores of those of *docs* that match."""
        asked = self._translator.translate(clause)
        candidates = [one.candidate for one in self._ranked(asked).with_numbers(list(docs))]
        return Head(candidates, asked, self.reader, self.snapshot, own_language).explain()

    # --- Documents ---------------------------------------------------------------------------

    def stored(self, doc: int) -> Mapping[str, Any]:
        """Return the stored fields of a document."""
        return self._load([doc])[doc]

    def published(self, doc: int) -> date | None:
        """Return the day of a document, None if unknown."""
        return self.day_of(self.stored(doc))

    @staticmethod
    def day_of(stored: Mapping[str, Any]) -> date | None:
        """Return the day of a document given its *stored* fields, None if unknown."""
        return date.fromordinal(stored["day"]) if stored["day"] else None

    def find(self, id_: str) -> int | None:
        """Return the document with the id *id_*, None if there is none."""
        body = {"size": 1, "query": {"term": {"id": id_}}, "_source": False, "docvalue_fields": ["number"]}
        hits = self.snapshot.search(body)["hits"]["hits"]
        return int(hits[0]["fields"]["number"][0]) if hits else None

    def find_all(self, ids: Collection[str]) -> dict[str, int]:
        """Return the documents with any of *ids*, by id."""
        if not ids:
            return {}
        known = {id_: self._docs[id_] for id_ in ids if id_ in self._docs}
        if missing := sorted(set(ids) - known.keys()):
            read = self._read({"terms": {"id": missing}}, len(missing))
            self._keep(read)
            known |= {stored["id"]: number for number, stored in read.items()}
            kept = {} if len(self._docs) > _STORED_MAX else self._docs
            self._docs = {**kept, **dict.fromkeys(missing), **known}
        return {id_: doc for id_, doc in known.items() if doc is not None}

    def match_offsets(self, clause: Clause, docs: Sequence[int]) -> list[MatchOffsets]:
        """Return the match offsets of *clause* in each of *docs*, in reading order."""
        stored = self._load(docs)
        highlighter = Highlighter(clause, self._analyzer)
        return [highlighter.offsets(stored[doc]["shown"]) for doc in docs]

    def similar(
        self, doc: int, frequencies: Mapping[str, float], *, excluded: Sequence[int], limit: int
    ) -> list[tuple[int, float]]:
        """Return the documents most similar to *doc*, best first, each with its score."""
        return similar_docs(
            self.snapshot, self.reader, self.stored(doc), frequencies, excluded=excluded, limit=limit
        )

    def coverage(self) -> list[tuple[str, int, int, int]]:
        """Return each ministry, its number of releases, and the documents of its oldest and newest one.

        Both have a date if any release of the ministry has.
        """

        def first(order: str) -> Json:
            sort = [{"day": {"order": order, "missing": "_last"}}, {"number": "asc"}]
            return {"top_hits": {"size": 1, "sort": sort, "_source": False, "docvalue_fields": ["number"]}}

        ends = {"oldest": first("asc"), "newest": first("desc")}
        values = {"field": "ministry", "size": VALUES_MAX, "order": {"_key": "asc"}}
        answer = self.snapshot.search({"size": 0, "aggs": {"ministries": {"terms": values, "aggs": ends}}})
        return [
            (bucket["key"], bucket["doc_count"], _only(bucket["oldest"]), _only(bucket["newest"]))
            for bucket in answer["aggregations"]["ministries"]["buckets"]
        ]

    def ids(self) -> Iterator[str]:
        """Yield the ids of all documents."""
        body: dict[str, Any] = {"size": 10_000, "_source": False, "docvalue_fields": ["id"], "sort": ["id"]}
        while hits := self.snapshot.search(body)["hits"]["hits"]:
            yield from (hit["fields"]["id"][0] for hit in hits)
            body["search_after"] = hits[-1]["sort"]

    def _load(self, docs: Sequence[int]) -> Mapping[int, Json]:
        """Return the stored fields of *docs*; those that are not kept are read at once."""
        kept = {doc: stored for doc in docs if (stored := self._stored.get(doc))}
        missing = [doc for doc in docs if doc not in kept]
        if not missing:
            return kept
        kept |= self.read(missing)
        self._keep(kept)
        return kept

    def _keep(self, stored: Mapping[int, Json]) -> None:
        # Replaced and not changed, as other threads read it.
        self._stored = stored if len(self._stored) > _STORED_MAX else {**self._stored, **stored}

    def read(self, docs: Sequence[int]) -> Mapping[int, Json]:
        """Return the stored fields of *docs*, at most some hundred, and keep none of them."""
        return self._read({"terms": {"number": list(docs)}}, len(docs))

    def _read(self, query: Json, size: int) -> Mapping[int, Json]:
        body = {"size": size, "query": query, "_source": ["id", "number", "day", "shown"]}
        sources = (hit["_source"] for hit in self.snapshot.search(body)["hits"]["hits"])
        return {source["number"]: {"day": 0, **source} for source in sources}


def _passing(filters: Filters) -> list[Json]:
    return [*filter_queries(filters), *standing_queries(filters)]


def _only(top_hits: Json) -> int:
    return int(top_hits["hits"]["hits"][0]["fields"]["number"][0])
