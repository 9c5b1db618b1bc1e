cimport cython

from index.compiled cimport doc_bits
from index.compiled.c cimport memory
from index.search.compiled cimport posting_lists
from index.search.compiled.posting_lists cimport DecodedList, FieldTerms, PostingLists, Segment


@cython.locals(terms=FieldTerms)
cpdef list words_matching(clause, Segment segment)
@cython.locals(segment=Segment, one=DecodedList, room=Py_ssize_t, length=Py_ssize_t)
cpdef DecodedList docs_of_words(PostingLists lists, list words, Py_ssize_t documents)
