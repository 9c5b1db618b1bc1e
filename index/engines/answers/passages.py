"""Chooses the passages that show why a release matches: whole sentences with the matches marked."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.analysis.sentences import sentence_around, spans
from index.layout import Stream
from index.results import Passage
from index.search.match_offsets import MatchOffset

PASSAGES_MAX = 3
SENTENCE_CHARS = 320
"""Longer sentences are cut around their matches."""
ENOUGH_CHARS = 420
"""No passage is added once the passages add up to this length."""
OPENING_CHARS = 200
"""The least that is shown of a text without matches."""
READ_CHARS = 50_000
"""The most characters of a part that are split into sentences, to bound the work per hit."""

TITLE_CHARS = 500
"""Longer titles are cut."""
MARK_CHARS = SENTENCE_CHARS
"""Longer marks are cut to fit into a passage; no word is that long."""

WINDOWS_MAX = 30
"""The most windows that are compared to cut a long sentence."""

_SHOWN: tuple[Stream, ...] = ("lead", "body", "attachment")
_ELLIPSIS = "…"
# Weight of a word in a passage if an earlier passage shows it too.
_REPEATED_WEIGHT = 0.1

Span = tuple[int, int]


class _Sentence(NamedTuple):
    part: Stream
    start: int
    end: int
    marks: Sequence[MatchOffset]


def mark_title(text: str, marks: Iterable[MatchOffset]) -> Passage:
    """Return the title with those of *marks* that are in it; *marks* are in reading order."""
    spans = [mark[1:3] for mark in marks if mark.part == "title"]
    if len(text) <= TITLE_CHARS:
        return Passage(text, tuple(_merge(text, spans)))
    cut = text[:TITLE_CHARS]
    return Passage(
        f"{cut} {_ELLIPSIS}", tuple(_merge(cut, [span for span in spans if span[1] <= TITLE_CHARS]))
    )


def mark_text(text: str, marks: Iterable[MatchOffset], part: Stream) -> Passage:
    """Return the whole *text* of a part with those of *marks* that are in it."""
    return Passage(text, tuple(_merge(text, [mark[1:3] for mark in marks if mark.part == part])))


def choose_passages(texts: Mapping[str, str], marks: Sequence[MatchOffset]) -> tuple[Passage, ...]:
    """Return up to three passages of *texts* (by part), best first; without matches, how the text begins."""
    by_part: dict[Stream, list[MatchOffset]] = {part: [] for part in _SHOWN}
    for mark in marks:
        if mark.part in by_part:
            by_part[mark.part].append(mark if mark.end - mark.start <= MARK_CHARS else _shorten(mark))
    sentences = [
        sentence
        for part, offsets in by_part.items()
        if offsets
        for sentence in _sentences(part, texts.get(part, ""), offsets)
    ]
    if not sentences:
        return _take_beginning(texts)
    chosen = _best(sentences) if len(sentences) > 1 else sentences
    return tuple(_passage(texts[sentence.part], sentence) for sentence in chosen)


def _shorten(mark: MatchOffset) -> MatchOffset:
    return mark._replace(end=mark.start + MARK_CHARS)


def _sentences(part: Stream, text: str, marks: Sequence[MatchOffset]) -> Iterable[_Sentence]:
    """Yield the sentences of a part that contain one of its marks."""
    first = 0 if len(text) <= READ_CHARS else max(0, marks[0].start - READ_CHARS // 10)
    last = min(first + READ_CHARS, len(text))
    starts = [mark.start for mark in marks]
    at, count = 0, bisect_left(starts, last)
    while at < count:
        # Sentences end at line ends, so the lines before are not split.
        first = text.rfind("\n", first, starts[at]) + 1 or first
        start, end = sentence_around(text, starts[at], first, last)
        before, at = at, bisect_left(starts, end, at + 1, count)
        yield _Sentence(part, start, end, marks[before:at])
        first = end


def _best(sentences: list[_Sentence]) -> list[_Sentence]:
    """Choose sentences one by one, by the words that each adds to the earlier ones; rare words weigh more."""
    leaves = [mark.leaf for sentence in sentences for mark in sentence.marks]
    if leaves.count(leaves[0]) == len(leaves):
        # All match the same word: prefer the sentences that have it most often.
        if len(leaves) > len(sentences):
            sentences = sorted(sentences, key=_density, reverse=True)
        return _limit_length(sentences[:PASSAGES_MAX])
    worth = {leaf: 1 / (1 + math.log(leaves.count(leaf))) for leaf in set(leaves)}
    # Among sentences with the same words, the densest is chosen first, then the earliest.
    groups: dict[frozenset[int], list[tuple[float, int]]] = {}
    for place, sentence in enumerate(sentences):
        groups.setdefault(frozenset([mark.leaf for mark in sentence.marks]), []).append(
            (_density(sentence), -place)
        )
    for group in groups.values():
        group.sort()

    def gain(words: frozenset[int]) -> tuple[float, int]:
        density, place = groups[words][-1]
        return density + sum([worth[leaf] for leaf in words]), place

    chosen: list[_Sentence] = []
    shown: set[int] = set()
    while groups and len(chosen) < PASSAGES_MAX:
        words = max(groups, key=gain)
        chosen.append(sentences[-groups[words].pop()[1]])
        if not groups[words]:
            del groups[words]
        for leaf in words - shown:
            worth[leaf] *= _REPEATED_WEIGHT
        shown |= words
    return _limit_length(chosen)


def _limit_length(chosen: list[_Sentence]) -> list[_Sentence]:
    """Return the first of *chosen*, until they have ENOUGH_CHARS characters together."""
    chars = 0
    for place, sentence in enumerate(chosen):
        if chars >= ENOUGH_CHARS:
            return chosen[:place]
        chars += sentence.end - sentence.start
    return chosen


def _density(sentence: _Sentence) -> float:
    """Return the bonus of a sentence for adjacent matches and for many matches."""
    marks = sentence.marks
    if len(marks) == 1:
        return _REPEATED_WEIGHT / 10
    adjacent = sum([mark.end + 1 == following.start for mark, following in pairwise(marks)])
    return _REPEATED_WEIGHT * min(adjacent, 3) + _REPEATED_WEIGHT / 10 * min(len(marks), 5)


def _passage(text: str, sentence: _Sentence) -> Passage:
    _, start, end, marks = sentence
    if end - start > SENTENCE_CHARS:
        start, end = _cut(text, (start, end), [mark[1:3] for mark in marks])
    before = f"{_ELLIPSIS} " if start > sentence.start else ""
    after = f" {_ELLIPSIS}" if end < sentence.end else ""
    passage, shift = before + text[start:end] + after, len(before) - start
    spans = [(first + shift, last + shift) for _, first, last, _ in marks if first >= start and last <= end]
    return Passage(passage, tuple(_merge(passage, spans)))


def _cut(text: str, sentence: Span, marks: Sequence[Span]) -> Span:
    """Return the part of a long sentence with the most matches, cut between words."""
    lead_in = SENTENCE_CHARS // 4

    def window(mark: Span) -> Span:
        start = max(sentence[0], min(mark[0] - lead_in, sentence[1] - SENTENCE_CHARS))
        return start, min(sentence[1], max(start + SENTENCE_CHARS, mark[1]))

    starts, ends = [first for first, _ in marks], [last for _, last in marks]

    def count_marks(span: Span) -> int:
        return bisect_right(ends, span[1]) - bisect_left(starts, span[0])

    start, end = max(map(window, marks[:WINDOWS_MAX]), key=count_marks)
    inside = [mark for mark in marks if start <= mark[0] and mark[1] <= end]
    if start > sentence[0]:
        start = _after_space(text, start, inside[0][0])
    if end < sentence[1]:
        end = _before_space(text, inside[-1][1], end)
    return start, end


def _after_space(text: str, start: int, first_mark: int) -> int:
    space = text.find(" ", start, first_mark)
    return space + 1 if space >= 0 else start


def _before_space(text: str, last_mark: int, end: int) -> int:
    space = text.rfind(" ", last_mark, end)
    return space if space >= 0 else end


def _merge(text: str, marks: Sequence[Span]) -> Sequence[Span]:
    """Join marks separated only by space, so that a phrase has one mark; *marks* are in reading order."""
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


def _take_beginning(texts: Mapping[str, str]) -> tuple[Passage, ...]:
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
