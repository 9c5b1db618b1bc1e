"""The record of sent mails: a file that is replaced as a whole before and after each mail."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from preses_relizes.shared.durable import put_in_place

FILE = "digest.json"
"""The name of the file, which is in the data directory."""


class LedgerError(Exception):
    """The file cannot be read; the message says what to do."""


class PendingMail(BaseModel):
    """A mail that is being sent; after a crash it is sent again, under the same Message-ID."""

    model_config = ConfigDict(frozen=True)

    message_id: str
    made: datetime
    releases: tuple[str, ...]
    edits: tuple[str, ...] = ()
    """Edits of other releases: the id and the version, separated by a space."""


class MailProgress(BaseModel):
    """The progress of a subscription."""

    model_config = ConfigDict(frozen=True)

    number: int
    """Changes to the store up to this number have been handled."""
    reached: datetime
    """When the index had reached that number (UTC)."""
    recent: dict[str, datetime] = {}
    """The first ids of the releases mailed recently, and when each was first seen."""
    recent_edits: dict[str, datetime] = {}
    """The edits that were mailed or known recently, and when each was noticed."""
    pending: PendingMail | None = None


_PROGRESS = TypeAdapter(dict[str, MailProgress])


class Ledger:
    """The progress of each subscription, in the file at *path*, which need not exist.

    Raises:
        LedgerError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._progress = _PROGRESS.validate_json(path.read_bytes()) if path.exists() else {}
        except (OSError, ValidationError) as error:
            advice = "restore it, or remove it: then only releases that come from now on are mailed"
            raise LedgerError(f"{path}: not a ledger of digests; {advice}") from error

    def get(self, key: str) -> MailProgress | None:
        """Return the progress of the subscription *key*; None if it is new."""
        return self._progress.get(key)

    def put(self, key: str, progress: MailProgress) -> None:
        """Record *progress*; it is on disk when this returns.

        Raises:
            OSError: the file cannot be written.
        """
        self._progress[key] = progress
        self._save()

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget all subscriptions but those with one of *keys*."""
        kept = {*keys}
        if not self._progress.keys() <= kept:
            self._progress = {key: value for key, value in self._progress.items() if key in kept}
            self._save()

    def _save(self) -> None:
        draft = self._path.with_name(f"{self._path.name}.draft")
        draft.write_bytes(_PROGRESS.dump_json(self._progress, indent=1))
        put_in_place(draft, self._path)
