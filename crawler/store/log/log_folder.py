"""The files of the log beside the store, which no backup has: its keys, the last checkpoint, stamps."""

import os
from dataclasses import dataclass
from pathlib import Path

from crawler.store.log.records import LogError
from preses_relizes.shared.durable import put_in_place


@dataclass(frozen=True, slots=True)
class LogFolder:
    """The folder at *path*; there is a log if it has a key."""

    path: Path

    @property
    def key_path(self) -> Path:
        """The private key, which only the operator can read."""
        return self.path / "key"

    @property
    def vkey_path(self) -> Path:
        """The verifier key."""
        return self.path / "vkey"

    @property
    def checkpoint_path(self) -> Path:
        """The last checkpoint: all that is published of the log ends with it."""
        return self.path / "checkpoint"

    @property
    def is_kept(self) -> bool:
        """Whether a log is kept."""
        return self.key_path.exists()

    def checkpoint(self) -> str:
        """Return the last checkpoint.

        Raises:
            LogError: there is none.
        """
        try:
            return self.checkpoint_path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise LogError(
                f"{self.checkpoint_path}: the last checkpoint of the log is missing; "
                "`releases log resume --from EXPORT` brings it back"
            ) from error
        except UnicodeDecodeError as error:
            raise LogError(f"{self.checkpoint_path}: no checkpoint of a log") from error

    def publish(self, checkpoint: str) -> None:
        """Replace the last checkpoint."""
        _write(self.checkpoint_path, checkpoint.encode(), 0o666)

    @property
    def stamps_path(self) -> Path:
        """The folder of the stamps of checkpoints, if an authority stamps them."""
        return self.path / "stamp"

    def stamp(self, size: int) -> bytes | None:
        """Return the stamp of the checkpoint of *size* leaves; None if it has none."""
        try:
            return self._stamp_path(size).read_bytes()
        except FileNotFoundError:
            return None

    def keep_stamp(self, size: int, stamp: bytes) -> None:
        """Keep the *stamp* of the checkpoint of *size* leaves."""
        self.stamps_path.mkdir(exist_ok=True)
        _write(self._stamp_path(size), stamp, 0o666)

    def _stamp_path(self, size: int) -> Path:
        return self.stamps_path / f"{size}.tsr"

    def put_keys(self, key: str, vkey: str) -> None:
        """Write a new pair of keys; the private one last, with which the log begins."""
        _write(self.vkey_path, f"{vkey}\n".encode(), 0o666)
        _write(self.key_path, f"{key}\n".encode(), 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    put_in_place(draft, path)
