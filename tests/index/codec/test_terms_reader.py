from pathlib import Path

import pytest
from whoosh import fields
from whoosh.index import create_in
from whoosh.matching.mcore import ReadTooFar
from whoosh.reading import IndexReader, TermNotFound

from index.codec import ArrayCodec


@pytest.fixture
def reader(tmp_path: Path) -> IndexReader:
    ix = create_in(str(tmp_path), fields.Schema(a=fields.TEXT, b=fields.TEXT))
    writer = ix.writer(codec=ArrayCodec())
    for text in ("alfa beta", "beta beta gamma"):
        writer.add_document(a=text, b=text.upper())
    writer.commit()
    return ix.reader()


def test_statistics_of_a_term(reader: IndexReader) -> None:
    info = reader.term_info("a", "beta")
    assert (info.doc_frequency(), info.weight(), info.max_weight()) == (2, 3.0, 2.0)
    assert (info.min_length(), info.max_length(), info.min_id(), info.max_id()) == (2, 3, 0, 1)


def test_terms_from_a_prefix_go_on_in_later_fields(reader: IndexReader) -> None:
    assert [term for term, _ in reader.iter_from("a", "beta")] == [
        ("a", b"beta"),
        ("a", b"gamma"),
        ("b", b"alfa"),
        ("b", b"beta"),
        ("b", b"gamma"),
    ]


def test_matcher_walks_and_skips(reader: IndexReader) -> None:
    matcher = reader.postings("a", "beta")
    matcher.skip_to(1)
    assert (matcher.id(), matcher.weight(), matcher.copy().id()) == (1, 2.0, 1)
    matcher.next()
    assert not matcher.is_active()
    with pytest.raises(ReadTooFar):
        matcher.next()
    matcher.reset()
    assert list(matcher.all_ids()) == [0, 1]


def test_unknown_term_is_named(reader: IndexReader) -> None:
    with pytest.raises(TermNotFound, match="a"):
        reader.postings("a", "zeta")
    assert reader.frequency("a", "zeta") == reader.doc_frequency("a", "zeta") == 0


def test_terms_that_are_missing(reader: IndexReader) -> None:
    assert (reader.doc_frequency("a", "zeta"), reader.frequency("a", "zeta")) == (0, 0)
    assert (("a", b"beta") in reader, ("a", b"zeta") in reader, ("c", b"beta") in reader) == (
        True,
        False,
        False,
    )
    for field, term in (("a", "zeta"), ("c", "beta")):
        with pytest.raises(TermNotFound):
            reader.postings(field, term)


def test_a_cursor_walks_the_terms_of_its_field(reader: IndexReader) -> None:
    cursor = reader.cursor("a")
    assert [cursor.text(), cursor.next(), cursor.next(), cursor.next(), cursor.next()] == [
        "alfa",
        "beta",
        "gamma",
        None,
        None,
    ]
    assert (cursor.is_valid(), cursor.term_info()) == (False, None)
    assert (cursor.first(), cursor.find("b"), cursor.find(b"beta"), cursor.find("zeta")) == (
        "alfa",
        "beta",
        "beta",
        None,
    )
    cursor.find("beta")
    assert (cursor.is_valid(), cursor.term_info().doc_frequency()) == (True, 2)


def test_a_matcher_at_its_end_names_the_last_document(reader: IndexReader) -> None:
    matcher = reader.postings("a", "beta")
    assert (matcher.id(), matcher.weight(), matcher.value_as("positions")) == (0, 1.0, [1])
    matcher.skip_to(0)
    assert matcher.id() == 0
    matcher.skip_to(9)
    assert (matcher.is_active(), matcher.id(), matcher.supports_block_quality()) == (False, 1, False)
    with pytest.raises(ReadTooFar):
        matcher.skip_to(9)


def test_the_lexicon_is_sorted_and_items_have_their_statistics(reader: IndexReader) -> None:
    assert list(reader.lexicon("a")) == [b"alfa", b"beta", b"gamma"]
    counts = [(term, info.doc_frequency()) for term, info in reader.iter_from("b", "beta")]
    assert counts == [(("b", b"beta"), 2), (("b", b"gamma"), 1)]
    assert sorted(reader.indexed_field_names()) == ["a", "b"]
