"""A world of two to eight sites on loopback; a seed determines it completely."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Self

from tests.storm import sites
from tests.storm.markup import Text
from tests.storm.place import PageFilter, Place
from tests.storm.sites import LIST_PAGES_MAX, Honest, Site
from tests.support.hostile_site import HostileSite

LIVING_SHARE = 0.75
EVERYTHING = PageFilter()
# Short, so that a silent site costs seconds, not minutes.
LIMITS = """
[crawler.politeness]
delay_s = 0
requests_per_s = 1000
crawl_delay_max_s = 0.02
[crawler.limits]
connect_s = 1
read_s = 1
total_s = 3
tries = 2
backoff_s = 0.05
retry_after_max_s = 1
[crawler.recheck]
early_per_day = 100000
[crawler.guards]
area_misses = 50
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A release that must be found after a crawl."""

    site: str
    url: str
    text: Text


class World:
    """The sites, and the canary and files that nobody may touch; ``day`` is advanced by hand."""

    def __init__(
        self, seed: int, folder: Path, *, nasty_max: int = 25, page_filter: PageFilter = EVERYTHING
    ) -> None:
        self.seed, self.folder, self.day = seed, folder, 0
        self._chance, self._nasty_max, self._page_filter = Random(seed), nasty_max, page_filter
        self._stack = ExitStack()
        self.canary = HostileSite()
        self.sites: list[Site] = []
        self._closing: list[ExitStack] = []

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._stack.enter_context(self.canary)
        count = self._chance.randint(2, 8)
        for number in range(count):
            running = ExitStack()
            self._stack.callback(running.close)
            server = running.enter_context(HostileSite())
            chance = Random(f"{self.seed}/{number}")
            living = number == 0 or chance.random() < LIVING_SHARE
            dying = "" if living else chance.choice(sites.DYING)
            design = sites.design(chance)
            if dying == "closed":
                self._closing.append(running)
            self.sites.append(
                Site(f"s{number}", server, server.origin, chance, design, lambda: self.day, dying=dying)
            )
        self._fill()
        for running in self._closing:
            running.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Files that no page may cause to be opened: a list of URLs, and a FIFO without a writer."""
        listed, fifo = self.folder / "stolen.xml", self.folder / "fifo"
        urls = "".join(f"<url><loc>http://{site.origin}/stolen</loc></url>" for site in self.sites)
        listed.write_text(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')
        os.mkfifo(fifo)
        return listed, fifo

    def _fill(self) -> None:
        for site in self.sites:
            site.add_honest(site.chance.randint(4, 15))
        if self._page_filter.allows("move"):
            self._move_and_copy()
        releases = tuple(f"http://{site.origin}{one.path}" for site in self.sites for one in site.honest)
        for site in self.sites:
            place = Place(
                chance=site.chance,
                origin=site.origin,
                releases=releases,
                others=tuple(other.origin for other in self.sites if other is not site),
                canary=self.canary.origin,
                page_filter=self._page_filter,
                files=self.files,
            )
            site.add_nasty(place, site.chance.randint(1, self._nasty_max))
            site.add_lists(place)
            if site.dying:
                sites.die(site, place)

    def _move_and_copy(self) -> None:
        """Move one release to another site on the second day, and publish one on two sites."""
        old, new = self._chance.sample(self.sites, 2)
        moved = old.honest[0]
        path = f"{new.design.release_path}no-{old.id}"
        script = old.server.scripts[moved.path]
        old.server.scripts[moved.path] = lambda visit: (
            script(visit)
            if self.day == 0
            else visit.send(
                f"HTTP/1.1 301 Moved\r\nlocation: http://{new.origin}{path}\r\ncontent-length: 0\r\n\r\n"
            )
        )
        moved.days = range(1)
        new.publish(Honest(path, moved.text, range(1, 99)))
        copied = self._chance.choice(old.honest[1:])
        new.publish(Honest(f"{new.design.release_path}kopa", copied.text, range(99)))

    def expected(self) -> Iterator[Expected]:
        """Yield the releases that must be found after a crawl on this day."""
        for site in self.sites:
            for one in site.honest if not site.dying else ():
                if self.day in one.days:
                    yield Expected(site=site.id, url=f"http://{site.origin}{one.path}", text=one.text)

    @property
    def origins(self) -> frozenset[str]:
        """The hosts and ports that may be contacted."""
        return frozenset(site.origin for site in self.sites)

    def config(self) -> Path:
        """Write the settings for a crawl of all sites into the folder; return their path."""
        tables = [f'data_dir = "data"\n[crawler]\nallow_origins = {json.dumps(sorted(self.origins))}', LIMITS]
        tables += [_table(site) for site in self.sites]
        path = self.folder / "config.toml"
        path.write_text("\n".join(tables), encoding="utf-8")
        return path

    def recipe(self) -> Iterator[str]:
        """Yield the content of each path, one line each."""
        for site in self.sites:
            how = site.dying or "living"
            yield f"{site.id} {site.origin} {site.design.template}, {how}, starts {site.starts}"
            yield from (f"{site.id}   {path}: {name}" for path, name in site.nasties)


def _table(site: Site) -> str:
    def urls(paths: list[str]) -> str:
        return json.dumps([f"http://{site.origin}{path}" for path in paths])

    return (
        f'[[crawler.sites]]\nid = "{site.id}"\nministry = "Ministrija {site.id}"\n'
        f'template = "{site.design.template}"\n'
        f"list_pages_max = {LIST_PAGES_MAX}\nstart = {urls(site.starts)}\nfeeds = {urls(site.feeds)}\n"
        f"sitemaps = {urls(site.sitemaps)}\n"
    )
