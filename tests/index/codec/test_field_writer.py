from pathlib import Path

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
from index.codec.field_writer import ArrayFieldWriter, payload_kind


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
