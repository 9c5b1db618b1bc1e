from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from whoosh import columns, fields
from whoosh.formats import Frequency

from index.codec import ArrayIndex, create_in
from index.segment import stored_fields
from index.segment.stored_fields import ArrayDocumentReader, ArrayDocumentWriter, decode_stored, encode_stored
from tests.support.corpora import SCHEMA, WORDS, index_of, write
from tests.support.oracle import Doc


@pytest.mark.parametrize(
    "value",
    [
        "ā",
        "$",
        1.5,
        float("inf"),
        None,
        True,
        b"\0\xff",
        date(2020, 2, 29),
        datetime(2020, 2, 29, 1, 2, 3, tzinfo=UTC),
        datetime(2020, 2, 29, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=2))),
        ("a", ["b", ("c",)]),
        [("a",), {"b": ("c",)}],
        {"a": {"$tuple": (1,)}},
        {1: "a", None: "b"},
        {1: "a"},
        {(1, 2): ("a",)},
        {"$date": "not a date"},
        {"$dict": []},
        {"$date": "2020-01-01", "$time": "x"},
        {"$other": 1},
        {},
        (),
    ],
)
def test_stored_value_comes_back_with_its_type(value: object) -> None:
    decoded = decode_stored(encode_stored({"field": value}))
    assert decoded == {"field": value}
    assert type(decoded["field"]) is type(value)


def test_stored_fields_are_compact_json_that_is_not_escaped() -> None:
    assert encode_stored({"a": "ā", "b": [1, date(2020, 1, 2)]}) == (
        '{"a":"ā","b":[1,{"$date":"2020-01-02"}]}'.encode()
    )
    assert encode_stored({"t": datetime(2020, 1, 2, tzinfo=UTC), "b": b"\1"}) == (
        b'{"t":{"$time":"2020-01-02T00:00:00+00:00"},"b":{"$bytes":"01"}}'
    )


@pytest.mark.parametrize("value", [{1}, [{1}], {"a": {1}}, ({1},)])
def test_other_type_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"a stored field cannot hold a set: \{1\}"):
        encode_stored({"field": value})


# --- The documents of a segment ---

VECTORED = fields.Schema(
    id=fields.ID(unique=True, stored=True),
    day=fields.STORED,
    text=fields.TEXT(vector=Frequency()),
    other=fields.TEXT,
    size=fields.COLUMN(columns.NumericColumn("i", default=7)),
    late=fields.COLUMN(columns.VarBytesColumn()),
)


def reader_of(ix: ArrayIndex, segment: int = 0) -> ArrayDocumentReader:
    """Return the documents of one segment of an index."""
    reader = ix.reader()
    leaves = [leaf for leaf, _ in reader.leaf_readers()]
    documents: ArrayDocumentReader = leaves[segment]._perdoc
    return documents


@pytest.fixture
def ix(tmp_path: Path) -> ArrayIndex:
    """Return an index of three documents; the second one has almost nothing."""
    made = create_in(tmp_path, VECTORED)
    writer = made.writer()
    day = date(2020, 1, 2)
    writer.add_document(id="a", day=day, text="viens divi viens", other="pieci seši", size=3, late=b"l")
    writer.add_document(id="b", size=4)
    writer.add_document(id="c", text="trīs", other="pieci")
    writer.commit()
    return made


def delete(ix: ArrayIndex, *names: str) -> None:
    writer = ix.writer()
    for name in names:
        writer.delete_by_term("id", name)
    writer.commit(merge=False)


def test_documents_are_read_as_written(ix: ArrayIndex) -> None:
    reader = reader_of(ix)
    assert [*reader.all_stored_fields()] == [{"id": "a", "day": date(2020, 1, 2)}, {"id": "b"}, {"id": "c"}]
    assert reader.stored_fields(2) == {"id": "c"}
    assert (reader.doc_count(), reader.doc_count_all(), reader.has_deletions()) == (3, 3, False)
    assert [reader.is_deleted(doc) for doc in range(3)] == [False] * 3


def test_deleted_documents_are_counted_and_left_out(ix: ArrayIndex) -> None:
    delete(ix, "a", "c")
    reader = reader_of(ix)
    assert (reader.doc_count(), reader.doc_count_all(), reader.has_deletions()) == (1, 3, True)
    assert (reader.deleted_docs(), [reader.is_deleted(doc) for doc in range(3)]) == (
        {0, 2},
        [True, False, True],
    )
    assert [*reader.all_stored_fields()] == [{"id": "b"}]


def test_lengths_are_those_of_the_fields(ix: ArrayIndex) -> None:
    reader = reader_of(ix)
    assert sorted(reader.length_names()) == ["other", "text"]
    assert reader.lengths("text").tolist() == [3, 0, 1]
    assert reader.lengths("missing").tolist() == [0, 0, 0]
    assert [reader.doc_field_length(doc, "text") for doc in range(3)] == [3, 0, 1]
    assert [reader.doc_field_length(doc, "text", 9) for doc in range(3)] == [3, 9, 1]
    figures = [reader.field_length, reader.min_field_length, reader.max_field_length]
    assert [figure("text") for figure in figures] == [4, 0, 3]
    assert [figure("other") for figure in figures] == [3, 0, 2]
    assert [figure("missing") for figure in figures] == [0, 0, 0]


def test_equal_lengths_are_stored_once(tmp_path: Path) -> None:
    ix = create_in(tmp_path, VECTORED)
    writer = ix.writer()
    for number in range(300):
        writer.add_document(id=str(number), text="viens", other="divi")
    writer.commit()
    arrays = reader_of(ix).arrays
    assert len({*arrays.meta["lengths"].values()}) == 1
    assert len([name for name in arrays if name.startswith("length/")]) == 1


def test_an_empty_segment_has_lengths_of_nothing(tmp_path: Path) -> None:
    ix = create_in(tmp_path, VECTORED)
    writer = ix.writer()
    writer.add_document(id="a")
    writer.commit()
    reader = reader_of(ix)
    assert (reader.min_field_length("text"), reader.max_field_length("text")) == (0, 0)


def test_columns_have_defaults(ix: ArrayIndex) -> None:
    reader = reader_of(ix)
    assert reader.supports_columns()
    assert sorted(reader.list_columns()) == ["late", "size"]
    assert [reader.has_column(name) for name in ("late", "size", "id")] == [True, True, False]
    assert list(reader.column_reader("size", None)) == [3, 4, 7]
    assert list(reader.column_reader("late", None)) == [b"l", b"", b""]


def test_term_vectors_are_those_of_the_documents(ix: ArrayIndex) -> None:
    reader, counted = reader_of(ix), Frequency()
    assert [reader.has_vector(doc, "text") for doc in range(3)] == [True, False, True]
    assert not reader.has_vector(0, "other")
    assert list(reader.vector(0, "text", counted).all_ids()) == ["divi", "viens"]
    assert reader.vectors["text"].items(0) == [("divi", 1.0, b"\0\0\0\1"), ("viens", 2.0, b"\0\0\0\2")]
    for doc, name in ((1, "text"), (0, "other")):
        with pytest.raises(KeyError, match=f"document {doc} has no term vector of field '{name}'"):
            reader.vector(doc, name, counted)


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_a_merge_copies_the_live_documents(
    ix: ArrayIndex, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(stored_fields, "DOCUMENTS", chunk)
    writer = ix.writer()
    writer.add_document(id="d", text="četri četri", size=5, late=b"m")
    writer.add_document(id="e", other="pieci")
    writer.commit(merge=False)
    delete(ix, "b", "e")
    ix.writer().commit(optimize=True)
    reader = reader_of(ix)
    assert [stored["id"] for stored in reader.all_stored_fields()] == ["a", "c", "d"]
    assert reader.lengths("text").tolist() == [3, 1, 2]
    assert reader.lengths("other").tolist() == [2, 1, 0]
    assert list(reader.column_reader("size", None)) == [3, 7, 5]
    assert list(reader.column_reader("late", None)) == [b"l", b"", b"m"]
    assert [[term for term, *_ in reader.vectors["text"].items(doc)] for doc in range(4)] == [
        ["divi", "viens"],
        ["trīs"],
        ["četri"],
        [],
    ]


def test_lengths_of_the_analysed_text_are_those_of_all_its_fields(tmp_path: Path) -> None:
    docs = [
        Doc("a", "fm", "lv", None, "a", {"title": list(WORDS[:2]), "body": list(WORDS[:3])}),
        Doc("b", "fm", "lv", None, "b", {}),
        Doc("c", "fm", "lv", None, "c", {"body": list(WORDS[:1])}),
    ]
    reader = reader_of(index_of(tmp_path, docs))
    for name in ("lemma", "stem", "exact", "fold"):
        assert reader.lengths(name).tolist() == [11, 0, 1]  # a word in the title weighs four


def test_a_text_without_words_has_no_lengths(tmp_path: Path) -> None:
    assert reader_of(index_of(tmp_path, [Doc("a", "fm", "lv", None, "a", {})])).length_names() == []


def test_documents_are_written_in_order(tmp_path: Path) -> None:
    writer = create_in(tmp_path, SCHEMA).writer()
    documents: ArrayDocumentWriter = writer.perdocwriter
    for expected in (0, 1):
        for wrong in (expected - 1, expected + 1):
            with pytest.raises(ValueError, match=f"document {wrong} out of order; the next is {expected}"):
                documents.start_doc(wrong)
        documents.start_doc(expected)
        documents.finish_doc()
    assert (documents.count, documents.is_closed) == (2, False)
    writer.cancel()
    assert documents.is_closed


def test_a_cancelled_document_leaves_nothing(tmp_path: Path) -> None:
    ix = create_in(tmp_path, VECTORED)
    writer = ix.writer()
    writer.add_document(id="a", other="viens")
    documents: ArrayDocumentWriter = writer.perdocwriter
    documents.start_doc(1)
    documents.add_field("id", None, "cancelled", 0)
    documents.add_field("other", None, None, 5)
    documents.add_column_value("size", columns.NumericColumn("i", default=7), 99)
    documents.add_vector_items("text", None, [("cancelled", 1.0, b"")])
    documents.cancel_doc()
    writer.add_document(id="b", other="pieci", size=1)
    writer.commit()
    reader = reader_of(ix)
    assert [*reader.all_stored_fields()] == [{"id": "a"}, {"id": "b"}]
    assert list(reader.column_reader("size", None)) == [7, 1]
    assert (reader.lengths("other").tolist(), reader.vectors) == ([1, 1], {})


@pytest.mark.parametrize(("value", "stored"), [(None, {}), (0, {"title": 0}), ("", {"title": ""})])
def test_only_none_is_not_stored(tmp_path: Path, value: object, stored: dict[str, object]) -> None:
    ix = create_in(tmp_path, SCHEMA)
    writer = ix.writer()
    documents: ArrayDocumentWriter = writer.perdocwriter
    documents.start_doc(0)
    documents.add_field("title", None, value, 0)
    documents.finish_doc()
    writer.docnum, writer._added = 1, True
    writer.commit()
    assert reader_of(ix).stored_fields(0) == stored


def test_documents_of_another_segment_follow_new_ones(tmp_path: Path) -> None:
    docs = [
        Doc(name, "fm", "lv", None, name, {"body": list(WORDS[:size])}) for size, name in enumerate("abc", 1)
    ]
    ix = index_of(tmp_path, docs[:1], docs[1:2])
    writer = ix.writer()
    write(writer, docs[2:])
    writer.commit(optimize=True)
    reader = reader_of(ix)
    names = [stored["id"] for stored in reader.all_stored_fields()]
    assert sorted(names) == ["a", "b", "c"]
    assert reader.lengths("lemma").tolist() == [" abc".index(name) for name in names]
