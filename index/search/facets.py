"""Exact facets: by each filter, without the values that it chooses itself; by trait; by year; histogram."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from index.layout import VALUE_BREAK
from index.query import FILTERS, TRAITS, AskedInterval, Filter, Filters, Interval
from index.query.filters import CELL_FACETS, FLAGS
from index.results import Facets, FacetValue, Histogram, PeriodCount
from index.search.collapse import Clusters
from index.search.index_reader import IndexReader
from index.segment import Array, Ints
from index.segment.array_file import shrink
from index.segment.doc_lists import Docs

Mask = NDArray[np.bool_]
FilterMasks = tuple[Mask | None, Mask | None, None]
"""Masks of the ministries, languages and years that pass; None for all. Years are filtered by day instead."""
# For each trait, which combinations have it; a combination is a number with one bit for each of its traits.
_HAS_TRAIT = np.arange(1 << len(TRAITS)) >> np.arange(len(TRAITS))[:, None] & 1
_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class FilteredDocs:
    """The documents that pass the filters, and the facet counts."""

    rows: NDArray[np.int64] | None
    """Rows of the documents that pass; None for all."""
    facets: Facets
    clustered: NDArray[np.int64] | None
    """Rows that share a cluster with another match; computed before filtering."""

    def map_rows(self, rows: NDArray[np.int64]) -> "FilteredDocs":
        """Return the result for a longer list, in which these documents have the *rows*."""
        passing = rows if self.rows is None else rows[self.rows]
        return FilteredDocs(passing, self.facets, None if self.clustered is None else rows[self.clustered])


class FacetColumns:
    """The doc values for filters and facets.

    The three facets of a release are combined into one number, its *cell*, so one count serves all three.
    """

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self.published = reader.numbers("published").astype(np.int32)
        """The day of each document, as an ordinal; 0 if unknown."""
        self.ministries, ministry = reader.ordinals("ministry")
        self.languages, language = reader.ordinals("language")
        self.years, year = _years(self.published)
        self.shape = len(self.ministries), len(self.languages), len(self.years)
        """The number of each; cells are numbered in this order, the years fastest."""
        self.traits = reader.numbers("traits").astype(np.uint8)
        """The traits of each document, a bit for each of TRAITS."""
        self.sets = tuple(_SetColumn(reader, one) for one in FILTERS if one.kind == "set")
        self.no_sets = dict.fromkeys((column.filter.name for column in self.sets), ())
        """The facets of these columns if no document has a value."""
        self.has_sets = any(column.names for column in self.sets)
        """Whether any release has a value in any of them."""
        cells = (ministry * self.shape[1] + language) * self.shape[2] + year
        self.size = int(np.prod(self.shape))
        self.cells = cells.astype(np.uint16 if self.size <= 1 << 16 else np.uint32)
        """The cell of each document, below ``size``."""

    @cached_property
    def since(self) -> NDArray[np.int32]:
        """The first minute of the stay of each document; a search of the present texts has no need of it."""
        return self._reader.numbers("since").astype(np.int32)

    @cached_property
    def until(self) -> NDArray[np.int32]:
        """The last minute of the stay of each document."""
        return self._reader.numbers("until").astype(np.int32)

    def is_in(self, language: str) -> Mask:
        """Return which documents are in *language*."""
        is_asked = np.array([one == language for one in self.languages], bool)
        found: Mask = is_asked[self.cells // self.shape[2] % self.shape[1]]
        return found

    def filter_and_count(self, docs: Docs, filters: Filters, clusters: Clusters | None) -> FilteredDocs:
        """Filter *docs* and count facets; with *clusters*, each cluster counts once per value."""
        if chosen := filters.chosen(FLAGS):
            having, others = self._rows_with(docs, chosen), filters.choose({FLAGS.name: ()})
            return self.filter_and_count(docs[having], others, clusters).map_rows(having)
        for column in self.sets:
            if filters.chosen(column.filter):
                return self._filter_set(column, docs, filters, clusters)
        cells = self.cells[docs]
        masks = self._mask_filters(filters)
        in_range = self._mask_days(docs, filters)
        cells_in_range = cells if in_range is None else cells[in_range]
        counted = self._cube(cells_in_range)
        in_any_year = counted if in_range is None else self._cube(cells)
        ministries, languages, _ = masks
        counts = [
            _select_cells(counted, None, languages).sum(axis=(1, 2)),
            _select_cells(counted, ministries, None).sum(axis=(0, 2)),
            _select_cells(in_any_year, ministries, languages).sum(axis=(0, 1)),
        ]
        clustered = None if clusters is None else clusters.rows_sharing_cluster(docs)
        if clusters is not None and clustered is not None and len(clustered):
            clusters_of = clusters.of[docs[clustered]]
            self._uncount_repeats(
                counts, clustered, clusters_of=clusters_of, cells=cells, in_range=in_range, masks=masks
            )
        rows = self._rows(cells, in_range, masks)
        values = (self.ministries, self.languages, self.years)
        facets = {
            name: _rank_values(*columns) for name, *columns in zip(CELL_FACETS, values, counts, strict=True)
        }
        facets |= self.count_sets(docs if rows is None else docs[rows], clusters)
        facets[FLAGS.name] = self._count_traits(docs, rows, clustered, clusters)
        return FilteredDocs(rows, facets, clustered)

    def count_sets(self, docs: Docs, clusters: Clusters | None) -> dict[str, tuple[FacetValue, ...]]:
        """Count the values of each column of sets in *docs*, each cluster once."""
        counted = [column for column in self.sets if column.names]
        shared = _sharing_cluster(docs, clusters) if counted else docs[:0]
        return self.no_sets | {column.filter.name: column.count(docs, shared, clusters) for column in counted}

    def _filter_set(
        self, column: "_SetColumn", docs: Docs, filters: Filters, clusters: Clusters | None
    ) -> FilteredDocs:
        """Filter *docs* and count facets, that of *column* among all that pass the other filters."""
        name, chosen = column.filter.name, filters.chosen(column.filter)
        others = filters.choose({name: ()})
        passing = self.filter(docs, others, None).rows
        counted = docs if passing is None else docs[passing]
        counts = column.count(counted, _sharing_cluster(counted, clusters), clusters, chosen)
        having = column.rows(docs, chosen)
        among = self.filter_and_count(docs[having], others, clusters)
        return replace(among, facets={**among.facets, name: counts}).map_rows(having)

    def filter(self, docs: Docs, filters: Filters, clusters: Clusters | None) -> FilteredDocs:
        """Filter *docs* without counting facets."""
        if chosen := filters.chosen(FLAGS):
            having = self._rows_with(docs, chosen)
            return self.filter(docs[having], filters.choose({FLAGS.name: ()}), clusters).map_rows(having)
        for column in self.sets:
            if chosen := filters.chosen(column.filter):
                having, others = column.rows(docs, chosen), filters.choose({column.filter.name: ()})
                return self.filter(docs[having], others, clusters).map_rows(having)
        clustered = None if clusters is None else clusters.rows_sharing_cluster(docs)
        if filters == _NO_FILTERS:
            return FilteredDocs(None, {}, clustered)
        rows = self._rows(self.cells[docs], self._mask_days(docs, filters), self._mask_filters(filters))
        return FilteredDocs(rows, {}, clustered)

    def coverage(self, live: Docs) -> Iterator[tuple[str, int, int, int]]:
        """Yield each ministry, its number of *live* releases, and the documents of its oldest and newest one.

        These two have a date; if no release has one, both are the last one indexed.
        """
        ministries = self.cells[live].astype(np.int64) // (self.shape[1] * self.shape[2])
        days = self.published[live]
        by_day = np.lexsort((days, ministries))
        ends = ministries[by_day].searchsorted(np.arange(len(self.ministries)), "right")
        dated = ends - np.bincount(ministries[days > 0], minlength=len(self.ministries))
        for place, (end, first) in enumerate(zip(ends.tolist(), dated.tolist(), strict=True)):
            if count := end - (ends[place - 1] if place else 0):
                oldest, newest = by_day[min(first, end - 1)], by_day[end - 1]
                yield self.ministries[place], int(count), int(live[oldest]), int(live[newest])

    def _rows_with(self, docs: Docs, traits: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows of *docs* that have all *traits*."""
        wanted = sum(1 << TRAITS.index(trait) for trait in set(traits))
        rows: NDArray[np.int64] = ((self.traits[docs] & wanted) == wanted).nonzero()[0]
        return rows

    def _count_traits(
        self,
        docs: Docs,
        rows: NDArray[np.int64] | None,
        clustered: NDArray[np.int64] | None,
        clusters: Clusters | None,
    ) -> tuple[FacetValue, ...]:
        """Count the traits of the *rows* of *docs* that pass all filters, each cluster once."""
        traits = self.traits[docs if rows is None else docs[rows]]
        counts = _HAS_TRAIT @ np.bincount(traits, minlength=1 << len(TRAITS))
        if clusters is not None and clustered is not None and len(clustered) and counts.any():
            if rows is not None:
                passes = np.zeros(len(docs), bool)
                passes[rows] = True
                clustered = clustered[passes[clustered]]
            shared = docs[clustered]
            for bit in range(len(TRAITS)):
                of = clusters.of[shared[self.traits[shared] >> bit & 1 == 1]]
                counts[bit] -= len(of) - np.count_nonzero(np.bincount(of))
        return _rank_values(TRAITS, counts)

    def _mask_filters(self, filters: Filters) -> FilterMasks:
        return (
            _mask_values(self.ministries, filters.ministries),
            _mask_values(self.languages, filters.languages),
            None,
        )

    def _mask_days(self, docs: Docs, filters: Filters) -> Mask | None:
        """Return which of *docs* were published within the dates of the filter; None if it has none."""
        if filters.published_from is None and filters.published_to is None:
            return None
        first = filters.published_from or date.min
        last = filters.published_to or date.max
        days = self.published[docs]
        return (days >= first.toordinal()) & (days <= last.toordinal())

    def _cube(self, cells: Array) -> NDArray[np.int64]:
        return np.bincount(cells, minlength=self.size).reshape(self.shape)

    def _rows(self, cells: Array, in_range: Mask | None, masks: FilterMasks) -> NDArray[np.int64] | None:
        if all(mask is None for mask in masks):
            return None if in_range is None else in_range.nonzero()[0]
        passing = _select_cells(np.ones(self.shape, bool), *masks[:2]).reshape(-1)[cells]
        return (passing if in_range is None else passing & in_range).nonzero()[0]

    def _uncount_repeats(
        self,
        counts: list[NDArray[np.int64]],
        rows: NDArray[np.int64],
        *,
        clusters_of: NDArray[np.int64],
        cells: Array,
        in_range: Mask | None,
        masks: FilterMasks,
    ) -> None:
        places = np.unravel_index(cells[rows], self.shape)
        passes = [None if mask is None else mask[place] for mask, place in zip(masks, places, strict=True)]
        passes[2] = None if in_range is None else in_range[rows]
        for field, (place, size) in enumerate(zip(places, self.shape, strict=True)):
            pairs = clusters_of * size + place
            others = [mask for number, mask in enumerate(passes) if number != field and mask is not None]
            if others:
                pairs = pairs[np.logical_and.reduce(others)]
            pairs.sort()
            again = pairs[1:][pairs[1:] == pairs[:-1]]
            counts[field] -= np.bincount(again % size, minlength=size)


class _SetColumn:
    """The values of a filter that each document has; documents with the same ones share a *set*."""

    def __init__(self, reader: IndexReader, declared: Filter) -> None:
        self.filter = declared
        sets, of = reader.ordinals(declared.column)
        named = [one.split(VALUE_BREAK) if one else [] for one in sets]
        self.names = sorted({name for names in named for name in names})
        numbers = {name: number for number, name in enumerate(self.names)}
        self._sets = shrink(of)
        self._sizes = np.array([len(names) for names in named], np.int64)
        self._ends = self._sizes.cumsum()
        self._set_of_member = np.repeat(np.arange(len(self._sizes)), self._sizes)
        self._members: Ints = np.array([numbers[name] for names in named for name in names], np.int64)

    def rows(self, docs: Docs, chosen: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows of *docs* that have any of the *chosen* values."""
        is_chosen = np.array([name in chosen for name in self.names], bool)
        has_chosen = np.zeros(len(self._sizes), bool)
        has_chosen[self._set_of_member[is_chosen[self._members]]] = True
        rows: NDArray[np.int64] = has_chosen[self._sets[docs]].nonzero()[0]
        return rows

    def count(
        self, docs: Docs, shared: Docs, clusters: Clusters | None, chosen: Sequence[str] = ()
    ) -> tuple[FacetValue, ...]:
        """Count the values of *docs*, each cluster once; those that are *shared* have clusters of several."""
        if not self.names or not len(docs):
            return ()
        sets, members, weights = self._sets[docs], self._members, None
        if len(docs) < len(self._sizes):
            members = self._members_of(sets)
        else:
            weights = np.bincount(sets, minlength=len(self._sizes))[self._set_of_member]
        counts = np.bincount(members, weights, len(self.names)).astype(np.int64)
        if clusters is not None and len(shared):
            counts -= self._count_repeats(shared, clusters.of[shared])
        return limit_values(_rank_values(self.names, counts), chosen)

    def _count_repeats(self, docs: Docs, clusters_of: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return, for each value, how many of *docs* follow another one of their cluster."""
        sets = self._sets[docs]
        pairs = np.repeat(clusters_of, self._sizes[sets]) * len(self.names) + self._members_of(sets)
        pairs.sort()
        again = pairs[1:][pairs[1:] == pairs[:-1]]
        return np.bincount(again % len(self.names), minlength=len(self.names))

    def _members_of(self, sets: Array) -> Ints:
        """Return the members of each of *sets*, one set after another."""
        sizes = self._sizes[sets]
        places = np.arange(sizes.sum()) + np.repeat(self._ends[sets] - sizes.cumsum(), sizes)
        members: Ints = self._members[places]
        return members


def _sharing_cluster(docs: Docs, clusters: Clusters | None) -> Docs:
    return docs[:0] if clusters is None else docs[clusters.rows_sharing_cluster(docs)]


VALUES_MAX = 100
"""Institutions name the values of sets freely, so there may be thousands; the most frequent are returned."""


def limit_values(ranked: Sequence[FacetValue], chosen: Sequence[str]) -> tuple[FacetValue, ...]:
    """Return the first of the *ranked* values of a set, and those that are *chosen*."""
    rest = (one for one in ranked[VALUES_MAX:] if one.value in chosen)
    return (*ranked[:VALUES_MAX], *rest)


def _select_cells(cube: Array, ministries: Mask | None, languages: Mask | None) -> Array:
    """Return *cube* with zeros in the cells that are filtered out."""
    if ministries is not None:
        cube = cube * ministries[:, None, None]
    return cube if languages is None else cube * languages[:, None]


def _years(published: NDArray[np.int32]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the distinct years ("" if unknown), and the ordinal of each document's year."""
    # There are far fewer days than documents, so each day is converted once.
    per_day = np.bincount(published, minlength=1)
    distinct_days = np.flatnonzero(per_day)
    years = np.array([date.fromordinal(day).year if day else 0 for day in distinct_days.tolist()], np.int64)
    distinct, places = np.unique(years, return_inverse=True)
    by_day = np.zeros(len(per_day), np.int64)
    by_day[distinct_days] = places
    return [str(year) if year else "" for year in distinct.tolist()], by_day[published]


def _mask_values(values: Sequence[str], chosen: Sequence[str]) -> Mask | None:
    return np.array([value in chosen for value in values], bool) if chosen else None


def _rank_values(values: Sequence[str], counts: NDArray[np.int64]) -> tuple[FacetValue, ...]:
    """Return the values that occur, by descending count, then by name."""
    occurring = [FacetValue(values[at], int(counts[at])) for at in counts.nonzero()[0].tolist() if values[at]]
    occurring.sort(key=attrgetter("count"), reverse=True)  # keeps the order of equal counts
    return tuple(occurring)


Periods = NDArray[np.datetime64]
_UNITS: dict[Interval, str] = {"day": "D", "month": "M", "quarter": "3M", "year": "Y"}
_AUTOMATIC: tuple[Interval, ...] = ("day", "month", "year")
_EPOCH = 719_163  # the ordinal of 1970-01-01
# The days of two months; more bars are hard to read at a glance.
BARS = 62


def histogram(
    days: NDArray[np.int32], clustered: Ints, clusters_of: Ints, interval_choice: AskedInterval
) -> Histogram:
    """Count matches by period; *days* are ordinals, 0 if unknown.

    The rows *clustered* share the cluster *clusters_of* with others: a cluster counts once per period.
    """
    known_days = days[days > 0]
    interval = _choose_interval(known_days) if interval_choice == "auto" else interval_choice
    if len(clustered):
        days = np.delete(days, clustered[_mask_repeats(_periods(days[clustered], interval), clusters_of)])
        known_days = days[days > 0]
    if not len(known_days):
        return Histogram(interval, ())
    earliest = int(known_days.min())
    by_day = np.bincount(known_days - earliest)
    offsets = by_day.nonzero()[0]
    periods, starts = np.unique(_periods(offsets + earliest, interval), return_index=True)
    counts = np.add.reduceat(by_day[offsets], starts)
    first = periods.astype("datetime64[D]").tolist()
    last = ((periods + 1).astype("datetime64[D]") - 1).tolist()
    return Histogram(interval, tuple(map(PeriodCount, first, last, counts.tolist())))


def _choose_interval(known_days: NDArray[np.int32]) -> Interval:
    """Return the shortest interval that needs at most ``BARS`` bars for all days."""
    if not len(known_days):
        return "month"
    ends = np.array([known_days.min(), known_days.max()])
    lengths = {unit: int(np.diff(_periods(ends, unit).astype(np.int64))[0]) + 1 for unit in _AUTOMATIC}
    return next((unit for unit in _AUTOMATIC if lengths[unit] <= BARS), "year")


def _periods(days: NDArray[np.integer], interval: Interval) -> Periods:
    since = days.astype(np.int64) - _EPOCH
    return since.astype("datetime64[D]").astype(f"datetime64[{_UNITS[interval]}]")


def _mask_repeats(periods: Periods, clusters_of: Ints) -> NDArray[np.bool_]:
    """Return which rows repeat the cluster and period of an earlier row."""
    pairs = np.stack((clusters_of, periods.astype(np.int64)))
    _, first = np.unique(pairs, axis=1, return_index=True)
    repeated = np.ones(len(clusters_of), bool)
    repeated[first] = False
    return repeated
