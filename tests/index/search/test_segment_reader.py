from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from index.codec import ArrayIndex
from index.query import Word
from index.search import IndexReader
from index.search.segment_reader import SegmentReader, lacks_diacritics, segment_positions, terms_of
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


@pytest.mark.parametrize(
    ("terms", "accented", "lacks"),
    [
        (["celu"], "cel", True),
        (["ceļu"], "cel", False),
        (["celu", "ceļš"], "cel", False),  # another part has them
        (["celu", "skola"], "cel", True),  # what does not begin so does not count
        (["skola"], "cel", False),
        ([], "cel", False),
    ],
)
def test_a_word_lacks_the_diacritics_if_none_of_its_parts_has_them(
    terms: list[str], accented: str, *, lacks: bool
) -> None:
    assert lacks_diacritics(map(str.encode, terms), accented) == lacks


def test_stems_are_terms_of_a_word_only_if_asked_for_or_matching() -> None:
    word = Word(text="", lemma=("a",), stem=("s",), exact=("e",))
    assert terms_of(word, stems=True) == (("lemma", "a"), ("stem", "s"), ("exact", "e"))
    assert terms_of(word) == (("lemma", "a"), ("exact", "e"))
    assert terms_of(replace(word, stem_matches=True)) == terms_of(word, stems=True)


def test_the_first_term_and_the_last_are_found(segment: SegmentReader) -> None:
    field = segment.field("lemma")
    assert field is not None
    for place, term in enumerate(field.terms):
        assert segment.find_term("lemma", term.decode()) == (field, place)
        assert segment.find_term("lemma", term.decode()) == (field, place)  # from the cache
    assert segment.field("nowhere") is None


def test_deleted_documents_are_not_live(tmp_path: Path) -> None:
    docs = [Doc(name, "fm", "lv", None, name, {"body": [WORDS[0]]}) for name in "abc"]
    ix = index_of(tmp_path, docs)
    (whole,) = IndexReader(ix).segments
    assert (whole.live, whole.live_count, whole.live_mask(np.arange(3))) == (None, 3, None)
    writer = ix.writer()
    writer.delete_unique("id", b"b")
    writer.commit(merge=False)
    (segment,) = IndexReader(ix).segments
    mask = segment.live_mask(np.array([2, 1]))
    assert mask is not None
    assert (segment.live_count, mask.tolist(), segment.count) == (2, [True, False], 3)
    assert (segment.size("lemma", "budzets"), segment.size("id", "b"), segment.size("id", "a")) == (2, 0, 1)
    assert (segment.size("lemma", "nowhere"), whole.size("lemma", "budzets"), whole.size("id", "b")) == (
        0,
        3,
        1,
    )
    without = segment.without(["a", "b"])
    assert (without.live_count, segment.live_count, whole.without(["x"]) is whole) == (1, 2, True)


def test_a_segment_without_a_text_has_no_words(tmp_path: Path) -> None:
    (segment,) = IndexReader(index_of(tmp_path, [Doc("a", "fm", "lv", None, "a", {})])).segments
    docs, weights = segment.postings_of(0)
    assert (docs.tolist(), weights.tolist(), segment.has_texts) == ([], [], True)
    assert segment.unaccented_words("lemma", "cels", "cel") == ()
    assert segment.words_of((("lemma", "cels"), ("id", "a"))) == []
    rows, positions = segment_positions(segment, [], np.array([0]))
    assert (rows.tolist(), positions.tolist()) == ([], [])
    assert list(segment.ids) == [b"a"]
