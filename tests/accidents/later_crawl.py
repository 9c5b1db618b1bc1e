"""`crawl` on a later day: the first argument is the number of days since the first crawl."""

import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NoReturn

from crawler import crawl, run
from crawler.cli import takedown
from crawler.downloader import Environment

FIRST_DAY = datetime(2026, 11, 10, 9, tzinfo=UTC)


def main() -> NoReturn:
    """Crawl with a clock that is set to the day."""
    began, start = time.monotonic(), FIRST_DAY + timedelta(days=int(sys.argv.pop(1)))

    def now() -> datetime:
        return start + timedelta(seconds=time.monotonic() - began)

    run.now = takedown.now = now
    vars(run)["Environment"] = partial(Environment, now=now)
    crawl.main()
