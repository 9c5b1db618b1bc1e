"""The documents that match a query: found by the cluster in its rough order or by day, and scored by us."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import inf, isfinite
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
from index.search.top_k import DIGITS

# Candidates asked for at first, then at most with their words and without.
CANDIDATES, PAGE_MAX, _WORDLESS_PAGE_MAX = 100, 1_000, 10_000
# Ids asked for at once.
_IDS_MAX = 60_000
# A release without a date is the oldest of all, and comes last in both orders by date.
_UNDATED = {"newest": 0, "oldest": 4_000_000}
# The first key of a place in the rough order; that of a scored place is not positive.
_ROUGHLY = 1.0


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
        self.is_scored = sort == "relevance" and bool(asked.scoring)
        self.copies: dict[str, frozenset[int]] = {}
        """All matching documents of the clusters of what was found."""
        self._ready: tuple[Json, Json] | None = None

    def by_day(self, after: HitPlace | None = None, *, has_words: bool) -> Iterator[Ranked]:
        """Yield the documents after the place *after* by day, one per cluster; with words, scored."""
        start = day_position(after) if after else None
        return self._leading(self._walk(after=start, scored=inf if has_words else 0), has_words=has_words)

    def roughly(self, after: Sequence[object], *, has_words: bool) -> Iterator[Ranked]:
        """Yield the documents after the position *after* in the rough order, as ``by_day``."""
        pages = self._walk(after=after, scored=inf if has_words else 0)
        for one in self._leading(pages, has_words=has_words):
            candidate = one.candidate
            place = HitPlace((_ROUGHLY, -candidate.rough, float(-candidate.day)), candidate.id.encode())
            yield replace(one, place=place)

    def _leading(self, pages: Iterable[Sequence[Candidate]], *, has_words: bool) -> Iterator[Ranked]:
        """Yield the documents of *pages* that are the first of their clusters."""
        leaders: dict[str, int] = {}
        for candidates in pages:
            deadline.check()
            leaders |= self.find_leaders(candidates, leaders)
            ranked = self.rank(candidates) if has_words else self._unscored(candidates)
            yield from (one for one in ranked if leads(one.candidate, leaders))

    def scored_page(self, after: Sequence[object] | None, size: int) -> list[Candidate]:
        """Return the next *size* documents of the rough order, with their words."""
        return self._page(self._body(self._sort, [], after), size, has_words=True)

    def request(self, after: Sequence[object] | None, size: int) -> Json:
        """Return the search for the *size* documents after the position *after*, with their words."""
        return self._request(self._body(self._sort, [], after), size, has_words=True)

    def accept(self, request: Json, answer: Json) -> None:
        """Keep the *answer* to a *request*, which is to be asked next."""
        self._ready = request, answer

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
                ranked += map(without_words, self.rank(candidates))
        leaders = self.find_leaders([one.candidate for one in ranked], {})
        kept = (one for one in ranked if leads(one.candidate, leaders))
        return [one.candidate for one in sorted(kept, key=lambda one: one.key)]

    def with_numbers(self, numbers: Collection[int]) -> list[Ranked]:
        """Return those of the documents with *numbers* that match."""
        if not numbers:
            return []
        pages = self._walk({"terms": {"number": list(numbers)}}, sort="newest")
        return self.rank(list(chain.from_iterable(pages)))

    def members(self, clusters: Iterable[str]) -> list[Candidate]:
        """Return all matching documents of *clusters*."""
        in_them = {"terms": {"cluster": sorted(clusters)}}
        pages = self._walk(in_them, sort="newest", scored=inf if self.is_scored else 0)
        return list(chain.from_iterable(pages))

    def _walk(
        self,
        *filters: Json,
        sort: Sort | None = None,
        after: Sequence[object] | None = None,
        scored: float = inf,
    ) -> Iterator[list[Candidate]]:
        """Yield those that pass *filters*, in the rough order of the cluster, from the position *after*.

        After about *scored* of them, they are without their words.
        """
        sort = sort or self._sort
        by_score = sort == "relevance" and self.is_scored
        body, walked, size = self._body(sort, filters, after), 0, CANDIDATES
        while True:
            has_words = walked < scored
            page = self._page(body, size, has_words=has_words)
            if page:
                yield page
            if len(page) < size:
                return
            walked += size
            body["search_after"] = position(page[-1], sort, by_score=by_score)
            size = min(2 * size, PAGE_MAX if has_words or by_score else _WORDLESS_PAGE_MAX)

    def _body(self, sort: Sort, filters: Sequence[Json], after: Sequence[object] | None) -> dict[str, Any]:
        by_score = sort == "relevance" and self.is_scored
        among = [*self._among, *filters]
        newest_first = sort != "oldest"
        day = {
            "order": "desc" if newest_first else "asc",
            "missing": _UNDATED["newest" if newest_first else "oldest"],
        }
        matched = {"bool": {"filter": [self._asked.matching, *among]}}
        return {
            "query": self._asked.ranked(among, self._snapshot.newest, self._own_language)
            if by_score
            else matched,
            "sort": [*([{"_score": "desc"}] if by_score else []), {"day": day}, {"id": "asc"}],
            "track_scores": True,
            "track_total_hits": False,
            "_source": False,
            **({"search_after": after} if after else {}),
        }

    def _page(self, body: Json, size: int, *, has_words: bool) -> list[Candidate]:
        request = self._request(body, size, has_words=has_words)
        ready, self._ready = self._ready, None
        answer = ready[1] if ready and ready[0] == request else self._snapshot.search(request)
        return [Candidate.of(hit, self._snapshot.shared) for hit in answer["hits"]["hits"]]

    def _request(self, body: Json, size: int, *, has_words: bool) -> Json:
        shown = SHOWN_OF_CANDIDATE if has_words else SHOWN_OF_PLACE
        columns = list(dict.fromkeys((*shown, self._snapshot.shared)))
        return {"size": size, **body, "docvalue_fields": columns}

    def _head(self, candidates: Sequence[Candidate]) -> Head:
        return Head(candidates, self._asked, self._vocabulary, self._snapshot, self._own_language)

    def rank(self, candidates: Sequence[Candidate]) -> list[Ranked]:
        """Return *candidates* scored, each at its place."""
        scores = self._head(candidates).scores()
        return [
            Ranked(_place(candidate, score, self._sort), candidate, score)
            for candidate, score in zip(candidates, scores, strict=True)
        ]

    def _unscored(self, candidates: Sequence[Candidate]) -> list[Ranked]:
        """Return *candidates*, each at its place by day."""
        return [Ranked(_place(one, 0.0, self._sort), one, 0.0) for one in candidates]

    def find_leaders(self, candidates: Iterable[Candidate], known: Mapping[str, int]) -> dict[str, int]:
        """Return the first document of each cluster of *candidates* that is not *known*."""
        clusters = {one.cluster for one in candidates if one.shared} - known.keys()
        leaders: dict[str, Ranked] = {}
        members = self.members(clusters) if clusters else []
        for one in members:
            self.copies[one.cluster] = self.copies.get(one.cluster, frozenset()) | {one.number}
        for member in self.rank(members) if self.is_scored else self._unscored(members):
            leader = leaders.setdefault(member.candidate.cluster, member)
            leaders[member.candidate.cluster] = min(leader, member, key=self._precedence)
        return {cluster: leader.candidate.number for cluster, leader in leaders.items()}

    def _precedence(self, one: Ranked) -> tuple[bool, tuple[float, ...], bytes]:
        """Return what the first of a cluster has the least of."""
        return self._is_foreign(one.candidate), *one.key

    def _is_foreign(self, candidate: Candidate) -> bool:
        return self._own_language not in (None, candidate.language)


def position(one: Candidate, sort: Sort, *, by_score: bool) -> list[object]:
    """Return the position of a document in the rough order, or by day, for the cluster."""
    day = one.day or _UNDATED["oldest" if sort == "oldest" else "newest"]
    return [*([one.rough] if by_score else []), day, one.id]


def day_position(place: HitPlace) -> list[object]:
    """Return the position of a *place* by day."""
    return [_whole(abs(place.keys[-1])), place.id.decode()]


def rough_position(place: HitPlace) -> list[object] | None:
    """Return the position of a *place* in the rough order, None if it is none of that order."""
    match place.keys:
        case (first, rough, day) if first == _ROUGHLY and isfinite(rough):
            return [-rough, _whole(-day), place.id.decode()]
    return None


def _whole(key: float) -> int:
    """Return a day as the cluster takes it; a cursor may have been made up."""
    return int(key) if isfinite(key) else 0


def without_words(one: Ranked) -> Ranked:
    """Return a ranked document without its words."""
    return replace(one, candidate=replace(one.candidate, tokens=""))


def _place(candidate: Candidate, score: float, sort: Sort) -> HitPlace:
    """Return the place of a candidate in the order *sort*."""
    day = candidate.day
    if sort == "relevance":
        keys: tuple[float, ...] = (-round(score, DIGITS), float(-day))
    else:
        keys = (float(-day),) if sort == "newest" else (float(day or _UNDATED["oldest"]),)
    return HitPlace(keys, candidate.id.encode())


def leads(one: Candidate, leaders: Mapping[str, int]) -> bool:
    """Return whether a document is the first of its cluster."""
    return leaders.get(one.cluster, one.number) == one.number
