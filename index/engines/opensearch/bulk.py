"""Writes documents in bulk: bounded requests, retries of what was refused, an exact account of the rest."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from index.engines.opensearch.connection import ClusterConnection, RefusedError, write_lines
from index.engines.opensearch.patience import BUSY, Patience
from index.errors import BuildError

# A node keeps a request in memory until it is written.
_REQUEST_CHARS, _REQUEST_ACTIONS = 4 << 20, 500
_CONFLICT, _MISSING = 409, 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A document to write, or to delete if ``document`` is None."""

    id: str
    version: int | None = None
    """The number of the change: an older one never overwrites a newer one. None: written only once."""
    document: Mapping[str, Any] | None = None

    def lines(self) -> Iterator[Mapping[str, Any]]:
        """Yield the lines of a bulk request."""
        target: dict[str, Any] = {"_id": self.id}
        if self.version is not None:
            target |= {"version": self.version, "version_type": "external_gte"}
        kind: Literal["delete", "create", "index"] = "index" if self.version is not None else "create"
        yield {"delete" if self.document is None else kind: target}
        if self.document is not None:
            yield self.document


class BulkWriter:
    """Writes to an index of the cluster; ``acknowledged`` counts the actions that the cluster confirmed."""

    def __init__(self, connection: ClusterConnection, index: str) -> None:
        self._connection, self._index = connection, index
        self._actions_max = _REQUEST_ACTIONS
        self.acknowledged = 0

    def write(self, actions: Iterable[Action]) -> None:
        """Write *actions*; return when the cluster has confirmed all of them.

        Raises:
            BuildError: the cluster rejects a document, or confirmed none for three minutes.
        """
        batch: list[tuple[Action, str]] = []
        chars = 0
        for action in actions:
            text = write_lines(action.lines())
            if batch and (chars + len(text) > _REQUEST_CHARS or len(batch) >= self._actions_max):
                self._send(batch)
                batch, chars = [], 0
            batch.append((action, text))
            chars += len(text)
        self._send(batch)

    def _send(self, batch: list[tuple[Action, str]]) -> None:
        patience = Patience()
        while batch:
            some, rest = batch[: self._actions_max], batch[self._actions_max :]
            refused, reason = self._try(some)
            batch = refused + rest
            self.acknowledged += len(some) - len(refused)
            if len(refused) < len(some):
                patience.renew()
            if refused:
                self._actions_max = max(1, len(some) // 2)  # ask for less while the cluster is busy
                patience.wait(f"{self._index}: {len(batch)} documents are still refused: {reason}")
            else:
                self._actions_max = min(_REQUEST_ACTIONS, self._actions_max + 20)

    def _try(self, batch: list[tuple[Action, str]]) -> tuple[list[tuple[Action, str]], str]:
        """Send *batch*; return what was refused, and the reason."""
        body = "".join(text for _, text in batch)
        try:
            answer = self._connection.request("POST", (self._index, "_bulk"), body)
        except RefusedError as error:
            if error.status not in BUSY:
                raise BuildError(str(error)) from error
            return batch, str(error)
        items = [next(iter(item.values())) for item in answer.get("items", [])]
        if len(items) != len(batch):
            raise BuildError(f"{self._index}: {len(items)} answers to {len(batch)} documents")
        refused, reason = [], ""
        for entry, item in zip(batch, items, strict=True):
            if item["status"] in BUSY:
                refused.append(entry)
                reason = str(item.get("error", {}).get("reason", item["status"]))
            else:
                self._check(entry[0], item)
        return refused, reason

    def _check(self, action: Action, item: Mapping[str, Any]) -> None:
        """Check that an action was confirmed, or that a newer change of the document is in the index."""
        is_deleted = item["status"] == _MISSING and action.document is None
        if item["status"] < 300 or item["status"] == _CONFLICT or is_deleted:
            return
        reason = item.get("error", {}).get("reason", item["status"])
        raise BuildError(f"{self._index}: {action.id}: rejected: {reason}")
