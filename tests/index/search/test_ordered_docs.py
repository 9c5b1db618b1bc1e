"""A list of all matches has the order of the pages: equal keys are ordered by id, wherever it is read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Forms
from index.codec import ArrayIndex
from index.search import IndexReader, OrderedDocs
from index.search.collapse import Clusters
from index.search.top_k import first_rows
from tests.support.corpora import index_of
from tests.support.oracle import Doc


@pytest.fixture(scope="module")
def clusters(tmp_path_factory: pytest.TempPathFactory) -> Clusters:
    """Return the clusters of sixty releases: 0 and 1 share one, and so do 3 and 8."""
    leaders = {1: 0, 8: 3}
    parts: dict[str, list[Forms]] = {"title": [], "lead": [], "body": [], "attachment": []}
    docs = [Doc(f"x-{n}", "fm", "lv", None, f"x-{leaders.get(n, n)}", parts) for n in range(60)]
    ix: ArrayIndex = index_of(tmp_path_factory.mktemp("clusters"), docs)
    return Clusters(IndexReader(ix))


documents = st.lists(st.integers(0, 59), unique=True).map(sorted)
few = st.lists(st.integers(0, 2), min_size=60, max_size=60)


@given(
    docs=documents,
    columns=st.tuples(few, few),
    names=st.permutations(range(60)),
    ends=st.tuples(st.integers(0, 62), st.integers(0, 62)),
)
def test_any_part_of_a_list_is_that_of_the_pages(
    clusters: Clusters,
    docs: list[int],
    columns: tuple[list[int], ...],
    names: list[int],
    ends: tuple[int, int],
) -> None:
    rows = np.array(docs, np.int64)
    keys = [np.array(column, np.float64)[rows].__getitem__ for column in columns]
    listed = OrderedDocs(rows, keys, clusters, lambda doc: b"%03d" % names[doc])
    kept = np.delete(np.arange(len(docs)), clusters.repeats(rows, keys))
    paged = [docs[row] for row in first_rows(keys, kept, lambda row: b"%03d" % names[docs[row]], len(docs))]
    assert (listed.read(), len(listed)) == (paged, len(paged))
    assert listed.read(*ends) == paged[slice(*ends)]
    assert listed.among(docs[::2]) == [doc for doc in paged if doc in docs[::2]]


def test_a_release_stands_for_the_others_of_its_cluster(clusters: Clusters) -> None:
    listed = OrderedDocs(np.array([0, 1, 2]), [np.array([1.0, 2.0, 3.0]).__getitem__], clusters, bytes)
    assert [(doc, listed.folded(doc)) for doc in listed.read()] == [(2, ()), (1, [0])]
