# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Prefixes, wildcards and fuzzy words: the words of a segment that match one, and the documents that have any of them."""

from libc.stdint cimport uint64_t
from libc.stdlib cimport free

from index.compiled.doc_bits cimport mark_docs, new_bits
from index.search.compiled.posting_lists cimport DecodedList, FieldTerms, PostingLists, Segment, list_of_bits

from index import deadline
from index.query import Prefix, Wildcard
from index.search.compiled.posting_lists import DecodedList

_FIELD = "fold"


cdef list words_matching(clause, Segment segment):
    """Return the words of a segment that match a prefix, wildcard or fuzzy word, ascending."""
    cdef FieldTerms terms = segment.terms.fields.get(_FIELD)
    cdef set found = set()
    if terms is None:
        return []
    dictionary = segment.reader.field(_FIELD).terms
    if type(clause) is Prefix:
        places = dictionary.with_prefix(clause.text.encode())
    elif type(clause) is Wildcard:
        places = dictionary.matching(clause.text)
    else:
        places = dictionary.within(clause.text, clause.distance)
    for place in places:
        found.update(terms.words_of(place))
    return sorted(found)


cdef DecodedList docs_of_words(PostingLists lists, list words, Py_ssize_t documents):
    """Return the live documents that have any of some *words*, given for each segment."""
    cdef Segment segment
    cdef DecodedList one = DecodedList()
    cdef Py_ssize_t room = 0, length
    cdef uint64_t* bits = new_bits(documents)
    try:
        for segment, mine in zip(lists.segments, words):
            for word in mine:
                deadline.check()
                length = segment.terms.length(word)
                if length > room:
                    one, room = DecodedList(), length
                    one.reserve(room)
                one.count = 0
                segment.read(word, one)
                lists.count(length)
                mark_docs(bits, one.docs, one.count)
        return list_of_bits(bits, documents)
    finally:
        free(bits)
