"""The format of backups; `test_restore.py` damages them."""

import hashlib
from pathlib import Path

import pytest

from preses_relizes.admin.backup_file import BackedUpFile, Manifest, open_verified, write
from preses_relizes.admin.options import UnsoundFileError


def manifest_of(*files: BackedUpFile) -> Manifest:
    return Manifest(
        program="1", made="2026-01-01T00:00:00+00:00", store_format=1, releases=0, number=0, files=files
    )


def described(name: str, content: bytes) -> BackedUpFile:
    digest = hashlib.sha256(content).hexdigest()
    return BackedUpFile(name=name, role="data", bytes=len(content), sha256=digest)


@pytest.mark.parametrize("content", [b"", b"x", b"y" * 512, b"z" * 3_000_000], ids=len)
@pytest.mark.parametrize("name", ["data/a.tsv", f"data/{'ā' * 90}.tsv"])
def test_file_comes_back_as_it_was(content: bytes, name: str, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    write(tmp_path / "x.tar", {name: source}, manifest_of(described(name, content)))
    with open_verified(tmp_path / "x.tar") as backup:
        [file] = backup.manifest.files
        backup.extract(file, target)
    assert (file.name, target.read_bytes()) == (name, content)


def test_backup_that_is_damaged_after_it_was_verified_is_refused(tmp_path: Path) -> None:
    source, file = tmp_path / "source", tmp_path / "x.tar"
    source.write_bytes(b"x" * 1_000_000)  # more than is read ahead
    write(file, {"a": source}, manifest_of(described("a", b"x" * 1_000_000)))
    with open_verified(file) as backup:
        file.write_bytes(file.read_bytes().replace(b"x" * 1_000_000, b"y" * 1_000_000))
        with pytest.raises(UnsoundFileError, match="a in the backup is not what its manifest says"):
            backup.extract(backup.manifest.files[0], tmp_path / "target")
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("now", [b"", b"y", b"xx" * 5000], ids=len)
def test_source_that_changes_meanwhile_is_not_backed_up(now: bytes, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(now)
    with pytest.raises(UnsoundFileError, match="changed while it was backed up; try again"):
        write(tmp_path / "x.tar", {"a": source}, manifest_of(described("a", b"x")))
    assert list(tmp_path.iterdir()) == [source]


def test_source_that_cannot_be_read_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "x.tar", {"a": tmp_path / "none"}, manifest_of(described("a", b"x")))
    assert list(tmp_path.iterdir()) == []
