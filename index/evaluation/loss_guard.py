"""Protects the index in use from a store that lost its releases."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import EngineError
from index.generations import Generations
from index.whoosh_engine import WhooshEngine


class LossError(Exception):
    """A new index lacks too many releases of the old one; the message names the store and the setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossGuard:
    """Compares a new index, built from *store*, with the one that it would replace.

    A release is lost if the old index shows it as present, and the new one lacks it or shows it as gone. At
    most the share *allowed* (0 to 1) of all releases may be lost at once. A single release may always be
    lost, unless it is the only one.
    """

    store: Path
    allowed: float

    def check_update(self, before: WhooshEngine, absent: Iterable[str]) -> None:
        """Check an update of the index *before* that removes the releases *absent* (ids) or marks them gone.

        Raises:
            LossError: too many are lost.
        """
        held = before.info().documents
        lost = sum(map(before.is_present, absent))
        if lost > self.allowed * held and (lost > 1 or lost == held):
            raise LossError(
                f"{lost} of the {held} releases in the index are missing from {self.store}, hidden or gone, "
                f"more than index.loss_share = {self.allowed:g} allows"
            )

    def check_whole(self, generations: Generations, new: Path, absent: Iterable[str]) -> None:
        """Check the index in *new*, in which the releases *absent* are gone, against the one in use.

        Raises:
            LossError: too many are lost; or no old index is readable and the new one is empty.
        """
        engine, before = WhooshEngine(new), _readable(generations)
        if before is not None:
            self.check_update(before, (before.ids() - engine.ids()).union(absent))
        elif generations.newest() is not None and not engine.info().documents and self.allowed < 1:
            raise LossError(f"{self.store} has no releases")


def _readable(generations: Generations) -> WhooshEngine | None:
    """Return the index in use if it is sound, else the newest sound one, else None."""
    for folder in generations.newest_first():
        with suppress(EngineError):
            engine = WhooshEngine(folder)
            engine.verify()
            return engine
    return None
