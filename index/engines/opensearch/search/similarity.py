"""Similar documents in a cluster: those that share the characteristic terms of one ("more like this")."""

from collections.abc import Collection, Mapping
from math import log
from typing import Any

import numpy as np

from index.engines.opensearch.connection import Json
from index.engines.opensearch.documents import term_key
from index.engines.opensearch.search.head import SHOWN_OF_CANDIDATE, Candidate, CandidateReader
from index.engines.opensearch.search.snapshot import Snapshot
from index.engines.opensearch.search.vocabulary import ClusterVocabulary
from index.search import ranking
from index.search.index_reader import bm25

_FIELD = "lemma"
# As in `whoosh/similarity`: the most terms compared, and those too rare or too common to say much.
_TERMS_MAX, _DOCS_MIN, _DOCS_SHARE_MAX, _DOCS_MAX = 60, 2, 0.2, 10
# The cluster ranks roughly; the best are among the first of its order.
_CANDIDATES = 200


def similar_docs(
    snapshot: Snapshot,
    vocabulary: ClusterVocabulary,
    stored: Mapping[str, Any],
    frequencies: Mapping[str, float],
    *,
    excluded: Collection[int],
    limit: int,
) -> list[tuple[int, float]]:
    """Return the documents most similar to the one *stored*, best first, each with its score.

    *frequencies* are those of its lemmas, weighted by part. Leaves out its cluster and *excluded*; of other
    clusters, only the best document is returned.
    """
    terms = _characteristic_terms(snapshot, vocabulary, stored["shown"]["language"], frequencies)
    vocabulary.look_up_words((_FIELD, term) for term, _ in terms)
    candidates = _candidates(snapshot, terms, stored["number"])
    scores = _score(CandidateReader(candidates, vocabulary, snapshot), terms)
    own = next((place for place, one in enumerate(candidates) if one.number == stored["number"]), None)
    if own is None:
        return []
    cluster, own_score = candidates[own].cluster, scores[own]
    for place, one in enumerate(candidates):
        if one.cluster == cluster or one.number in excluded:
            scores[place] = 0
    least = max(ranking.SIMILAR_SHARE * own_score, ranking.SIMILAR_BEST_SHARE * scores.max(initial=0))
    found: dict[str, tuple[int, float]] = {}
    for place in np.lexsort((np.array([one.number for one in candidates], np.int64), -scores)).tolist():
        if scores[place] >= least and scores[place] > 0 and len(found) < limit:
            found.setdefault(candidates[place].cluster, (candidates[place].number, float(scores[place])))
    return list(found.values())


def _characteristic_terms(
    snapshot: Snapshot, vocabulary: ClusterVocabulary, language: str, frequencies: Mapping[str, float]
) -> list[tuple[str, float]]:
    """Return the terms that characterise a document and occur in others, each with its weight, best first.

    Their rarity is that in its *language*: every English word is rare among Latvian releases.
    """
    same: Json = {"term": {"language": language}}
    vocabulary.look_up_sizes((_FIELD, term) for term in frequencies)
    shared = [term for term in frequencies if vocabulary.size(_FIELD, term) >= _DOCS_MIN]
    total, *counts = snapshot.count_all(
        [same, *({"bool": {"filter": [same, {"term": {_FIELD: term_key(term)}}]}} for term in shared)]
    )
    docs_max = max(_DOCS_MAX, _DOCS_SHARE_MAX * total)
    weighted = [
        ((1 + log(frequencies[term])) * log(1 + (total - count + 0.5) / (count + 0.5)), term)
        for term, count in zip(shared, counts, strict=True)
        if count <= docs_max
    ]
    return [(term, weight) for weight, term in sorted(weighted, reverse=True)[:_TERMS_MAX]]


def _candidates(snapshot: Snapshot, terms: list[tuple[str, float]], own: int) -> list[Candidate]:
    """Return the document *own*, and those that share most of *terms* with it."""
    scores = [{"term": {_FIELD: {"value": term_key(term), "boost": weight}}} for term, weight in terms]
    body = {
        "size": _CANDIDATES,
        "query": {"bool": {"should": [*scores, {"term": {"number": {"value": own, "boost": 1e6}}}]}},
        "_source": False,
        "docvalue_fields": list(SHOWN_OF_CANDIDATE),
    }
    return [Candidate.of(hit) for hit in snapshot.search(body)["hits"]["hits"]]


def _score(reader: CandidateReader, terms: list[tuple[str, float]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the weighted BM25 score of every candidate."""
    scores = np.zeros(reader.count)
    norms = reader.norms(_FIELD, np.float64)
    for term, weight in terms:
        postings = reader.term(_FIELD, term)
        scores[postings.docs] += bm25(
            postings, postings.docs, norms[postings.docs], reader.max_score(postings, weight)
        )
    return scores
