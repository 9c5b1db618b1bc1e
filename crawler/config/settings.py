"""What config.toml says of the crawl: where the data lives, the sites, the templates, politeness."""

from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from crawler.config.value_types import (
    AllowedOrigin,
    FilePath,
    Host,
    Line,
    Pattern,
    Selector,
    UserAgent,
    WebAddress,
)

# TOML has types: neither "4" nor true is a number, and 7 is no time of day.
Count = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True)]
Switch = Annotated[bool, Field(strict=True)]
Day = Annotated[date, Field(strict=True)]
TimeOfDay = Annotated[time, Field(strict=True)]


Language = Literal["lv", "en", "ru"]
DateOrder = Literal["DMY", "MDY", "YMD"]
Selectors = tuple[Selector, ...]
Patterns = tuple[Pattern, ...]
Seconds = Annotated[Number, Field(ge=0, le=86_400)]
Timeout = Annotated[Number, Field(gt=0, le=3_600)]
Share = Annotated[Number, Field(gt=0, le=1)]


class Section(BaseModel):
    """A table of config.toml: no unknown keys, no changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Template(Section):
    """How to read one family of pages; selectors are CSS, the first that finds something wins."""

    release: Selectors = ()
    """A page with one of these is a release even where it names no date and no list led to it."""
    paths: Patterns = ()
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
    lead_is_first_paragraph: Switch = False
    """Where no element of its own holds the lead."""
    body: Selectors = ()
    """Tried before the densest text of the page."""
    general: Switch = False
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
    valid_from: Day | None = None
    valid_until: Day | None = None
    """Days on which pages fetched are read by this template; both ends included."""


class Site(Section):
    """One institution's release lists, as configured."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
    ministry: Line
    """The institution's name as shown and filtered by."""
    template: str
    """A key of [crawler.templates]; `tvp` or, where pages of several ages stand side by side, the newest."""
    older_templates: tuple[str, ...] = ()
    """Templates tried, in order, on pages that `template` does not recognise."""
    start: tuple[WebAddress, ...]
    """List pages, newest releases first."""
    feeds: tuple[WebAddress, ...] = ()
    sitemaps: tuple[WebAddress, ...] = ()
    hosts: tuple[Host, ...] = ()
    """Further hosts of the same site (`www2.mfa.gov.lv`); those of the URLs above are known."""
    allow: Patterns = ()
    """Regular expressions: a release's path matches one of them; empty: any path."""
    deny: Patterns = ()
    """Regular expressions: paths never asked."""
    list_pages_max: Annotated[Count, Field(ge=1, le=1_000_000)] = 500
    delay_s: Seconds | None = None
    """Between two requests to a host of the site; unset: [crawler.politeness] delay_s."""
    enabled: Switch = True


class Politeness(Section):
    """How the crawler behaves towards every site."""

    user_agent: UserAgent = "preses-relizes/0.1 (+https://example.org/bot; bot@example.org)"
    delay_s: Seconds = 2.0
    hosts_at_once: Annotated[Count, Field(ge=1, le=64)] = 8
    requests_per_s: Annotated[Number, Field(ge=0.001)] = 10.0
    """Cap over all hosts together: the shared platform may share servers."""
    crawl_delay_max_s: Seconds = 30.0
    """A longer Crawl-delay in robots.txt is obeyed up to here."""
    robots_ttl_h: Annotated[Number, Field(gt=0, le=24)] = 24.0
    quiet_from: TimeOfDay | None = None
    quiet_until: TimeOfDay | None = None
    """No requests in these hours, Europe/Riga."""


class Limits(Section):
    """Bounds on one fetch and on one host."""

    connect_s: Timeout = 10.0
    read_s: Timeout = 20.0
    total_s: Timeout = 30.0
    wire_bytes: Annotated[Count, Field(ge=1024, le=1_000_000_000)] = 5_000_000
    page_bytes: Annotated[Count, Field(ge=1024, le=1_000_000_000)] = 8_000_000
    """After decompression."""
    redirects: Annotated[Count, Field(ge=0, le=100)] = 10
    tries: Annotated[Count, Field(ge=1, le=20)] = 4
    backoff_s: Seconds = 1.0
    """Before the second try, doubled with each further one, and varied by half."""
    retry_after_max_s: Seconds = 300.0
    """A longer Retry-After leaves the host for later."""
    failures_in_a_row: Annotated[Count, Field(ge=1, le=1_000_000)] = 5
    """After so many the origin is left for the next run."""
    site_h: Annotated[Number, Field(gt=0, le=8760)] = 12.0
    """For one site in a run; the rest is left for the next."""


class Recheck(Section):
    """How often known pages are asked again."""

    age_share: Share = 0.1
    """A page is due again after this share of the time for which it has not changed."""
    at_most_d: Annotated[Number, Field(gt=0, le=36_500)] = 60.0
    """However old, a page is due again after so many days."""
    early_per_day: Annotated[Count, Field(ge=0, le=100_000_000)] = 2000
    """So many pages a site and day are asked before they are due, those due soonest first."""


class Guards(Section):
    """What a crawl does not believe of a site without `crawl --accept-loss SITE`."""

    loss_share: Share = 0.3
    """More of a site's releases missing at once."""
    change_share: Share = 0.5
    """More of a site's releases changed at once."""
    fault_share: Share = 0.05
    """More of the pages read in a run without the extractor being able to: the site is not well."""
    area_misses: Annotated[Count, Field(ge=1, le=100_000_000)] = 100
    """So many addresses of one folder in a row without a new release: the rest of it is left."""
    new_at_once: Annotated[Count, Field(ge=1, le=100_000_000)] = 5_000
    """New releases asked of a known site in a crawl, or as many as are known; the rest waits for the next."""
    urls_per_site: Annotated[Count, Field(ge=1, le=100_000_000)] = 200_000
    """Addresses remembered for a site."""


class CrawlerConfig(Section):
    """[crawler]: sites, templates, politeness."""

    politeness: Politeness = Politeness()
    limits: Limits = Limits()
    recheck: Recheck = Recheck()
    guards: Guards = Guards()
    allow_origins: tuple[AllowedOrigin, ...] = ()
    """Origins (`127.0.0.1:8101`) that may be asked although their address is not public."""
    templates: dict[Line, Template] = {}
    sites: tuple[Site, ...] = ()


class Storage(Section):
    """The top level of config.toml."""

    data_dir: FilePath = Path("data")

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
