"""The passages that show why a release matches: whole sentences and words, the best passage first."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from index.columnar.marks import Mark
from index.document import Stream
from index.engine import Passage
from index.sentences import spans

PASSAGES_MAX = 3
SENTENCE_CHARS = 320
"""A longer sentence is cut around its matches."""
ENOUGH_CHARS = 420
"""Once so much is shown, no further passage is added."""
OPENING_CHARS = 200
"""At least so much of a text in which nothing is marked, if it has as much."""
READ_CHARS = 50_000
"""More of one part is not looked through: it bounds the work per hit."""

WINDOWS_MAX = 30
"""So many places to cut a long sentence at are compared."""

_SHOWN: tuple[Stream, ...] = ("lead", "body", "attachment")
_ELLIPSIS = "…"
# What a word that is shown already still adds to the worth of a passage.
_AGAIN = 0.1

Span = tuple[int, int]


class _Sentence(NamedTuple):
    part: Stream
    start: int
    end: int
    marks: Sequence[Mark]


def title(text: str, marks: Iterable[Mark]) -> Passage:
    """Return a release's title with its matches, which are in reading order."""
    return Passage(text, tuple(_merged(text, [mark[1:3] for mark in marks if mark.part == "title"])))


def passages(texts: Mapping[str, str], marks: Sequence[Mark]) -> tuple[Passage, ...]:
    """Return up to three passages of *texts*, by part, best first; or how the text opens, if none matches."""
    by_part: dict[Stream, list[Mark]] = {part: [] for part in _SHOWN}
    for mark in marks:
        if mark.part in by_part:
            by_part[mark.part].append(mark)
    sentences = [
        one for part, ours in by_part.items() if ours for one in _sentences(part, texts.get(part, ""), ours)
    ]
    if not sentences:
        return _opening(texts)
    chosen = _best(sentences) if len(sentences) > 1 else sentences
    return tuple(_passage(texts[one.part], one) for one in chosen)


def _sentences(part: Stream, text: str, ours: Sequence[Mark]) -> Iterable[_Sentence]:
    """Yield the sentences of a part that hold one of its marks."""
    first = 0 if len(text) <= READ_CHARS else max(0, ours[0].start - READ_CHARS // 10)
    # No sentence runs over the end of a line.
    first = max(first, text.rfind("\n", first, ours[0].start) + 1)
    last = min(first + READ_CHARS, len(text))
    starts = [mark.start for mark in ours]
    at, count = 0, bisect_left(starts, last)
    while at < count:
        line = text.rfind("\n", first, starts[at]) + 1 or first
        end_of_line = text.find("\n", starts[at], last)
        if end_of_line < 0:
            end_of_line = last
        for start, end in spans(text, line, end_of_line):
            if end <= starts[at]:
                continue
            before, at = bisect_left(starts, start, at), bisect_left(starts, end, at)
            if before < at:
                yield _Sentence(part, start, end, ours[before:at])
            if at == count or starts[at] >= end_of_line:
                break
        at = max(at, bisect_right(starts, end_of_line, 0, count))


def _best(sentences: Sequence[_Sentence]) -> list[_Sentence]:
    """Choose sentences, each for what it adds to those before: words not yet shown, rare ones first."""
    densities = list(map(_density, sentences))
    ranked = sorted(range(len(sentences)), key=densities.__getitem__, reverse=True)
    leaves = [mark.leaf for one in sentences for mark in one.marks]
    if leaves.count(leaves[0]) == len(leaves):
        # None adds another word: those with more of this one come first.
        return _enough([sentences[place] for place in ranked[:PASSAGES_MAX]])
    worth = {leaf: 1 / (1 + math.log(count)) for leaf, count in Counter(leaves).items()}
    # Of those with the same words the densest is the next to be chosen.
    alike: dict[frozenset[int], list[int]] = {}
    for place in reversed(ranked):
        alike.setdefault(frozenset([mark.leaf for mark in sentences[place].marks]), []).append(place)

    def gain(some: frozenset[int]) -> tuple[float, int]:
        place = alike[some][-1]
        return densities[place] + sum([worth[leaf] for leaf in some]), -place

    chosen: list[_Sentence] = []
    shown: set[int] = set()
    while alike and len(chosen) < PASSAGES_MAX:
        some = max(alike, key=gain)
        chosen.append(sentences[alike[some].pop()])
        if not alike[some]:
            del alike[some]
        for leaf in some - shown:
            worth[leaf] *= _AGAIN
        shown |= some
    return _enough(chosen)


def _enough(chosen: Sequence[_Sentence]) -> list[_Sentence]:
    """Return as many of *chosen* as have so many characters together."""
    before = accumulate((one.end - one.start for one in chosen), initial=0)
    return [one for one, chars in zip(chosen, before, strict=False) if chars < ENOUGH_CHARS]


def _density(sentence: _Sentence) -> float:
    """Return what matches side by side, and many of them, add to the worth of a sentence."""
    marks = sentence.marks
    if len(marks) == 1:
        return _AGAIN / 10
    together = sum([one.end + 1 == other.start for one, other in pairwise(marks)])
    return _AGAIN * min(together, 3) + _AGAIN / 10 * min(len(marks), 5)


def _passage(text: str, sentence: _Sentence) -> Passage:
    places = [mark[1:3] for mark in sentence.marks]
    start, end = sentence.start, sentence.end
    if end - start > SENTENCE_CHARS:
        start, end = _cut(text, (start, end), places)
    before = f"{_ELLIPSIS} " if start > sentence.start else ""
    after = f" {_ELLIPSIS}" if end < sentence.end else ""
    shift = len(before) - start
    if places[0][0] < start or places[-1][1] > end:
        places = [place for place in places if place[0] >= start and place[1] <= end]
    moved = tuple([(first + shift, last + shift) for first, last in _merged(text, places)])
    return Passage(before + text[start:end] + after, moved)


def _cut(text: str, sentence: Span, marks: Sequence[Span]) -> Span:
    """Return the stretch of a long sentence with the most matches, from word to word."""
    lead_in = SENTENCE_CHARS // 4

    def window(mark: Span) -> Span:
        start = max(sentence[0], min(mark[0] - lead_in, sentence[1] - SENTENCE_CHARS))
        return start, min(sentence[1], max(start + SENTENCE_CHARS, mark[1]))

    starts, ends = [first for first, _ in marks], [last for _, last in marks]

    def held(span: Span) -> int:
        return bisect_right(ends, span[1]) - bisect_left(starts, span[0])

    start, end = max(map(window, marks[:WINDOWS_MAX]), key=held)
    inside = [mark for mark in marks if start <= mark[0] and mark[1] <= end]
    if start > sentence[0]:
        start = _after_space(text, start, inside[0][0])
    if end < sentence[1]:
        end = _before_space(text, inside[-1][1], end)
    return start, end


def _after_space(text: str, start: int, first_mark: int) -> int:
    found = text.find(" ", start, first_mark)
    return found + 1 if found >= 0 else start


def _before_space(text: str, last_mark: int, end: int) -> int:
    found = text.rfind(" ", last_mark, end)
    return found if found >= 0 else end


def _merged(text: str, marks: Sequence[Span]) -> Sequence[Span]:
    """Join marks, in reading order, with nothing but space between them, so that a phrase reads as one."""
    if len(marks) < 2:
        return marks
    joined = [*marks[:1]]
    for start, end in marks[1:]:
        first, last = joined[-1]
        if start <= last or not text[last:start].strip(" \u00a0"):
            joined[-1] = (first, max(end, last))
        else:
            joined.append((start, end))
    return joined


def _opening(texts: Mapping[str, str]) -> tuple[Passage, ...]:
    text = next((texts[part] for part in _SHOWN if texts.get(part, "").strip()), "")[:READ_CHARS]
    first = end = -1
    for start, stop in spans(text):
        first, end = (start if first < 0 else first), stop
        if end - first >= OPENING_CHARS:
            break
    if first < 0:
        return ()
    if end - first > SENTENCE_CHARS * 2:
        cut = _before_space(text, first + SENTENCE_CHARS, first + SENTENCE_CHARS * 2)
        return (Passage(f"{text[first:cut]} {_ELLIPSIS}", ()),)
    return (Passage(" ".join(text[first:end].split()), ()),)
