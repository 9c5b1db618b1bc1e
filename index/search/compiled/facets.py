"""Facet counts of the documents that match, as `index/search/facets.py` counts them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.query import TRAITS
from index.query.filters import CELL_FACETS, FLAGS
from index.results import FacetValue

if TYPE_CHECKING:
    from index.search.facets import FacetColumns

# Beyond this number of combinations of ministry, language and year, counting all of them is left to NumPy.
CELLS_MAX = 1 << 16
TRAIT_SETS = 256
"""How many sets the traits of a document can be, a bit for each trait."""
TRAIT_BITS = 8
LOWER_HALF = 0xFFFFFFFF


class FacetCounter:
    """Counts the facets; *columns* are those of the index."""

    def __init__(self, columns: "FacetColumns", count: int) -> None:
        self.cell_count = columns.size
        self.is_small = self.cell_count <= CELLS_MAX and len(TRAITS) <= TRAIT_BITS
        self.names = columns.ministries, columns.languages, columns.years
        self.ministries, self.languages, self.years = map(len, self.names)
        if len(columns.cells) != count or len(columns.traits) != count:
            raise ValueError("doc values with a wrong number of documents")
        if count and (columns.cells.max() >= self.cell_count or columns.traits.max() >= 1 << len(TRAITS)):
            raise ValueError("doc values beyond their table")
        if self.is_small:
            self.cells = columns.cells.astype(np.uint16, copy=False).data
            self.traits = columns.traits.astype(np.uint8, copy=False).data

    def count(
        self, docs: memoryview, count: int, members: memoryview, member_count: int
    ) -> dict[str, tuple[FacetValue, ...]]:
        """Return the facets of *docs*, but those of columns of sets.

        A cluster, given by the keys of its *members* (cluster << 32 | document), counts once per value.
        """
        values = self.ministries + self.languages + self.years
        # One array for all, because to make one takes a microsecond.
        room = new_numbers(2 * values + TRAIT_BITS + TRAIT_SETS + self.cell_count)
        # Those of the ministries, the languages, the years and the traits, one after the other.
        counts = room[: values + TRAIT_BITS]
        last = room[values + TRAIT_BITS : 2 * values + TRAIT_BITS]
        sets = room[2 * values + TRAIT_BITS : 2 * values + TRAIT_BITS + TRAIT_SETS]
        cells = room[2 * values + TRAIT_BITS + TRAIT_SETS :]
        self.count_values(docs, count, cells, sets)
        self.sum_cells(cells, counts)
        self.sum_sets(sets, counts)
        self.uncount_repeats(members, member_count, counts, last)
        ministry, language, year = CELL_FACETS
        return {
            ministry: ranked(self.names[0], counts, 0),
            language: ranked(self.names[1], counts, self.ministries),
            year: ranked(self.names[2], counts, self.ministries + self.languages),
            FLAGS.name: ranked(TRAITS, counts, values),
        }

    def count_values(self, docs: memoryview, count: int, cells: memoryview, sets: memoryview) -> None:
        """Count the documents by cell and by their set of traits, each one for itself."""
        for row in range(count):
            cells[self.cells[docs[row]]] += 1
            sets[self.traits[docs[row]]] += 1

    def sum_cells(self, cells: memoryview, counts: memoryview) -> None:
        """Add the documents of each cell to its ministry, its language and its year."""
        cell = 0
        for ministry in range(self.ministries):
            for language in range(self.ministries, self.ministries + self.languages):
                for year in range(
                    self.ministries + self.languages, self.ministries + self.languages + self.years
                ):
                    counts[ministry] += cells[cell]
                    counts[language] += cells[cell]
                    counts[year] += cells[cell]
                    cell += 1

    def sum_sets(self, sets: memoryview, counts: memoryview) -> None:
        """Add the documents of each set of traits to its traits."""
        first = self.ministries + self.languages + self.years
        for traits in range(TRAIT_SETS):
            if sets[traits]:
                for bit in range(TRAIT_BITS):
                    counts[first + bit] += sets[traits] * (traits >> bit & 1)

    def uncount_repeats(self, members: memoryview, count: int, counts: memoryview, last: memoryview) -> None:
        """Uncount what an earlier document of the same cluster has already been counted for.

        *last* has zeros: it takes the last cluster that has each value.
        """
        run = 0
        before = 0
        first = self.ministries + self.languages + self.years
        for row in range(count):
            if not row or members[row] >> 32 != members[row - 1] >> 32:
                run += 1
                before = 0
            doc = members[row] & LOWER_HALF
            cell = self.cells[doc]
            year = cell % self.years
            cell //= self.years
            uncount(counts, last, self.ministries + self.languages + year, run)
            uncount(counts, last, self.ministries + cell % self.languages, run)
            uncount(counts, last, cell // self.languages, run)
            mine = self.traits[doc]
            for bit in range(TRAIT_BITS):
                counts[first + bit] -= (before & mine) >> bit & 1
            before |= mine


def new_numbers(count: int) -> memoryview:
    """Return zeros."""
    return np.zeros(count, np.int32).data


def uncount(counts: memoryview, last: memoryview, value: int, run: int) -> None:
    """Uncount a value of a document if an earlier one of the same cluster, a *run*, has it."""
    counts[value] -= last[value] == run
    last[value] = run


def ranked(names: Sequence[str], counts: memoryview, first: int) -> tuple[FacetValue, ...]:
    """Return the values that occur, by descending count, then by name; their counts begin at *first*."""
    order: list[int] = []
    for place in range(len(names)):
        if counts[first + place] and names[place]:
            # The values are few, and many of them in order.
            at = len(order)
            order.append(place)
            while at:
                before = order[at - 1]
                if counts[first + before] >= counts[first + place]:
                    break
                order[at] = before
                at -= 1
            order[at] = place
    return tuple([FacetValue(names[place], counts[first + place]) for place in order])
