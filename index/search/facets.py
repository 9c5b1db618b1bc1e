"""Exact facets: matches by ministry, language and year, each ignoring its own filter; and the histogram."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.query import AskedInterval, Filters, Interval
from index.results import Facets, FacetValue, Histogram, PeriodCount
from index.search.collapse import Clusters
from index.search.index_reader import IndexReader
from index.segment import Array
from index.segment.doc_lists import Docs

Mask = NDArray[np.bool_]
Wanted = tuple[Mask | None, Mask | None, None]
"""The ministries and languages that pass, None for all. Years are filtered by day, so all pass."""
FIELDS = ("ministry", "language", "year")
_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class FilteredDocs:
    """The documents that pass the filters, and the facet counts."""

    rows: NDArray[np.int64] | None
    """Rows of the documents that pass; None for all."""
    facets: Facets
    met: NDArray[np.int64] | None
    """Rows that share a cluster with another match, before filtering."""


class FacetColumns:
    """The doc values that filters and facets read.

    The three facets of a release are combined into one number, its *cell*, so one count serves all three.
    """

    def __init__(self, reader: IndexReader) -> None:
        self.published = reader.numbers("published").astype(np.int32)
        self._ministries, ministry = reader.ordinals("ministry")
        self._languages, language = reader.ordinals("language")
        self._years, year = _years(self.published)
        self._shape = len(self._ministries), len(self._languages), len(self._years)
        cells = (ministry * self._shape[1] + language) * self._shape[2] + year
        self._size = int(np.prod(self._shape))
        self._cells = cells.astype(np.uint16 if self._size <= 1 << 16 else np.uint32)

    def filter_and_count(self, docs: Docs, filters: Filters, clusters: Clusters | None) -> FilteredDocs:
        """Filter *docs* and count facets; with *clusters*, a cluster counts once per value."""
        cells = self._cells[docs]
        wanted = self._mask_filters(filters)
        dated = self._mask_days(docs, filters)
        in_time = cells if dated is None else cells[dated]
        counted = self._cube(in_time)
        in_any_year = counted if dated is None else self._cube(cells)
        ministries, languages, _ = wanted
        counts = [
            _select_cells(counted, None, languages).sum(axis=(1, 2)),
            _select_cells(counted, ministries, None).sum(axis=(0, 2)),
            _select_cells(in_any_year, ministries, languages).sum(axis=(0, 1)),
        ]
        met = None if clusters is None else clusters.rows_sharing_cluster(docs)
        if clusters is not None and met is not None and len(met):
            of = clusters.of[docs[met]]
            self._uncount_repeats(counts, met, of=of, cells=cells, dated=dated, wanted=wanted)
        rows = self._rows(cells, dated, wanted)
        values = (self._ministries, self._languages, self._years)
        return FilteredDocs(
            rows, {name: _rank_values(*one) for name, *one in zip(FIELDS, values, counts, strict=True)}, met
        )

    def filter(self, docs: Docs, filters: Filters, clusters: Clusters | None) -> FilteredDocs:
        """Filter *docs* without counting facets."""
        met = None if clusters is None else clusters.rows_sharing_cluster(docs)
        if filters == _NO_FILTERS:
            return FilteredDocs(None, {}, met)
        rows = self._rows(self._cells[docs], self._mask_days(docs, filters), self._mask_filters(filters))
        return FilteredDocs(rows, {}, met)

    def _mask_filters(self, filters: Filters) -> Wanted:
        return (
            _mask_values(self._ministries, filters.ministries),
            _mask_values(self._languages, filters.languages),
            None,
        )

    def _mask_days(self, docs: Docs, filters: Filters) -> Mask | None:
        """Tell which documents were published within the filter; None if it has no dates."""
        if filters.published_from is None and filters.published_to is None:
            return None
        first = filters.published_from or date.min
        last = filters.published_to or date.max
        days = self.published[docs]
        return (days >= first.toordinal()) & (days <= last.toordinal())

    def _cube(self, cells: Array) -> NDArray[np.int64]:
        return np.bincount(cells, minlength=self._size).reshape(self._shape)

    def _rows(self, cells: Array, dated: Mask | None, wanted: Wanted) -> NDArray[np.int64] | None:
        if all(mask is None for mask in wanted):
            return None if dated is None else dated.nonzero()[0]
        passing = _select_cells(np.ones(self._shape, bool), *wanted[:2]).reshape(-1)[cells]
        return (passing if dated is None else passing & dated).nonzero()[0]

    def _uncount_repeats(
        self,
        counts: list[NDArray[np.int64]],
        rows: NDArray[np.int64],
        *,
        of: NDArray[np.int64],
        cells: Array,
        dated: Mask | None,
        wanted: Wanted,
    ) -> None:
        places = np.unravel_index(cells[rows], self._shape)
        passes = [None if mask is None else mask[place] for mask, place in zip(wanted, places, strict=True)]
        passes[2] = None if dated is None else dated[rows]
        for field, (place, size) in enumerate(zip(places, self._shape, strict=True)):
            pairs = of * size + place
            others = [one for number, one in enumerate(passes) if number != field and one is not None]
            if others:
                pairs = pairs[np.logical_and.reduce(others)]
            pairs.sort()
            again = pairs[1:][pairs[1:] == pairs[:-1]]
            counts[field] -= np.bincount(again % size, minlength=size)


def _select_cells(cube: Array, ministries: Mask | None, languages: Mask | None) -> Array:
    """Return *cube* with zeros in the cells that are filtered out."""
    if ministries is not None:
        cube = cube * ministries[:, None, None]
    return cube if languages is None else cube * languages[:, None]


def _years(published: NDArray[np.int32]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the distinct years, and each document's ordinal among them; the year is "" if unknown."""
    days = published.clip(min=0)
    # There are far fewer days than documents, so each day is converted once.
    there = np.bincount(days, minlength=1)
    distinct_days = np.flatnonzero(there)
    years = np.array([date.fromordinal(day).year if day else 0 for day in distinct_days.tolist()], np.int64)
    distinct, places = np.unique(years, return_inverse=True)
    by_day = np.zeros(len(there), np.int64)
    by_day[distinct_days] = places
    return [str(year) if year else "" for year in distinct.tolist()], by_day[days]


def _mask_values(values: Sequence[str], wanted: Sequence[str]) -> Mask | None:
    return np.array([value in wanted for value in values], bool) if wanted else None


def _rank_values(values: Sequence[str], counts: NDArray[np.int64]) -> tuple[FacetValue, ...]:
    """Return the values that occur, by descending count, then ascending."""
    order, found = np.argsort(-counts, kind="stable").tolist(), counts.tolist()
    return tuple(FacetValue(values[place], found[place]) for place in order if found[place] and values[place])


Ints = NDArray[np.int64]


Periods = NDArray[np.datetime64]


_UNITS: dict[Interval, str] = {"day": "D", "month": "M", "year": "Y"}


_EPOCH = 719_163  # the ordinal of 1970-01-01


# About as many days as two months have: more bars are hard to take in at a glance.
BARS = 62


def histogram(days: NDArray[np.int32], met: Ints, of: Ints, wanted: AskedInterval) -> Histogram:
    """Count matches by period; *days* are ordinals, 0 if unknown.

    The rows *met* share the cluster *of* with others: a cluster counts once per period.
    """
    dated = days[days > 0]
    interval = _choose_interval(dated) if wanted == "auto" else wanted
    if len(met):
        days = np.delete(days, met[_repeats(_periods(days[met], interval), of)])
        dated = days[days > 0]
    if not len(dated):
        return Histogram(interval, ())
    earliest = int(dated.min())
    by_day = np.bincount(dated - earliest)
    some = by_day.nonzero()[0]
    periods, starts = np.unique(_periods(some + earliest, interval), return_index=True)
    counts = np.add.reduceat(by_day[some], starts)
    first = periods.astype("datetime64[D]").tolist()
    last = ((periods + 1).astype("datetime64[D]") - 1).tolist()
    return Histogram(interval, tuple(map(PeriodCount, first, last, counts.tolist())))


def _choose_interval(dated: NDArray[np.int32]) -> Interval:
    """Return the shortest interval that covers all days with at most ``BARS`` bars."""
    if not len(dated):
        return "month"
    ends = np.array([dated.min(), dated.max()])
    lengths = {one: int(np.diff(_periods(ends, one).astype(np.int64))[0]) + 1 for one in _UNITS}
    return next((one for one in _UNITS if lengths[one] <= BARS), "year")


def _periods(days: NDArray[np.integer], interval: Interval) -> Periods:
    since = days.astype(np.int64) - _EPOCH
    return since.astype("datetime64[D]").astype(f"datetime64[{_UNITS[interval]}]")


def _repeats(periods: Periods, of: Ints) -> NDArray[np.bool_]:
    """Tell which rows repeat the cluster and period of an earlier row."""
    pairs = np.stack((of, periods.astype(np.int64)))
    _, first = np.unique(pairs, axis=1, return_index=True)
    again = np.ones(len(of), bool)
    again[first] = False
    return again
