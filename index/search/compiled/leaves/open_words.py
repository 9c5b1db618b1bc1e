"""Prefixes, wildcards and fuzzy words: the words of a segment that match one, and documents with any."""

from collections.abc import Iterable

from index import deadline
from index.compiled import doc_bits, memory
from index.query import Fuzzy, Prefix, Wildcard
from index.search.compiled import posting_lists
from index.search.compiled.posting_lists import DecodedList, PostingLists, Segment

_FIELD = "fold"


def words_matching(clause: Prefix | Wildcard | Fuzzy, segment: Segment) -> list[int]:
    """Return the words of a segment that match a prefix, wildcard or fuzzy word, ascending."""
    terms = segment.terms.fields.get(_FIELD)
    field = segment.reader.field(_FIELD)
    if terms is None or field is None:
        return []
    dictionary = field.terms
    places: Iterable[int]
    if isinstance(clause, Prefix):
        places = dictionary.with_prefix(clause.text.encode())
    elif isinstance(clause, Wildcard):
        places = dictionary.matching(clause.text)
    else:
        places = dictionary.within(clause.text, clause.distance)
    found = set()
    for place in places:
        found.update(terms.words_of(place))
    return sorted(found)


def docs_of_words(lists: PostingLists, words: list[list[int]], documents: int) -> DecodedList:
    """Return the live documents that have any of some *words*, given for each segment."""
    one, room = DecodedList(), -1
    marked = doc_bits.new_bits(documents)
    try:
        for segment, mine in zip(lists.segments, words, strict=True):
            for word in mine:
                deadline.check()
                length = segment.terms.length(word)
                if length > room:
                    one, room = DecodedList(), length
                    one.reserve(room)
                one.count = 0
                segment.read(word, one)
                lists.count(length)
                doc_bits.mark_docs(marked, one.docs, one.count)
        return posting_lists.list_of_bits(marked, documents)
    finally:
        memory.release(marked)
