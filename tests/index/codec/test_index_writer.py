from pathlib import Path

import pytest

from index.codec import open_dir
from index.codec.index_writer import MERGE_FACTOR
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
