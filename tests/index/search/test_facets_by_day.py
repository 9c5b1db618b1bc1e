"""Histograms and the coverage of institutions, compared with loops over plain lists."""

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from index.query import AskedInterval, Interval
from index.results import Histogram
from index.search import IndexReader
from index.search.facets import BARS, FacetColumns, histogram
from tests.support.corpora import index_of
from tests.support.oracle import Doc

NO_ROWS = np.array([], np.int64)


def first_day(day: date, interval: Interval) -> date:
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[interval]


def last_day(day: date, interval: Interval) -> date:
    while first_day(day + timedelta(days=1), interval) == first_day(day, interval):
        day += timedelta(days=1)
    return day


def count_days(
    days: list[date | None], interval: AskedInterval, *, clusters: list[int] | None = None
) -> Histogram:
    """Return the histogram of *days*; documents with the same number in *clusters* share a cluster."""
    ordinals = np.array([day.toordinal() if day else 0 for day in days], np.int32)
    sizes = Counter(clusters)
    rows = [row for row, cluster in enumerate(clusters or ()) if sizes[cluster] > 1]
    of = np.array([clusters[row] for row in rows], np.int64) if clusters else NO_ROWS
    return histogram(ordinals, np.array(rows, np.int64), of, interval)


@pytest.mark.parametrize("interval", ["day", "month", "year"])
@pytest.mark.parametrize("seed", range(5))
def test_cluster_counts_once_per_period(interval: Interval, seed: int) -> None:
    rng = random.Random(seed)
    days = [date(2019, 11, 20) + timedelta(days=rng.randrange(500)) for _ in range(60)]
    typed = [None if rng.random() < 0.2 else day for day in days]
    clusters = [rng.randrange(25) for _ in days]
    expected: dict[date, set[int]] = {}
    for day, cluster in zip(typed, clusters, strict=True):
        if day:
            expected.setdefault(first_day(day, interval), set()).add(cluster)
    counted = count_days(typed, interval, clusters=clusters)
    assert counted.interval == interval
    assert [(bar.first, bar.last, bar.count) for bar in counted.periods] == [
        (first, last_day(first, interval), len(found)) for first, found in sorted(expected.items())
    ]


@pytest.mark.parametrize(
    ("first", "last", "interval"),
    [
        (date(2020, 1, 15), date(2020, 1, 15), "day"),
        (date(2020, 1, 15), date(2020, 1, 15) + timedelta(days=BARS - 1), "day"),
        (date(2020, 1, 15), date(2020, 1, 15) + timedelta(days=BARS), "month"),
        (date(2020, 1, 31), date(2025, 2, 1), "month"),
        (date(2020, 1, 31), date(2025, 3, 1), "year"),
        (date(1900, 1, 1), date(2026, 1, 1), "year"),
    ],
)
def test_automatic_interval_is_the_shortest_with_few_bars(first: date, last: date, interval: str) -> None:
    counted = count_days([last, None, first], "auto")
    assert counted.interval == interval
    assert sum(bar.count for bar in counted.periods) == 2


@pytest.mark.parametrize(("asked", "interval"), [("auto", "month"), ("day", "day"), ("year", "year")])
def test_unknown_days_have_no_bars(asked: AskedInterval, interval: Interval) -> None:
    assert count_days([None, None], asked) == count_days([], asked) == Histogram(interval, ())


def test_coverage_names_the_oldest_and_newest_release_of_each_institution(tmp_path: Path) -> None:
    rng = random.Random(7)
    days = [None, date(2019, 5, 1), date(2020, 5, 1), date(2021, 5, 1)]
    docs = [
        Doc(
            f"{number:02}",
            rng.choice(("fm", "iem", "vm", "zm")),
            "lv",
            None if number % 3 else rng.choice(days),
            f"{number:02}",
            {},
        )
        for number in range(24)
    ]
    undated = [Doc(f"x{number}", name, "lv", None, f"x{number}", {}) for number, name in enumerate("aayyzz")]
    every = [*docs, *undated]
    columns = FacetColumns(IndexReader(index_of(tmp_path, every[:11], every[11:])))
    live = [number for number in range(len(every)) if number % 5]
    expected = []
    for name in sorted({every[number].ministry for number in live}):
        of = [number for number in live if every[number].ministry == name]
        dated = [number for number in of if every[number].published] or of[-1:]
        by_day = sorted(dated, key=lambda number: every[number].published or date.min)
        expected.append((name, len(of), by_day[0], by_day[-1]))
    assert list(columns.coverage(np.array(live, np.int64))) == expected
