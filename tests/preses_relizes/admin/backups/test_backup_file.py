"""The format of backups; `test_restore.py` damages them."""

import hashlib
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from preses_relizes.admin.backups.backup_file import BackedUpFile, Manifest, open_verified, sha256_of, write
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


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A backup of two files."""
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(name.encode() * 600)
    files = [described(name, name.encode() * 600) for name in ("a", "b")]
    write(tmp_path / "x.tar", {name: tmp_path / name for name in ("a", "b")}, manifest_of(*files))
    return tmp_path / "x.tar"


def test_it_is_a_tar_file_of_the_manifest_the_files_and_the_seal(sound: Path) -> None:
    with tarfile.open(sound) as tar:
        members = [(member.name, member.size, member.mode) for member in tar.getmembers()]
        seal = tar.extractfile("SHA256")
        assert seal is not None
        sealed = seal.read().decode()
    assert [name for name, *_ in members] == ["MANIFEST.json", "a", "b", "SHA256"]
    assert {mode for *_, mode in members} == {0o640}
    assert [size for _, size, _ in members][1:] == [600, 600, 65]
    content = sound.read_bytes()
    assert sealed == f"{hashlib.sha256(content[:-2048]).hexdigest()}\n"
    assert len(content) % 512 == 0


@pytest.mark.parametrize("place", [0, 600, 1_500, -1, -600, -1_100, -2_000, -2_049])
def test_any_changed_byte_is_found(sound: Path, place: int) -> None:
    content = bytearray(sound.read_bytes())
    content[place] ^= 1
    sound.write_bytes(content)
    with pytest.raises(UnsoundFileError) as caught, open_verified(sound):
        pass
    assert str(caught.value) == f"{sound}: damaged, cut short or not a backup; use another one"


@pytest.mark.parametrize("length", [0, 100, 2_047, 2_048, -1, -512])
def test_a_backup_that_was_cut_or_is_longer_is_refused(sound: Path, length: int) -> None:
    whole = sound.read_bytes()
    for content in (whole[:length], whole + bytes(512)):
        sound.write_bytes(content)
        with (
            pytest.raises(UnsoundFileError, match="damaged, cut short or not a backup"),
            open_verified(sound),
        ):
            pass


def sealed(path: Path, *members: tuple[str, bytes]) -> Path:
    """Write a tar file with a right seal."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, BytesIO(content))
    content = path.read_bytes()
    end = sum(512 + len(content) + -len(content) % 512 for _, content in members)
    seal = tarfile.TarInfo("SHA256")
    seal.size, seal.mode = 65, 0o640
    digest = f"{hashlib.sha256(content[:end]).hexdigest()}\n".encode()
    header = seal.tobuf(tarfile.PAX_FORMAT)
    path.write_bytes(content[:end] + header + digest + bytes(512 - 65) + bytes(1024))
    return path


@pytest.mark.parametrize(
    "members",
    [
        (("other.json", b"{}"),),
        (("MANIFEST.json", b"{}"),),
        (("MANIFEST.json", b"not JSON"),),
    ],
)
def test_a_sealed_file_without_a_manifest_is_no_backup(
    tmp_path: Path, members: tuple[tuple[str, bytes], ...]
) -> None:
    file = sealed(tmp_path / "x.tar", *members)
    with pytest.raises(UnsoundFileError) as caught, open_verified(file):
        pass
    assert str(file) in str(caught.value)


def test_a_digest_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x" * 3_000_000)
    assert sha256_of(tmp_path / "x") == hashlib.sha256(b"x" * 3_000_000).hexdigest()


def test_a_backup_replaces_none_until_it_is_whole(sound: Path) -> None:
    before = sound.read_bytes()
    with pytest.raises(UnsoundFileError):
        write(sound, {"a": sound.with_name("a")}, manifest_of(described("a", b"x")))
    assert sound.read_bytes() == before
    assert sorted(path.name for path in sound.parent.iterdir()) == ["a", "b", "x.tar"]
