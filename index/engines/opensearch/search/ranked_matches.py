"""The documents that match a query, in its order: walked roughly by the cluster, and ranked by us."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import inf
from typing import Any

from crawler.config import Language
from index import deadline
from index.engines.opensearch.connection import Json
from index.engines.opensearch.search.clause_queries import ClauseQuery
from index.engines.opensearch.search.head import SHOWN_OF_CANDIDATE, SHOWN_OF_PLACE, Candidate, Head
from index.engines.opensearch.search.snapshot import Snapshot
from index.engines.opensearch.search.vocabulary import ClusterVocabulary
from index.query import Everything, Sort
from index.search.cursor import HitPlace
from index.search.ranking import K1
from index.search.top_k import DIGITS

# Candidates asked for at first, then at most with their words and without; and the most that are scored.
_CANDIDATES, _PAGE_MAX, _WORDLESS_PAGE_MAX, _CANDIDATES_MAX = 100, 1_000, 10_000, 5_000
# A later candidate may score more than any so far, relative to its rough score, by this factor.
_MARGIN = 1.02
# No score is less than this share of the rough score, so a page need not begin at the best document; rougher
# scores of long clauses count partial matches as full ones. OpenSearch 2 scores K1 + 1 times as high as 3.
_ROUGH_MIN, _BRIEF_ROUGH_MIN = 0.5 / (K1 + 1), 0.05 / (K1 + 1)
# Ids asked for at once.
_IDS_MAX = 60_000
# A release without a date is the oldest of all, and comes last in both orders by date.
_UNDATED = {"newest": 0, "oldest": 4_000_000}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate at its place."""

    place: HitPlace
    candidate: Candidate
    score: float

    @property
    def key(self) -> tuple[tuple[float, ...], bytes]:
        """What it is sorted by, the first least."""
        return self.place.keys, self.place.id


class RankedMatches:
    """The documents of *snapshot* that match *asked* and the filters *among*, in the order *sort*.

    Of a cluster, one in *own_language* is the first; by relevance, documents in it come before all others.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        vocabulary: ClusterVocabulary,
        asked: ClauseQuery,
        among: Sequence[Json] = (),
        sort: Sort = "relevance",
        *,
        own_language: Language | None = None,
    ) -> None:
        self._snapshot, self._vocabulary, self._own_language = snapshot, vocabulary, own_language
        self._asked, self._among, self._sort = asked, among, sort
        self._is_scored = sort == "relevance" and bool(asked.scoring)

    def first(self, count: int, after: HitPlace | None) -> list[Ranked]:
        """Return the first *count* documents after the place *after*, best first, one per cluster."""
        ratio, walked = 0.0, 0
        ranked: list[Ranked] = []
        leaders: dict[str, int] = {}
        for candidates in self._walk(after=after):
            deadline.check()
            walked += len(candidates)
            new = self._rank(candidates)
            leaders |= self._find_leaders(new, leaders)
            ratio = max([ratio, *(one.score / one.candidate.rough for one in new if one.candidate.rough)])
            ranked += [one for one in new if _leads(one, leaders) and _follows(one, after)]
            ranked.sort(key=lambda one: one.key)
            if len(ranked) >= count:
                bound = ratio * _MARGIN * candidates[-1].rough
                if not self._is_scored or ranked[count - 1].score > bound or walked >= _CANDIDATES_MAX:
                    break
        return ranked[:count]

    def all(self) -> Iterator[Candidate]:
        """Yield all documents, without their words.

        By relevance, our ranking orders the first few thousand, and the cluster roughly those after them.
        """
        pages = self._walk(scored=_CANDIDATES_MAX if self._is_scored else 0)
        if self._is_scored:
            first: list[Ranked] = []
            while len(first) < _CANDIDATES_MAX and (candidates := next(pages, None)):
                deadline.check()
                first += map(_without_words, self._rank(candidates))
            first.sort(key=lambda one: one.key)
            yield from (one.candidate for one in first)
        for candidates in pages:
            yield from candidates if self._own_language is None else self._leading(candidates)

    def _leading(self, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
        """Yield those of *candidates*, which have no words, that a translation does not precede."""
        foreign = {one.cluster for one in candidates if one.shared and self._is_foreign(one)}
        members = self.members(foreign) if foreign else []
        translated = {one.cluster for one in members if not self._is_foreign(one)}
        yield from (one for one in candidates if one.cluster not in translated or not self._is_foreign(one))

    def numbers(self) -> list[int]:
        """Return the numbers of all documents that match the clause by their words, too."""
        needs_words = not isinstance(self._asked.clause, Everything)
        found: list[int] = []
        for candidates in self._walk(sort="newest", scored=inf if needs_words else 0):
            deadline.check()
            matching = self._head(candidates).matching() if needs_words else candidates
            found += (candidate.number for candidate in matching)
        return found

    def leaders_with(self, ids: Iterable[str]) -> list[Candidate]:
        """Return, in order, those of the documents of releases with *ids* that lead their clusters."""
        wanted = sorted(ids)
        ranked: list[Ranked] = []
        for first in range(0, len(wanted), _IDS_MAX):
            with_ids = {"terms": {"release": wanted[first : first + _IDS_MAX]}}
            for candidates in self._walk(with_ids, sort="newest"):
                deadline.check()
                ranked += map(_without_words, self._rank(candidates))
        leaders = self._find_leaders(ranked, {})
        kept = (one for one in ranked if _leads(one, leaders))
        return [one.candidate for one in sorted(kept, key=lambda one: one.key)]

    def with_numbers(self, numbers: Collection[int]) -> list[Ranked]:
        """Return those of the documents with *numbers* that match."""
        if not numbers:
            return []
        pages = self._walk({"terms": {"number": list(numbers)}}, sort="newest")
        return self._rank(list(chain.from_iterable(pages)))

    def members(self, clusters: Iterable[str]) -> list[Candidate]:
        """Return all matching documents of *clusters*."""
        return list(chain.from_iterable(self._walk({"terms": {"cluster": sorted(clusters)}}, sort="newest")))

    def _walk(
        self,
        *filters: Json,
        sort: Sort | None = None,
        after: HitPlace | None = None,
        scored: float = inf,
    ) -> Iterator[list[Candidate]]:
        """Yield those that pass *filters*, in the rough order of the cluster, from about the place *after*.

        After about *scored* of them, they are without their words.
        """
        sort = sort or self._sort
        by_score = sort == "relevance" and self._is_scored
        among = [*self._among, *filters]
        newest_first = sort != "oldest"
        day = {
            "order": "desc" if newest_first else "asc",
            "missing": _UNDATED["newest" if newest_first else "oldest"],
        }
        matched = {"bool": {"filter": [self._asked.matching, *among]}}
        body: dict[str, Any] = {
            "size": _CANDIDATES,
            "query": self._asked.ranked(among, self._snapshot.newest, self._own_language)
            if by_score
            else matched,
            "sort": [*([{"_score": "desc"}] if by_score else []), {"day": day}, {"id": "asc"}],
            "track_scores": True,
            "track_total_hits": False,
            "_source": False,
        }
        if after is not None:
            rough_min = _BRIEF_ROUGH_MIN if self._asked.is_brief else _ROUGH_MIN
            body["search_after"] = (
                [-after.keys[0] / rough_min, _UNDATED["oldest"], ""]
                if by_score
                else [abs(int(after.keys[-1])), after.id.decode()]
            )
        walked = 0
        while True:
            has_words = walked < scored
            shown, shared = SHOWN_OF_CANDIDATE if has_words else SHOWN_OF_PLACE, self._snapshot.shared
            body["docvalue_fields"] = list(dict.fromkeys((*shown, shared)))
            hits = self._snapshot.search(body)["hits"]["hits"]
            if hits:
                yield [Candidate.of(hit, shared) for hit in hits]
            if len(hits) < body["size"]:
                return
            walked += len(hits)
            body["search_after"] = hits[-1]["sort"]
            body["size"] = min(2 * body["size"], _PAGE_MAX if has_words else _WORDLESS_PAGE_MAX)

    def _head(self, candidates: Sequence[Candidate]) -> Head:
        return Head(candidates, self._asked, self._vocabulary, self._snapshot, self._own_language)

    def _rank(self, candidates: Sequence[Candidate]) -> list[Ranked]:
        """Return *candidates* scored, each at its place."""
        scores = self._head(candidates).scores()
        return [
            Ranked(_place(candidate, score, self._sort), candidate, score)
            for candidate, score in zip(candidates, scores, strict=True)
        ]

    def _find_leaders(self, ranked: Sequence[Ranked], known: Mapping[str, int]) -> dict[str, int]:
        """Return the first document of each cluster of *ranked* documents that is not *known*."""
        clusters = {one.candidate.cluster for one in ranked if one.candidate.shared} - known.keys()
        leaders: dict[str, Ranked] = {}
        for member in self._rank(self.members(clusters)) if clusters else ():
            leader = leaders.setdefault(member.candidate.cluster, member)
            leaders[member.candidate.cluster] = min(leader, member, key=self._precedence)
        return {cluster: leader.candidate.number for cluster, leader in leaders.items()}

    def _precedence(self, one: Ranked) -> tuple[bool, tuple[float, ...], bytes]:
        """Return what the first of a cluster has the least of."""
        return self._is_foreign(one.candidate), *one.key

    def _is_foreign(self, candidate: Candidate) -> bool:
        return self._own_language not in (None, candidate.language)


def _without_words(one: Ranked) -> Ranked:
    return replace(one, candidate=replace(one.candidate, tokens=""))


def _place(candidate: Candidate, score: float, sort: Sort) -> HitPlace:
    """Return the place of a candidate in the order *sort*."""
    day = candidate.day
    if sort == "relevance":
        keys: tuple[float, ...] = (-round(score, DIGITS), float(-day))
    else:
        keys = (float(-day),) if sort == "newest" else (float(day or _UNDATED["oldest"]),)
    return HitPlace(keys, candidate.id.encode())


def _leads(one: Ranked, leaders: Mapping[str, int]) -> bool:
    """Return whether a document is the first of its cluster."""
    return leaders.get(one.candidate.cluster, one.candidate.number) == one.candidate.number


def _follows(one: Ranked, after: HitPlace | None) -> bool:
    return after is None or one.key > (after.keys, after.id)
