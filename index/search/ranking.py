"""The numbers that rank hits, each with its unit; the formula is BM25 times bounded boosts.

The weights of the parts of a release (title, lead, body) are in `index/layout.py`: they are stored in the
index, so changing one needs a rebuild. The numbers here take effect when a searcher starts.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from crawler.config import Language
from index.query.relaxation import Line
from index.query.words import EXACT_SHARE

# The parameters of BM25 as in Lucene. K1: how soon further occurrences stop adding to the score. B: how much
# the length of a text lowers its score, from 0 (not at all) to 1.
K1, B = 1.2, 0.75

FIELD_WEIGHTS: Mapping[str, float] = {"lemma": 1.0, "stem": 0.5, "exact": EXACT_SHARE}
"""The weight of each field: a word scores the weighted sum of its BM25 scores."""

# Texts with the typed diacritics come first, even in another inflected form. Since forms may differ in their
# stem, the stem must not outweigh diacritics.
UNACCENTED_SHARE: Mapping[str, float] = {"lemma": 0.875, "stem": 0.0}
"""By field, the share of its frequency that counts for a word without the typed diacritics."""

# Decides between equals, but does not lift a passing mention above a release about the topic.
# Chosen on tests/judged/queries.toml.
RECENCY_BOOST = 0.1
"""Boost of a release of the newest day, as a share of its score."""

RECENCY_HALF_LIFE_DAYS = 3 * 365
"""Age at which half of the recency boost is left."""

# Queries of adjacent words find their paragraph among 600 of the treebank (LVTB) with an MRR of 0.73 without
# the boost, 0.77 at 0.1 and 0.79 at 0.2; in other inflected forms 0.67, 0.72 and 0.75. At 0.3, the results on
# tests/judged get worse.
PROXIMITY_BOOST = 0.2
"""Boost of a release in which all neighbouring query words are adjacent, as a share of its score."""

FOREIGN_SHARE = 0.01
"""The score of a release in another language than the query's is multiplied by this."""

COVERAGE_POWER = 2
"""The score of a partial match is multiplied by the share of the query that it matches, to this power."""

# Chosen on tests/judged, among 153 and 1,500 releases (decision 092).
LINES = (
    Line(same=0.5, akin=0.85, opening=0.5, near=0.5),
    Line(same=0.3, akin=0.6, opening=0.2, near=0.35),
    Line(same=0.0, akin=0.5, opening=0.35, near=0.35),
)
"""What a release must say to be counted if it does not say all of a query.

A later line counts only if no release is above an earlier one.
"""

NEAR_SHARE = 0.2
"""Share of the specificity of a query that a release must have to be near it, if none is above a line."""

# At 0.12, half of the releases shown are graded as neighbours (tests/judged/similar.toml). At 0.2, two thirds
# are, but a third of the releases with neighbours show none.
SIMILAR_SHARE = 0.13
"""Share of a release's own score that another release needs to count as similar."""

SIMILAR_BEST_SHARE = 0.4
"""Share of the best score that another release needs to be shown beside it."""


def recency(published: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the recency factor of each release; *published* are ordinals of days, 0 if unknown.

    Age is counted from the newest release, so an index ranks the same on every day.

    >>> recency(np.array([740_000, 740_000 - RECENCY_HALF_LIFE_DAYS, 0])).round(3).tolist()
    [1.1, 1.05, 1.0]
    """
    age = published.max(initial=0) - published.astype(np.float64)
    return np.where(published > 0, 1 + RECENCY_BOOST * 0.5 ** (age / RECENCY_HALF_LIFE_DAYS), 1.0)


def own_share(is_own: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the factor of each release, given whether it is in the language asked for.

    >>> own_share(np.array([True, False])).tolist()
    [1.0, 0.01]
    """
    return np.where(is_own, 1.0, FOREIGN_SHARE)


class DocFactors:
    """The factors of the score of each of *count* documents: its *recency*, if that counts, and its language.

    *is_in* returns which documents are in a language. Threads may share it.
    """

    def __init__(
        self,
        count: int,
        recency: NDArray[np.float64] | None,
        is_in: Callable[[Language], NDArray[np.bool_]],
    ) -> None:
        if recency is not None and len(recency) != count:
            raise ValueError("recency factors of a wrong number of documents")
        self.recency = np.ones(count) if recency is None else recency
        self._is_in = is_in
        self._own: dict[Language, tuple[NDArray[np.bool_], NDArray[np.float64]]] = {}

    def is_own(self, language: Language | None) -> NDArray[np.bool_] | None:
        """Return which documents are in the *language* asked for, None if none is."""
        return None if language is None else self._of(language)[0]

    def of(self, language: Language | None) -> NDArray[np.float64]:
        """Return the factor of each document if releases in *language* come first."""
        return self.recency if language is None else self._of(language)[1]

    def _of(self, language: Language) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        if language not in self._own:
            is_own = self._is_in(language)
            self._own[language] = is_own, self.recency * own_share(is_own)
        return self._own[language]
