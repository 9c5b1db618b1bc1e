"""What config.toml says of the search page and its API."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from index.config import Count, Line, Number, Section, load_section

# A name of labels, or an IPv4 or IPv6 address; "" is every address of the machine.
_HOST = r"^(?:[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*|[0-9A-Fa-f:.]+)?$"
_MAIL = r"^(?:[^@\s]+@[^@\s]+)?$"


class SearcherConfig(Section):
    """[searcher]: where it listens, and how much one request may ask."""

    host: Annotated[str, Field(pattern=_HOST, max_length=253)] = "127.0.0.1"
    port: Annotated[Count, Field(ge=1, le=65535)] = 8000
    processes: Annotated[Count, Field(ge=0, le=64)] = 0
    """That answer together; 0: one for each processor, at most four."""
    threads: Annotated[Count, Field(ge=1, le=64)] = 4
    """Of each process: one answers, the others what waits while it is held up."""
    connections_max: Annotated[Count, Field(ge=10, le=1_000_000)] = 1000
    """Open connections of each process; where all are taken, who waits longest makes room."""
    trusted_hosts: tuple[Line, ...] = ()
    """Host names it answers under, ``.example.lv`` for all below it; empty: any, no answer depends on it."""
    proxies: Annotated[Count, Field(ge=0, le=10)] = 0
    """Web servers in front whose ``X-Forwarded-*`` headers are believed; 0: nobody's are."""
    answer_s: Annotated[Number, Field(ge=0.05, le=60)] = 1.0
    """Processor time in seconds that one answer may cost before it is given up with 503."""
    per_page: Annotated[Count, Field(ge=1, le=100)] = 10
    """Hits on a page where the request does not say."""
    verify_every_h: Annotated[Number, Field(gt=0, le=8760)] = 1.0
    """Hours between two comparisons of the index files in use with their checksums."""
    service_name: Line = "Preses relīzes"
    """Shown at the top of each page."""
    contact_email: Annotated[str, Field(pattern=_MAIL, max_length=254)] = ""
    """Shown at the foot of each page where it is set."""


def load(path: Path) -> SearcherConfig:
    """Read [searcher] of the TOML file at *path*.

    Raises:
        ConfigError: the file is missing or no TOML, or a key is unknown or of the wrong type.
    """
    return load_section(path, "searcher", SearcherConfig)
