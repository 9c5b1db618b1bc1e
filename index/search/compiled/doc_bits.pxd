"""A set of documents as a bit for each document of the index."""

from libc.stdint cimport int32_t, uint64_t
from libc.stdlib cimport calloc


cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define lowest_bit(bits) __builtin_ctzll(bits)
    #else
    static int lowest_bit(unsigned long long bits) { int n = 0; while (!(bits >> n & 1)) n++; return n; }
    #endif
    """
    int lowest_bit(uint64_t bits) nogil


cdef inline int bit_count(uint64_t bits) noexcept nogil:
    """Return the number of bits that are set."""
    bits -= bits >> 1 & 0x5555555555555555ULL
    bits = (bits & 0x3333333333333333ULL) + (bits >> 2 & 0x3333333333333333ULL)
    bits = (bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0FULL
    return <int>(bits * 0x0101010101010101ULL >> 56)


cdef inline Py_ssize_t words_of(Py_ssize_t documents) noexcept nogil:
    """Return how many numbers of 64 bits so many *documents* need."""
    return (documents + 63) >> 6


cdef inline uint64_t* new_bits(Py_ssize_t documents) except NULL:
    """Return a new set without documents, which the caller frees."""
    cdef uint64_t* bits = <uint64_t*>calloc(words_of(documents) + 1, 8)
    if bits == NULL:
        raise MemoryError
    return bits


cdef inline void mark_docs(uint64_t* bits, const int32_t* docs, Py_ssize_t count) noexcept nogil:
    """Add documents to a set."""
    cdef Py_ssize_t i
    for i in range(count):
        bits[docs[i] >> 6] |= <uint64_t>1 << (docs[i] & 63)


cdef inline bint has_doc(const uint64_t* bits, int32_t doc) noexcept nogil:
    return bits[doc >> 6] >> (doc & 63) & 1


cdef inline void mark_all(uint64_t* bits, const uint64_t* others, Py_ssize_t documents) noexcept nogil:
    """Add the documents of another set."""
    cdef Py_ssize_t i
    for i in range(words_of(documents)):
        bits[i] |= others[i]


cdef inline Py_ssize_t count_bits(const uint64_t* bits, Py_ssize_t documents) noexcept nogil:
    """Return the number of documents in a set."""
    cdef Py_ssize_t i, count = 0
    for i in range(words_of(documents)):
        count += bit_count(bits[i])
    return count


cdef inline Py_ssize_t read_bits(const uint64_t* bits, Py_ssize_t documents, int32_t* docs) noexcept nogil:
    """Set *docs* to the documents of a set, ascending, and return their number."""
    cdef Py_ssize_t i, count = 0
    cdef uint64_t left
    for i in range(words_of(documents)):
        left = bits[i]
        while left:
            docs[count] = <int32_t>(i << 6) + lowest_bit(left)
            count += 1
            left &= left - 1
    return count


cdef inline Py_ssize_t keep_docs(
    const uint64_t* bits, bint are_wanted, const int32_t* docs, Py_ssize_t count, int32_t* kept
) noexcept nogil:
    """Set *kept* to those of *docs* that are in a set, or not in it, and return their number."""
    cdef Py_ssize_t i, found = 0
    for i in range(count):
        kept[found] = docs[i]
        found += has_doc(bits, docs[i]) == are_wanted
    return found
