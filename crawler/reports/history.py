"""The outcomes of earlier crawls, from their reports."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Runs in a trend: a month of daily crawls.
RUNS_SHOWN = 30
TREND = ("new", "changed", "gone", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """The outcomes of a site in a run."""

    run: int
    day: str
    """When the run started, as ``YYYY-MM-DD hh:mm`` in UTC."""
    counts: tuple[int, ...]
    """Numbers of releases by outcome, in the order of `TREND`."""


def read_trends(folder: Path, *, last_run: int | None = None) -> dict[str, tuple[TrendPoint, ...]]:
    """Return the points of each site in the reports of *folder*, oldest first; by default up to the last run.

    A report that cannot be read is left out.
    """
    trends: dict[str, list[TrendPoint]] = {}
    for path in sorted(folder.glob("crawl-*.json"))[::-1]:
        for site, point in _points(path):
            points = trends.setdefault(site, [])
            if len(points) < RUNS_SHOWN and (last_run is None or point.run <= last_run):
                points.append(point)
    return {site: tuple(reversed(points)) for site, points in trends.items()}


def last_report(folder: Path) -> dict[str, Any]:
    """Return the last report in *folder*, as `to_json` wrote it; empty if there is none."""
    for path in sorted(folder.glob("crawl-*.json"))[::-1]:
        if report := _read(path):
            return report
    return {}


def _points(path: Path) -> Iterator[tuple[str, TrendPoint]]:
    report = _read(path)
    try:
        day = report["started"][:16].replace("T", " ")
        for site in report["sites"]:
            counts = tuple(int(site["outcomes"].get(outcome, 0)) for outcome in TREND)
            yield site["site"], TrendPoint(run=int(report["run"]), day=day, counts=counts)
    except (KeyError, TypeError, ValueError, AttributeError):
        return  # by another version, or edited by hand


def _read(path: Path) -> dict[str, Any]:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}
