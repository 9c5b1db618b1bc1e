"""The figures in Prometheus' text format; hides its client library."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from index.errors import EngineError
from preses_relizes import __version__
from searcher.service import Service
from searcher.telemetry.figures import HITS, SECONDS, Distribution, Figures

CONTENT_TYPE = CONTENT_TYPE_LATEST
CRAWL_FIGURES = "crawl.prom"
"""The figures of the last crawl, among its reports."""


def expose(figures: Figures, service: Service, reports: Path) -> bytes:
    """Return all figures: of the requests, of the index, and of the last crawl, from its *reports*."""
    registry = CollectorRegistry()
    registry.register(_All(figures, service, reports))
    return generate_latest(registry)


class _All(Collector):
    def __init__(self, figures: Figures, service: Service, reports: Path) -> None:
        self._figures, self._service, self._reports = figures, service, reports

    def collect(self) -> Iterator[Metric]:
        yield from _of_requests(self._figures)
        yield _gauge("serve_program_info", "The version of the program", 1, version=__version__)
        try:
            yield from _of_index(self._service)
        except EngineError:
            yield _gauge("serve_index_open", "1: there is an index to search", 0)
        yield from _of_crawl(self._reports)


def _of_requests(figures: Figures) -> Iterator[Metric]:
    answers = CounterMetricFamily("serve_requests", "Answers", labels=("endpoint", "status"))
    for endpoint, status, count in figures.requests():
        answers.add_metric((endpoint, status), count)
    yield answers
    seconds = HistogramMetricFamily("serve_request_seconds", "Seconds to answer", labels=("endpoint",))
    for endpoint, distribution in figures.seconds():
        seconds.add_metric((endpoint,), _buckets(SECONDS, distribution), distribution.sum)
    yield seconds
    hits = HistogramMetricFamily("serve_search_hits", "Hits of a search")
    hits.add_metric((), _buckets(HITS, figures.hits()), figures.hits().sum)
    yield hits
    searches = CounterMetricFamily("serve_searches", "Searches", labels=("match",))
    without = figures.without_match()
    searches.add_metric(("whole query",), figures.hits().counts[-1] - without)
    searches.add_metric(("none",), without)
    yield searches


def _buckets(bounds: tuple[float, ...], distribution: Distribution) -> list[tuple[str, float]]:
    names = (*(f"{bound:g}" for bound in bounds), "+Inf")
    return list(zip(names, distribution.counts, strict=True))


def _of_index(service: Service) -> Iterator[Metric]:
    info = service.engine.info()
    yield _gauge("serve_index_open", "1: there is an index to search", 1)
    yield _gauge("serve_index_sound", "0: the last verification found damaged files", not info.damage)
    yield _gauge("serve_index_releases", "Releases in the index", info.documents)
    yield _gauge("serve_index_info", "The generation in use", 1, generation=info.generation)
    if info.published:
        age = (datetime.now(UTC) - info.published).total_seconds()
        yield _gauge("serve_index_age_seconds", "Since the index was put into use or updated", age)
    crawled = service.version.last_crawl()
    if crawled:
        age = (datetime.now(UTC) - crawled).total_seconds()
        yield _gauge("serve_crawl_age_seconds", "Since the last crawl that read anything began", age)
    with suppress(EngineError):  # there is no store
        health = Counter(one.health for one in service.institutions.all(datetime.now(UTC)))
        institutions = GaugeMetricFamily("serve_institutions", "Institutions by health", labels=("health",))
        for name, count in sorted(health.items()):
            institutions.add_metric((name,), count)
        yield institutions


def _of_crawl(reports: Path) -> Iterator[Metric]:
    with suppress(OSError, ValueError):  # there was no crawl yet
        yield from text_string_to_metric_families((reports / CRAWL_FIGURES).read_text(encoding="utf-8"))


def _gauge(name: str, documentation: str, value: float, **labels: str) -> Metric:
    gauge = GaugeMetricFamily(name, documentation, labels=tuple(labels))
    gauge.add_metric(tuple(labels.values()), value)
    return gauge
