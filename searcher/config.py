"""What config.toml says of the search page and its API."""

from typing import Annotated

from pydantic import Field

from index.config import Section


class SearcherConfig(Section):
    """[searcher]: where it listens, and how much one request may ask."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    processes: Annotated[int, Field(ge=0, le=64)] = 0
    """That answer together; 0: one for each processor, at most four."""
    threads: Annotated[int, Field(ge=1, le=64)] = 4
    """Of each process: one answers, the others what waits while it is held up."""
    connections_max: Annotated[int, Field(ge=10)] = 1000
    """Open connections of each process; where all are taken, who waits longest makes room."""
    trusted_hosts: tuple[str, ...] = ()
    """Host names it answers under, ``.example.lv`` for all below it; empty: any, no answer depends on it."""
    proxies: Annotated[int, Field(ge=0, le=10)] = 0
    """Web servers in front whose ``X-Forwarded-*`` headers are believed; 0: nobody's are."""
    answer_s: Annotated[float, Field(ge=0.05, le=60)] = 1.0
    """Processor time in seconds that one answer may cost before it is given up with 503."""
    per_page: Annotated[int, Field(ge=1, le=100)] = 10
    """Hits on a page where the request does not say."""
    service_name: str = "Preses relīzes"
    """Shown at the top of each page."""
    contact_email: str = ""
    """Shown at the foot of each page where it is set."""
