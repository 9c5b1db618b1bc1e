"""The content of the sample sites on their first and second day, read from data files."""

import re
import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SampleLanguage = Literal["lv", "en", "ru"]
DemoDay = Literal[1, 2]

HERE = Path(__file__).parent
ATTACHMENTS = HERE / "attachments"
# Time of the second day's edits: after every release of the first day.
SECOND_DAY = datetime(2026, 9, 1, 18, 0, tzinfo=UTC)


class SampleModel(BaseModel):
    """A table of a data file; immutable, without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SampleAttachment(SampleModel):
    """A file that a release links to."""

    title: str
    file: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.(pdf|docx)$")]

    @property
    def path(self) -> str:
        """Its path on every site: a number without extension, as on the shared platform."""
        return f"/lv/media/{zlib.crc32(self.file.encode()) % 90_000 + 1_000}/download"


class SampleRelease(SampleModel):
    """A release as in its data file; README.md lists the keys."""

    path: Annotated[str, Field(pattern=r"^/[!-~]+$")]
    language: SampleLanguage
    title: str
    published: date
    category: str = ""
    lead: str = ""
    body: str
    contact: str = ""
    contact_place: Literal["end", "top"] = "end"
    captions: tuple[str, ...] = ()
    image_alt: str = ""
    attachments: tuple[SampleAttachment, ...] = ()
    translation: str = ""
    moved_from: tuple[str, ...] = ()
    updated: date | None = None
    machine_translated: bool = False

    @property
    def at(self) -> datetime:
        """The publication time (UTC), in office hours, the same on every run."""
        minute = zlib.crc32(self.path.encode()) % 480
        return datetime.combine(self.published, time(7), UTC) + timedelta(minutes=minute)


class Markup(SampleModel):
    """The paths of list pages and feeds of a family of sites, by language."""

    lists: dict[SampleLanguage, str]
    feeds: dict[SampleLanguage, str]


class SampleSite(SampleModel):
    """One sample site; sites.toml explains the keys."""

    id: str
    institution: str
    markup: str
    port: int
    feed: Literal["none", "items", "empty"] = "none"
    sitemap: bool = False
    page_size: Annotated[int, Field(ge=1)] = 10
    crawl_delay_s: float | None = None
    missing: Literal["hard", "soft"] = "hard"
    gone: Literal[404, 410] = 404
    date_markup: Literal["time", "label"] = "time"


class SitesFile(SampleModel):
    """The contents of sites.toml."""

    markups: dict[str, Markup]
    sites: tuple[SampleSite, ...]


@dataclass(frozen=True)
class Content:
    """Everything that one site publishes on one day."""

    site: SampleSite
    markup: Markup
    releases: dict[str, SampleRelease]
    """By the name of the data file; newest first."""
    first_day: dict[str, SampleRelease]

    @cached_property
    def by_path(self) -> dict[str, SampleRelease]:
        """The releases by path and query."""
        return {release.path: release for release in self.releases.values()}

    @cached_property
    def moved(self) -> dict[str, str]:
        """New paths by old paths."""
        return {old: release.path for release in self.releases.values() for old in release.moved_from}

    @cached_property
    def gone(self) -> frozenset[str]:
        """Paths of the removed releases."""
        names = self.first_day.keys() - self.releases.keys()
        return frozenset(self.first_day[name].path for name in names)

    @cached_property
    def languages(self) -> tuple[SampleLanguage, ...]:
        """The languages that the site publishes in."""
        used = {release.language for release in self.releases.values()}
        return tuple(language for language in self.markup.lists if language in used)

    @cached_property
    def attachments(self) -> dict[str, SampleAttachment]:
        """The files that releases link to, by path."""
        return {file.path: file for release in self.releases.values() for file in release.attachments}

    @cached_property
    def modified(self) -> datetime:
        """When the site last changed."""
        if self.releases != self.first_day:
            return SECOND_DAY
        return max((self.modified_at(release) for release in self.releases.values()), default=SECOND_DAY)

    def modified_at(self, release: SampleRelease) -> datetime:
        """Return when *release* last changed."""
        if release not in self.first_day.values():
            return SECOND_DAY
        if release.updated:
            return datetime.combine(release.updated, release.at.timetz())
        return release.at

    def in_language(self, language: SampleLanguage) -> list[SampleRelease]:
        """Return the releases in *language*, newest first."""
        return [release for release in self.releases.values() if release.language == language]

    def translations(self, release: SampleRelease) -> list[SampleRelease]:
        """Return *release* in the site's other languages."""
        name = next(name for name, other in self.releases.items() if other is release)
        return translations(self.releases, name)

    def related(self, release: SampleRelease) -> list[SampleRelease]:
        """Return three older releases, as an editor picked them on the first day."""
        older = (
            other
            for other in self.first_day.values()
            if other.language == release.language and other.at < release.at
        )
        return [other for other, _ in zip(older, range(3), strict=False)]


def load_sites() -> SitesFile:
    """Read sites.toml."""
    return SitesFile.model_validate(_toml(HERE / "sites.toml"))


def load_content(site: SampleSite, markup: Markup, day: DemoDay) -> Content:
    """Read the content of *site* on *day*."""
    first_day = load_releases(HERE / "releases" / site.id)
    releases = first_day
    if day == 2:
        edited = load_releases(HERE / "second-day" / site.id)
        removed = removed_names(site.id)
        releases = {name: one for name, one in (first_day | edited).items() if name not in removed}
    return Content(
        site=site, markup=markup, releases=_newest_first(releases), first_day=_newest_first(first_day)
    )


def load_releases(folder: Path) -> dict[str, SampleRelease]:
    """Read the releases in *folder*, by file name without `.toml`; none if the folder is missing."""
    return {path.stem: SampleRelease.model_validate(_toml(path)) for path in sorted(folder.glob("*.toml"))}


def translations(releases: Mapping[str, SampleRelease], name: str) -> list[SampleRelease]:
    """Return the release *name* in other languages. Only one of two translations needs to name the other."""
    linked = {name, releases[name].translation} - {""}
    return [
        other
        for other_name, other in releases.items()
        if other_name != name and (other_name in linked or other.translation in linked)
    ]


def removed_names(site_id: str) -> frozenset[str]:
    """Return the names of the releases that the site removes on the second day."""
    lines = (HERE / "second-day" / "removed.txt").read_text(encoding="utf-8").split()
    return frozenset(line.removeprefix(f"{site_id}/") for line in lines if line.startswith(f"{site_id}/"))


def paragraphs(text: str) -> list[list[str]]:
    """Split *text* at empty lines; a paragraph is the list of its lines."""
    return [part.splitlines() for part in re.split(r"\n\s*\n", text.strip()) if part]


def _newest_first(releases: dict[str, SampleRelease]) -> dict[str, SampleRelease]:
    return dict(sorted(releases.items(), key=lambda item: item[1].at, reverse=True))


def _toml(path: Path) -> dict[str, object]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
