"""The file format of backups: a tar file that ends with the SHA-256 of everything before it.

`tar` can unpack it. Damage to any byte, even one that does not matter, is found before anything is restored.
"""

import hashlib
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ValidationError

from preses_relizes.admin.options import UnsoundFileError
from preses_relizes.shared.durable import put_in_place

Role = Literal["store", "data", "settings", "named"]

_MANIFEST, _SEAL = "MANIFEST.json", "SHA256"
_BLOCK = tarfile.BLOCKSIZE
# Header and content of the seal, and the two empty blocks at the end of every tar file.
_SEAL_BYTES = 4 * _BLOCK
_CHUNK_BYTES = 1 << 20
# A longer manifest is not ours.
_MANIFEST_BYTES_MAX = 10_000_000


class BackedUpFile(BaseModel):
    """A file in a backup."""

    name: str
    """Its name in the tar file."""
    role: Role
    """`data`: beside the store; `named`: named in the settings."""
    key: str = ""
    """The key in the settings that names the file, such as `index.judged`; empty for others."""
    bytes: int
    sha256: str


class Manifest(BaseModel):
    """The contents of a backup."""

    program: str
    """The version that made it."""
    made: str
    """The time in UTC, as in ISO 8601."""
    store_format: int
    releases: int
    number: int
    """The last change of a release that the store has."""
    files: tuple[BackedUpFile, ...]


def write(path: Path, sources: Mapping[str, Path], manifest: Manifest) -> None:
    """Write the backup at *path* from the *sources*, by their names in it; it appears when it is whole.

    Raises:
        UnsoundFileError: a source changed since the manifest was made.
        OSError: a source cannot be read, or the backup not written.
    """
    draft = path.with_name(f"{path.name}.draft")
    digest = hashlib.sha256()
    try:
        with draft.open("wb") as out:
            for chunk in _body(sources, manifest):
                digest.update(chunk)
                out.write(chunk)
            out.write(_seal(digest.hexdigest()))
        put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _body(sources: Mapping[str, Path], manifest: Manifest) -> Iterator[bytes]:
    """Yield the members of the tar file: the manifest, then its files."""
    yield from _member(_MANIFEST, manifest.model_dump_json(indent=1).encode())
    for file in manifest.files:
        digest = hashlib.sha256()
        yield _header(file.name, file.bytes)
        with sources[file.name].open("rb") as source:
            for chunk in _chunks(source):
                digest.update(chunk)
                yield chunk
        yield _padding(file.bytes)
        if digest.hexdigest() != file.sha256:
            raise UnsoundFileError(f"{sources[file.name]}: changed while it was backed up; try again")


def _member(name: str, content: bytes) -> Iterator[bytes]:
    yield from (_header(name, len(content)), content, _padding(len(content)))


def _header(name: str, size: int) -> bytes:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o640
    return header.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _seal(hexdigest: str) -> bytes:
    """Return the end of a backup; *hexdigest* is the digest of all bytes before it."""
    return b"".join(_member(_SEAL, f"{hexdigest}\n".encode())) + bytes(2 * _BLOCK)


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK_BYTES):
        yield chunk


class OpenBackup:
    """A backup that was verified."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar = tar
        self.manifest = manifest

    def extract(self, file: BackedUpFile, target: Path) -> None:
        """Write *file* to the new file *target*.

        Raises:
            UnsoundFileError: its bytes are not those of the manifest.
        """
        source = self._tar.extractfile(file.name)
        digest = hashlib.sha256()
        with target.open("wb") as out:
            for chunk in _chunks(source) if source else ():
                digest.update(chunk)
                out.write(chunk)
        if digest.hexdigest() != file.sha256:
            target.unlink()
            raise UnsoundFileError(f"{file.name} in the backup is not what its manifest says")


@contextmanager
def open_verified(path: Path) -> Iterator[OpenBackup]:
    """Open the backup at *path*, whose every byte is what was written.

    Raises:
        UnsoundFileError: it is damaged, cut short, or no backup.
        OSError: it cannot be read.
    """
    with path.open("rb") as raw:
        _verify(path, raw)
        raw.seek(0)
        try:
            with tarfile.open(fileobj=raw, mode="r:") as tar:
                source = tar.extractfile(_MANIFEST)
                manifest = Manifest.model_validate_json(source.read(_MANIFEST_BYTES_MAX) if source else b"")
                yield OpenBackup(tar, manifest)
        except (tarfile.TarError, KeyError, ValidationError) as error:
            raise UnsoundFileError(f"{path}: not a backup of this program: {type(error).__name__}") from error


def _verify(path: Path, raw: IO[bytes]) -> None:
    """Compare the file with its seal."""
    left = path.stat().st_size - _SEAL_BYTES
    digest = hashlib.sha256()
    while left > 0 and (chunk := raw.read(min(left, _CHUNK_BYTES))):
        digest.update(chunk)
        left -= len(chunk)
    if left or raw.read() != _seal(digest.hexdigest()):
        raise UnsoundFileError(f"{path}: damaged, cut short or not a backup; use another one")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file at *path* in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
