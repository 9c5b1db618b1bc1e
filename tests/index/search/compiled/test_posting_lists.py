"""Posting lists as the core decodes them, compiled and interpreted."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.codec import ArrayIndex
from index.search.index_reader import IndexReader
from index.search.posting_list import PostingList
from index.segment import Array
from index.segment.doc_sets import DocSets
from index.writer.vocabulary import FIELDS
from tests.support.corpora import WORDS, index_of
from tests.support.decoded import POSTING_LISTS, Load, docs_of, frequencies_of, posting_lists
from tests.support.interpreted import each_form, interpreted
from tests.support.oracle import Doc

TERMS = ["", "a", "ab", "abc", "b", "bā", "bē", "c" * 300, "š"]
MANY = [3, 4, 9, 10, 11, 30, 31, 32, 33, 34, 35, 36, 37, 60, 90, 91]


def document(number: int, words: Sequence[int]) -> Doc:
    body = [WORDS[word % len(WORDS)] for word in words]
    return Doc(f"d{number}", "fm", "lv", None, f"d{number}", {"title": body[:1], "body": body})


BATCHES = [
    [document(number, range(number, 2 * number)) for number in range(12)],
    [document(number, [number, 1, 1, 1]) for number in range(12, 15)],
    [document(number, [5] * number) for number in range(15, 18)],
]
DELETED = ["d0", "d3", "d4", "d11", "d13", "d17"]


def index_with_deletions(folder: Path) -> ArrayIndex:
    ix = index_of(folder, *BATCHES)
    writer = ix.writer()
    for name in DELETED:
        writer.delete_unique("id", name.encode())
    writer.commit(merge=False)
    return ix


def texts_of(field: str) -> list[str]:
    return [*sorted({text for forms in WORDS for text in getattr(forms, field)}), "", "nav", "žž"]


def numbers_of(lists: Any, field: str, text: str) -> tuple[int, ...] | None:
    """Return the number of a term's list in each segment, None if it has no list of its own in some."""
    found = []
    for segment in lists.segments:
        terms = segment.terms.fields.get(field)
        place = -1 if terms is None else terms.find(text)
        found.append(-1 if place < 0 else terms.list_of(place))
        if place >= 0 > found[-1]:
            return None
    return tuple(found)


def term_arrays(terms: Sequence[str], words: Sequence[Sequence[int]]) -> dict[str, Array]:
    """Return the arrays of a field in which each term has some words."""
    offsets = np.cumsum([0, *[len(term.encode()) for term in terms]])
    arrays: dict[str, Array] = {
        "f/terms": np.frombuffer("".join(terms).encode(), np.uint8),
        "f/term_offsets": offsets.astype(np.uint16),
        "f/words": np.array([word for some in words for word in some], np.int64),
    }
    if any(len(some) != 1 for some in words):
        arrays["f/word_starts"] = np.cumsum([0, *map(len, words)]).astype(np.uint8)
    return arrays


def field_terms(load: Load, arrays: Mapping[str, Array], words: int = 9, lists: int = 12) -> Any:
    return load(POSTING_LISTS).FieldTerms(arrays, "f", words, lists)


@each_form
def test_list_finds_a_document_from_any_row(load: Load) -> None:
    found = load(POSTING_LISTS).list_of_docs(MANY)
    for row in range(len(MANY) + 1):
        for doc in range(94):
            assert found.first_from(row, doc) == max(row, bisect_left(MANY, doc)), (row, doc)
    assert load(POSTING_LISTS).list_of_docs([]).first_from(0, 5) == 0


@each_form
def test_first_row_is_found_in_part_of_an_array(load: Load) -> None:
    found = load(POSTING_LISTS).list_of_docs([7])
    assert [found.first_from(0, doc) for doc in (6, 7, 8)] == [0, 0, 1]


@each_form
def test_list_says_how_large_it_is(load: Load) -> None:
    module = load(POSTING_LISTS)
    docs = np.array([5, 6], np.int32)
    scored = module.list_of_postings(PostingList(docs, np.array([1, 2], np.float32), DocSets(1000)))
    assert [found.nbytes for found in (module.list_of_docs([5, 6]), scored)] == [308, 316]
    assert len(scored) == scored.count == 2
    assert not module.DecodedList().count


@each_form
def test_list_made_in_python_keeps_its_numbers(load: Load) -> None:
    docs = np.array([0, 5, 2**31 - 1], np.int64)
    found = load(POSTING_LISTS).list_of_postings(PostingList(docs, np.array([1, 2.5, 7]), DocSets(2**31)))
    assert docs_of(found) == docs.tolist()
    assert found.has_frequencies
    if load is interpreted:
        assert frequencies_of(found) == [1, 2.5, 7]
    alone = load(POSTING_LISTS).list_of_docs(docs)
    assert (docs_of(alone), alone.has_frequencies) == (docs.tolist(), False)


@each_form
def test_list_with_a_wrong_number_of_frequencies_is_refused(load: Load) -> None:
    postings = PostingList(np.array([5, 6]), np.array([1.0]), DocSets(1000))
    with pytest.raises(ValueError, match="wrong number of frequencies"):
        load(POSTING_LISTS).list_of_postings(postings)


@each_form
@pytest.mark.parametrize(
    "lists", [[], [[]], [[7]], [[0, 63], [63, 64, 128]], [[], [5], []], [[1, 200], [3], [2, 199]]]
)
def test_union_has_the_documents_of_any_list(load: Load, lists: list[list[int]]) -> None:
    module = load(POSTING_LISTS)
    found = module.union_of([module.list_of_docs(docs) for docs in lists])
    assert docs_of(found) == sorted({doc for docs in lists for doc in docs})
    assert not found.has_frequencies


@each_form
def test_terms_are_found(load: Load) -> None:
    terms = field_terms(load, term_arrays(TERMS, [[1]] * len(TERMS)))
    assert [terms.find(term) for term in TERMS] == [*range(len(TERMS))]
    for missing in ("A", "aa", "abcd", "b ", "bīb", "c" * 299, "c" * 301, "z", "šš", "ž"):
        assert terms.find(missing) == -1, missing
    for without in ([], ["m"]):
        assert field_terms(load, term_arrays(without, [[1]] * len(without))).find("a") == -1


@each_form
def test_text_that_cannot_be_in_a_file_is_refused(load: Load) -> None:
    with pytest.raises(UnicodeEncodeError):
        field_terms(load, term_arrays(TERMS, [[1]] * len(TERMS))).find("\ud800")


@each_form
def test_words_of_terms_are_read(load: Load) -> None:
    one_each = field_terms(load, term_arrays(["a", "b"], [[8], [0]]))
    assert [one_each.words_of(place) for place in (0, 1)] == [[8], [0]]
    assert [one_each.list_of(place) for place in (0, 1)] == [8, 0]
    several = field_terms(load, term_arrays(["a", "b", "c"], [[8], [], [0, 1, 8]]))
    assert [several.words_of(place) for place in (0, 1, 2)] == [[8], [], [0, 1, 8]]
    assert [several.list_of(place) for place in (0, 1, 2)] == [8, -1, -1]
    arrays = term_arrays(["a", "b"], [[8], [0, 8]]) | {"f/lists": np.array([0, 11])}
    assert [field_terms(load, arrays).list_of(place) for place in (0, 1)] == [0, 11]


def read_all(terms: Any) -> None:
    terms.find("b")
    for place in (0, 1):
        terms.words_of(place)
        terms.list_of(place)


@each_form
@pytest.mark.parametrize(
    ("name", "numbers", "message"),
    [
        ("f/term_offsets", [0, 2, 1], "outside its dictionary"),
        ("f/term_offsets", [0, 2, 9], "outside its dictionary"),
        ("f/term_offsets", [0, -1, 2], "outside its dictionary"),
        ("f/words", [3, 9, 9], "an unknown word"),
        ("f/words", [3, 0, -1], "an unknown word"),
        ("f/word_starts", [0, 2, 1], "words of a term outside their array"),
        ("f/word_starts", [0, 1, 4], "words of a term outside their array"),
        ("f/word_starts", [0, -1, 3], "words of a term outside their array"),
        ("f/lists", [0, 12], "an unknown list"),
        ("f/lists", [0, -1], "an unknown list"),
        ("f/lists", [0], "unequal lengths"),
        ("f/lists", [0, 1, 2], "unequal lengths"),
        ("f/term_offsets", [0, 1], "unequal lengths"),
        ("f/word_starts", [0, 1, 2, 3], "unequal lengths"),
    ],
)
def test_damaged_terms_are_refused(load: Load, name: str, numbers: list[int], message: str) -> None:
    arrays = term_arrays(["a", "b"], [[3], [0, 8]]) | {"f/lists": np.array([0, 11])}
    arrays[name] = np.array(numbers, np.int64)
    with pytest.raises(ValueError, match=message):
        read_all(field_terms(load, arrays))


@each_form
def test_terms_without_offsets_or_of_another_type_are_refused(load: Load) -> None:
    empty = np.zeros(0, np.uint8)
    for changed in (
        {"f/terms": np.zeros(2, np.uint16)},
        {"f/term_offsets": empty, "f/word_starts": empty},
    ):
        with pytest.raises(ValueError, match="unequal lengths"):
            field_terms(load, term_arrays(["a", "b"], [[3], [0, 8]]) | changed)


@each_form
def test_sizes_of_terms_are_those_of_their_lists(load: Load, tmp_path: Path) -> None:
    reader = IndexReader(index_of(tmp_path, *BATCHES))
    for segment in reader.segments:
        terms = load(POSTING_LISTS).SegmentTerms(segment.postings)
        for field in FIELDS:
            for text in texts_of(field):
                match = segment.find_term(field, text)
                size = match[0].size(match[1]) if match else 0
                assert terms.size(field, text) == size, (field, text)
        assert terms.size("nav", "un") == 0


@each_form
@pytest.mark.parametrize("has_deletions", [False, True])
def test_lists_have_the_live_documents_of_all_segments(
    load: Load, has_deletions: bool, tmp_path: Path
) -> None:
    ix = index_with_deletions(tmp_path) if has_deletions else index_of(tmp_path, *BATCHES)
    reader = IndexReader(ix)
    lists = posting_lists(load, reader)
    for field in FIELDS:
        for text in texts_of(field):
            numbers = numbers_of(lists, field, text)
            if numbers is None:
                continue
            found, expected = lists.find(numbers, False), reader.term(field, text)
            assert docs_of(found) == expected.docs.tolist(), (field, text)
            if load is interpreted:
                frequencies = expected.frequencies_in(expected.docs)[1].tolist()
                assert frequencies_of(found) == frequencies, (field, text)


@each_form
def test_lists_are_kept_when_that_is_asked_for(load: Load, tmp_path: Path) -> None:
    lists = posting_lists(load, IndexReader(index_of(tmp_path, *BATCHES)))
    numbers = numbers_of(lists, "fold", "cels")
    assert lists.find(numbers, False) is not lists.find(numbers, False)
    kept = lists.find(numbers, True)
    assert lists.find(numbers, False) is kept
    assert lists.find(numbers, True) is kept


@each_form
@pytest.mark.parametrize(("documents", "blocks"), [(1, 1), (256, 1), (257, 2)])
def test_decoded_blocks_are_counted(load: Load, documents: int, blocks: int, tmp_path: Path) -> None:
    batch = [document(number, [9]) for number in range(documents)]
    lists = posting_lists(load, IndexReader(index_of(tmp_path, batch, BATCHES[2][:1])))
    numbers = numbers_of(lists, "fold", "un")
    lists.find((-1, -1), False)
    assert lists.blocks == 0
    lists.find(numbers, True)
    lists.find(numbers, True)
    assert lists.blocks == blocks
