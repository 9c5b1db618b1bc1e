"""The passages that show why a release matches: whole sentences and words, the best passage first."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.analysis.sentences import around, spans
from index.layout import Stream
from index.results import Passage
from index.search.match_offsets import MatchOffset

PASSAGES_MAX = 3
SENTENCE_CHARS = 320
"""A longer sentence is cut around its matches."""
ENOUGH_CHARS = 420
"""Once so much is shown, no further passage is added."""
OPENING_CHARS = 200
"""At least so much of a text in which nothing is marked, if it has as much."""
READ_CHARS = 50_000
"""More of one part is not looked through: it bounds the work per hit."""

TITLE_CHARS = 500
"""A longer title is cut."""
MARK_CHARS = SENTENCE_CHARS
"""What is marked ends after so many letters: nothing that long is a word, and a passage holds all of it."""

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
    marks: Sequence[MatchOffset]


def title(text: str, marks: Iterable[MatchOffset]) -> Passage:
    """Return a release's title with its matches, which are in reading order."""
    places = [mark[1:3] for mark in marks if mark.part == "title"]
    if len(text) <= TITLE_CHARS:
        return Passage(text, tuple(_merged(text, places)))
    cut = text[:TITLE_CHARS]
    return Passage(
        f"{cut} {_ELLIPSIS}", tuple(_merged(cut, [one for one in places if one[1] <= TITLE_CHARS]))
    )


def passages(texts: Mapping[str, str], marks: Sequence[MatchOffset]) -> tuple[Passage, ...]:
    """Return up to three passages of *texts*, by part, best first; or how the text opens, if none matches."""
    by_part: dict[Stream, list[MatchOffset]] = {part: [] for part in _SHOWN}
    for mark in marks:
        if mark.part in by_part:
            by_part[mark.part].append(mark if mark.end - mark.start <= MARK_CHARS else _first_of(mark))
    sentences = [
        one for part, ours in by_part.items() if ours for one in _sentences(part, texts.get(part, ""), ours)
    ]
    if not sentences:
        return _opening(texts)
    chosen = _best(sentences) if len(sentences) > 1 else sentences
    return tuple(_passage(texts[one.part], one) for one in chosen)


def _first_of(mark: MatchOffset) -> MatchOffset:
    return mark._replace(end=mark.start + MARK_CHARS)


def _sentences(part: Stream, text: str, ours: Sequence[MatchOffset]) -> Iterable[_Sentence]:
    """Yield the sentences of a part that hold one of its marks."""
    first = 0 if len(text) <= READ_CHARS else max(0, ours[0].start - READ_CHARS // 10)
    # No sentence runs over the end of a line.
    first = max(first, text.rfind("\n", first, ours[0].start) + 1)
    last = min(first + READ_CHARS, len(text))
    starts = [mark.start for mark in ours]
    at, count = 0, bisect_left(starts, last)
    while at < count:
        first = text.rfind("\n", first, starts[at]) + 1 or first
        start, end = around(text, starts[at], first, last)
        before, at = at, bisect_left(starts, end, at + 1, count)
        yield _Sentence(part, start, end, ours[before:at])
        first = end


def _best(sentences: list[_Sentence]) -> list[_Sentence]:
    """Choose sentences, each for what it adds to those before: words not yet shown, rare ones first."""
    leaves = [mark.leaf for one in sentences for mark in one.marks]
    if leaves.count(leaves[0]) == len(leaves):
        # None adds another word: those with more of this one come first.
        if len(leaves) > len(sentences):
            sentences = sorted(sentences, key=_density, reverse=True)
        return _enough(sentences[:PASSAGES_MAX])
    worth = {leaf: 1 / (1 + math.log(leaves.count(leaf))) for leaf in set(leaves)}
    # Of those with the same words the densest is the next to be chosen, then the first.
    alike: dict[frozenset[int], list[tuple[float, int]]] = {}
    for place, one in enumerate(sentences):
        alike.setdefault(frozenset([mark.leaf for mark in one.marks]), []).append((_density(one), -place))
    for group in alike.values():
        group.sort()

    def gain(some: frozenset[int]) -> tuple[float, int]:
        density, place = alike[some][-1]
        return density + sum([worth[leaf] for leaf in some]), place

    chosen: list[_Sentence] = []
    shown: set[int] = set()
    while alike and len(chosen) < PASSAGES_MAX:
        some = max(alike, key=gain)
        chosen.append(sentences[-alike[some].pop()[1]])
        if not alike[some]:
            del alike[some]
        for leaf in some - shown:
            worth[leaf] *= _AGAIN
        shown |= some
    return _enough(chosen)


def _enough(chosen: list[_Sentence]) -> list[_Sentence]:
    """Return as many of *chosen* as have so many characters together."""
    chars = 0
    for place, one in enumerate(chosen):
        if chars >= ENOUGH_CHARS:
            return chosen[:place]
        chars += one.end - one.start
    return chosen


def _density(sentence: _Sentence) -> float:
    """Return what matches side by side, and many of them, add to the worth of a sentence."""
    marks = sentence.marks
    if len(marks) == 1:
        return _AGAIN / 10
    together = sum([one.end + 1 == other.start for one, other in pairwise(marks)])
    return _AGAIN * min(together, 3) + _AGAIN / 10 * min(len(marks), 5)


def _passage(text: str, sentence: _Sentence) -> Passage:
    _, start, end, marks = sentence
    if end - start > SENTENCE_CHARS:
        start, end = _cut(text, (start, end), [mark[1:3] for mark in marks])
    before = f"{_ELLIPSIS} " if start > sentence.start else ""
    after = f" {_ELLIPSIS}" if end < sentence.end else ""
    shown, shift = before + text[start:end] + after, len(before) - start
    places = [(first + shift, last + shift) for _, first, last, _ in marks if first >= start and last <= end]
    return Passage(shown, tuple(_merged(shown, places)))


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
