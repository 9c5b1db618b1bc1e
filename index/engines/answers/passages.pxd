cimport cython
from libc cimport math
from libc.stdint cimport int64_t, uint64_t

from index.analysis cimport sentences

cdef Py_ssize_t _LEAVES
cdef uint64_t _ONE
cdef int64_t _WORD_WEIGHT, _ADJACENT_BONUS, _MATCH_BONUS, _REPEATED_SHARE


@cython.final
cdef class Mark:
    cdef Py_ssize_t start, end, leaf


@cython.final
cdef class Sentence:
    cdef str text
    cdef Py_ssize_t start, end
    cdef list marks
    cdef uint64_t leaves
    cdef int64_t density
    cdef bint is_chosen


@cython.locals(mark=Mark)
cdef Mark _new_mark(Py_ssize_t start, Py_ssize_t end, Py_ssize_t leaf)
@cython.locals(sentence=Sentence)
cdef Sentence _new_sentence(str text, Py_ssize_t start, Py_ssize_t end)

cpdef tuple choose_passages(texts, marks)
@cython.locals(start=Py_ssize_t, end=Py_ssize_t, leaf=Py_ssize_t)
cdef dict _by_part(offsets)
cdef list _marks_of(str part, offsets)
@cython.locals(
    first=Py_ssize_t, last=Py_ssize_t, following=Py_ssize_t, before=Py_ssize_t, start=Py_ssize_t, end=Py_ssize_t,
    mark=Mark, first_mark=Mark,
)
cdef int _add_sentences(list found, str text, list marks) except -1

@cython.locals(shown=uint64_t, chars=Py_ssize_t)
cdef list _best(list found)
@cython.locals(sentence=Sentence, mark=Mark, before=Py_ssize_t, adjacent=Py_ssize_t, leaves=uint64_t, count=int64_t)
cdef list _weigh(list found)
@cython.locals(sentence=Sentence, best=Sentence, most=int64_t)
cdef Sentence _richest(list found, list worth)
@cython.locals(weight=int64_t)
cdef int _lower(list worth, uint64_t leaves) except -1

cdef object _passage(Sentence sentence)
cpdef mark_title(str text, marks)
cpdef mark_text(str text, marks, str part)
@cython.locals(mark=Mark)
cdef object _cut_passage(Sentence sentence)
cdef tuple _cut(Sentence sentence, list marks)
cdef tuple _window(Sentence sentence, Py_ssize_t start, Py_ssize_t end)
@cython.locals(start=Py_ssize_t, end=Py_ssize_t, mark=Mark)
cdef tuple _merge(str text, list marks, Py_ssize_t first)
cdef bint _is_gap(str text, Py_ssize_t first, Py_ssize_t end) noexcept
