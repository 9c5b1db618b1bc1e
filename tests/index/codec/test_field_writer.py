from pathlib import Path

import numpy as np
import pytest
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import (
    CharacterBoosts,
    Characters,
    Existence,
    Format,
    Frequency,
    PositionBoosts,
    Positions,
)

from index.codec import ArrayCodec
from index.codec.field_writer import ArrayFieldWriter, _to_integers, array_prefix, payload_kind
from index.segment import ArrayFile
from index.segment.term_dictionary import TermDictionary


@pytest.mark.parametrize(
    ("format_", "kind"),
    [
        (Existence(), None),
        (Frequency(), None),
        (Positions(), "positions"),
        (Characters(), "characters"),
        (PositionBoosts(), "position_boosts"),
        (CharacterBoosts(), "character_boosts"),
    ],
)
def test_payload_is_the_richest_that_a_format_stores(format_: Format, kind: str | None) -> None:
    assert payload_kind(format_) == kind


@pytest.fixture
def writer(tmp_path: Path) -> ArrayFieldWriter:
    storage, codec = FileStorage(str(tmp_path)), ArrayCodec()
    return codec.field_writer(storage, codec.new_segment(storage, "MAIN"))


def test_value_of_another_format_is_refused(writer: ArrayFieldWriter) -> None:
    schema = Schema(text=FieldType(format=Positions(), analyzer=None))
    with pytest.raises(ValueError, match="document 3, term b'a': b'no pickle' is not a value of"):
        writer.add_postings(schema, None, [("text", b"a", 3, 1.0, b"no pickle")])
    writer.abandon()


def test_posting_without_a_field_is_refused(writer: ArrayFieldWriter) -> None:
    with pytest.raises(ValueError, match="term b'a' without a field"):
        writer.start_term(b"a")
    with pytest.raises(ValueError, match="posting of document 0 without a field"):
        writer.add(0, 1.0, b"", 1)
    writer.abandon()


def test_postings_one_by_one_and_sorted_are_written_alike(tmp_path: Path) -> None:
    schema = Schema(
        a=FieldType(format=Existence(), analyzer=None), b=FieldType(format=Frequency(), analyzer=None)
    )
    postings = [
        ("a", b"x", 0, 1.0, b""),
        ("a", b"x", 2, 1.0, b""),
        ("a", b"y", 1, 1.0, b""),
        ("b", b"z", 4, 2.0, b""),
        ("b", b"z", 5, 0.5, b""),
    ]
    written = []
    for name in ("sorted", "single"):
        (tmp_path / name).mkdir()
        storage, codec = FileStorage(str(tmp_path / name)), ArrayCodec()
        writer = codec.field_writer(storage, codec.new_segment(storage, "MAIN"))
        if name == "sorted":
            writer.add_postings(schema, None, [("a", b"x", -1, 1.0, b""), *postings])
        else:
            for field in ("a", "b"):
                writer.start_field(field, schema[field])
                for term in sorted({term for of, term, *_ in postings if of == field}):
                    writer.start_term(term)
                    for of, text, doc, weight, value in postings:
                        if (of, text) == (field, term):
                            writer.add(doc, weight, value, 1)
                    writer.finish_term()
                writer.finish_field()
            with pytest.raises(ValueError, match="without a field"):
                writer.start_term(b"x")
        assert not writer.is_closed
        writer.close()
        assert writer.is_closed
        (path,) = (tmp_path / name).iterdir()
        written.append(ArrayFile(path))
    for arrays in written:
        one, other = array_prefix("a"), array_prefix("b")
        assert (arrays.meta["documents"], arrays.meta["fields"]) == (6, ["a", "b"])
        assert arrays.meta["holes"] == {one: [], other: []}
        assert arrays[f"{one}/starts"].tolist() == [0, 2, 3]
        assert arrays[f"{one}/low"].tolist() == [0, 2, 1]
        assert f"{one}/weights" not in arrays  # all are 1
        assert arrays[f"{other}/weights"].tolist() == [2.0, 0.5]
        assert [*TermDictionary(arrays[f"{one}/terms"], arrays[f"{one}/term_offsets"])] == [b"x", b"y"]


@pytest.mark.parametrize(
    ("weights", "kept"),
    [([1.0, 300.0], "u"), ([0.0], "u"), ([1.0, 1.5], "f"), ([-1.0], "f")],
)
def test_whole_weights_are_integers(weights: list[float], kept: str) -> None:
    made = _to_integers(np.array(weights))
    assert (made.dtype.kind, made.tolist()) == (kept, weights)
