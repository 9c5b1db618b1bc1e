"""A case: a kind, how much of a site, which days and which site; its name repeats it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.accidents.composed import COMPOSED
from tests.accidents.detours import DETOURS
from tests.accidents.error_answers import ERROR_PAGES
from tests.accidents.maimed import MAIMED
from tests.accidents.medley import MEDLEY
from tests.accidents.mixups import MIXUPS
from tests.accidents.newcomers import NEWCOMERS
from tests.accidents.place import Accident
from tests.accidents.site import RELEASES, Answer
from tests.accidents.transport import TRANSPORT
from tests.accidents.truths import TRUTHS
from tests.accidents.varying import VARYING
from tests.accidents.wrong_lists import WRONG_LISTS


def _of(page: Answer) -> Accident:
    return Accident(answer=lambda _place: page, is_everywhere=True)


ACCIDENTS = {
    **{name: _of(page) for name, page in ERROR_PAGES.items()},
    **VARYING,
    **MIXUPS,
    **DETOURS,
    **MAIMED,
    **COMPOSED,
    **NEWCOMERS,
    **TRANSPORT,
    **MEDLEY,
    **WRONG_LISTS,
}
SHARES = {"1": 1, "3": 3, "5": 5, "7": 7, "all": RELEASES, "site": RELEASES}
"""The number of releases; "site": all paths of the site, known or not."""
SPANS = ((1,), (1, 2), (1, 2, 3), tuple(range(1, 8)), (1, 3, 5), (1, 2, 4, 5), (3, 4, 5, 6))
FIRST_SPANS = ((0,), (0, 1), (0, 1, 2), tuple(range(6)), tuple(range(8)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An accident or a true change on a site; days count from the first crawl."""

    kind: str
    share: str
    days: tuple[int, ...]
    seed: int

    def __str__(self) -> str:
        return f"{self.kind}/{self.share}/{'+'.join(map(str, self.days))}/{self.seed}"

    @classmethod
    def parse(cls, name: str) -> "Case":
        """Return the case of *name*, such as `f5/5/1+2/7`: kind, share, days, seed."""
        kind, share, days, seed = name.split("/")
        if kind not in (*ACCIDENTS, *TRUTHS) or share not in SHARES:
            raise ValueError(f"{name}: no such kind or share; see --list")
        return cls(kind=kind, share=share, days=tuple(map(int, days.split("+"))), seed=int(seed))

    @property
    def accident(self) -> Accident | None:
        """None: it is a true change."""
        return ACCIDENTS.get(self.kind)

    @property
    def crawls(self) -> int:
        """The number of crawls: until two days after the accident, or until a true change must be taken."""
        truth = TRUTHS.get(self.kind)
        return self.days[0] + truth.days if truth else self.days[-1] + 3

    @property
    def is_of_single_days(self) -> bool:
        """Whether the accident never lasts until the next day."""
        return all(later - earlier > 1 for earlier, later in itertools.pairwise(self.days))


def cases_of(kind: str) -> Iterator[Case]:
    """Yield the cases of *kind* with ever new seeds: those that differ most from each other first."""
    chance = Random(kind)
    if truth := TRUTHS.get(kind):
        shares = [share for share in ("1", "3", "5", "7", "all") if SHARES[share] <= truth.most]
        for seed in itertools.count():
            yield Case(kind=kind, share=shares[seed % len(shares)], days=(1,), seed=seed)
    accident = ACCIDENTS[kind]
    shares = ["5", "1", "7", "all", *(["site"] if accident.is_everywhere else [])]
    spans = [*SPANS, *FIRST_SPANS]
    if accident.is_of_single_days:
        spans = [(1,), (1, 3, 5), (0,)]
    for seed in itertools.count():
        if seed % len(shares) == 0:
            chance.shuffle(shares)
        if seed % len(spans) == 0:
            chance.shuffle(spans)
        yield Case(kind=kind, share=shares[seed % len(shares)], days=spans[seed % len(spans)], seed=seed)


def selection(each: int, *, start: int = 0, kinds: tuple[str, ...] = ()) -> list[Case]:
    """Return *each* cases of each kind, from number *start* on: first one of all kinds, then the next."""
    chosen = kinds or (*ACCIDENTS, *TRUTHS)
    of_kinds = [list(itertools.islice(cases_of(kind), start, start + each)) for kind in chosen]
    return [case for row in zip(*of_kinds, strict=True) for case in row]
