# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Facet counts of the documents that match, as `index/search/facets.py` counts them."""

import numpy as np

from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

from index.search.compiled.columns cimport Column, at, column_of

from index.query import TRAITS
from index.results import FacetValue

# Beyond this number of combinations of ministry, language and year, counting all of them is left to NumPy.
CELLS_MAX = 1 << 16
cdef enum:
    TRAIT_SETS = 256


cdef class FacetCounter:
    """Counts the facets; *columns* are those of the index."""

    def __init__(self, columns, count):
        # Not above: the module imports the reader, which imports this package.
        from index.search.facets import CATEGORY, FIELDS, TRAIT

        self.fields = *FIELDS, TRAIT, CATEGORY
        self.kept = []
        self.cells, self.traits = column_of(columns.cells, self.kept), column_of(columns.traits, self.kept)
        self.cell_count = columns.size
        self.is_small = self.cell_count <= CELLS_MAX and len(TRAITS) <= 8
        self.names = columns.ministries, columns.languages, columns.years
        for field in range(3):
            self.sizes[field] = len(self.names[field])
        self.categories = columns.categories if columns.categories.names else None
        if self.cells.length != count or self.traits.length != count or self.traits.size != 1:
            raise ValueError("doc values with a wrong number of documents")
        if count and (columns.cells.max() >= self.cell_count or columns.traits.max() >= 1 << len(TRAITS)):
            raise ValueError("doc values beyond their table")

    cdef dict count(self, const int32_t* docs, Py_ssize_t count, const int64_t* members, Py_ssize_t member_count):
        """Return the facets of *docs*; a cluster, given by the keys of its *members*, counts once per value."""
        cdef int32_t* counts[3]
        cdef int32_t traits[TRAIT_SETS]
        cdef int32_t* room = <int32_t*>calloc(self.sizes[0] + self.sizes[1] + self.sizes[2] + 1, 4)
        cdef Py_ssize_t field
        cdef dict facets = {}
        if room == NULL:
            raise MemoryError
        try:
            counts[0], counts[1] = room, room + self.sizes[0]
            counts[2] = counts[1] + self.sizes[1]
            self.count_values(docs, count, counts, traits)
            self.uncount_repeats(members, member_count, counts, traits)
            for field in range(3):
                facets[self.fields[field]] = ranked(self.names[field], counts[field])
        finally:
            free(room)
        facets[self.fields[3]] = ranked(TRAITS, traits)
        facets[self.fields[4]] = ()  # of most indexes; counted by the caller
        return facets

    cdef void count_values(
        self, const int32_t* docs, Py_ssize_t count, int32_t** counts, int32_t* traits
    ) except *:
        """Count the documents by value, each one for itself."""
        cdef int32_t* cells = <int32_t*>calloc(max(1, self.cell_count), 4)
        cdef int32_t sets[TRAIT_SETS]
        cdef Py_ssize_t i, cell, bit
        cdef Py_ssize_t ministry = 0, language = 0, year = 0
        if cells == NULL:
            raise MemoryError
        memset(sets, 0, sizeof(sets))
        memset(traits, 0, sizeof(sets))
        for i in range(count):
            cells[at(self.cells, docs[i])] += 1
            sets[self.traits.bytes[docs[i]]] += 1
        for cell in range(self.cell_count):
            counts[0][ministry] += cells[cell]
            counts[1][language] += cells[cell]
            counts[2][year] += cells[cell]
            year += 1
            if year == self.sizes[2]:
                year = 0
                language += 1
                if language == self.sizes[1]:
                    language = 0
                    ministry += 1
        free(cells)
        for i in range(TRAIT_SETS):
            if sets[i]:
                for bit in range(8):
                    traits[bit] += sets[i] * (i >> bit & 1)

    cdef void uncount_repeats(
        self, const int64_t* members, Py_ssize_t count, int32_t** counts, int32_t* traits
    ) except *:
        """Uncount what an earlier document of the same cluster has already been counted for."""
        cdef int32_t* last[3]
        cdef int32_t* room
        cdef int32_t values[3]
        cdef int32_t run = 0
        cdef uint8_t before = 0, mine
        cdef int64_t doc
        cdef Py_ssize_t i, field, bit
        if not count:
            return
        # For each value, the last cluster that has it.
        room = <int32_t*>calloc(self.sizes[0] + self.sizes[1] + self.sizes[2] + 1, 4)
        if room == NULL:
            raise MemoryError
        last[0], last[1] = room, room + self.sizes[0]
        last[2] = last[1] + self.sizes[1]
        for i in range(count):
            doc = members[i] & 0xFFFFFFFF
            if not i or members[i] >> 32 != members[i - 1] >> 32:
                run += 1
                before = 0
            self.values_of(doc, values)
            for field in range(3):
                counts[field][values[field]] -= last[field][values[field]] == run
                last[field][values[field]] = run
            mine = self.traits.bytes[doc]
            for bit in range(8):
                traits[bit] -= (before & mine) >> bit & 1
            before |= mine
        free(room)

    cdef void values_of(self, int64_t doc, int32_t* values) noexcept nogil:
        cdef int64_t cell = at(self.cells, doc)
        values[2] = cell % self.sizes[2]
        cell //= self.sizes[2]
        values[1], values[0] = cell % self.sizes[1], cell // self.sizes[1]


cdef tuple ranked(names, const int32_t* counts):
    """Return the values that occur, by descending count, then by name."""
    cdef list values = []
    cdef Py_ssize_t place, i, j, size = len(names)
    cdef int32_t* order = <int32_t*>malloc(4 * (size + 1))
    if order == NULL:
        raise MemoryError
    i = 0
    for place in range(size):
        if counts[place] and names[place]:
            # The values are few, and many of them in order.
            j = i
            while j and counts[order[j - 1]] < counts[place]:
                order[j] = order[j - 1]
                j -= 1
            order[j] = <int32_t>place
            i += 1
    for j in range(i):
        values.append(FacetValue(names[order[j]], counts[order[j]]))
    free(order)
    return tuple(values)
