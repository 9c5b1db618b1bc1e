"""The bits of a number, for modules of the core: C's instructions, by `c/bits.pxd`, or Python's, here."""


def lowest_bit(word: int) -> int:
    """Return which bit is the lowest that is set; one is.

    >>> lowest_bit(0b1100)
    2
    """
    return (word & -word).bit_length() - 1


def bit_count(word: int) -> int:
    """Return the number of bits that are set.

    >>> bit_count(0b1100)
    2
    """
    return word.bit_count()
