"""The layout of a release in the index: the positions of its parts, and their weights."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal, NamedTuple

Stream = Literal["title", "lead", "date", "body", "attachment"]


class Layout(NamedTuple):
    """Where a part stands in the positions of a release, and how much a word in it counts."""

    base: int
    room: int
    """Tokens beyond it are not searched."""
    weight: int


# A word of the title says more of a release than one of its text. Parts stand further apart than the words of
# any phrase that can be typed ("..."~99), so none runs from one into the next.
LAYOUT: Mapping[Stream, Layout] = {
    "title": Layout(base=0, room=900, weight=4),
    "lead": Layout(base=1_000, room=1_700, weight=2),
    "date": Layout(base=2_850, room=50, weight=1),
    "body": Layout(base=3_000, room=990_000, weight=1),
    "attachment": Layout(base=1_000_000, room=1_000_000, weight=1),
}


PART_BASE: Mapping[Stream, int] = {name: layout.base for name, layout in LAYOUT.items()}


_ENDS = (*(layout.base for layout in LAYOUT.values()), 1 << 40)


PART_RANGE: Mapping[Stream, tuple[int, int]] = dict(zip(LAYOUT, pairwise(_ENDS), strict=True))
"""By part, the half-open range of its positions."""
