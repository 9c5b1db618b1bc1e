"""Which institutions are covered, how many of their releases are in the index, and how fresh they are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal
from unicodedata import normalize
from urllib.parse import urlsplit

from crawler.config import load
from crawler.store import LastCrawl, Store, StoreError, last_crawls
from index.engines import Engine
from index.errors import EngineError
from index.results import Coverage

Health = Literal["fresh", "troubled", "late", "unread", "empty"]
LATE = timedelta(days=3)
"""Sites are crawled daily, so an institution that was not read for longer is out of date."""
_TROUBLED_SHARE = 0.5
# Seconds after which the list is computed again, because health changes with the clock.
_CACHED_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredSite:
    """A site that the crawler is to read."""

    id: str
    ministry: str
    address: str
    """The origin of its first list page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """An institution with its releases in the index and the last crawl of its sites."""

    name: str
    sites: tuple[str, ...]
    """Site ids: those configured, or else that of the newest release."""
    address: str
    """The origin of its site; empty if no site of it is configured."""
    releases: int
    first: date | None
    """The day of its oldest release; None if none has a date."""
    last: date | None
    crawled: datetime | None
    """Start of the last crawl that read one of its sites (UTC); None if no recent crawl did."""
    health: Health
    """``troubled``: half of the pages could not be read; ``late``: not read for longer than `LATE`;
    ``unread``: no recent crawl read it; ``empty``: it has no releases; otherwise ``fresh``."""


def configured_sites(path: Path) -> tuple[ConfiguredSite, ...]:
    """Return the enabled sites of the crawler in the TOML file at *path*.

    Raises:
        ConfigError: the table of the crawler is invalid.
    """
    return tuple(
        ConfiguredSite(id=site.id, ministry=site.ministry, address=_origin(str(next(iter(site.start), ""))))
        for site in load(path)[1].sites
        if site.enabled
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


class Institutions:
    """All institutions, from the settings, the index and the store; safe to share between threads."""

    def __init__(self, engine: Engine, store: Path, sites: Sequence[ConfiguredSite]) -> None:
        self._engine, self._store = engine, store
        self._sites: dict[str, list[ConfiguredSite]] = defaultdict(list)
        for site in sites:
            self._sites[site.ministry].append(site)

    def all(self, now: datetime) -> tuple[Institution, ...]:
        """Return the institutions by name, as of *now* to the minute.

        Raises:
            EngineError: there is no index or no store, or it is damaged.
        """
        info = self._engine.info()
        return self._read(info.generation, info.number, int(now.timestamp()) // _CACHED_S)

    def names(self) -> frozenset[str]:
        """Return the institutions of the settings and of the index.

        Raises:
            EngineError: there is no index, or it is damaged.
        """
        info = self._engine.info()
        return self._names(info.generation, info.number)

    @lru_cache(2)  # noqa: B019 - an app has one and keeps it
    def _names(self, _generation: str, _number: int) -> frozenset[str]:
        return frozenset(self._sites) | {coverage.ministry for coverage in self._engine.coverage()}

    @lru_cache(2)  # noqa: B019 - an app has one and keeps it
    def _read(self, _generation: str, _number: int, minute: int) -> tuple[Institution, ...]:
        now = datetime.fromtimestamp(minute * _CACHED_S, UTC)
        covered = {coverage.ministry: coverage for coverage in self._engine.coverage()}
        crawls = self._last_crawls()
        names = sorted({*covered, *self._sites}, key=alphabetical)
        return tuple(
            _describe(name, covered.get(name), self._sites.get(name, ()), crawls, now) for name in names
        )

    def _last_crawls(self) -> Mapping[str, LastCrawl]:
        try:
            with Store.open_served(self._store) as store:
                return last_crawls(store)
        except StoreError as error:
            raise EngineError(str(error)) from error


def alphabetical(name: str) -> str:
    """Return the key of *name* that sorts Ā after A, not after Z."""
    return normalize("NFD", name.casefold())


def _describe(
    name: str,
    coverage: Coverage | None,
    sites: Sequence[ConfiguredSite],
    crawls: Mapping[str, LastCrawl],
    now: datetime,
) -> Institution:
    ids = tuple(site.id for site in sites) or ((coverage.site,) if coverage else ())
    read = [crawls[id_] for id_ in ids if id_ in crawls]
    return Institution(
        name=name,
        sites=ids,
        address=next((site.address for site in sites), ""),
        releases=coverage.releases if coverage else 0,
        first=coverage.first if coverage else None,
        last=coverage.last if coverage else None,
        crawled=max((crawl.started for crawl in read), default=None),
        health=_health(coverage, read, now),
    )


def _health(coverage: Coverage | None, crawls: Sequence[LastCrawl], now: datetime) -> Health:
    if coverage is None:
        return "empty"
    if not crawls:
        return "unread"
    last = max(crawls, key=lambda crawl: crawl.started)
    if now - last.started > LATE:
        return "late"
    failed = last.failed / (last.failed + last.read)
    return "troubled" if failed >= _TROUBLED_SHARE else "fresh"
