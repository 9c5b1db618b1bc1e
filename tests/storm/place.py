"""The surroundings of a hostile page: its possible targets, and files that must never be opened."""

from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFilter:
    """Selects hostile pages by parts of their names: the wanted ones, if any, minus the unwanted."""

    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def selects(self, name: str) -> bool:
        """Whether a page of this name is selected."""
        return (not self.only or any(part in name for part in self.only)) and self.allows(name)

    def allows(self, name: str) -> bool:
        """Whether no unwanted part is in *name*."""
        return not any(part in name for part in self.but)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The surroundings of a page on one site of a world."""

    chance: Random
    origin: str
    """The origin of the site itself: `127.0.0.1:4711`."""
    releases: tuple[str, ...]
    """Addresses of honest releases, of this site and of others."""
    others: tuple[str, ...]
    """Origins of the other sites."""
    canary: str
    """An origin outside the world."""
    page_filter: PageFilter
    files: tuple[Path, ...]
    """Local files that no body may cause to be opened: a list of URLs of the site, and a FIFO."""

    def drawn_by(self, chance: Random) -> Self:
        """Return the same place with another random generator."""
        return replace(self, chance=chance)

    @property
    def outside(self) -> str:
        """A URL outside the world."""
        host = self.chance.choice(
            [self.canary, self.canary, "canary.invalid", "169.254.169.254", "10.0.0.1:80"]
        )
        return f"http://{host}/canary-{self.chance.randrange(10**6)}"
