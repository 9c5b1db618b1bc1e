"""The report of a crawl: a table for people, JSON for programs, metrics for Prometheus."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crawler.scheduler import REMARKS
from crawler.store.frontier_rows import OutcomeCount

# Two crawls a day for a year.
REPORTS_KEPT = 730

OUTCOMES = ("new", "changed", "unchanged", "missing", "gone", "hidden", "held", "failed", "skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """The outcome of a crawl of one site."""

    site: str
    outcomes: Mapping[str, int]
    """Number of releases by outcome: see `OUTCOMES`."""
    reasons: Mapping[str, int]
    """Number of pages that failed, were skipped or read in part, by reason; of all kinds of pages."""
    stored: int
    """Number of releases of the site that are present in the store."""
    requests: int = 0
    not_modified: int = 0
    """Number of 304 responses."""
    objections: tuple[str, ...] = ()
    """Why changes were not accepted, or the site not crawled to its end."""

    @property
    def is_sound(self) -> bool:
        """Whether the site has releases and no objections."""
        return self.stored > 0 and not self.objections

    @property
    def summary(self) -> str:
        """The outcome in one line."""
        counts = [f"{count} {outcome}" for outcome, count in self.outcomes.items() if count]
        return "; ".join((", ".join(counts) or "nothing", *self.remarks))

    @property
    def remarks(self) -> tuple[str, ...]:
        """The objections that an operator should look at, then the reasons of the failures."""
        nothing = () if self.stored else ("nothing stored for this site",)
        failures = tuple(f"{count} × {reason}" for reason, count in self.reasons.items())
        return (*self.objections, *nothing, *failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """The outcome of a run."""

    run: int
    started: datetime
    seconds: float
    is_complete: bool
    sites: tuple[SiteReport, ...] = field(default_factory=tuple)

    @property
    def is_sound(self) -> bool:
        """Whether every site is sound."""
        return all(site.is_sound for site in self.sites)

    @property
    def not_modified_share(self) -> float:
        """The share of requests that were answered by 304."""
        requests = sum(site.requests for site in self.sites)
        return sum(site.not_modified for site in self.sites) / requests if requests else 0.0


def site_report(
    site: str,
    counts: Iterable[OutcomeCount],
    *,
    stored: int,
    requests: int,
    not_modified: int,
    objections: tuple[str, ...],
) -> SiteReport:
    """Sum up the *counts* of *site*."""
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in counts:
        if row.kind == "release":
            outcomes[row.outcome] += row.count
        if row.outcome in ("failed", "skipped") or row.reason in REMARKS:
            prefix = "" if row.kind == "release" else f"{row.kind}: "
            reasons[prefix + row.reason] += row.count
    return SiteReport(
        site=site,
        outcomes={outcome: outcomes[outcome] for outcome in OUTCOMES},
        reasons=dict(reasons.most_common()),
        stored=stored,
        requests=requests,
        not_modified=not_modified,
        objections=objections,
    )


def to_table(report: RunReport) -> Table:
    """Return a table with a row per site and their sum."""
    shown = [
        outcome
        for outcome in OUTCOMES
        if outcome in _ALWAYS or any(s.outcomes[outcome] for s in report.sites)
    ]
    title = f"Crawl {report.run}" + ("" if report.is_complete else " (not complete)")
    table = Table(title=title, caption=_summary(report), box=box.SIMPLE)
    table.add_column("site")
    for heading in (*shown, "stored"):
        table.add_column(heading, justify="right")
    table.add_column("remarks", overflow="fold")
    for site in report.sites:
        counts = [str(site.outcomes[outcome]) for outcome in shown]
        table.add_row(site.site, *counts, str(site.stored), escape("\n".join(site.remarks)))
    sums = [str(sum(site.outcomes[outcome] for site in report.sites)) for outcome in shown]
    table.add_section()
    table.add_row("all", *sums, str(sum(site.stored for site in report.sites)), "")
    return table


def to_json(report: RunReport) -> str:
    """Return *report* as JSON."""
    whole = asdict(report) | {
        "started": report.started.isoformat(),
        "not_modified_share": round(report.not_modified_share, 4),
        "is_sound": report.is_sound,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def to_html(report: RunReport) -> str:
    """Return `to_table` as an HTML page."""
    console = Console(record=True, width=160, file=StringIO())
    console.print(to_table(report))
    return console.export_html()


def write(report: RunReport, folder: Path) -> None:
    """Write *report* to *folder* as JSON, HTML and, for Prometheus' textfile collector, metrics."""
    folder.mkdir(parents=True, exist_ok=True)
    # Half-written reports of killed crawls; the last pattern is the Prometheus client's.
    for left in (*folder.glob("crawl-*.new"), *folder.glob("crawl.prom.*")):
        left.unlink()
    name = folder / f"crawl-{report.run:06}"
    _write_atomically(name.with_suffix(".json"), to_json(report))
    _write_atomically(name.with_suffix(".html"), to_html(report))
    write_to_textfile(str(folder / "crawl.prom"), _metrics(report))
    for kind in ("json", "html"):
        for old in sorted(folder.glob(f"crawl-*.{kind}"))[:-REPORTS_KEPT]:
            old.unlink()


def _write_atomically(path: Path, text: str) -> None:
    """Write *text* to *path* so that no reader ever finds half of it."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


_ALWAYS = ("new", "changed", "unchanged", "gone", "failed")


def _summary(report: RunReport) -> str:
    requests = sum(site.requests for site in report.sites)
    return f"{requests} requests, {report.not_modified_share:.0%} not modified, {report.seconds:.1f} s"


def _metrics(report: RunReport) -> CollectorRegistry:
    registry = CollectorRegistry()
    ended = Gauge("crawl_end_timestamp_seconds", "When the last crawl ended", registry=registry)
    ended.set(report.started.timestamp() + report.seconds)
    Gauge("crawl_seconds", "Duration of the last crawl", registry=registry).set(report.seconds)
    Gauge("crawl_complete", "1: the crawl was not interrupted", registry=registry).set(report.is_complete)
    releases = Gauge("crawl_releases", "Releases by outcome", ("site", "outcome"), registry=registry)
    stored = Gauge("crawl_stored_releases", "Releases in the store", ("site",), registry=registry)
    requests = Gauge("crawl_requests", "Requests made", ("site",), registry=registry)
    not_modified = Gauge("crawl_not_modified", "Requests answered by 304", ("site",), registry=registry)
    sound = Gauge("crawl_site_sound", "0: the site needs attention", ("site",), registry=registry)
    for site in report.sites:
        for outcome, count in site.outcomes.items():
            releases.labels(site.site, outcome).set(count)
        stored.labels(site.site).set(site.stored)
        requests.labels(site.site).set(site.requests)
        not_modified.labels(site.site).set(site.not_modified)
        sound.labels(site.site).set(site.is_sound)
    return registry
