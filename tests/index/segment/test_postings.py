import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from whoosh import fields

from index.codec import create_in
from index.segment import Array, ArrayFile, Postings
from index.segment import postings as postings_module
from index.segment.array_file import shrink
from index.segment.postings import TermField, WordField, _order_of, array_prefix
from tests.support.corpora import WORDS, index_of
from tests.support.oracle import Doc


@pytest.mark.parametrize(
    ("field", "prefix"),
    [
        ("id", "id"),
        ("words", "words"),
        ("id/word", "id/word"),
        ("word", "field/word"),
        ("union", "field/union"),
        ("part/0", "field/part/0"),
        ("span", "field/span"),
        ("field/word", "field/field/word"),
    ],
)
def test_field_never_shares_arrays_with_the_analysed_text(field: str, prefix: str) -> None:
    assert array_prefix(field) == prefix


@pytest.mark.parametrize(("count", "highest"), [(0, 1), (1_000, 5), (3_000, 1_000), (5_000, 3_000_000)])
def test_words_are_ordered_by_halves_as_by_a_stable_sort(count: int, highest: int) -> None:
    words = shrink(np.random.default_rng(1).integers(0, highest, count))
    assert _order_of(words).tolist() == np.argsort(words, kind="stable").tolist()


@pytest.mark.parametrize("field", ["lemma", "stem", "exact", "fold"])
def test_a_term_has_the_documents_and_weights_of_its_words(tmp_path: Path, field: str) -> None:
    texts = [WORDS[number::3] for number in range(len(WORDS))]
    index_of(
        tmp_path, [Doc(f"d{n}", "fm", "lv", None, "d", {"body": [*text]}) for n, text in enumerate(texts)]
    )
    postings = Postings(ArrayFile(next(tmp_path.glob("*.posts"))))
    terms, words = postings.fields[field], postings.words
    assert words is not None
    for term in range(len(terms.terms)):
        weights = dict.fromkeys(terms.docs(term).tolist(), 0)
        for word in terms.words_of(term):  # type: ignore[attr-defined]  # a field of the analysed text
            for doc, weight in zip(words.docs(word).tolist(), words.weights(word).tolist(), strict=True):
                weights[doc] += weight
        assert [*weights.values()] == terms.weights(term).tolist()
        assert terms.size(term) == terms.sizes()[term] >= len(weights)


# --- Each list, position and size, compared with plain loops ---

TEXTS = [list(WORDS[number::3]) + [WORDS[0]] * (number % 4) for number in range(9)]
DOCS = [
    Doc(f"d{n}", "fm", "lv", None, "d", {"title": text[:1], "body": text[1:]}) for n, text in enumerate(TEXTS)
]
FIELDS = ("lemma", "stem", "exact", "fold")


@pytest.fixture(scope="module")
def postings(tmp_path_factory: pytest.TempPathFactory) -> Postings:
    folder = tmp_path_factory.mktemp("postings")
    index_of(folder, DOCS)
    return Postings(ArrayFile(next(folder.glob("*.posts"))))


def positions_of(field: str, term: str) -> dict[int, list[int]]:
    """Return the positions of a term in each document that has it."""
    found = {
        number: [position for position, _, forms in doc.tokens if term in getattr(forms, field)]
        for number, doc in enumerate(DOCS)
    }
    return {number: positions for number, positions in found.items() if positions}


def pairs(rows: Array, values: Array) -> list[tuple[int, int]]:
    return sorted(zip(rows.tolist(), values.tolist(), strict=True))


def each_term(postings: Postings, field: str) -> Iterator[tuple[int, dict[int, list[int]]]]:
    for number, term in enumerate(postings.fields[field].terms):
        yield number, positions_of(field, term.decode())


@pytest.mark.parametrize("field", FIELDS)
def test_terms_have_their_documents_and_positions(postings: Postings, field: str) -> None:
    terms = postings.fields[field]
    everything, some = np.arange(len(DOCS)), np.array([1, 4, 8])
    for term, expected in each_term(postings, field):
        assert terms.docs(term).tolist() == list(expected)
        assert sorted({*terms.counted_docs(term).tolist()}) == list(expected)
        assert len(terms.counted_docs(term)) == terms.size(term) == terms.sizes()[term]
        for docs in (everything, some, some[:0]):
            assert pairs(*terms.positions(term, docs)) == [
                (row, position) for row, doc in enumerate(docs.tolist()) for position in expected.get(doc, [])
            ]


@pytest.mark.parametrize("field", FIELDS)
def test_documents_of_many_terms_are_those_of_all_their_words(postings: Postings, field: str) -> None:
    terms = postings.fields[field]
    every = [doc for _, expected in each_term(postings, field) for doc in expected]
    assert {*terms.docs_of([*range(len(terms.terms))]).tolist()} == {*every}
    assert terms.docs_of([]).tolist() == []


@pytest.mark.parametrize(("page_docs", "text_cost"), [(0, 1), (4_000, 0), (4_000, 1_000), (1, 0)])
def test_positions_are_the_same_from_postings_and_from_texts(
    postings: Postings, monkeypatch: pytest.MonkeyPatch, page_docs: int, text_cost: int
) -> None:
    monkeypatch.setattr(postings_module, "PAGE_DOCS", page_docs)
    monkeypatch.setattr(postings_module, "TEXT_COST", text_cost)
    words, docs = postings.words, np.array([0, 3, 5, 6])
    assert words is not None
    for term, expected in each_term(postings, "lemma"):
        of_term = postings.fields["lemma"].words_of(term)  # type: ignore[attr-defined]  # a field of the analysed text
        places = [
            (row, position) for row, doc in enumerate(docs.tolist()) for position in expected.get(doc, [])
        ]
        assert pairs(*words.positions(of_term, docs)) == places


@pytest.mark.parametrize(
    ("docs", "cost", "is_page"), [(3, 2, True), (3, 3, False), (4, 1, False), (0, 9, True)]
)
def test_few_documents_are_read_whole_if_the_words_are_common(
    postings: Postings, monkeypatch: pytest.MonkeyPatch, docs: int, cost: int, *, is_page: bool
) -> None:
    monkeypatch.setattr(postings_module, "PAGE_DOCS", 3)
    monkeypatch.setattr(postings_module, "TEXT_COST", cost)
    words = postings.words
    assert words is not None
    common = int(np.argmax(words.counts()))
    assert 6 < words.size(common) <= 9
    assert words._is_page([common], np.arange(docs)) == is_page


def test_lists_are_those_of_words_and_of_unions(postings: Postings) -> None:
    words = postings.words
    assert words is not None
    count = len(words)
    assert words.list_sizes().tolist() == [
        words.list_size(number) for number in range(count + len(words.unions))
    ]
    assert [words.list_docs(word).tolist() for word in range(count)] == [
        words.docs(word).tolist() for word in range(count)
    ]
    for field in ("lemma", "stem"):
        lists = postings.arrays[f"{field}/lists"].tolist()
        for term, expected in each_term(postings, field):
            assert words.list_docs(lists[term]).tolist() == list(expected)
            weights = [
                sum(weight for position, weight, _ in DOCS[doc].tokens if position in positions)
                for doc, positions in expected.items()
            ]
            assert words.list_weights(lists[term]).tolist() == weights
            assert words.list_size(lists[term]) == len(expected)
    assert words.sizes([0, 1]) == words.size(0) + words.size(1)
    assert words.union([0, 1]).tolist() == sorted({*words.docs(0).tolist(), *words.docs(1).tolist()})


def test_a_word_has_its_terms(postings: Postings) -> None:
    for field in FIELDS:
        terms = postings.fields[field]
        assert isinstance(terms, WordField)
        for term in range(len(terms.terms)):
            for word in terms.words_of(term):
                assert terms.terms[term] in terms.terms_of_word(word)
        number, words = terms.pairs()
        assert number.tolist() == sorted(number.tolist())
        assert len(words) == sum(len(terms.words_of(term)) for term in range(len(terms.terms)))
    lemmas, exact = postings.fields["lemma"], postings.fields["exact"]
    assert isinstance(lemmas, WordField)
    assert isinstance(exact, WordField)
    (word,) = exact.words_of(exact.terms.find("ceļa".encode()))
    assert lemmas.terms_of_word(word) == [b"celis", b"cels"]


def test_a_field_of_its_own_has_its_postings(tmp_path: Path) -> None:
    schema = fields.Schema(id=fields.ID, text=fields.TEXT, word=fields.TEXT(chars=True), tag=fields.KEYWORD)
    writer = create_in(tmp_path, schema).writer()
    for number, text in enumerate(("viens divi viens", "divi", "viens trīs divi")):
        writer.add_document(id=f"d{number}", text=text, word=text, tag="kopa")
    writer.commit()
    postings = Postings(ArrayFile(next(tmp_path.glob("*.posts"))))
    text, ids, chars = postings.fields["text"], postings.fields["id"], postings.fields["word"]
    assert postings.words is None
    assert isinstance(text, TermField)
    assert isinstance(chars, TermField)
    assert sorted(postings.fields) == ["id", "tag", "text", "word"]
    viens, divi = (text.terms.find(term.encode()) for term in ("viens", "divi"))
    assert (text.docs(viens).tolist(), text.weights(viens).tolist()) == ([0, 2], [2, 1])
    assert text.counted_docs(divi).tolist() == [0, 1, 2]
    assert text.docs_of([viens, divi]).tolist() == [0, 2, 0, 1, 2]
    assert (text.size(viens), text.sizes().tolist()) == (2, [3, 1, 2])
    assert pairs(*text.positions(viens, np.array([0, 1, 2]))) == [(0, 0), (0, 2), (2, 0)]
    assert text.value(viens, 0) == b""
    assert pairs(*ids.positions(0, np.array([0]))) == []
    assert ids.weights(1).tolist() == [1]
    assert json.loads(chars.value(chars.terms.find(b"viens"), 1)) == [[0, 0, 5]]
    assert json.loads(chars.value(chars.terms.find(b"viens"), 0)) == [[0, 0, 5], [2, 11, 16]]
