"""A set of documents as a bit for each document of the index."""

from index.compiled import bits, memory

# Of 64 bits, so that it can be shifted by as many.
ONE = 1


def words_of(documents: int) -> int:
    """Return how many numbers of 64 bits so many *documents* need."""
    return (documents + 63) >> 6


def new_bits(documents: int) -> memoryview:
    """Return a new set without documents; who makes it releases it."""
    return memory.new_words(words_of(documents))


def mark_docs(marked: memoryview, docs: memoryview, count: int) -> int:
    """Add documents to a set."""
    one = ONE
    for row in range(count):
        marked[docs[row] >> 6] |= one << (docs[row] & 63)
    return 0


def has_doc(marked: memoryview, doc: int) -> int:
    """Return whether a document is in a set: 1 or 0."""
    return marked[doc >> 6] >> (doc & 63) & 1


def mark_all(marked: memoryview, others: memoryview, documents: int) -> int:
    """Add the documents of another set."""
    for word in range(words_of(documents)):
        marked[word] |= others[word]
    return 0


def count_bits(marked: memoryview, documents: int) -> int:
    """Return the number of documents in a set."""
    count = 0
    for word in range(words_of(documents)):
        count += bits.bit_count(marked[word])
    return count


def read_bits(marked: memoryview, documents: int, docs: memoryview) -> int:
    """Set *docs* to the documents of a set, ascending, and return their number."""
    count = 0
    for word in range(words_of(documents)):
        left = marked[word]
        while left:
            docs[count] = (word << 6) + bits.lowest_bit(left)
            count += 1
            left &= left - 1
    return count


def keep_docs(marked: memoryview, are_wanted: int, docs: memoryview, count: int, kept: memoryview) -> int:
    """Set *kept* to those of *docs* that are in a set, or not in it, and return their number."""
    # Without a branch, which the processor would often mispredict.
    kept_count = 0
    for row in range(count):
        kept[kept_count] = docs[row]
        kept_count += has_doc(marked, docs[row]) == are_wanted
    return kept_count
