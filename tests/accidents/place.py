"""Where and when an accident happens, and what an accident is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.accidents.site import Answer, Publication, Site
from tests.accidents.texts import Text

Nature = Literal["foreign", "titled", "maimed", "plausible"]
"""How far the page is the release.

foreign: it shares nothing with the release, and is never taken, however long it stays.
titled: it shares the title only; foreign if it is at several addresses, else maimed.
maimed: a part of the release, or a version of it; not taken on its first day. Afterwards it may be an edit.
plausible: nobody can tell it from an edit; only what comes after the recovery is judged.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A release whose page is wrong."""

    site: Site
    publication: Publication
    number: int
    """Its place among the victims."""
    victims: tuple[Publication, ...]
    seed: str

    @property
    def text(self) -> Text:
        """Its own text of the day."""
        return self.publication.on(self.site.day)

    @property
    def chance(self) -> Random:
        """Random numbers that are the same on each day."""
        return Random(f"{self.seed}/{self.publication.path}")

    @property
    def other(self) -> Publication:
        """Another release: of the other victims if there are any, else one of the others."""
        others = [one for one in self.victims if one is not self.publication] or [
            one for one in self.site.publications if one is not self.publication and not one.listed_from
        ]
        return others[self.number % len(others)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accident:
    """What is answered in place of a release."""

    answer: Callable[[Place], Answer]
    nature: Nature = "foreign"
    elsewhere: Mapping[str, Callable[[Site], Answer]] = field(default_factory=dict)
    """The answers of further paths, by their beginning; "list" is the list page of the site."""
    numbered: Mapping[str, Callable[[Site, int], Answer]] = field(default_factory=dict)
    """The same for paths that end with the number of a release."""
    is_of_newcomers: bool = False
    """Whether it happens to new addresses, which are listed from its first day."""
    is_of_single_days: bool = False
    """Whether it is an accident only on a single day: on two it is a removal."""
    is_everywhere: bool = False
    """Whether it can be the answer to any path of the site."""
    leaves_strangers: bool = False
    """Whether it lists addresses that nobody can tell from the site's own."""
    shows_own: bool = False
    """Whether the page has the release's own text, so that there is nothing to report."""
    may_remove: bool = False
    """Whether two days of it are a removal."""
