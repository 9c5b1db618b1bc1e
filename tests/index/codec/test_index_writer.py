from pathlib import Path

import pytest
from whoosh.fields import UnknownFieldError

from index.codec import ArrayIndex, create_in, open_dir
from index.codec.codec import ArraySegment
from index.codec.index_writer import MERGE_FACTOR, SMALL, _defaults, _tier, newest_generation
from index.errors import DamagedError
from index.segment import ArrayFile
from tests.support.corpora import SCHEMA, WORDS, index_of, write
from tests.support.oracle import Doc


def document(name: str) -> Doc:
    return Doc(name, "fm", "lv", None, name, {"body": list(WORDS[:3])})


# A merge writes into the new segment, so a full tier leaves only that one.
@pytest.mark.parametrize(("segments", "after"), [(MERGE_FACTOR - 1, MERGE_FACTOR), (MERGE_FACTOR, 1)])
def test_full_tier_is_merged(tmp_path: Path, segments: int, after: int) -> None:
    ix = index_of(tmp_path, *([document(f"d{number}")] for number in range(segments)))
    writer = ix.writer()
    write(writer, [document("new")])
    writer.commit()
    assert (len(ix._read_toc().segments), ix.doc_count()) == (after, segments + 1)


def test_mostly_deleted_segment_is_rewritten(tmp_path: Path) -> None:
    ix = index_of(tmp_path, [document(f"d{number}") for number in range(3)], [document("other")])
    writer = ix.writer()
    for name in ("d0", "d1"):
        writer.delete_unique("id", name.encode())
    writer.commit()
    assert sorted(segment.doc_count_all() for segment in ix._read_toc().segments) == [1, 1]


def test_merge_refuses_damage_in_any_array_of_a_segment(tmp_path: Path) -> None:
    ix = index_of(tmp_path, [document("d0"), document("d1")], [document("d2")])
    for path in sorted(path for path in tmp_path.iterdir() if path.suffix in {".posts", ".docs"}):
        whole, file = path.read_bytes(), ArrayFile(path)
        for entry in (entry for entry in file.entries.values() if entry.count):
            path.unlink()  # the old file is still mapped
            path.write_bytes(flipped(whole, entry.offset))
            writer = ix.writer()
            with pytest.raises(DamagedError):
                writer.commit(optimize=True)
        path.unlink()
        path.write_bytes(whole)
    ix.writer().commit(optimize=True)
    assert len(ix._read_toc().segments) == 1


def flipped(content: bytes, place: int) -> bytes:
    """Return *content* with one bit flipped."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_update_tells_whether_this_writer_added_the_replaced_document(tmp_path: Path) -> None:
    writer = index_of(tmp_path, [document("old")]).writer()
    replaced = [writer.update_analysed([], id=name) for name in ("old", "new", "new")]
    writer.cancel()
    assert replaced == [False, False, True]


def test_cancelled_writer_leaves_no_file_and_no_lock(tmp_path: Path) -> None:
    ix = index_of(tmp_path, [document("d0")])
    before = sorted(tmp_path.iterdir())
    writer = ix.writer()
    write(writer, [document("d1")])
    writer.cancel()
    assert sorted(tmp_path.iterdir()) == before
    ix.writer().cancel()


def test_owner_keeps_values_with_a_generation(tmp_path: Path) -> None:
    writer = index_of(tmp_path).writer()
    writer.meta = {"number": 3}
    writer.commit()
    assert open_dir(tmp_path, SCHEMA).meta == {"number": 3}


def test_segments_are_written_by_one_process(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="by one process"):
        index_of(tmp_path).writer(procs=2)


# --- Tiers, replacements and failures ---


def segment_of(documents: int, deleted: int = 0) -> ArraySegment:
    segment = ArraySegment("MAIN")
    segment.set_doc_count(documents)
    for number in range(deleted):
        segment.delete_document(number)
    return segment


@pytest.mark.parametrize(
    ("documents", "deleted", "tier"),
    [
        (0, 0, 0),
        (SMALL - 1, 0, 0),
        (SMALL * 8 - 1, 0, 0),
        (SMALL * 8, 0, 1),
        (SMALL * 8, 1, 0),
        (SMALL * 64, 0, 2),
    ],
)
def test_a_tier_is_of_segments_of_about_the_same_number_of_live_documents(
    documents: int, deleted: int, tier: int
) -> None:
    assert _tier(segment_of(documents, deleted)) == tier


@pytest.mark.parametrize(("deleted", "stays"), [(0, True), (4, True), (5, False), (8, False)])
def test_a_segment_is_rewritten_if_more_than_half_of_it_is_deleted(
    tmp_path: Path, deleted: int, *, stays: bool
) -> None:
    ix = index_of(tmp_path, [document(f"d{number}") for number in range(8)])
    writer = ix.writer()
    for number in range(deleted):
        writer.delete_unique("id", f"d{number}".encode())
    writer.commit()
    segments = ix._read_toc().segments
    assert [segment.doc_count() for segment in segments] == [8 - deleted][: stays or deleted < 8]
    assert (bool(segments) and segments[0].doc_count_all() == 8) == stays


@pytest.mark.parametrize(
    ("options", "count"), [({}, 1), ({"merge": False}, 9), ({"optimize": True}, 1), ({"optimize": False}, 1)]
)
def test_tiers_are_merged_unless_the_caller_says_otherwise(
    tmp_path: Path, options: dict[str, bool], count: int
) -> None:
    ix = index_of(tmp_path, *([document(f"d{number}")] for number in range(MERGE_FACTOR)))
    writer = ix.writer()
    write(writer, [document("new")])
    writer.commit(**options)
    assert (len(ix._read_toc().segments), ix.doc_count()) == (count, 9)


def ids_of(ix: ArrayIndex) -> list[str]:
    with ix.reader() as reader:
        return sorted(stored["id"] for stored in reader.all_stored_fields())


def test_a_document_replaces_the_one_of_the_same_id_wherever_it_is(tmp_path: Path) -> None:
    ix = index_of(tmp_path, [document("a"), document("b")], [document("c")])
    writer = ix.writer()
    write(writer, [document("a"), document("d"), document("d"), document("c")])
    assert writer.delete_unique("id", b"d")
    assert not writer.delete_unique("id", b"d")
    assert not writer.delete_unique("id", b"missing")
    writer.commit(merge=False)
    assert ids_of(ix) == ["a", "b", "c"]
    counts = [(segment.doc_count(), segment.doc_count_all()) for segment in ix._read_toc().segments]
    assert counts == [(1, 2), (0, 1), (2, 4)]


def test_a_committed_document_is_of_no_use_to_a_later_writer(tmp_path: Path) -> None:
    ix = index_of(tmp_path, [document("a")])
    writer = ix.writer()
    assert not writer.update_analysed([], id="a")
    assert writer.update_analysed([], id="a")
    writer.commit(merge=False)
    writer = ix.writer()
    assert not writer.update_analysed([], id="a")
    writer.cancel()


def test_a_new_index_replaces_another_one_of_its_name(tmp_path: Path) -> None:
    index_of(tmp_path, [document("a")])
    (tmp_path / "other.txt").write_text("x", encoding="utf-8")
    ix = create_in(tmp_path, SCHEMA)
    assert (ix.doc_count(), ix.meta, newest_generation(tmp_path)) == (0, {}, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["_MAIN_0.toc", "other.txt"]
    assert newest_generation(tmp_path / "nowhere") is None


def test_only_new_segments_are_announced(tmp_path: Path) -> None:
    ix = index_of(tmp_path, [document("a")])
    announced: list[int] = []
    for name in ("b", None):
        writer = ix.writer(on_new_segment=lambda _, segment: announced.append(segment.doc_count_all()))
        if name:
            write(writer, [document(name)])
        writer.delete_unique("id", b"a")
        writer.commit(merge=False)
    assert announced == [1]


def test_a_failed_commit_leaves_the_index_and_no_lock(tmp_path: Path) -> None:
    ix = index_of(tmp_path, [document("a")])
    before = sorted(path.name for path in tmp_path.iterdir())

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    writer = ix.writer(on_new_segment=fail)
    write(writer, [document("b")])
    with pytest.raises(OSError, match="No space left"):
        writer.commit()
    assert writer.is_closed
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".tmp") == before
    assert ids_of(ix) == ["a"]
    ix.writer().cancel()


def test_a_field_that_is_none_is_left_out_and_others_must_be_in_the_schema(tmp_path: Path) -> None:
    ix = index_of(tmp_path)
    writer = ix.writer()
    writer.add_analysed([], id="a", title=None)
    with pytest.raises(UnknownFieldError):
        writer.add_analysed([], id="b", other=1)
    writer.cancel()


def test_columns_that_the_schema_lacks_are_not_copied(tmp_path: Path) -> None:
    index_of(tmp_path, [document("a")], [document("b")])
    fewer = SCHEMA.copy()
    fewer.remove("traits")
    open_dir(tmp_path, fewer).writer().commit(optimize=True)
    with open_dir(tmp_path, fewer).reader() as reader:
        assert "traits" not in reader._perdoc.list_columns()
        assert list(reader.column_reader("published")) == [0, 0]
    assert _defaults(fewer, ["traits", "published", "title"]) == {"published": 0}
