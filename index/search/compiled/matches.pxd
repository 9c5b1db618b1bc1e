cimport cython
from libc.stdint cimport int32_t, int64_t

from index.compiled.c cimport memory
from index.search.compiled cimport posting_lists
from index.search.compiled.posting_lists cimport DecodedList
from index.search.compiled.words cimport Norms, QueryWord, ScoredTerm

cdef int64_t LOWER_HALF
cdef Py_ssize_t BLOCK, SPAN, DENSE, CHECK_EVERY


@cython.final
cdef class Matches:
    cdef DecodedList whole
    cdef int32_t* docs
    cdef double* scores
    cdef int64_t* members  # cluster << 32 | document of those that share a cluster, ascending
    cdef readonly Py_ssize_t count, member_count, repeats
    cpdef DecodedList list(self)
    cpdef int intersect(self, DecodedList other) except -1
    cpdef int keep(self, const int64_t[::1] rows) except -1
    @cython.locals(kept=Py_ssize_t)
    cpdef int keep_between(self, const int32_t[::1] days, int32_t first, int32_t last) except -1
    cpdef int drop(self, set excluded) except -1
    cpdef int group(self, const int64_t[::1] clusters) except -1
    @cython.locals(count=Py_ssize_t)
    cdef Py_ssize_t collect_members(self, const int64_t[::1] clusters) except -1
    cpdef tuple folded(self, int64_t cluster, int32_t doc)


cdef void copy_docs(Matches matches, int64_t[::1] to) noexcept
cdef void copy_scores(Matches matches, double[::1] to) noexcept


@cython.final
cdef class BlockScorer:
    cdef DecodedList whole
    cdef int64_t* rows
    cdef float* table
    cdef float* frequencies
    cdef double* lengths
    cdef double* best
    cdef double* of_word
    @cython.locals(term=ScoredTerm, of_field=Norms, is_alternative=bint)
    cdef int score_word(
        self, QueryWord word, Py_ssize_t number, const int32_t* docs, Py_ssize_t first, Py_ssize_t count
    ) except -1
    cdef int set_lengths(self, Norms norms, const int32_t* docs, Py_ssize_t first, Py_ssize_t count) noexcept
    @cython.locals(frequency=double)
    cdef int add(self, double most, Py_ssize_t count) noexcept
    @cython.locals(frequency=double)
    cdef int keep_better(self, double most, Py_ssize_t count) noexcept
    cdef Py_ssize_t look_up(
        self, DecodedList found, const int32_t* docs, Py_ssize_t first, Py_ssize_t count, Py_ssize_t row
    ) noexcept


@cython.locals(scorer=BlockScorer, word=QueryWord, first=Py_ssize_t, number=Py_ssize_t, size=Py_ssize_t)
cdef int score(list words, DecodedList whole, const int32_t* docs, Py_ssize_t count, double* scores) except -1
@cython.locals(found=Matches, word=QueryWord, rarest=QueryWord)
cdef Matches match_all(list asked)
