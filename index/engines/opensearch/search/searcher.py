"""Searches one state of a generation in a cluster: exact counts, and the order of our own ranking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from index import deadline
from index.analysis import Analyzer
from index.engines.opensearch.connection import Json
from index.engines.opensearch.search.clause_queries import ClauseQuery, ClauseTranslator
from index.engines.opensearch.search.counting import VALUES_MAX, Counting, filter_queries, read_rows
from index.engines.opensearch.search.head import SHOWN_OF_CANDIDATE, Candidate, Head
from index.engines.opensearch.search.highlighting import match_offsets
from index.engines.opensearch.search.similarity import similar_docs
from index.engines.opensearch.search.snapshot import Snapshot
from index.engines.opensearch.search.vocabulary import ClusterVocabulary, terms_to_settle
from index.query import Clause, Filters, Query, Sort
from index.results import Explanation
from index.search import TopDocs
from index.search.cursor import Place
from index.search.match_offsets import MatchOffsets
from index.search.top_k import DIGITS

# Candidates asked for at once, and the most that are scored for a page.
_CANDIDATES, _CANDIDATES_MAX = 100, 5_000
# A later candidate may score more than any so far, relative to its rough score, by this factor.
_MARGIN = 1.02
# No score is less than this share of the rough score, so a page need not begin at the best document.
_ROUGH_MIN = 0.5
# Documents whose texts are kept.
_STORED_MAX = 2_000
# A release without a date is the oldest of all, and comes last in both orders by date.
_UNDATED = {"newest": 0, "oldest": 4_000_000}
_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A candidate at its place."""

    place: Place
    candidate: Candidate
    score: float

    @property
    def key(self) -> tuple[tuple[float, ...], bytes]:
        return self.place.keys, self.place.id


class ClusterSearcher:
    """Searches *snapshot*, made by *analyzer*; documents are known by the number of their last change."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self.snapshot, self.reader = snapshot, ClusterVocabulary(snapshot)
        self._analyzer = analyzer
        self._translator = ClauseTranslator(self.reader, snapshot.count_all)
        self._stored: Mapping[int, Json] = {}

    def look_up(self, clauses: Iterable[Clause | None]) -> None:
        """Ask at once for the terms that settle *clauses*."""
        self.reader.look_up_sizes(term for clause in clauses if clause for term in terms_to_settle(clause))

    def search(
        self,
        query: Query,
        *,
        after: Place | None = None,
        excluded: Sequence[int] = (),
        faceted: bool = True,
    ) -> TopDocs:
        """Return the page that *query* asks for, one document per cluster.

        Raises:
            EngineError: a shard does not answer.
        """
        asked = self._translator.translate(query.clause)
        among = filter_queries(query.filters)
        if excluded:
            among.append({"bool": {"must_not": [{"terms": {"number": list(excluded)}}]}})
        counting = Counting(query.filters, faceted=faceted, interval=query.histogram)
        matched = {"bool": {"filter": [asked.matching]}}
        answer = self.snapshot.search(
            {
                "size": 0,
                "track_total_hits": True,
                "query": matched,
                "post_filter": {"bool": {"filter": among}},
                "aggs": counting.aggregations(),
            }
        )
        counts = counting.read(answer, read_rows(self.snapshot, matched, answer))
        ends = query.per_page if query.cursor else query.page * query.per_page
        count = ends + (query.cursor is not None)  # one more shows whether there is a next page
        first = self._first(asked, among, query.sort, count, after) if counts.total else []
        page = first[ends - query.per_page : ends]
        self._load([ranked.candidate.number for ranked in page])
        return TopDocs(
            docs=tuple(ranked.candidate.number for ranked in page),
            scores=tuple(ranked.score for ranked in page),
            folded=self._others_of_cluster(asked, among, page),
            total=counts.total,
            facets=counts.facets,
            histogram=counts.histogram,
            last=page[-1].place if len(first) > ends else None,
        )

    # --- Order -------------------------------------------------------------------------------

    def _first(
        self, asked: ClauseQuery, among: Sequence[Json], sort: Sort, count: int, after: Place | None
    ) -> list[_Ranked]:
        """Return the first *count* documents after the place *after*, best first, one per cluster."""
        by_score = sort == "relevance" and bool(asked.scoring)
        ratio, walked = 0.0, 0
        ranked: list[_Ranked] = []
        leaders: dict[str, int] = {}
        for candidates in self._walk(asked, among, sort, after):
            deadline.check()
            walked += len(candidates)
            new = self._rank(asked, candidates, sort)
            new_leaders = self._find_leaders(asked, among, sort, new, leaders)
            leaders |= new_leaders
            ratio = max([ratio, *(one.score / one.candidate.rough for one in new if one.candidate.rough)])
            ranked += [one for one in new if _leads(one, leaders) and _follows(one, after)]
            ranked.sort(key=lambda one: one.key)
            if len(ranked) >= count:
                bound = ratio * _MARGIN * candidates[-1].rough
                if not by_score or ranked[count - 1].score > bound or walked >= _CANDIDATES_MAX:
                    break
        return ranked[:count]

    def _walk(
        self, asked: ClauseQuery, among: Sequence[Json], sort: Sort, after: Place | None
    ) -> Iterator[list[Candidate]]:
        """Yield all candidates in the rough order of the cluster, from about the place *after*."""
        by_score = sort == "relevance" and bool(asked.scoring)
        newest_first = sort != "oldest"
        day = {
            "order": "desc" if newest_first else "asc",
            "missing": _UNDATED["newest" if newest_first else "oldest"],
        }
        matched = {"bool": {"filter": [asked.matching, *among]}}
        body: dict[str, Any] = {
            "size": _CANDIDATES,
            "query": asked.ranked(among, self.snapshot.newest) if by_score else matched,
            "sort": [*([{"_score": "desc"}] if by_score else []), {"day": day}, {"id": "asc"}],
            "track_scores": True,
            "track_total_hits": False,
            "_source": False,
            "docvalue_fields": list(SHOWN_OF_CANDIDATE),
        }
        if after is not None:
            body["search_after"] = (
                [-after.keys[0] / _ROUGH_MIN, _UNDATED["oldest"], ""]
                if by_score
                else [abs(int(after.keys[-1])), after.id.decode()]
            )
        while True:
            hits = self.snapshot.search(body)["hits"]["hits"]
            if hits:
                yield [Candidate.of(hit) for hit in hits]
            if len(hits) < _CANDIDATES:
                return
            body["search_after"] = hits[-1]["sort"]
            body["size"] = min(2 * body["size"], 1_000)

    def _rank(self, asked: ClauseQuery, candidates: Sequence[Candidate], sort: Sort) -> list[_Ranked]:
        """Return *candidates* scored, each at its place."""
        scores = Head(candidates, asked, self.reader, self.snapshot).scores()
        return [
            _Ranked(_place(candidate, score, sort), candidate, score)
            for candidate, score in zip(candidates, scores, strict=True)
        ]

    def _find_leaders(
        self,
        asked: ClauseQuery,
        among: Sequence[Json],
        sort: Sort,
        ranked: Sequence[_Ranked],
        known: Mapping[str, int],
    ) -> dict[str, int]:
        """Return the first document of each cluster of *ranked* documents that is not *known*."""
        clusters = {one.candidate.cluster for one in ranked if one.candidate.shared} - known.keys()
        members = self._rank(asked, self._members(asked, among, clusters), sort) if clusters else []
        leaders: dict[str, _Ranked] = {}
        for member in members:
            leader = leaders.setdefault(member.candidate.cluster, member)
            leaders[member.candidate.cluster] = min(leader, member, key=lambda one: one.key)
        return {cluster: leader.candidate.number for cluster, leader in leaders.items()}

    def _members(self, asked: ClauseQuery, among: Sequence[Json], clusters: Iterable[str]) -> list[Candidate]:
        """Return all matching documents of *clusters*."""
        members = [*among, {"terms": {"cluster": sorted(clusters)}}]
        return list(chain.from_iterable(self._walk(asked, members, "newest", None)))

    def _others_of_cluster(
        self, asked: ClauseQuery, among: Sequence[Json], page: Sequence[_Ranked]
    ) -> tuple[tuple[int, ...], ...]:
        """Return, for each document of *page*, the other matches of its cluster."""
        clusters = {one.candidate.cluster for one in page if one.candidate.shared}
        members = self._members(asked, among, clusters) if clusters else []
        return tuple(
            tuple(
                sorted(
                    member.number
                    for member in members
                    if member.cluster == one.candidate.cluster and member.number != one.candidate.number
                )
            )
            for one in page
        )

    # --- Counts and scores -------------------------------------------------------------------

    def count(self, clause: Clause, filters: Filters = _NO_FILTERS) -> int:
        """Return the number of matching documents; a cluster counts once."""
        asked = self._translator.translate(clause)
        counting = Counting(filters, faceted=False, interval=None)
        matched = {"bool": {"filter": [asked.matching, *filter_queries(filters)]}}
        body = {"size": 0, "track_total_hits": True, "query": matched, "aggs": counting.aggregations()}
        answer = self.snapshot.search(body)
        return counting.read(answer, read_rows(self.snapshot, matched, answer)).total

    def scores(self, clause: Clause, docs: Sequence[int]) -> list[float]:
        """Return the score of each of *docs*, 0 if it does not match."""
        asked = self._translator.translate(clause)
        candidates = self._matching(asked, docs)
        found = {one.candidate.number: one.score for one in self._rank(asked, candidates, "relevance")}
        return [found.get(doc, 0.0) for doc in docs]

    def explain(self, clause: Clause, docs: Iterable[int]) -> dict[int, Explanation]:
        """Explain the scores of those of *docs* that match."""
        asked = self._translator.translate(clause)
        candidates = self._matching(asked, list(docs))
        return Head(candidates, asked, self.reader, self.snapshot).explain()

    def _matching(self, asked: ClauseQuery, docs: Sequence[int]) -> list[Candidate]:
        """Return those of *docs* that match."""
        if not docs:
            return []
        return list(
            chain.from_iterable(self._walk(asked, [{"terms": {"number": list(docs)}}], "newest", None))
        )

    # --- Documents ---------------------------------------------------------------------------

    def stored(self, doc: int) -> Mapping[str, Any]:
        """Return the stored fields of a document."""
        return self._load([doc])[doc]

    def published(self, doc: int) -> date | None:
        """Return the day of a document, None if unknown."""
        day = self.stored(doc)["day"]
        return date.fromordinal(day) if day else None

    def find(self, id_: str) -> int | None:
        """Return the document with the id *id_*, None if there is none."""
        body = {"size": 1, "query": {"term": {"id": id_}}, "_source": False, "docvalue_fields": ["number"]}
        hits = self.snapshot.search(body)["hits"]["hits"]
        return int(hits[0]["fields"]["number"][0]) if hits else None

    def match_offsets(self, clause: Clause, docs: Sequence[int]) -> list[MatchOffsets]:
        """Return the match offsets of *clause* in each of *docs*, in reading order."""
        stored = self._load(docs)
        return [match_offsets(clause, stored[doc]["shown"], self._analyzer) for doc in docs]

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
        body = {
            "size": len(missing),
            "query": {"terms": {"number": missing}},
            "_source": ["id", "number", "day", "shown"],
        }
        for hit in self.snapshot.search(body)["hits"]["hits"]:
            source = hit["_source"]
            kept[source["number"]] = {"day": 0, **source}
        # Replaced and not changed, as other threads read it.
        self._stored = kept if len(self._stored) > _STORED_MAX else {**self._stored, **kept}
        return kept


def _only(top_hits: Json) -> int:
    return int(top_hits["hits"]["hits"][0]["fields"]["number"][0])


def _place(candidate: Candidate, score: float, sort: Sort) -> Place:
    """Return the place of a candidate in the order *sort*."""
    day = candidate.day
    if sort == "relevance":
        keys: tuple[float, ...] = (-round(score, DIGITS), float(-day))
    else:
        keys = (float(-day),) if sort == "newest" else (float(day or _UNDATED["oldest"]),)
    return Place(keys, candidate.id.encode())


def _leads(one: _Ranked, leaders: Mapping[str, int]) -> bool:
    """Return whether a document is the first of its cluster."""
    return leaders.get(one.candidate.cluster, one.candidate.number) == one.candidate.number


def _follows(one: _Ranked, after: Place | None) -> bool:
    return after is None or one.key > (after.keys, after.id)
