"""The [searcher] section of config.toml."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from index.config import Count, Line, Number, Section, load_section

# A name of labels, or an IPv4 or IPv6 address; "" is every address of the machine.
_HOST = r"^(?:[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*|[0-9A-Fa-f:.]+)?$"
_PREFIX = r"^(?:/[A-Za-z0-9._~-]+)*$"
_FILE = r"^[^\x00-\x1f\x7f]*$"
_PRINTED = re.compile(r"[!-;=?-~]+").fullmatch
_MAIL = r"^(?:[^@\s]+@[^@\s]+)?$"


def _public_origin(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/?#@]+", text):
        raise ValueError("not scheme and host alone, e.g. https://relizes.example.lv; url_prefix is the path")
    return text


def _https_address(url: str) -> str:
    """Return the address of a text, which pages link: nothing of it can run in a browser."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or not _PRINTED(url):
        raise ValueError("not an address such as https://likumi.lv/ta/id/57207")
    return url


class SubscriptionSettings(Section):
    """[searcher.subscriptions]: whether anyone may subscribe by mail, and the limits of that."""

    enabled: bool = False
    """Whether pages have the button; needs ``base_url``, the key, the mail server and the extra ``mail``."""
    mail: Annotated[str, Field(pattern=_FILE, min_length=1, max_length=500)] = "digest.toml"
    """The file whose table ``[mail]`` names the mail server; only `releases mail` reads it."""
    key: Annotated[str, Field(pattern=_FILE, min_length=1, max_length=500)] = "subscriptions.key"
    """The file of the key that encrypts addresses; `releases init-mail` makes it."""
    unconfirmed_d: Annotated[Count, Field(ge=1, le=30)] = 3
    """Days after which a subscription that was not confirmed is deleted."""
    per_address: Annotated[Count, Field(ge=1, le=1000)] = 20
    """Subscriptions of one address."""
    per_network: Annotated[Count, Field(ge=1, le=100_000)] = 20
    """Forms from one network on a day."""
    per_day: Annotated[Count, Field(ge=1, le=1_000_000)] = 2000
    """Forms on a day."""


class SearcherConfig(Section):
    """[searcher]: where it listens, and what one request may cost."""

    host: Annotated[str, Field(pattern=_HOST, max_length=253)] = "127.0.0.1"
    port: Annotated[Count, Field(ge=1, le=65535)] = 8000
    processes: Annotated[Count, Field(ge=0, le=64)] = 0
    """Worker processes; 0: one for each processor, at most four."""
    threads: Annotated[Count, Field(ge=1, le=64)] = 4
    """Threads of each process: one answers, the others take requests that wait too long."""
    connections_max: Annotated[Count, Field(ge=10, le=1_000_000)] = 1000
    """Open connections of each process; when all are taken, the longest idle ones are closed."""
    trusted_hosts: tuple[Line, ...] = ()
    """Accepted host names, ``.example.lv`` with all subdomains; empty: any."""
    proxies: Annotated[Count, Field(ge=0, le=10)] = 0
    """Number of reverse proxies whose ``X-Forwarded-*`` headers are trusted."""
    answer_s: Annotated[Number, Field(ge=0.05, le=60)] = 1.0
    """CPU seconds that one answer may take before it fails with 503."""
    per_page: Annotated[Count, Field(ge=1, le=100)] = 10
    """Hits on a page if the request does not say."""
    verify_every_h: Annotated[Number, Field(gt=0, le=8760)] = 1.0
    """Hours between two verifications of the index files by their checksums."""
    base_url: Annotated[str, Field(max_length=500), AfterValidator(_public_origin)] = ""
    """Scheme and host of the public address, for links of sitemaps, feeds and mail. Empty: no sitemaps."""
    url_prefix: Annotated[str, Field(pattern=_PREFIX, max_length=200)] = ""
    """The path below which the service is published, such as ``/relizes``. Empty: the root of its host."""
    access_log: Annotated[str, Field(pattern=_FILE, max_length=500)] = ""
    """A file that gets a JSON line for each request; "-": standard output. Empty: none."""
    crawl_age_max_h: Annotated[Number, Field(ge=0, le=8760)] = 72.0
    """Hours since the last crawl after which ``/readyz`` answers 503; 0: any."""
    query_log: Annotated[str, Field(pattern=_FILE, max_length=500)] = ""
    """A file in which searches are counted anonymously. Empty: they are not counted."""
    queries_shown_after_d: Annotated[Count, Field(ge=2, le=60)] = 3
    """Different days on which a query must have been asked before its text is kept and shown."""
    queries_shown_after: Annotated[Count, Field(ge=2, le=1000)] = 5
    """Searches for it in all before its text is kept and shown."""
    queries_kept_d: Annotated[Count, Field(ge=7, le=366)] = 90
    """Days after which counts are forgotten."""
    mcp: bool = False
    """Whether assistants can search at ``/mcp``; needs the extra ``mcp``."""
    indexing: Literal["none", "pages", "all"] = "pages"
    """What search engines may index: nothing; the start page, help, institutions and releases, of which the
    original stays the canonical address; or ``all``, releases with their canonical address here."""
    service_name: Line = "Preses relīzes"
    """Shown at the top of each page."""
    contact_email: Annotated[str, Field(pattern=_MAIL, max_length=254)] = ""
    """Shown at the foot of each page, if set."""
    act_addresses: dict[
        Annotated[Line, Field(min_length=1, max_length=200)],
        Annotated[Line, Field(max_length=2000), AfterValidator(_https_address)],
    ] = Field(default_factory=dict)
    """[searcher.act_addresses]: where the text of an act is, by its name on its page."""
    subscriptions: SubscriptionSettings = SubscriptionSettings()

    @property
    def address(self) -> str:
        """The public address of the service; only its path without a ``base_url``."""
        return f"{self.base_url}{self.url_prefix}"


def load(path: Path) -> SearcherConfig:
    """Read [searcher] of the TOML file at *path*.

    Raises:
        ConfigError: the file is missing or not TOML, or a key is unknown or has the wrong type.
    """
    return load_section(path, "searcher", SearcherConfig)
