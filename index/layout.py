"""The layout of a release in the index: positions and weights of its parts."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal, NamedTuple

Stream = Literal["title", "lead", "date", "body", "attachment"]


class Layout(NamedTuple):
    """The positions of a part within a release, and the weight of its words."""

    base: int
    """The position of its first token."""
    room: int
    """The most tokens of the part that are searched."""
    weight: int


# A word in the title characterises a release more than a word in its body. The gaps between parts exceed the
# largest slop that can be typed ("..."~99), so no phrase matches across parts.
LAYOUT: Mapping[Stream, Layout] = {
    "title": Layout(base=0, room=900, weight=4),
    "lead": Layout(base=1_000, room=1_700, weight=2),
    "date": Layout(base=2_850, room=50, weight=1),
    "body": Layout(base=3_000, room=990_000, weight=1),
    "attachment": Layout(base=1_000_000, room=1_000_000, weight=1),
}

VALUE_BREAK = "\n"
"""Separates the values of a release in a column of sets; no value contains it."""

PART_BASE: Mapping[Stream, int] = {name: layout.base for name, layout in LAYOUT.items()}

_ENDS = (*(layout.base for layout in LAYOUT.values()), 1 << 40)
PART_RANGE: Mapping[Stream, tuple[int, int]] = dict(zip(LAYOUT, pairwise(_ENDS), strict=True))
"""The half-open range of positions of each part."""
ANYWHERE, OPENING = (0, 1 << 40), (0, PART_BASE["date"])
"""The positions of all parts, and of the title and the lead."""


def part_at(position: int) -> Stream:
    """Return the part that contains a position."""
    return next(name for name, (first, last) in PART_RANGE.items() if first <= position < last)
