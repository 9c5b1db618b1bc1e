"""The figures of `crawl stats`: how much of each site is stored and due, and how its last crawls went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from crawler.config import Recheck, Site
from crawler.reports.charts import sparkline
from crawler.reports.history import TREND, last_report, read_trends
from crawler.scheduler import Frontier
from crawler.store import Store
from crawler.store.statistics import SiteStats, site_stats

HOSTS_SHOWN = 5
# Crawls per trend; a row of the table has room for four trends of this width.
CRAWLS_SHOWN = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFigures(SiteStats):
    """How much of a site is stored, and how its last crawls went."""

    due: int
    """Pages of releases that are due within a day."""
    trend: Mapping[str, Sequence[int]]
    """Numbers of releases by outcome in the last crawls, oldest first."""
    alarms: Sequence[str]
    """Signs in the last crawl that the site changed its markup."""


def site_figures(
    store: Store, sites: Iterable[Site], reports: Path, recheck: Recheck
) -> tuple[SiteFigures, ...]:
    """Return the figures of *sites*, from *store* and the folder of *reports*."""
    frontier, trends, now = Frontier(store, recheck), read_trends(reports), datetime.now(UTC)
    alarms = {row["site"]: row.get("alarms", ()) for row in last_report(reports).get("sites", ())}
    figures = []
    for site in sites:
        stats, points = site_stats(store, site.id), trends.get(site.id, ())
        counts = {outcome: [point.counts[at] for point in points] for at, outcome in enumerate(TREND)}
        figures.append(
            SiteFigures(
                **{name: getattr(stats, name) for name in SiteStats.__dataclass_fields__},
                due=frontier.count_due_within_a_day(site.id, now),
                trend=counts,
                alarms=tuple(alarms.get(site.id, ())),
            )
        )
    return tuple(figures)


def figures_table(figures: Sequence[SiteFigures]) -> Table:
    """Return a table with a row per site; outcomes that no crawl had are left out."""
    stored = tuple(SiteStats.__dataclass_fields__)
    shown = [outcome for outcome in TREND if any(any(each.trend[outcome]) for each in figures)]
    table = Table(box=box.SIMPLE)
    for name in (*stored, "due"):
        table.add_column(name, justify="left" if name in ("site", "newest") else "right")
    for outcome in shown:
        table.add_column(f"{outcome}, last crawls", no_wrap=True)
    for each in figures:
        counts = [str(getattr(each, name)) for name in (*stored, "due")]
        table.add_row(*counts, *(sparkline(each.trend[outcome][-CRAWLS_SHOWN:]) for outcome in shown))
    return table


def hosts_table(report: Mapping[str, Any]) -> Table:
    """Return a table of the slowest hosts in the *report* of a crawl."""
    table = Table(title="Slowest hosts in the last crawl", box=box.SIMPLE, title_justify="left")
    for name in ("host", "answers", "mean s", "slowest s"):
        table.add_column(name, justify="left" if name == "host" else "right")
    for host in report.get("hosts", ())[:HOSTS_SHOWN]:
        table.add_row(
            escape(host["host"]), str(host["answers"]), f"{host['mean_s']:.2f}", f"{host['slowest_s']:.2f}"
        )
    return table
