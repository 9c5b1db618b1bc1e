"""MinHash: a short signature of a set, by which sets that are alike are found without comparing all of them.

The numbers are those of datasketch 2 with its default scheme and seed 1, since stores keep them. datasketch
itself brings SciPy, which is larger than all else that we install.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint32]

SEED = 1


def signature(members: Iterable[bytes], size: int) -> list[int]:
    """Return *size* numbers below 2**32 for a set of at least one member, in whatever order they come.

    Two sets agree in a share of the numbers that is about the share of all members that they have in common.
    """
    # A tenth of a second to import, and most crawls have nothing to compare.
    import numpy as np  # noqa: PLC0415  # see above

    hashes = b"".join(hashlib.sha1(member, usedforsecurity=False).digest()[:4] for member in members)
    factors, summands = _permutations(size)
    numbers = factors * _mixed(np.frombuffer(hashes, dtype="<u4")) + summands
    return [int(number) for number in numbers.min(axis=1)]


def _mixed(hashes: "Numbers") -> "Numbers":
    """Spread what differs in a few bits over all of them: the last step of MurmurHash3."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        hashes = (hashes ^ (hashes >> hashes.dtype.type(shift))) * hashes.dtype.type(factor)
    return hashes


@cache
def _permutations(size: int) -> tuple["Numbers", "Numbers"]:
    """Return the factors and summands of *size* permutations of the numbers below 2**32, as columns."""
    import numpy as np  # noqa: PLC0415  # as above

    # NumPy promises that this generator draws the same numbers in every version.
    generator = np.random.RandomState(SEED)
    # An odd factor maps no two numbers to the same.
    factors = generator.randint(0, 2**31, (size, 1), dtype=np.uint32) * 2 + 1
    return factors, generator.randint(0, 2**32, (size, 1), dtype=np.uint32)
