"""Where a nasty page stands: what it may name, and what must never be asked or opened."""

from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """Which of the nasty things come, by parts of their names: the ones wanted, if any, less the others."""

    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def likes(self, name: str) -> bool:
        """Whether a page of this name may come."""
        return (not self.only or any(part in name for part in self.only)) and self.bears(name)

    def bears(self, name: str) -> bool:
        """Whether this may come beside those that are wanted."""
        return not any(part in name for part in self.but)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The surroundings of a page on one site of a world."""

    chance: Random
    origin: str
    """Of the site itself: `127.0.0.1:4711`."""
    releases: tuple[str, ...]
    """Addresses of honest releases, of this site and of others."""
    others: tuple[str, ...]
    """Origins of the other sites."""
    canary: str
    """An origin outside the world."""
    taste: Taste
    files: tuple[Path, ...]
    """Files of ours that no body may open: one names addresses of the site, one is a FIFO."""

    def drawn_by(self, chance: Random) -> Self:
        """Return the same place for other draws."""
        return replace(self, chance=chance)

    @property
    def outside(self) -> str:
        """An address outside the world."""
        host = self.chance.choice(
            [self.canary, self.canary, "canary.invalid", "169.254.169.254", "10.0.0.1:80"]
        )
        return f"http://{host}/canary-{self.chance.randrange(10**6)}"
