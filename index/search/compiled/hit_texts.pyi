"""What Python sees of the texts of hits."""

from collections.abc import Sequence
from typing import TypeVar

from index.layout import Stream
from index.segment import ArrayFile

OffsetT = TypeVar("OffsetT", bound=tuple[Stream, int, int, int])
Pattern = tuple[int, Sequence[Sequence[int]], Stream | None]
"""A leaf, for each of its adjacent words the numbers that match, and the part that they must be in."""

class HitTexts:
    """The texts of the documents of a segment; immutable, shared by all threads.

    Raises:
        ValueError: the arrays do not fit together.
    """

    def __init__(self, arrays: ArrayFile) -> None: ...
    def match_offsets(
        self,
        docs: Sequence[int],
        leaf_of_word: dict[int, int],
        patterns: list[Pattern],
        offset_type: type[OffsetT],
    ) -> list[tuple[OffsetT, ...]]:
        """Return, for each of *docs*, the part, span and first leaf of each token that matches, in order.

        *leaf_of_word* has the leaves that match anywhere.

        Raises:
            ValueError: the arrays are damaged, or the patterns have more than 64 words.
        """
