"""The report of a crawl as a table for a terminal."""

from rich import box
from rich.markup import escape
from rich.table import Table

from crawler.reports.run_report import OUTCOMES, RunReport

_ALWAYS = ("new", "changed", "unchanged", "gone", "failed")


def to_table(report: RunReport) -> Table:
    """Return a table with a row per site and their sum."""
    shown = [
        outcome
        for outcome in OUTCOMES
        if outcome in _ALWAYS or any(s.outcomes[outcome] for s in report.sites)
    ]
    title = f"Crawl {report.run}" + ("" if report.is_complete else " (not complete)")
    table = Table(title=title, caption=summary_of(report), box=box.SIMPLE)
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


def summary_of(report: RunReport) -> str:
    """Return the requests and the seconds of the crawl, in one line."""
    requests = sum(site.requests for site in report.sites)
    return f"{requests} requests, {report.not_modified_share:.0%} not modified, {report.seconds:.1f} s"
