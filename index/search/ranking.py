"""Every number that ranks hits, with its unit; the formula is BM25 times bounded boosts.

The weights of the parts of a release (title, lead, body) are in `index/layout.py`: they are stored in the
index, so changing one needs a rebuild. The numbers here take effect when a searcher starts.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

# BM25 as Lucene sets it. K1: how soon more occurrences stop adding to the score. B: how much a long text
# counts against a document, from 0 (not at all) to 1.
K1, B = 1.2, 0.75

FIELD_WEIGHTS: Mapping[str, float] = {"lemma": 1.0, "stem": 0.5, "exact": 0.1}
"""By field, the factor on its BM25 score. A word scores the sum over the fields."""

# Texts with the diacritics that were typed come first, even in another inflected form. Forms may differ in
# their stem, and the stem must not outweigh diacritics.
UNACCENTED_SHARE: Mapping[str, float] = {"lemma": 0.875, "stem": 0.0}
"""By field, the share of its frequency that a word without the typed diacritics counts."""

# Enough to decide between equals, too little to lift a passing mention above a release about the topic.
# Chosen on tests/judged/queries.toml.
RECENCY_BOOST = 0.1
"""Largest boost for recency, as a share of the score: what a release of the newest day gains."""

RECENCY_HALF_LIFE_DAYS = 3 * 365
"""Age at which half of the recency boost is left."""

# Adjacent words of 600 paragraphs of the treebank (LVTB) find their paragraph with an MRR of 0.73; with 0.1
# it is 0.77, with 0.2 0.79; inflected differently 0.67, 0.72, 0.75. At 0.3 tests/judged begins to suffer.
PROXIMITY_BOOST = 0.2
"""Largest boost for proximity, as a share of the score: every two adjacent query words are adjacent."""

# With 0.2 to 0.4 the nDCG@10 of tests/judged falls by a point; below, releases appear that contain only the
# most common word of the query.
NEAREST_SHARE = 0.2
"""Share of the best score that a release with only some of the query words needs to fill up a page."""

SIMILAR_SHARE = 0.2
"""Share of a release's own score that another needs to count as similar to it."""


def recency(published: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the recency factor of each release; *published* are ordinals of days, 0 if unknown.

    Age is counted from the newest release, so an index ranks the same on every day.

    >>> recency(np.array([740_000, 740_000 - RECENCY_HALF_LIFE_DAYS, 0])).round(3).tolist()
    [1.1, 1.05, 1.0]
    """
    age = published.max(initial=0) - published.astype(np.float64)
    return np.where(published > 0, 1 + RECENCY_BOOST * 0.5 ** (age / RECENCY_HALF_LIFE_DAYS), 1.0)
