cimport cython
from libc.stdint cimport int32_t

from index.compiled.c cimport memory
from index.search.compiled.proximity cimport Neighbours
from index.search.compiled.top cimport RankingValues, Top

cdef Py_ssize_t CHECK_EVERY


@cython.final
cdef class PromisingDocs:
    cdef int32_t* docs
    cdef int32_t* order  # rows of candidates
    cdef double* scores  # with recency
    cdef double* uppers  # what the scores cannot exceed
    cdef Py_ssize_t count
    @cython.locals(recency=double, upper=double, place=Py_ssize_t)
    cdef int collect(
        self, RankingValues values, const int32_t* docs, const double* scores, Py_ssize_t count, double gain, double threshold
    ) noexcept nogil
    @cython.locals(below=Py_ssize_t, mine=int32_t)
    cdef void sink(self, Py_ssize_t place) noexcept nogil
    cdef double upper_at(self, Py_ssize_t place) noexcept nogil
    @cython.locals(moved=Py_ssize_t)
    cdef Py_ssize_t move_to(self, Top top, Neighbours neighbours, Py_ssize_t most) except -1 nogil


@cython.locals(top=Top)
cdef Top best(
    RankingValues values, const int32_t* docs, const double* scores, Py_ssize_t count, Py_ssize_t most, bint collapse
)
@cython.locals(top=Top, candidates=PromisingDocs, threshold=double, moved=Py_ssize_t)
cdef Top best_boosted(
    RankingValues values, Neighbours neighbours, const int32_t* docs, const double* scores, Py_ssize_t count, Py_ssize_t most,
    bint collapse
)
