"""Protects the index in use from a store that lost its releases."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.engines import Generation, IndexBuilder


class LossError(Exception):
    """A new index lacks too many releases of the old index; the message names the store and the setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossGuard:
    """Compares a new index, built from *store*, with the index that it would replace.

    A release is lost if it is present in the old index, but missing or gone in the new one. At most the share
    *allowed* (0 to 1) of all releases may be lost at once. A single release may always be lost, unless it is
    the only one.
    """

    store: Path
    allowed: float

    def check_update(self, before: Generation, absent: Iterable[str]) -> None:
        """Check an update of *before* that removes the releases *absent* (ids) or marks them as gone.

        Raises:
            LossError: too many are lost.
        """
        count = before.info().documents
        lost = sum(map(before.is_present, absent))
        if lost > self.allowed * count and (lost > 1 or lost == count):
            raise LossError(
                f"{lost} of the {count} releases in the index are missing from {self.store}, hidden or gone, "
                f"more than index.loss_share = {self.allowed:g} allows"
            )

    def check_rebuild(self, builder: IndexBuilder, new: Generation, absent: Iterable[str]) -> None:
        """Check that *new*, in which the releases *absent* are gone, may replace the generation in use.

        Raises:
            LossError: too many are lost; or no old index is readable and the new one is empty.
        """
        before = builder.last_sound()
        if before is not None:
            self.check_update(before, (before.ids() - new.ids()).union(absent))
        elif not builder.is_empty() and not new.info().documents and self.allowed < 1:
            raise LossError(f"{self.store} has no releases")
