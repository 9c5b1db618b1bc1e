"""The head of a result: the candidates for its first places, scored by our own ranking.

The cluster ranks roughly: its field lengths are rounded, and it does not know which words lack their
diacritics. It returns the words of each candidate; with the numbers of the whole index (how many releases
have a term, their average length) our ranking gives the same scores as on a local index.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.config import Language
from index.engines.opensearch.connection import Json
from index.engines.opensearch.documents import Keys, unpack_tokens
from index.engines.opensearch.mappings import PARTS
from index.engines.opensearch.search.clause_queries import ClauseQuery
from index.engines.opensearch.search.pseudo_words import leaf_name
from index.engines.opensearch.search.snapshot import Snapshot
from index.engines.opensearch.search.vocabulary import ClusterVocabulary, IndexedWord, Term
from index.layout import LAYOUT
from index.query import Clause
from index.results import Explanation
from index.search.compiled.list_finder import ListFinder
from index.search.explain import word_scores
from index.search.index_reader import IndexReader
from index.search.phrases import find_phrase
from index.search.posting_list import PostingList
from index.search.proximity import neighbours
from index.search.ranking import (
    FIELD_WEIGHTS,
    PROXIMITY_BOOST,
    RECENCY_BOOST,
    RECENCY_HALF_LIFE_DAYS,
    UNACCENTED_SHARE,
    own_share,
)
from index.search.segment_reader import lacks_diacritics, terms_of
from index.search.top_k import Scores
from index.segment import Array
from index.segment.doc_lists import Docs
from index.segment.doc_sets import DocSets

SHOWN_OF_CANDIDATE = (
    "number",
    "id",
    "day",
    "cluster",
    "shared",
    "length",
    "ministry",
    "language",
    "tokens",
)
"""The columns of a candidate."""
SHOWN_OF_PLACE = SHOWN_OF_CANDIDATE[:-1]
"""The columns of a candidate without its words, which are most of its bytes."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that matches, as the cluster returned it."""

    number: int
    id: str
    day: int
    """An ordinal, 0 if unknown."""
    cluster: str
    shared: bool
    """Whether other releases of the index may be in its cluster."""
    length: int
    ministry: str
    language: str
    tokens: str
    """All its words, packed; empty if they were not asked for."""
    rough: float
    leaves: frozenset[str]
    """The names of the wildcards that it matches."""

    @classmethod
    def of(cls, hit: Json, shared: str = "shared") -> "Candidate":
        """Read a hit; the field *shared* says whether others may be in its cluster."""
        columns: Mapping[str, Sequence[Any]] = hit["fields"]
        return cls(
            number=int(columns["number"][0]),
            id=columns["id"][0],
            day=int(columns.get("day", [0])[0]),
            cluster=columns["cluster"][0],
            shared=bool(columns[shared][0]),
            length=int(columns["length"][0]),
            ministry=columns["ministry"][0],
            language=columns["language"][0],
            tokens=columns.get("tokens", [""])[0],
            rough=float(hit.get("_score") or 0.0),
            leaves=frozenset(hit.get("matched_queries", ())),
        )


class SizedPostingList(PostingList):
    """The postings of a term among the candidates; its length is that in the whole index."""

    def __init__(self, docs: Docs, frequencies: Array, sets: DocSets, size: int) -> None:
        super().__init__(docs, frequencies, sets)
        self._size = size

    def __len__(self) -> int:
        return self._size


class CandidateReader(IndexReader):
    """The candidates as an index, numbered from 0, with the statistics of the whole index."""

    def __init__(
        self, candidates: Sequence[Candidate], vocabulary: ClusterVocabulary, snapshot: Snapshot
    ) -> None:
        # Not that of the base class, which opens files.
        self.segments = []
        self.count, self.live_count = len(candidates), snapshot.documents
        self.sets = DocSets(self.count)
        self._vocabulary, self._average = vocabulary, snapshot.average_length
        self._leaves = [candidate.leaves for candidate in candidates]
        self._all_lengths = np.array([candidate.length for candidate in candidates], np.int64)
        self._norms = {}
        self._keys, self._rows, self._positions, self._weights = _read_tokens(candidates)
        self._cached_terms: dict[tuple[str, ...], PostingList] = {}

    @cached_property
    def live(self) -> Docs:
        """All candidates."""
        return np.arange(self.count)

    @cached_property
    def has_texts(self) -> bool:
        """False: there is no forward index, and positions are looked up."""
        return False

    def size(self, field: str, text: str) -> int:
        """Return the document frequency of a term in the whole index."""
        return 0 if _is_leaf(field, text) else self._vocabulary.size(field, text)

    def term(self, field: str, text: str) -> PostingList:
        """Return the candidates with a term."""
        return self._cached((field, text), lambda: self._read_term(field, text))

    def find_accented_term(self, field: str, text: str, accented: str) -> PostingList:
        """Return the candidates with a term, in which words without the typed diacritics count less."""
        share = UNACCENTED_SHARE.get(field)
        if not accented or share is None:
            return self.term(field, text)
        words = self._vocabulary.words(field, text)
        lacking = [word for word in words if lacks_diacritics(map(str.encode, word.exact), accented)]
        if not lacking:
            return self.term(field, text)
        return self._cached((field, text, accented), lambda: self._discount(field, text, lacking, share))

    def _cached(self, key: tuple[str, ...], read: Callable[[], PostingList]) -> PostingList:
        if key not in self._cached_terms:
            self._cached_terms[key] = read()
        return self._cached_terms[key]

    def _read_term(self, field: str, text: str) -> PostingList:
        if _is_leaf(field, text):
            docs = np.array([row for row, leaves in enumerate(self._leaves) if text in leaves], np.int64)
            return SizedPostingList(docs, np.ones(len(docs)), self.sets, len(docs))
        frequencies = self._frequencies(self._vocabulary.words(field, text))
        docs = frequencies.nonzero()[0]
        return SizedPostingList(docs, frequencies[docs], self.sets, self._vocabulary.size(field, text))

    def _discount(self, field: str, text: str, lacking: Sequence[IndexedWord], share: float) -> PostingList:
        words = self._vocabulary.words(field, text)
        frequencies = self._frequencies(words) - (1 - share) * self._frequencies(lacking)
        docs = (frequencies > share / 2).nonzero()[0]
        if share:
            size = self._vocabulary.size(field, text)
        else:
            size = self._vocabulary.count_with(set(words).difference(lacking))
        return SizedPostingList(docs, frequencies[docs], self.sets, size)

    def _count_any(self, field: str, texts: Sequence[str]) -> int:
        """Return the number of documents of the whole index with any of *texts*."""
        return self._vocabulary.size(field, *texts)

    def _frequencies(self, words: Sequence[IndexedWord]) -> NDArray[np.float64]:
        """Return how often any of *words* counts in each candidate."""
        places = self._places(words)
        weights = self._weights[places].astype(np.float64)
        return np.bincount(self._rows[places], weights, self.count)  # type: ignore[return-value]  # as the weights

    def _places(self, words: Sequence[IndexedWord]) -> NDArray[np.int64]:
        wanted = np.fromiter((word.key for word in words), np.uint64, len(words))
        return np.isin(self._keys, wanted).nonzero()[0]

    def positions(self, terms: Sequence[Term], docs: Docs) -> tuple[Array, Array]:
        """Return pairs, in no order, of a row of *docs* and a position of one of *terms*."""
        words = [word for term in terms for word in self._vocabulary.words(*term)]
        places = self._places(words)
        rows, found = self.sets.rows_of(self._rows[places], docs)
        return found, self._positions[places[rows]]

    def _lengths(self, field: str) -> tuple[float, Array]:  # noqa: ARG002 - all fields are of one text
        """Return the average length in the whole index, and that of each candidate."""
        return self._average, self._all_lengths


def _is_leaf(field: str, text: str) -> bool:
    return field == "fold" and text.startswith(leaf_name(0)[:-1]) and text[4:].isdigit()


def _read_tokens(candidates: Sequence[Candidate]) -> tuple[Keys, Docs, Docs, Docs]:
    """Return the words of all candidates, each with its row, its position and its weight."""
    unpacked = [unpack_tokens(candidate.tokens) for candidate in candidates]
    counts = np.array([count for count, _ in unpacked], np.int64).reshape(-1)
    keys = np.concatenate([np.zeros(0, np.uint64), *(keys for _, keys in unpacked)])
    layouts = [LAYOUT[part] for part in PARTS] * len(candidates)
    rows = np.repeat(np.arange(len(candidates)).repeat(len(PARTS)), counts)
    firsts = np.cumsum(counts) - counts
    shifts = np.array([layout.base for layout in layouts], np.int64) - firsts
    positions = np.arange(len(keys)) + np.repeat(shifts, counts)
    weights = np.repeat(np.array([layout.weight for layout in layouts], np.int64), counts)
    return keys, rows, positions, weights


class Head:
    """The *candidates* of a query, scored by our ranking."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        query: ClauseQuery,
        vocabulary: ClusterVocabulary,
        snapshot: Snapshot,
        own_language: Language | None = None,
    ) -> None:
        self._candidates, self._query = candidates, query
        self._reader = CandidateReader(candidates, vocabulary, snapshot)
        self._finder = ListFinder(self._reader, FIELD_WEIGHTS)
        self._recency = _recency([candidate.day for candidate in candidates], snapshot.newest)
        self._languages = own_share(
            np.array([own_language in (None, candidate.language) for candidate in candidates], bool)
        )

    def scores(self) -> list[float]:
        """Return the score of each candidate."""
        boosted = self._unboosted_scores() * self._recency * self._proximity() * self._languages
        scores: list[float] = boosted.tolist()
        return scores

    def matching(self) -> list[Candidate]:
        """Return the candidates whose words match the clause."""
        return [self._candidates[row] for row in self._finder.matching(self._query.local).tolist()]

    def _matching(self, clause: Clause, docs: Docs) -> Docs:
        return docs[np.isin(docs, self._finder.matching(clause))]

    def explain(self) -> dict[int, Explanation]:
        """Explain the score of each candidate, by its number."""
        docs = self._reader.live
        unboosted, proximity = self._unboosted_scores(), self._proximity()
        words = word_scores(self._matching, self._reader, FIELD_WEIGHTS, self._query.local, docs)
        return {
            candidate.number: Explanation(
                score=recency * near * language * score,
                recency=recency,
                proximity=near if score else 1.0,
                language=language,
                words=tuple(of_words),
            )
            for candidate, recency, near, language, score, of_words in zip(
                self._candidates,
                self._recency.tolist(),
                proximity.tolist(),
                self._languages.tolist(),
                unboosted.tolist(),
                words,
                strict=True,
            )
        }

    def _unboosted_scores(self) -> Scores:
        """Return the score of each candidate without boosts, 0 if it does not match."""
        matching, scores = self._finder.matching(self._query.local), np.zeros(len(self._candidates))
        scores[matching] = self._finder.scores(self._query.local, matching)
        return scores

    def _proximity(self) -> Scores:
        """Return the boost of each candidate by the share of the query's neighbours that it contains."""
        pairs, docs = tuple(neighbours(self._query.clause)), self._reader.live
        found = np.zeros(len(docs))
        for pair in pairs:
            occurrences = find_phrase(pair, lambda word: self._reader.positions(terms_of(word), docs))
            found[np.unique(occurrences.rows)] += 1
        return 1 + PROXIMITY_BOOST * found / max(1, len(pairs))


def _recency(days: Sequence[int], newest: int) -> Scores:
    """Return the factor of recency of each day, as `ranking.recency` does by the newest day of the index."""
    known = np.array(days, np.float64)
    return np.where(known > 0, 1 + RECENCY_BOOST * 0.5 ** ((newest - known) / RECENCY_HALF_LIFE_DAYS), 1.0)
