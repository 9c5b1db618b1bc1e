"""`index/compiled/bits.py` as C has it: `from index.compiled.c cimport bits`."""

from libc.stdint cimport uint64_t


cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define bits_lowest(word) __builtin_ctzll(word)
    #else
    CYTHON_UNUSED static int bits_lowest(uint64_t word) { int n = 0; while (!(word >> n & 1)) n++; return n; }
    #endif
    CYTHON_UNUSED static int bits_count(uint64_t word) {
        word -= word >> 1 & 0x5555555555555555ULL;
        word = (word & 0x3333333333333333ULL) + (word >> 2 & 0x3333333333333333ULL);
        word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
        return (int)(word * 0x0101010101010101ULL >> 56);
    }
    """
    int lowest_bit "bits_lowest" (uint64_t word) nogil
    int bit_count "bits_count" (uint64_t word) nogil
