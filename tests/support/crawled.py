"""Records crawls in a store, as the scheduler does, without fetching anything."""

from collections.abc import Mapping
from datetime import datetime

from crawler.store import Store
from crawler.store.frontier_rows import FetchUpdate, FrontierRows, Mention, NewUrl
from crawler.store.run_rows import RunRows

_UNKNOWN = Mention(source="list", title=None, published=None, lastmod=None)


def record_crawl(store: Store, url: str, *, at: datetime, outcome: str, site: str = "iem") -> None:
    """Record a crawl that fetched *url* of *site* alone, with this *outcome*."""
    record_outcomes(store, {url: outcome}, at=at, site=site)


def record_outcomes(store: Store, outcomes: Mapping[str, str], *, at: datetime, site: str = "iem") -> None:
    """Record a crawl of *site* with the *outcomes* of its URLs."""
    run = RunRows(store).insert(int(at.timestamp())).id
    for url, outcome in outcomes.items():
        _record(store, run, url, at=at, outcome=outcome, site=site)


def _record(store: Store, run: int, url: str, *, at: datetime, outcome: str, site: str) -> None:
    started, rows = int(at.timestamp()), FrontierRows(store)
    if rows.get(url) is None:
        rows.insert(
            NewUrl(
                url=url,
                request_url=url,
                site=site,
                kind="release",
                depth=1,
                mention=_UNKNOWN,
                due=0,
                found_in_run=run,
            )
        )
    rows.record_fetch(
        url,
        FetchUpdate(
            run=run,
            run_started=started,
            outcome=outcome,
            reason="",
            at=started,
            due=0,
            keeps_due=False,
            changed=0,
            seen_changed=0,
        ),
    )
