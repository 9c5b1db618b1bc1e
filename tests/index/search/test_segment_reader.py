from pathlib import Path

import numpy as np
import pytest

from index.codec import ArrayIndex
from index.query import Word
from index.search import IndexReader
from index.search.segment_reader import SegmentReader, segment_positions, terms_of
from tests.support.corpora import WORDS, index_of
from tests.support.oracle import Doc


@pytest.fixture
def segment(ix: ArrayIndex) -> SegmentReader:
    return IndexReader(ix).segments[0]


def test_terms_of_a_word_name_their_fields() -> None:
    word = Word(text="", lemma=("a", "b"), fold=("c",))
    assert terms_of(word) == (("lemma", "a"), ("lemma", "b"), ("fold", "c"))


def test_positions_of_terms_are_those_of_their_words(segment: SegmentReader) -> None:
    terms = [match for field in ("lemma", "stem") if (match := segment.find_term(field, "un"))]
    rows, positions = segment_positions(segment, terms, np.arange(segment.count))
    assert sorted(zip(rows.tolist(), positions.tolist(), strict=True)) == [
        (0, 3_001),
        (1, 3_002),
        (2, 3_000),
        (2, 3_001),
        (2, 3_002),
    ]


def test_unknown_term_is_not_found(segment: SegmentReader) -> None:
    assert segment.find_term("lemma", "nowhere") is segment.find_term("nowhere", "un") is None


def test_words_without_the_typed_diacritics_are_told_apart(tmp_path: Path) -> None:
    # "celu" and "ceļš" share the lemma "cels".
    ix = index_of(tmp_path, [Doc("a", "fm", "lv", None, "a", {"body": [WORDS[4], WORDS[5]]})])
    (segment,) = IndexReader(ix).segments
    assert len(segment.words_of((("lemma", "cels"),))) == 2
    assert len(segment.unaccented_words("lemma", "cels", "cel")) == 1
