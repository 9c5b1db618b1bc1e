# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The best documents by score, day and id; of a cluster, only the best one."""

from libc.math cimport INFINITY, rint
from libc.stdint cimport int32_t, int64_t

from index.search.top_k import DIGITS

cdef double SCALE = 10.0**DIGITS


cdef class Top:
    """The best *most* of the documents added, in order, up to 128; for one query."""

    cdef double threshold(self) noexcept nogil:
        """Return a score below which no document is added any more."""
        return (self.entries[self.most - 1].key - 1) / SCALE if self.size == self.most else -INFINITY

    cdef int add(self, int32_t doc, double score) except -1:
        """Add a document if it is good enough."""
        cdef Entry entry
        cdef Py_ssize_t i
        # Scores that agree in DIGITS digits are equal: they differ only by the order of summation.
        entry.key, entry.score, entry.doc, entry.day = rint(score * SCALE), score, doc, self.days[doc]
        entry.cluster = -1 if self.clusters == NULL else self.clusters[doc]
        if self.size == self.most and not self.is_better(&entry, &self.entries[self.size - 1]):
            return 0
        if entry.cluster >= 0:
            for i in range(self.size):
                if self.entries[i].cluster == entry.cluster:
                    if self.is_better(&self.entries[i], &entry):
                        return 0
                    self.size -= 1
                    while i < self.size:
                        self.entries[i] = self.entries[i + 1]
                        i += 1
                    break
        i = self.size if self.size < self.most else self.most - 1
        self.size = i + 1
        while i and self.is_better(&entry, &self.entries[i - 1]):
            self.entries[i] = self.entries[i - 1]
            i -= 1
        self.entries[i] = entry
        return 0

    cdef bint is_better(self, Entry* one, Entry* other) except -1:
        if one.key != other.key:
            return one.key > other.key
        if one.day != other.day:
            return one.day > other.day
        return self.id_of(one.doc) < self.id_of(other.doc)
