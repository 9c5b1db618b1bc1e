"""The tables of config.toml for the crawler: data directory, politeness, limits, templates, sites."""

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
    StampAuthority,
    UserAgent,
    WebAddress,
)

# TOML has types: neither "4" nor true is a number, and 7 is not a time of day.
Count = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True)]
Switch = Annotated[bool, Field(strict=True)]
Day = Annotated[date, Field(strict=True)]
TimeOfDay = Annotated[time, Field(strict=True)]


Language = Literal["lv", "en", "ru"]
DateOrder = Literal["DMY", "MDY", "YMD"]
FieldPath = Annotated[str, Field(pattern=r"^[^{}\s]*$", max_length=200)]
"""A path to a value in JSON, such as `data.0.title`."""
Selectors = tuple[Selector, ...]
Patterns = tuple[Pattern, ...]
Seconds = Annotated[Number, Field(ge=0, le=86_400)]
Timeout = Annotated[Number, Field(gt=0, le=3_600)]
Share = Annotated[Number, Field(gt=0, le=1)]

PLACEHOLDER = "example.org"
"""The placeholder for the operator's address in the shipped settings."""
USER_AGENT = f"preses-relizes/{{version}} (+https://{PLACEHOLDER}/bot; bot@{PLACEHOLDER})"


class Section(BaseModel):
    """A table of config.toml: no unknown keys, no changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class JsonList(Section):
    """Where the releases are in a list that is JSON; paths are names and places, separated by dots."""

    items: FieldPath = ""
    """The list of releases; empty: the whole answer is one."""
    url: Line
    """The address of a release; text with paths in braces makes one: `/zinas/{slug}`."""
    title: FieldPath = ""
    published: FieldPath = ""
    next_page: FieldPath = ""
    """The address of the next list page, from the root; `?page=N` is followed anyway."""


class Template(Section):
    """How to extract one family of pages; selectors are CSS, and the first match wins."""

    extends: str = ""
    """The built-in template from which the table takes what it leaves out; empty: none."""
    release: Selectors = ()
    """A page that matches is a release, even without a date or a list that links to it."""
    paths: Patterns = ()
    """Regular expressions: a path that matches is evidence like `release`; any other is no evidence."""
    links: Selectors = ()
    """Links to releases on a list page."""
    list_date: Selectors = ()
    """The date beside such a link, in the same row."""
    rows: Selectors = ()
    """A row of a list page: one link and its date."""
    next_page: Selectors = ()
    """Links to further list pages; `?page=N` is followed anyway."""
    json_list: JsonList | None = None
    """For a list page that is JSON, which scripts show as a list."""
    pdf: Switch = False
    """True: a PDF is a release, too, not only a file that a release links to."""
    title: Selectors = ("h1",)
    lead: Selectors = ()
    lead_is_first_paragraph: Switch = False
    """True if the lead has no element of its own."""
    body: Selectors = ()
    """Tried before the densest text of the page."""
    general: Switch = False
    """True for pages of no known family: if `body` does not match, trafilatura finds the text."""
    published: Selectors = ()
    updated: Selectors = ()
    """The date of the last update; never used as the publication date."""
    category: Selectors = ()
    contact: Selectors = ()
    """Contact blocks in an element of their own."""
    attachments: Selectors = ()
    captions: Selectors = ()
    """Image captions and credits: ignored in the body and in language detection."""
    drop: Selectors = ()
    """Removed before the body is extracted."""
    date_order: dict[Language, DateOrder] = {"lv": "DMY", "en": "DMY", "ru": "DMY"}
    valid_from: Day | None = None
    valid_until: Day | None = None
    """The template applies to pages fetched between these days, inclusive."""


class Site(Section):
    """One institution's release lists, as configured."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
    ministry: Line
    """The institution's name, as shown and used in filters."""
    template: str
    """A key of [crawler.templates]; the newest one if pages of the site have the markup of several ages."""
    older_templates: tuple[str, ...] = ()
    """Further templates, tried in order on pages that `template` does not recognise."""
    start: tuple[WebAddress, ...]
    """List pages, newest releases first."""
    feeds: tuple[WebAddress, ...] = ()
    sitemaps: tuple[WebAddress, ...] = ()
    hosts: tuple[Host, ...] = ()
    """Further hosts of the site (`www2.mfa.gov.lv`), besides those of the URLs above."""
    allow: Patterns = ()
    """Regular expressions: the path of a release must match one; empty: any path."""
    deny: Patterns = ()
    """Regular expressions: paths that are never fetched, and no release is stored under."""
    list_pages_max: Annotated[Count, Field(ge=1, le=1_000_000)] = 500
    delay_s: Seconds | None = None
    """Seconds between two requests to a host of the site; unset: delay_s of [crawler.politeness]."""
    enabled: Switch = True


class Politeness(Section):
    """How the crawler behaves towards every site."""

    user_agent: UserAgent = Field(default=USER_AGENT, validate_default=True)
    delay_s: Seconds = 2.0
    hosts_at_once: Annotated[Count, Field(ge=1, le=64)] = 8
    requests_per_s: Annotated[Number, Field(ge=0.001)] = 10.0
    """Maximum rate over all hosts together, because sites of the shared platform may share servers."""
    crawl_delay_max_s: Seconds = 30.0
    """A longer Crawl-delay in robots.txt is capped at this."""
    robots_ttl_h: Annotated[Number, Field(gt=0, le=24)] = 24.0
    quiet_from: TimeOfDay | None = None
    quiet_until: TimeOfDay | None = None
    """No requests between these times of day in Riga."""


class Limits(Section):
    """Bounds on one fetch and on one host."""

    connect_s: Timeout = 10.0
    read_s: Timeout = 20.0
    total_s: Timeout = 30.0
    wire_bytes: Annotated[Count, Field(ge=1024, le=1_000_000_000)] = 5_000_000
    page_bytes: Annotated[Count, Field(ge=1024, le=1_000_000_000)] = 8_000_000
    """After decompression."""
    feed_bytes: Annotated[Count, Field(ge=1024, le=1_000_000_000)] = 20_000_000
    """Of a feed or sitemap, on the wire and after decompression; a longer one is cut there."""
    redirects: Annotated[Count, Field(ge=0, le=100)] = 10
    tries: Annotated[Count, Field(ge=1, le=20)] = 4
    backoff_s: Seconds = 1.0
    """Seconds before the second attempt; doubled for each further one, with a jitter of one half."""
    retry_after_max_s: Seconds = 300.0
    """A host that asks for a longer pause is left alone until it is over, for at most a day."""
    failures_in_a_row: Annotated[Count, Field(ge=1, le=1_000_000)] = 5
    """After this many consecutive failures, the origin is skipped for the rest of the run."""
    site_h: Annotated[Number, Field(gt=0, le=8760)] = 12.0
    """Maximum number of hours per site in a run; the next run continues."""


class Recheck(Section):
    """How often known pages are fetched again."""

    age_share: Share = 0.1
    """A page is due again after this share of the time since its last change."""
    at_most_d: Annotated[Number, Field(gt=0, le=36_500)] = 60.0
    """Maximum number of days until a page is due again."""
    early_per_day: Annotated[Count, Field(ge=0, le=100_000_000)] = 2000
    """Maximum number of pages per site and day that are fetched before they are due, earliest first."""


class Guards(Section):
    """Limits on the changes of a site that are accepted without `crawl --accept-loss SITE`."""

    loss_share: Share = 0.3
    """Maximum share of a site's releases missing at once."""
    change_share: Share = 0.5
    """Maximum share of a site's releases changed at once."""
    strange_after_d: Annotated[Count, Field(ge=1, le=36_500)] = 14
    """Days after which a page that does not show its release is believed."""
    fault_share: Share = 0.05
    """Maximum share of a run's pages on which the extractor may fail."""
    area_misses: Annotated[Count, Field(ge=1, le=100_000_000)] = 100
    """After this many consecutive URLs of a folder without a release, only its known releases are fetched."""
    misses_at_once: Annotated[Count, Field(ge=1, le=100_000_000)] = 2_000
    """Maximum number of pages without a release that one crawl of a site reads."""
    new_at_once: Annotated[Count, Field(ge=1, le=100_000_000)] = 5_000
    """Maximum number of new releases of a known site per crawl, or of its known ones if more."""
    urls_per_site: Annotated[Count, Field(ge=1, le=100_000_000)] = 200_000
    """Maximum number of URLs in the frontier of a site."""


class CrawlerConfig(Section):
    """[crawler]: sites, templates, politeness."""

    politeness: Politeness = Politeness()
    limits: Limits = Limits()
    recheck: Recheck = Recheck()
    guards: Guards = Guards()
    allow_origins: tuple[AllowedOrigin, ...] = ()
    """Origins (`127.0.0.1:8101`) that may be fetched even if their address is not public."""
    tls_ca: FilePath = Path()
    """A file of certificate authorities (PEM) that are trusted besides the usual ones; "": none."""
    stamp_authority: StampAuthority = ""
    """The address of a time stamp authority (RFC 3161) that stamps checkpoints of the log; "": none."""
    built_in_sites: tuple[str, ...] = ()
    """IDs of the built-in institutions to crawl, or `all`."""
    templates: dict[Line, Template] = {}
    """The built-in ones and the operator's own."""
    sites: tuple[Site, ...] = ()


class Storage(Section):
    """The keys at the top of config.toml, outside its tables."""

    data_dir: FilePath = Path("data")

    @property
    def store_path(self) -> Path:
        """The store of releases: the only file that cannot be rebuilt."""
        return self.data_dir / "releases.sqlite3"

    @property
    def reports_dir(self) -> Path:
        """The folder of crawl reports."""
        return self.data_dir / "reports"

    @property
    def log_dir(self) -> Path:
        """The folder of the keys and the last checkpoint of the log of versions."""
        return self.data_dir / "log"

    @property
    def index_dir(self) -> Path:
        """The folder of index generations."""
        return self.data_dir / "index"
