"""The geometry of the small charts in a report; the templates draw them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.reports.history import RUNS_SHOWN, TREND, TrendPoint

HEIGHT, STEP, BAR = 28, 5, 4
WIDTH = RUNS_SHOWN * STEP
# The smallest height of a part, so that every part is visible.
_VISIBLE = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPart:
    """The rectangle of one outcome in the column of a run."""

    outcome: str
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The column of a run."""

    x: int
    label: str
    parts: tuple[ChartPart, ...]


def columns_of(points: Sequence[TrendPoint]) -> tuple[Column, ...]:
    """Return a column for each of *points*, the last at the right edge; the highest fills the height."""
    highest = _scale([sum(point.counts) for point in points])
    first = WIDTH - len(points) * STEP
    return tuple(
        Column(
            x=first + at * STEP,
            label=f"Crawl {point.run}, {point.day}: {_describe(point)}",
            parts=_parts(point, highest),
        )
        for at, point in enumerate(points)
    )


def _parts(point: TrendPoint, highest: int) -> tuple[ChartPart, ...]:
    total = sum(point.counts)
    column = min(1.0, total / highest) * HEIGHT
    counts = {outcome: count for outcome, count in zip(TREND, point.counts, strict=True) if count}
    heights = {outcome: max(_VISIBLE, count / total * column) for outcome, count in counts.items()}
    if (surplus := sum(heights.values()) - HEIGHT) > 0:
        heights[max(heights, key=heights.__getitem__)] -= surplus
    parts, top = [], float(HEIGHT)
    for outcome, height in heights.items():
        top -= height
        # Rounding may leave -0.0.
        parts.append(ChartPart(outcome=outcome, y=abs(round(top, 2)), height=round(height, 2)))
    return tuple(parts)


def _scale(totals: Sequence[int]) -> int:
    """Return the total that fills the height.

    A column more than twice as high as all others is cut off: the first crawl of a site finds its whole
    archive.
    """
    highest = sorted(totals)[-2:]
    return min(highest[-1], 2 * highest[0] or highest[-1]) or 1 if highest else 1


def _describe(point: TrendPoint) -> str:
    counts = [f"{count} {outcome}" for outcome, count in zip(TREND, point.counts, strict=True) if count]
    return ", ".join(counts) or "nothing new"


def sparkline(counts: Sequence[int]) -> str:
    """Return *counts* as a line of bars; a dot is 0.

    >>> sparkline([0, 1, 4, 8])
    '·▁▄█'
    """
    highest = _scale(counts)
    return "".join("▁▂▃▄▅▆▇█"[min(8, -(-count * 8 // highest)) - 1] if count else "·" for count in counts)
