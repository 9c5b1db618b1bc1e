"""What makes one release come before another, beside the words: being recent, within bounds."""

import numpy as np
from numpy.typing import NDArray

# So much of its score a release of the newest day gains at most: enough to decide between equals, too little
# to put a passing mention before the release that is about the matter. Chosen on tests/judged/queries.toml.
RECENCY = 0.1
# Days after which half of that is gone.
HALF_LIFE_D = 3 * 365


def recency(published: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return what the score of each release is multiplied by; *published* are ordinals of days, 0 for none.

    Age is counted from the newest release, so that an index ranks the same on every day.

    >>> recency(np.array([740_000, 740_000 - HALF_LIFE_D, 0])).round(3).tolist()
    [1.1, 1.05, 1.0]
    """
    age = published.max(initial=0) - published.astype(np.float64)
    return np.where(published > 0, 1 + RECENCY * 0.5 ** (age / HALF_LIFE_D), 1.0)
