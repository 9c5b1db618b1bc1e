from pathlib import Path

import numpy as np
import pytest

from index.analysis import TokenColumns
from index.segment import ArrayFile, ArrayWriter
from index.writer.part_counts import PartCounts
from index.writer.token_buffer import DocumentPart

TITLE, BODY = (DocumentPart(base, weight, TokenColumns.of([])) for base, weight in ((0, 4), (100, 1)))


@pytest.fixture
def counts() -> PartCounts:
    """Three documents: the first has both parts, the second has none, the third has only a body."""
    made = PartCounts()
    made.check([TITLE, BODY])
    made.count(100, np.array([0]), np.array([7], np.uint32))
    made.count(0, np.array([0]), np.array([2], np.uint32))
    made.count(100, np.array([2]), np.array([300], np.uint32))
    return made


def test_nothing_was_counted_before_a_part_is_known() -> None:
    assert not PartCounts()
    assert PartCounts().lengths(2).tolist() == [0, 0]


def test_weight_of_a_part_is_the_same_in_all_documents(counts: PartCounts) -> None:
    counts.check([BODY, TITLE])
    with pytest.raises(ValueError, match="the part at 100 has weight 1, not 3"):
        counts.check([TITLE, DocumentPart(100, 3, BODY.tokens)])
    assert counts.weights == {0: 4, 100: 1}


def test_length_of_a_document_is_the_sum_of_its_weighted_tokens(counts: PartCounts) -> None:
    assert counts
    assert counts.lengths(3).tolist() == [4 * 2 + 7, 0, 300]


def test_each_part_is_written_with_its_weight(counts: PartCounts, tmp_path: Path) -> None:
    counts.check([DocumentPart(50, 2, TITLE.tokens)])
    path = tmp_path / "counts"
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        assert counts.write(out, 3).tolist() == [9, 0, 300]
        out.close()
    written = ArrayFile(path)
    assert written.meta["parts"] == [[0, 4], [50, 2], [100, 1]]
    assert [written[f"part/{base}"].tolist() for base in (0, 50, 100)] == [[2, 0, 0], [0, 0, 0], [7, 0, 300]]
