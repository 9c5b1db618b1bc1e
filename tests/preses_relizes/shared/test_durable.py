"""A file appears whole under its name, or the old one stays; errors name it."""

from pathlib import Path

import pytest

from preses_relizes.shared.durable import name_errors, put_in_place, sync


def test_draft_takes_the_place_of_the_file(tmp_path: Path) -> None:
    draft, path = tmp_path / "x.draft", tmp_path / "x"
    path.write_text("old")
    draft.write_text("new")
    put_in_place(draft, path)
    assert (path.read_text(), draft.exists()) == ("new", False)


def test_missing_draft_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old")
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "x.draft", path)
    assert path.read_text() == "old"


def test_an_error_of_an_open_file_gets_its_name(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="some file") as raised, name_errors(tmp_path / "some file"):
        raise OSError(5, "Input/output error")
    assert raised.value.filename == str(tmp_path / "some file")


def test_a_name_that_an_error_has_is_kept(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"), name_errors(tmp_path / "other"):
        (tmp_path / "missing").read_bytes()


def test_files_and_folders_are_synced_and_missing_ones_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    before = len([*Path("/proc/self/fd").iterdir()])
    sync(tmp_path / "file")
    sync(tmp_path)
    with pytest.raises(FileNotFoundError, match="missing"):
        sync(tmp_path / "missing")
    assert len([*Path("/proc/self/fd").iterdir()]) == before
    assert (tmp_path / "file").read_bytes() == b"content"
