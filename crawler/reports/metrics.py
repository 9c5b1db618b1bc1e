"""The report of a crawl as metrics in the text format of Prometheus."""

from prometheus_client import CollectorRegistry, Gauge

from crawler.reports.run_report import RunReport


def metrics_of(report: RunReport) -> CollectorRegistry:
    """Return the metrics of *report*."""
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
