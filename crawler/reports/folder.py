"""The folder of reports: written whole or not at all, the oldest removed."""

from collections.abc import Sequence
from pathlib import Path

from prometheus_client import write_to_textfile

from crawler.reports.history import read_trends
from crawler.reports.metrics import metrics_of
from crawler.reports.page import sample_to_html, to_html
from crawler.reports.run_report import RunReport, to_json
from crawler.reports.sample import SampledPage

# Two crawls a day for a year.
REPORTS_KEPT = 730


def write(report: RunReport, folder: Path) -> Path:
    """Write *report* to *folder* as JSON, HTML and, for Prometheus' textfile collector, metrics.

    Returns the path of the page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Half-written reports of killed crawls; the last pattern is the Prometheus client's.
    for left in (*folder.glob("crawl-*.new"), *folder.glob("crawl.prom.*")):
        left.unlink()
    name = folder / f"crawl-{report.run:06}"
    write_whole(name.with_suffix(".json"), to_json(report))
    page = name.with_suffix(".html")
    write_whole(page, to_html(report, read_trends(folder, last_run=report.run)))
    write_to_textfile(str(folder / "crawl.prom"), metrics_of(report))
    for kind in ("json", "html"):
        for old in sorted(folder.glob(f"crawl-*.{kind}"))[:-REPORTS_KEPT]:
            old.unlink()
    return page


def write_sample(pages: Sequence[SampledPage], report: RunReport, folder: Path) -> Path:
    """Write how the pages of a crawl were read to *folder*; return the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"crawl-{report.run:06}-pages.html"
    write_whole(path, sample_to_html(pages, run=report.run, started=report.started))
    return path


def write_whole(path: Path, text: str) -> None:
    """Write *text* to *path* so that no reader ever finds half of it."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
