cimport cython
from libc.stdint cimport int32_t, uint64_t

from index.compiled.c cimport bits
from index.compiled.c cimport memory

cdef uint64_t ONE

cdef Py_ssize_t words_of(Py_ssize_t documents) noexcept nogil
cdef uint64_t* new_bits(Py_ssize_t documents) except NULL
@cython.locals(one=uint64_t)
cdef int mark_docs(uint64_t* marked, const int32_t* docs, Py_ssize_t count) noexcept nogil
cdef bint has_doc(const uint64_t* marked, int32_t doc) noexcept nogil
cdef int mark_all(uint64_t* marked, const uint64_t* others, Py_ssize_t documents) noexcept nogil
@cython.locals(count=Py_ssize_t)
cdef Py_ssize_t count_bits(const uint64_t* marked, Py_ssize_t documents) noexcept nogil
@cython.locals(count=Py_ssize_t)
cdef Py_ssize_t read_bits(const uint64_t* marked, Py_ssize_t documents, int32_t* docs) noexcept nogil
@cython.locals(kept_count=Py_ssize_t)
cdef Py_ssize_t keep_docs(
    const uint64_t* marked, bint are_wanted, const int32_t* docs, Py_ssize_t count, int32_t* kept
) noexcept nogil
