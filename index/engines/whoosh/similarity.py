"""Similar documents: those that share the characteristic terms of one ("more like this")."""

from collections.abc import Collection, Mapping
from math import log

import numpy as np

from index.query import AnyOf, Word
from index.search import Searcher, ranking
from index.search.index_reader import IndexReader

_FIELD = "lemma"
# The most terms that are compared.
_TERMS_MAX = 60
# Terms in fewer documents cannot be shared. Those in a larger share say little, unless the index is small.
_DOCS_MIN, _DOCS_SHARE_MAX, _DOCS_MAX = 2, 0.2, 10


def similar_docs(
    searcher: Searcher,
    doc: int,
    frequencies: Mapping[str, float],
    *,
    excluded: Collection[int],
    limit: int,
) -> list[tuple[int, float]]:
    """Return the documents most similar to *doc*, best first, each with its score.

    *frequencies* are those of the lemmas of *doc*, weighted by part. Leaves out *doc*, its cluster and
    *excluded*; of other clusters, only the best document is returned.
    """
    reader, clusters = searcher.reader, searcher.clusters
    terms = characteristic_terms(reader, doc, frequencies)
    clause = AnyOf(tuple(Word(text=term, lemma=(term,), weight=weight) for term, weight in terms))
    sharing = searcher.matching(clause)
    scores = np.zeros(reader.count)
    scores[sharing] = searcher.unboosted_scores(clause, sharing)
    own = scores[doc]
    scores[[doc, *excluded]] = 0
    if clusters.of[doc] >= 0:
        scores[clusters.of == clusters.of[doc]] = 0
    least = max(ranking.SIMILAR_SHARE * own, ranking.SIMILAR_BEST_SHARE * scores.max(initial=0))
    candidates = np.flatnonzero((scores >= least) & (scores > 0))
    candidates = candidates[np.argsort(-scores[candidates], kind="stable")]
    found: dict[int, tuple[int, float]] = {}
    for other in candidates.tolist():
        # Unclustered documents have negative numbers of their own.
        cluster = int(clusters.of[other]) if clusters.of[other] >= 0 else -1 - other
        found.setdefault(cluster, (other, float(scores[other])))
        if len(found) == limit:
            break
    return list(found.values())


def characteristic_terms(
    reader: IndexReader, doc: int, frequencies: Mapping[str, float]
) -> list[tuple[str, float]]:
    """Return the terms that characterise *doc* and occur in others, each with its weight, best first.

    Their rarity is that in the language of *doc*: every English word is rare among Latvian releases.
    """
    _, languages = reader.ordinals("language")
    is_same = languages == languages[doc]
    total = int(np.count_nonzero(is_same[reader.live]))
    docs_max = max(_DOCS_MAX, _DOCS_SHARE_MAX * total)
    weighted = []
    for term, frequency in frequencies.items():
        docs = reader.term(_FIELD, term).docs
        count = int(np.count_nonzero(is_same[docs]))
        if len(docs) >= _DOCS_MIN and count <= docs_max:
            weighted.append(((1 + log(frequency)) * log(1 + (total - count + 0.5) / (count + 0.5)), term))
    return [(term, weight) for weight, term in sorted(weighted, reverse=True)[:_TERMS_MAX]]
