from index.search.compiled.posting_lists cimport DecodedList, Segment


cdef list words_matching(clause, Segment segment)
cdef DecodedList docs_of_words(list segments, list words, Py_ssize_t documents)
