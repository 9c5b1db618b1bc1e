"""Where the points, labels and grid of a chart of lines are, in percent of its width and height."""

from collections.abc import Sequence
from dataclasses import dataclass

from searcher.comparison.comparing import ComparedDays, ComparedLine, Comparison

# Colours of 3 : 1 and more on the paper of both themes; shapes and dashes tell lines apart without them.
_COLOURS = ("#3f7fd0", "#c2611f", "#2f8a5b", "#a35fc4", "#7d8491")
_DASHES = ("none", "9 5", "2 4", "14 4 2 4", "5 3")
_SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "M-4-4h8v8h-8z",
    "M0-5L5 4H-5z",
    "M0-5.5L5.5 0L0 5.5L-5.5 0z",
    "M-5-2h3v-3h4v3h3v4h-3v3h-4v-3h-3z",
)
_GAP = 7.0
"""Between the labels of two lines: the height of a text, in percent."""
NAMES = 6
"""The most periods that are named below the axis."""
TICKS = 4
"""The most lines of the grid above the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The count of a line in a period."""

    x: float
    y: float
    span: ComparedDays
    count: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """A line as it is drawn."""

    line: ComparedLine
    number: int
    """From 1; the label in the chart."""
    colour: str
    dash: str
    shape: str
    points: tuple[Point, ...]
    label_y: float

    @property
    def path(self) -> str:
        """The points of an SVG polyline."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesChart:
    """The lines of a comparison, as counts or as shares."""

    lines: tuple[DrawnLine, ...]
    ticks: tuple[tuple[float, float], ...]
    """The value and the height of each line of the grid."""
    periods: tuple[tuple[float, ComparedDays], ...]
    """The places of the periods that are named below the axis."""
    are_years: bool
    """Whether these are named by their years alone."""

    @classmethod
    def of(cls, found: Comparison, *, is_share: bool) -> "LinesChart":
        """Return the chart of what was *found*."""
        values = [
            [
                found.share(line, place) if is_share else float(count)
                for place, count in enumerate(line.counts)
            ]
            for line in found.lines
        ]
        ticks = _ticks(max((value for of_line in values for value in of_line), default=0), whole=not is_share)
        top = ticks[-1]
        across = [_round(100 * (place + 0.5) / len(found.spans)) for place in range(len(found.spans))]
        heights = [[_round(100 - 100 * value / top) for value in of_line] for of_line in values]
        labels = _spread([of_line[-1] for of_line in heights])
        years = [
            place for place, span in enumerate(found.spans) if found.unit == "year" or span.first.month == 1
        ]
        years = years if found.unit == "year" or len(years) > 1 else []
        lines = (
            DrawnLine(
                line=line,
                number=place + 1,
                colour=_COLOURS[place],
                dash=_DASHES[place],
                shape=_SHAPES[place],
                points=tuple(
                    Point(x=x, y=y, span=span, count=count, share=found.share(line, number))
                    for number, (x, y, span, count) in enumerate(
                        zip(across, heights[place], found.spans, line.counts, strict=True)
                    )
                ),
                label_y=labels[place],
            )
            for place, line in enumerate(found.lines)
        )
        return cls(
            lines=tuple(lines),
            ticks=tuple((tick, _round(100 - 100 * tick / top)) for tick in ticks),
            periods=tuple(
                (across[place], found.spans[place]) for place in _named(years or [*range(len(across))])
            ),
            are_years=bool(years),
        )


def _ticks(most: float, *, whole: bool) -> Sequence[float]:
    """Return round values from 0 to *most* or just above it."""
    step = 1.0 if whole else 0.0001
    factors = (2, 2.5, 2)
    place = 0
    while most / step > TICKS:
        step *= factors[place % 3]
        place += 1
    count = max(1, -int(-most // step))
    return [_round(step * number) for number in range(count + 1)]


def _named(places: Sequence[int]) -> Sequence[int]:
    """Return those of the *places* of periods that are named: few enough for a phone."""
    return places[:: -(-len(places) // NAMES)]


def _spread(heights: Sequence[float]) -> Sequence[float]:
    """Return the *heights* of labels moved apart, in the same order from top to bottom."""
    placed = dict.fromkeys(range(len(heights)), 0.0)
    lowest = -_GAP
    for place in sorted(placed, key=lambda one: heights[one]):
        lowest = placed[place] = max(heights[place], lowest + _GAP)
    overflow = max(0.0, lowest - 100)
    return [_round(height - overflow) for height in placed.values()]


def _round(value: float) -> float:
    return round(value, 4)
