"""The figures of a crawl, as Prometheus reads them."""

from datetime import UTC, datetime

from prometheus_client import generate_latest

from crawler.reports import RunReport, SiteReport
from crawler.reports.metrics import metrics_of

SOUND = SiteReport(
    site="iem",
    outcomes={"new": 3, "gone": 1},
    reasons={},
    stored=40,
    requests=8,
    not_modified=2,
    objections=(),
)
UNSOUND = SiteReport(site="vdd", outcomes={"new": 0}, reasons={}, stored=0)


def test_the_figures_are_written_like_this() -> None:
    report = RunReport(
        run=7,
        started=datetime(2026, 3, 1, tzinfo=UTC),
        seconds=90.5,
        is_complete=False,
        sites=(SOUND, UNSOUND),
    )
    lines = generate_latest(metrics_of(report)).decode().splitlines()
    ended = datetime(2026, 3, 1, tzinfo=UTC).timestamp() + 90.5
    assert [line.replace("e+09", "") for line in lines if not line.startswith(("#", "crawl_end"))] == [
        "crawl_seconds 90.5",
        "crawl_complete 0.0",
        'crawl_releases{outcome="new",site="iem"} 3.0',
        'crawl_releases{outcome="gone",site="iem"} 1.0',
        'crawl_releases{outcome="new",site="vdd"} 0.0',
        'crawl_stored_releases{site="iem"} 40.0',
        'crawl_stored_releases{site="vdd"} 0.0',
        'crawl_requests{site="iem"} 8.0',
        'crawl_requests{site="vdd"} 0.0',
        'crawl_not_modified{site="iem"} 2.0',
        'crawl_not_modified{site="vdd"} 0.0',
        'crawl_site_sound{site="iem"} 1.0',
        'crawl_site_sound{site="vdd"} 0.0',
    ]
    (end,) = [line for line in lines if line.startswith("crawl_end_timestamp_seconds")]
    assert float(end.split()[1]) == ended
