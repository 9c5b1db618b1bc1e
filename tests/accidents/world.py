"""The site of a case, and what happens to it day by day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from crawler.urls import canonical
from tests.accidents.case import SHARES, Case
from tests.accidents.place import Place
from tests.accidents.site import Answer, Publication, Site, add_copies, make_site, new_path
from tests.accidents.texts import Text
from tests.accidents.truths import TRUTHS
from tests.support.hostile_site import HostileSite

# Every third site edits releases while it is ill, and every third publishes one; every fifth has second
# addresses, which are ill too if its number is odd.
EDITS_EVERY, COPIES_EVERY = 3, 5


@dataclass(frozen=True, slots=True)
class World:
    """A case, its site, and the releases that it happens to."""

    case: Case
    site: Site
    victims: tuple[Publication, ...]

    def key(self, path: str) -> str:
        """Return the URL by which the store knows the release at *path*."""
        return canonical(self.site.url(path))

    def keys(self, one: Publication) -> set[str]:
        """Return the URLs of all addresses of a release."""
        return {self.key(path) for path in (one.path, one.copy) if path}

    def detours(self, one: Publication) -> set[str]:
        """Return the URLs to which the address of a release may lead for a day and show the same text."""
        accident = self.case.accident
        if accident is None or not accident.shows_own:
            return set()
        number = self.site.publications.index(one)
        return {self.key(f"{beginning}{number}") for beginning in accident.numbered}

    @property
    def may_remove(self) -> bool:
        """Whether two days of it are a removal: it may be what the site shows at unknown addresses."""
        accident, missing = self.case.accident, self.site.missing()
        if accident is None or accident.may_remove or missing.status != 200:
            return accident is not None and accident.may_remove
        return accident.answer(self._place(self.victims[0], 0)).body == missing.body

    def dawn(self, day: int) -> None:
        """Begin a day; on those of an accident the site answers wrongly."""
        self.site.day = day
        self.site.accident = self._wrong_answer if day in self.case.days else _no_answer

    def _wrong_answer(self, path: str) -> Answer | None:
        accident, site = self.case.accident, self.site
        if accident is None:
            return None
        for beginning, answer in accident.elsewhere.items():
            is_hit = path == site.design.list_path if beginning == "list" else path.startswith(beginning)
            if is_hit:
                return answer(site)
        for beginning, page in accident.numbered.items():
            if path.startswith(beginning) and path.removeprefix(beginning).isdigit():
                return page(site, int(path.removeprefix(beginning)))
        if path == "/robots.txt":
            return None
        for number, victim in enumerate(self.victims):
            if path == victim.path or (path == victim.copy and self.case.seed % 2):
                return accident.answer(self._place(victim, number))
        return accident.answer(self._place(self.victims[0], 0)) if self.case.share == "site" else None

    def _place(self, victim: Publication, number: int) -> Place:
        return Place(
            site=self.site, publication=victim, number=number, victims=self.victims, seed=str(self.case.seed)
        )


def _no_answer(_path: str) -> Answer | None:
    return None


@contextmanager
def open_world(case: Case, site_id: str) -> Iterator[World]:
    """Serve the site of *case* while the block runs."""
    with HostileSite() as server:
        seed = f"{case.kind}/{case.seed}"
        site, chance = make_site(site_id, server, seed), Random(f"{seed}/victims")
        victims = tuple(chance.sample(site.publications, SHARES[case.share]))
        if truth := TRUTHS.get(case.kind):
            truth.make(site, victims, case.days[0], chance)
        elif case.accident and case.accident.is_of_newcomers:
            victims = _newcomers(site, len(victims), case.days[0])
        elif case.days[0] and case.seed % EDITS_EVERY == 0:
            _edit_some(site, victims, case.days[0], chance)
        elif case.days[0] and case.seed % EDITS_EVERY == 1:
            _newcomers(site, 1, case.days[0])
        if case.accident and case.seed % COPIES_EVERY == 0:
            add_copies(site)
        yield World(case, site, victims)


def _newcomers(site: Site, count: int, day: int) -> tuple[Publication, ...]:
    """Add *count* releases that are listed from *day* on."""
    added = []
    for number, text in enumerate(site.strangers[:count]):
        path = new_path(site, number, text)
        added.append(Publication(path=path, versions={0: text}, listed_from=day))
    site.publications += added
    return tuple(added)


def _edit_some(site: Site, victims: tuple[Publication, ...], day: int, chance: Random) -> None:
    """Edit one release that is ill and one that is not."""
    healthy = [one for one in site.publications if one not in victims]
    for one in (victims[0], *healthy[:1]):
        edited: Text = one.on(day).with_more(chance)
        one.versions[day] = edited
