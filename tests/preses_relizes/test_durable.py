"""A file appears whole under its name, or the old one stays."""

from pathlib import Path

import pytest

from preses_relizes.durable import put_in_place, sync


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


def test_files_and_folders_are_synced_and_a_missing_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    before = len([*Path("/proc/self/fd").iterdir()])
    for path in (tmp_path, tmp_path / "x"):
        sync(path)
    with pytest.raises(FileNotFoundError, match="none"):
        sync(tmp_path / "none")
    assert len([*Path("/proc/self/fd").iterdir()]) == before
    assert (tmp_path / "x").read_text() == "x"
