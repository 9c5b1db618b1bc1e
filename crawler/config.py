"""What config.toml says of the crawl: where the data lives, the sites, the templates, politeness."""

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, model_validator

from crawler.patterns import Pattern

Language = Literal["lv", "en", "ru"]
DateOrder = Literal["DMY", "MDY", "YMD"]
Selectors = tuple[str, ...]
Seconds = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(gt=0, le=1)]

SectionT = TypeVar("SectionT", bound=BaseModel)


class ConfigError(Exception):
    """A settings file is missing or wrong; the message names file, key and value."""


class Section(BaseModel):
    """A table of config.toml: no unknown keys, no changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Template(Section):
    """How to read one family of pages; selectors are CSS, the first that finds something wins."""

    release: Selectors = ()
    """A page with one of these is a release even where it names no date and no list led to it."""
    paths: tuple[Pattern, ...] = ()
    """Regular expressions: evidence like `release`, by the path; never a reason to refuse a page."""
    links: Selectors = ()
    """Links to releases on a list page."""
    list_date: Selectors = ()
    """The date beside such a link, inside the same row."""
    rows: Selectors = ()
    """A row of a list page, which holds one link and its date."""
    next_page: Selectors = ()
    """Links to further list pages; `?page=N` is followed without."""
    title: Selectors = ("h1",)
    lead: Selectors = ()
    lead_is_first_paragraph: bool = False
    """Where no element of its own holds the lead."""
    body: Selectors = ()
    """Tried before the densest text of the page."""
    general: bool = False
    """Pages of no known family: the text is what trafilatura takes for it, where `body` finds none."""
    published: Selectors = ()
    updated: Selectors = ()
    """Where the page says when it was updated; never taken for the publication date."""
    category: Selectors = ()
    contact: Selectors = ()
    """Contact blocks that stand in an element of their own."""
    attachments: Selectors = ()
    captions: Selectors = ()
    """Image captions and credits: left out of the body and of the language decision."""
    drop: Selectors = ()
    """Removed before the body is read."""
    date_order: dict[Language, DateOrder] = {"lv": "DMY", "en": "DMY", "ru": "DMY"}
    valid_from: date | None = None
    valid_until: date | None = None
    """Days on which pages fetched are read by this template; both ends included."""


class Site(Section):
    """One institution's release lists, as configured."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    ministry: str
    """The institution's name as shown and filtered by."""
    template: str
    """A key of [crawler.templates]; `tvp` or, where pages of several ages stand side by side, the newest."""
    older_templates: tuple[str, ...] = ()
    """Templates tried, in order, on pages that `template` does not recognise."""
    start: tuple[HttpUrl, ...]
    """List pages, newest releases first."""
    feeds: tuple[HttpUrl, ...] = ()
    sitemaps: tuple[HttpUrl, ...] = ()
    hosts: tuple[str, ...] = ()
    """Further hosts of the same site (`www2.mfa.gov.lv`); those of the URLs above are known."""
    allow: tuple[Pattern, ...] = ()
    """Regular expressions: a release's path matches one of them; empty: any path."""
    deny: tuple[Pattern, ...] = ()
    """Regular expressions: paths never asked."""
    list_pages_max: Annotated[int, Field(ge=1)] = 500
    delay_s: Seconds | None = None
    """Between two requests to a host of the site; unset: [crawler.politeness] delay_s."""
    enabled: bool = True


class Politeness(Section):
    """How the crawler behaves towards every site."""

    user_agent: str = "preses-relizes/0.1 (+https://example.org/bot; bot@example.org)"
    delay_s: Seconds = 2.0
    hosts_at_once: Annotated[int, Field(ge=1, le=64)] = 8
    requests_per_s: Annotated[float, Field(gt=0)] = 10.0
    """Cap over all hosts together: the shared platform may share servers."""
    crawl_delay_max_s: Seconds = 30.0
    """A longer Crawl-delay in robots.txt is obeyed up to here."""
    robots_ttl_h: Annotated[float, Field(gt=0, le=24)] = 24.0
    quiet_from: time | None = None
    quiet_until: time | None = None
    """No requests in these hours, Europe/Riga."""


class Limits(Section):
    """Bounds on one fetch and on one host."""

    connect_s: Seconds = 10.0
    read_s: Seconds = 20.0
    total_s: Seconds = 30.0
    wire_bytes: Annotated[int, Field(ge=1024)] = 5_000_000
    page_bytes: Annotated[int, Field(ge=1024)] = 8_000_000
    """After decompression."""
    redirects: Annotated[int, Field(ge=0)] = 10
    tries: Annotated[int, Field(ge=1)] = 4
    backoff_s: Seconds = 1.0
    """Before the second try, doubled with each further one, and varied by half."""
    retry_after_max_s: Seconds = 300.0
    """A longer Retry-After leaves the host for later."""
    failures_in_a_row: Annotated[int, Field(ge=1)] = 5
    """After so many the host is left for the next run."""


class Recheck(Section):
    """How often known pages are asked again."""

    age_share: Annotated[float, Field(gt=0, le=1)] = 0.1
    """A page is due again after this share of the time for which it has not changed."""
    at_most_d: Annotated[float, Field(gt=0)] = 60.0
    """However old, a page is due again after so many days."""
    early_per_day: Annotated[int, Field(ge=0)] = 2000
    """So many pages a site and day are asked before they are due, those due soonest first."""


class Guards(Section):
    """What a crawl does not believe of a site without `crawl --accept-loss SITE`."""

    loss_share: Share = 0.3
    """More of a site's releases missing at once."""
    change_share: Share = 0.5
    """More of a site's releases changed at once."""
    area_misses: Annotated[int, Field(ge=1)] = 100
    """So many addresses of one folder in a row without a new release: the rest of it is left."""
    new_at_once: Annotated[int, Field(ge=1)] = 5_000
    """New releases asked of a known site in a crawl, or as many as are known; the rest waits for the next."""
    urls_per_site: Annotated[int, Field(ge=1)] = 200_000
    """Addresses remembered for a site."""


class CrawlerConfig(Section):
    """[crawler]: sites, templates, politeness."""

    politeness: Politeness = Politeness()
    limits: Limits = Limits()
    recheck: Recheck = Recheck()
    guards: Guards = Guards()
    allow_origins: tuple[str, ...] = ()
    """Origins (`127.0.0.1:8101`) that may be asked although their address is not public."""
    templates: dict[str, Template] = {}
    sites: tuple[Site, ...] = ()

    @model_validator(mode="after")
    def _sites_name_templates(self) -> "CrawlerConfig":
        for site in self.sites:
            for template in (site.template, *site.older_templates):
                if template not in self.templates:
                    raise ValueError(
                        f"site {site.id!r} names template {template!r}, which is not in [crawler.templates]"
                    )
        return self


class Storage(Section):
    """The top level of config.toml."""

    data_dir: Path = Path("data")

    @property
    def store_path(self) -> Path:
        """Where the releases are: the one file that cannot be rebuilt."""
        return self.data_dir / "releases.sqlite3"

    @property
    def reports_dir(self) -> Path:
        """Where each crawl leaves its report."""
        return self.data_dir / "reports"

    @property
    def index_dir(self) -> Path:
        """Where the index generations are."""
        return self.data_dir / "index"


def load(path: Path) -> tuple[Storage, CrawlerConfig]:
    """Read the data directory and the crawler's settings from the TOML file at *path*.

    Raises:
        ConfigError: the file is missing or no TOML, or a key is unknown, missing or of the wrong type.
    """
    return load_storage(path), load_section(path, "crawler", CrawlerConfig)


def load_storage(path: Path) -> Storage:
    """Read where the data lives; a relative ``data_dir`` counts from the folder of the file at *path*."""
    top = {key: value for key, value in _toml(path).items() if key not in SECTIONS}
    storage = _validated(path, "", Storage, top)
    return storage.model_copy(update={"data_dir": path.absolute().parent / storage.data_dir})


SECTIONS = ("crawler", "index", "searcher")


def load_section(path: Path, name: str, model: type[SectionT]) -> SectionT:
    """Read the table *name* of the TOML file at *path* as a *model*.

    Raises:
        ConfigError: as `load`.
    """
    return _validated(path, name, model, _toml(path).get(name, {}))


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error


def _validated(path: Path, name: str, model: type[SectionT], table: object) -> SectionT:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in (name, *first["loc"]) if part != "")
        shown = (
            "" if first["type"] in ("missing", "extra_forbidden", "value_error") else f" = {first['input']!r}"
        )
        reason = {"missing": "missing", "extra_forbidden": "no such option"}.get(
            first["type"], first["msg"].removeprefix("Value error, ")
        )
        raise ConfigError(f"{path}: {key}{shown}: {reason}") from error
