import os
from pathlib import Path

from index.file_stamp import FileStamp


def test_missing_file_has_no_stamp(tmp_path: Path) -> None:
    assert FileStamp.at(tmp_path / "none") is None


def test_stamp_changes_when_the_file_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12")
    os.utime(path, ns=(0, 10))
    before = FileStamp.at(path)
    assert before is not None
    assert before == FileStamp.at(path)
    assert (before.size, before.modified_ns) == (2, 10)
    os.utime(path, ns=(0, 11))
    after = FileStamp.at(path)
    assert after != before
    assert before.is_same_file(after)


def test_file_that_replaced_another_is_not_the_same(tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    path.touch()
    before = FileStamp.at(path)
    other.touch()
    other.replace(path)
    assert before is not None
    assert not before.is_same_file(FileStamp.at(path))
    assert not before.is_same_file(None)
