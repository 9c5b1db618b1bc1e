"""The lines of a text, and the strings of the page from which each of them comes.

The text is what other modules made of the blocks of the page: paragraphs and lines are missing, none was
added or moved. Each line is sought in the blocks, in order; one that is in none of them has no strings.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bs4.element import NavigableString

from crawler.extraction.html.parse import BETWEEN_CELLS, CELL, LINE, Block, tidy

_Strings = list[tuple[str, NavigableString | None]]
"""The strings of a line, tidied; None: a cell begins."""
Placed = tuple[int, int, NavigableString]
"""Where a string starts and ends in the text, and the string."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the text, and the block that has it; None: no block has."""

    start: int
    paragraph: int
    """Where its paragraph starts."""
    text: str
    block: Block | None
    number: int
    """Among the lines of the pieces of the block."""


class LineStrings:
    """Lays the strings of a page over lines of the text."""

    def __init__(self) -> None:
        self._split: dict[int, tuple[Sequence[str], list[_Strings]]] = {}

    def of(self, line: SourceLine) -> list[Placed] | None:
        """Return where each string of *line* starts and ends; None if its block spells it otherwise."""
        return _place(line, self._strings(line.block.pieces, line.number)) if line.block else None

    def _strings(self, pieces: Sequence[str], number: int) -> _Strings:
        """Return the strings of the line *number* of those that *pieces* are, without lines of no text."""
        held, known = self._split.get(id(pieces), (None, []))
        if held is None:
            lines: list[_Strings] = [[]]
            for piece in pieces:
                if isinstance(piece, NavigableString):
                    if text := tidy(str(piece)):
                        lines[-1].append((text, piece))
                elif piece == LINE:
                    lines.append([])
                elif piece == CELL:
                    lines[-1].append((CELL, None))
            known = [line for line in lines if any(string is not None for _, string in line)]
            self._split[id(pieces)] = pieces, known  # held, so that no other pieces get their id
        return known[number] if number < len(known) else []


def source_lines(text: str, sources: Sequence[Block]) -> Iterator[SourceLine]:
    """Yield the lines of *text*, each with the next block of *sources* that has it."""
    known = list(_lines_of(sources))
    places: dict[str, list[int]] = {}
    for place, (line, _, _) in enumerate(known):
        places.setdefault(line, []).append(place)
    at = start = 0
    for paragraph in text.split("\n\n"):
        begin = start
        for line in paragraph.split("\n"):
            block, number = None, 0
            own = places.get(line, ())
            if (next_place := bisect_left(own, at)) < len(own):
                at = own[next_place] + 1
                _, block, number = known[at - 1]
            yield SourceLine(start, begin, line, block, number)
            start += len(line) + 1
        start += 1


def _lines_of(sources: Iterable[Block]) -> Iterator[tuple[str, Block, int]]:
    pieces: Sequence[str] | None = None
    number = 0
    for block in sources:
        number = number if block.pieces is pieces else 0
        pieces = block.pieces
        for line in block.text.split("\n"):
            yield line, block, number
            number += 1


def _place(line: SourceLine, strings: _Strings) -> list[Placed] | None:
    """Return where each of *strings* starts and ends in *line*; None if they are not the line."""
    placed = []
    at, between = 0, " "
    for text, string in strings:
        if string is None:
            between = BETWEEN_CELLS
            continue
        if at:
            at += len(between) if line.text.startswith(between, at) else line.text.startswith(" ", at)
        between = " "
        if not line.text.startswith(text, at):
            return None
        placed.append((line.start + at, line.start + at + len(text), string))
        at += len(text)
    return placed if at == len(line.text) else None
