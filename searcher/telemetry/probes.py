"""The endpoints for monitoring: is the service alive, is it ready, and what are its figures?"""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, jsonify

from index.results import IndexInfo
from searcher.problems import problem
from searcher.problems.problem_types import INDEX_NOT_READY, OUTDATED_COLLECTION
from searcher.service import Service
from searcher.telemetry.exposition import CONTENT_TYPE, expose
from searcher.telemetry.figures import Figures

_DAMAGED = "the index is damaged; `reindex --full`"


def add_probes(app: Flask, service: Service, figures: Figures, reports: Path) -> None:
    """Answer ``/healthz``, ``/readyz`` and ``/metrics`` of *app*; *reports* are those of the crawls."""

    @app.route("/healthz")
    def healthz() -> Response:
        info = service.engine.info()
        if info.damage:
            return problem(INDEX_NOT_READY, _describe_damage(info))
        return jsonify(status="ok", generation=info.generation, documents=info.documents, number=info.number)

    @app.route("/readyz")
    def readyz() -> Response:
        info, crawled = service.engine.info(), service.version.last_crawl()
        limit_h = service.settings.crawl_age_max_h
        age_h = (datetime.now(UTC) - crawled).total_seconds() / 3600 if crawled else None
        reasons = {"index": _describe_damage(info)} if info.damage else {}
        if limit_h and age_h is None:
            reasons["crawl"] = "no crawl has read anything yet"
        elif limit_h and age_h is not None and age_h > limit_h:
            reasons["crawl"] = f"the last crawl began {age_h:.1f} hours ago; the limit is {limit_h:g}"
        if reasons:
            detail = "; ".join(reasons.values())
            kind = INDEX_NOT_READY if info.damage else OUTDATED_COLLECTION
            return problem(kind, detail, reasons)
        return jsonify(
            status="ready",
            generation=info.generation,
            documents=info.documents,
            crawled=crawled.isoformat(timespec="seconds") if crawled else None,
            crawl_age_h=None if age_h is None else round(age_h, 2),
            crawl_age_max_h=limit_h,
        )

    @app.route("/metrics")
    def metrics() -> Response:
        return Response(expose(figures, service, reports), content_type=CONTENT_TYPE)


def _describe_damage(info: IndexInfo) -> str:
    """Say that the index is damaged, and which one answers instead; the log says which file."""
    return f"{_DAMAGED}; until then, {info.generation} answers" if info.is_fallback else _DAMAGED
