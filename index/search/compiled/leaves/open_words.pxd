from index.search.compiled.posting_lists cimport DecodedList, PostingLists, Segment


cdef list words_matching(clause, Segment segment)
cdef DecodedList docs_of_words(PostingLists lists, list words, Py_ssize_t documents)
