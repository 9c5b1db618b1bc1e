import math
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from index.analysis import Forms
from index.analysis.latvian.letters import fold
from index.layout import PART_BASE
from index.query import Word
from index.search import IndexReader
from index.search.index_reader import bm25, idf
from index.segment import Array
from tests.support.corpora import WORDS, index_of
from tests.support.oracle import Doc
from tests.support.updated_index import GONE, KEPT, updated


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    """Two segments; the second has only half of the words."""
    docs = [
        Doc(f"d{number}", "fm", "lv", None, f"d{number}", {"body": list(words)})
        for number, words in enumerate((WORDS, WORDS[::2]))
    ]
    return IndexReader(index_of(tmp_path_factory.mktemp("index"), *([doc] for doc in docs)))


def test_terms_of_the_same_words_are_read_once(reader: IndexReader) -> None:
    assert reader.term("lemma", "budzets") is reader.term("stem", "budz")
    assert reader.term("lemma", "celt") is not reader.term("stem", "cel")
    assert reader.term("id", "d0") is not reader.term("id", "d1")


def test_deleted_documents_count_in_no_figure(tmp_path: Path) -> None:
    reader = IndexReader(updated(tmp_path / "updated"))
    whole = IndexReader(index_of(tmp_path / "whole", KEPT))
    assert (reader.count, reader.live_count) == (len(KEPT) + len(GONE), whole.live_count)
    assert [*reader.ids()] == [*whole.ids()] == [doc.id for doc in KEPT]
    assert [reader.id(doc).decode() for doc in reader.live.tolist()] == [doc.id for doc in KEPT]
    assert [reader.idf(count) for count in range(len(KEPT) + 1)] == [
        whole.idf(count) for count in range(len(KEPT) + 1)
    ]
    pooled = Word(text="", lemma=("budzets", "skola"), pooled=True)
    for field, texts in (("lemma", ("budzets", "skola")), ("stem", ("budz",)), ("exact", ("nav",))):
        np.testing.assert_array_equal(
            reader.norms(field, np.float64)[reader.live], whole.norms(field, np.float64)
        )
        ours, theirs = (one.weigh_terms(field, texts, pooled, 1.0) for one in (reader, whole))
        for (term, weight), (right, right_weight) in zip(ours, theirs, strict=True):
            assert ([reader.id(doc) for doc in term.docs], weight) == (
                [whole.id(doc) for doc in right.docs],
                right_weight,
            )
            assert term.frequencies_in(term.docs)[1].tolist() == right.frequencies_in(right.docs)[1].tolist()


def test_another_thread_reads_a_field_while_lengths_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = Doc("d", "fm", "lv", None, "d", {"body": list(WORDS)})
    reader, compare = IndexReader(index_of(tmp_path / "index", [doc])), np.array_equal
    reader.norms("lemma", np.float64)
    with ThreadPoolExecutor(1) as pool:

        def compare_slowly(one: Array, other: Array) -> bool:
            monkeypatch.setattr(np, "array_equal", compare)
            pool.submit(reader.norms, "stem", np.float64).result()
            return False

        monkeypatch.setattr(np, "array_equal", compare_slowly)
        norms = reader.norms("fold", np.float64)
    np.testing.assert_array_equal(
        norms, IndexReader(index_of(tmp_path / "other", [doc])).norms("fold", np.float64)
    )


def test_documents_are_split_by_segment(reader: IndexReader) -> None:
    first, second = reader.segments
    assert [(segment.base, segment.count) for segment in reader.segments] == [(0, 1), (1, 1)]
    assert [(segment, row, docs.tolist()) for segment, row, docs in reader.split(np.array([0, 1]))] == [
        (first, 0, [0]),
        (second, 1, [0]),
    ]
    assert [(segment, row, docs.tolist()) for segment, row, docs in reader.split(np.array([1]))] == [
        (second, 0, [0])
    ]
    assert list(reader.split(np.array([], np.int64))) == []
    assert [reader.locate(doc) for doc in (0, 1)] == [(first, 0), (second, 0)]
    assert [reader.id(doc) for doc in (0, 1)] == [b"d0", b"d1"]
    assert list(reader.ids()) == ["d0", "d1"]


def test_columns_of_segments_are_one(tmp_path: Path) -> None:
    docs = [
        Doc("a", "vm", "lv", date(2020, 1, 1), "a", {}),
        Doc("b", "fm", "en", None, "b", {}),
        Doc("c", "vm", "lv", date(2019, 1, 1), "c", {}),
    ]
    reader = IndexReader(index_of(tmp_path, docs[:2], docs[2:]))
    table, ordinals = reader.ordinals("ministry")
    assert (table, ordinals.tolist()) == (["fm", "vm"], [1, 0, 1])
    assert reader.numbers("published").tolist() == [
        date(2020, 1, 1).toordinal(),
        0,
        date(2019, 1, 1).toordinal(),
    ]
    assert reader.numbers("missing").tolist() == [0, 0, 0]
    assert (reader.ordinals("missing")[0], reader.ordinals("missing")[1].tolist()) == ([""], [0, 0, 0])
    empty = IndexReader(index_of(tmp_path / "empty"))
    assert (empty.count, empty.live.tolist(), empty.numbers("published").tolist()) == (0, [], [])
    assert list(empty.ids()) == []


def test_a_term_has_the_documents_of_all_segments(reader: IndexReader) -> None:
    term = reader.term("lemma", "budzets")
    assert (term.docs.tolist(), term.frequencies_in(term.docs)[1].tolist()) == ([0, 1], [3, 2])
    only_first = reader.term("exact", "budžetam")
    assert only_first.docs.tolist() == [0]
    assert [reader.size(*name) for name in (("exact", "budžetam"), ("lemma", "nav"))] == [1, 0]
    assert len(reader.term("lemma", "nowhere")) == 0


def test_releases_may_be_taken_out_of_a_reader(tmp_path: Path) -> None:
    docs = [Doc(name, "fm", "lv", None, name, {"body": [WORDS[0]]}) for name in "abcd"]
    reader = IndexReader(index_of(tmp_path, docs[:2], docs[2:]))
    fewer = reader.without(["b", "c", "nowhere"])
    assert (fewer.live.tolist(), fewer.live_count, fewer.count) == ([0, 3], 2, 4)
    assert (list(fewer.ids()), fewer.term("lemma", "budzets").docs.tolist()) == (["a", "d"], [0, 3])
    assert fewer.size("lemma", "budzets") == 2
    assert (reader.live.tolist(), list(reader.ids())) == ([0, 1, 2, 3], [*"abcd"])
    assert fewer.without(["a"]).live.tolist() == [3]


def test_words_without_the_typed_diacritics_count_less(reader: IndexReader) -> None:
    whole, discounted = reader.term("lemma", "cels"), reader.find_accented_term("lemma", "cels", "cel")
    assert reader.find_accented_term("lemma", "cels", "") is whole
    assert reader.find_accented_term("exact", "celu", "cel") is reader.term("exact", "celu")
    assert reader.find_accented_term("lemma", "budzets", "xyz") is reader.term("lemma", "budzets")
    before = whole.frequencies_in(whole.docs)[1].tolist()
    after = discounted.frequencies_in(discounted.docs)[1].tolist()
    assert len(before) == len(after)
    assert all(now < then for now, then in zip(after, before, strict=True))


def plain_scores(reader: IndexReader, field: str, text: str, weight: float) -> list[float]:
    """Return the BM25 score of a term in each document, by the formula."""
    term = reader.term(field, text)
    lengths = [len(WORDS), len(WORDS[::2])]
    average, count = sum(lengths) / 2, len(term)
    rarity = math.log(1 + (2 - count + 0.5) / (count + 0.5))
    frequencies = dict(zip(term.docs.tolist(), term.frequencies_in(term.docs)[1].tolist(), strict=True))
    return [
        weight * rarity * 2.2 * tf / (tf + 1.2 * (0.25 + 0.75 * length / average)) if tf else 0.0
        for tf, length in ((frequencies.get(doc, 0), lengths[doc]) for doc in range(2))
    ]


@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("field", "text"), [("lemma", "budzets"), ("exact", "budžetam"), ("lemma", "nowhere")]
)
def test_a_term_scores_by_bm25(reader: IndexReader, field: str, text: str, precision: type) -> None:
    term, every = reader.term(field, text), np.arange(2)
    norms = reader.norms(field, precision)
    assert norms.dtype == precision
    found = bm25(term, every, norms, reader.max_score(term, 0.5))
    assert found.tolist() == pytest.approx(plain_scores(reader, field, text, 0.5))
    if len(term):
        own = bm25(term, term.docs, norms[term.docs], reader.max_score(term, 0.5))
        assert own.tolist() == pytest.approx([found[doc] for doc in term.docs])
        assert reader.max_score(term, 2) == pytest.approx(4 * reader.max_score(term, 0.5))
        assert reader.max_score(term, 0.5) > max(found)


def test_fields_of_equal_texts_share_their_norms(reader: IndexReader) -> None:
    assert reader.norms("lemma", np.float64) is reader.norms("exact", np.float64)
    assert reader.norms("lemma", np.float64) is reader.norms("lemma", np.float64)
    assert reader.norms("lemma", np.float32) is not reader.norms("lemma", np.float64)


@pytest.mark.parametrize(("count", "documents", "rarity"), [(2, 2, 0.1823), (2, 0, 1.7918), (10, 1, 1.9924)])
def test_rare_terms_weigh_more(count: int, documents: int, rarity: float) -> None:
    assert idf(count, documents) == pytest.approx(rarity, abs=1e-4)


def test_a_pooled_word_weighs_by_the_documents_of_all_its_terms(reader: IndexReader) -> None:
    texts = ("budzets", "nav")
    alone = Word(text="", lemma=texts)
    assert [weight for _, weight in reader.weigh_terms("lemma", texts, alone, 0.5)] == [0.5, 0.5]
    pooled = replace(alone, pooled=True)
    assert [weight for _, weight in reader.weigh_terms("lemma", texts[:1], pooled, 0.5)] == [0.5]
    weighed = reader.weigh_terms("lemma", texts, pooled, 0.5)
    of_all = reader.idf(len({doc for term, _ in weighed for doc in term.docs.tolist()}))
    assert [weight * reader.idf(len(term)) for term, weight in weighed] == pytest.approx([0.5 * of_all] * 2)


@pytest.mark.parametrize("accented", ["cel", "ce", "xyz"])
@pytest.mark.parametrize(("field", "share"), [("lemma", 0.875), ("stem", 0.0)])
def test_a_word_without_the_typed_diacritics_counts_by_a_share(
    reader: IndexReader, accented: str, field: str, share: float
) -> None:
    text = {"lemma": "cels", "stem": "cel"}[field]
    expected = {}
    for doc, words in enumerate((WORDS, WORDS[::2])):
        counts = [
            share if is_unaccented(word, accented) else 1.0 for word in words if text in getattr(word, field)
        ]
        if sum(counts) > share / 2:
            expected[doc] = sum(counts)
    term = reader.find_accented_term(field, text, accented)
    assert dict(zip(term.docs.tolist(), term.frequencies_in(term.docs)[1].tolist(), strict=True)) == expected


def is_unaccented(word: Forms, accented: str) -> bool:
    """Return whether the forms of a word that begin so when folded are all written so."""
    spellings = [form for form in word.exact if fold(form).startswith(accented)]
    return bool(spellings) and all(form.startswith(accented) for form in spellings)


def test_positions_are_those_of_the_terms_in_the_rows(reader: IndexReader) -> None:
    terms = [("lemma", "cels"), ("lemma", "es")]
    for docs in ([0, 1], [1], [0], []):
        rows, positions = reader.positions(terms, np.array(docs, np.int64))
        base = PART_BASE["body"]
        expected = {
            (row, base + at)
            for row, doc in enumerate(docs)
            for at, word in enumerate((WORDS, WORDS[::2])[doc])
            if {"cels", "es"} & {*word.lemma}
        }
        assert {*zip(rows.tolist(), positions.tolist(), strict=True)} == expected
    assert len(reader.positions([("lemma", "nowhere")], np.arange(2))[0]) == 0
