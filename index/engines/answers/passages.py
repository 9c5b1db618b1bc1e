"""Chooses the passages that show why a release matches: whole sentences with the matches marked."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from index.analysis.sentences import Span, spans, spans_around
from index.layout import Stream
from index.results import Passage
from index.search.match_offsets import MatchOffset

PASSAGES_MAX = 3
SENTENCE_CHARS = 320
"""Longer sentences are cut around their matches."""
ENOUGH_CHARS = 420
"""No passage is added once the passages add up to this length."""
OPENING_CHARS = 200
"""Minimum length of what is shown of a text without matches."""
READ_CHARS = 50_000
"""The most characters of a part that are split into sentences, to bound the work per hit."""

TITLE_CHARS = 500
"""Longer titles are cut."""
MARK_CHARS = SENTENCE_CHARS
"""Longer marks are cut to fit into a passage; no word is that long."""

WINDOWS_MAX = 30
"""The most windows that are compared to cut a long sentence."""

SHOWN: tuple[Stream, ...] = ("lead", "body", "attachment")
"""The parts that passages are taken from."""
_ELLIPSIS = "…"
# Whole numbers: their sums depend neither on the order of the words nor on how Python sums fractions.
WORD_WEIGHT = 10**12
"""The weight of a word that occurs once."""
REPEATED_SHARE = 10
"""A word in a passage weighs that many times less if an earlier passage shows it too."""
ADJACENT_BONUS, MATCH_BONUS = WORD_WEIGHT // 10, WORD_WEIGHT // 100
"""What up to three adjacent matches add to a sentence, and up to five matches, each."""

_Sentence = tuple[Stream, int, int, Sequence[MatchOffset]]
"""A part, the span of one of its sentences, and the matches in it."""


def mark_title(text: str, marks: Iterable[MatchOffset]) -> Passage:
    """Return the title with those of *marks* that are in it; *marks* are in reading order."""
    spans = [mark[1:3] for mark in marks if mark.part == "title"]
    if len(text) <= TITLE_CHARS:
        return Passage(text, _merge(text, spans))
    cut = text[:TITLE_CHARS]
    return Passage(f"{cut} {_ELLIPSIS}", _merge(cut, [span for span in spans if span[1] <= TITLE_CHARS]))


def mark_text(text: str, marks: Iterable[MatchOffset], part: Stream) -> Passage:
    """Return the whole *text* of a part with those of *marks* that are in it."""
    return Passage(text, _merge(text, [mark[1:3] for mark in marks if mark.part == part]))


def choose_passages(texts: Mapping[str, str], marks: Sequence[MatchOffset]) -> tuple[Passage, ...]:
    """Return up to three passages of *texts* (by part), best first; without matches, how the text begins."""
    sentences: list[_Sentence] = []
    for part in SHOWN:
        if offsets := [mark for mark in marks if mark.part == part]:
            sentences += _sentences(part, texts.get(part, ""), offsets)
    if not sentences:
        return take_beginning(texts)
    chosen = _best(sentences) if len(sentences) > 1 else sentences
    return tuple([_passage(texts[sentence[0]], sentence) for sentence in chosen])


def _sentences(part: Stream, text: str, marks: Sequence[MatchOffset]) -> list[_Sentence]:
    """Return the sentences of a part that contain one of its marks."""
    starts = [mark.start for mark in marks]
    first = 0 if len(text) <= READ_CHARS else max(0, starts[0] - READ_CHARS // 10)
    sentences: list[_Sentence] = []
    at, count = 0, len(marks)
    for start, end in spans_around(text, starts, first, min(first + READ_CHARS, len(text))):
        before = at
        at += 1
        while at < count and starts[at] < end:
            at += 1
        sentences.append((part, start, end, marks[before:at]))
    return sentences


def _best(sentences: list[_Sentence]) -> list[_Sentence]:
    """Choose sentences one by one, by the words that each adds to the earlier ones; rare words weigh more."""
    leaves = [mark.leaf for *_, marks in sentences for mark in marks]
    worth = {leaf: int(WORD_WEIGHT / (1 + math.log(leaves.count(leaf)))) for leaf in set(leaves)}
    rest = [(_density(sentence[3]), {mark.leaf for mark in sentence[3]}, sentence) for sentence in sentences]
    chosen: list[_Sentence] = []
    shown: set[int] = set()
    chars = 0
    for _ in range(min(PASSAGES_MAX, len(rest))):
        gains = [density + sum(map(worth.__getitem__, words)) for density, words, _ in rest]
        _, words, best = rest.pop(gains.index(max(gains)))
        chosen.append(best)
        chars += best[2] - best[1]
        if chars >= ENOUGH_CHARS:
            break
        for leaf in words - shown:
            worth[leaf] //= REPEATED_SHARE
        shown |= words
    return chosen


def _density(marks: Sequence[MatchOffset]) -> int:
    """Return the bonus of a sentence for adjacent matches and for many matches."""
    if len(marks) == 1:
        return MATCH_BONUS
    adjacent = sum([mark.end + 1 == following.start for mark, following in pairwise(marks)])
    return ADJACENT_BONUS * min(adjacent, 3) + MATCH_BONUS * min(len(marks), 5)


def _passage(text: str, sentence: _Sentence) -> Passage:
    _, first, last, marks = sentence
    if last - first > SENTENCE_CHARS:
        return cut_passage(text, (first, last), marks)
    passage = text[first:last]
    return Passage(
        passage, _merge(passage, [(m.start - first, m.end - first) for m in marks if m.end <= last])
    )


def cut_passage(text: str, sentence: Span, marks: Sequence[MatchOffset]) -> Passage:
    """Return the part of a long sentence with the most matches."""
    spans = [(mark.start, min(mark.end, mark.start + MARK_CHARS)) for mark in marks]
    start, end = _cut(text, sentence, spans)
    before = f"{_ELLIPSIS} " if start > sentence[0] else ""
    after = f" {_ELLIPSIS}" if end < sentence[1] else ""
    passage, shift = before + text[start:end] + after, len(before) - start
    inside = [(first + shift, last + shift) for first, last in spans if first >= start and last <= end]
    return Passage(passage, _merge(passage, inside))


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


def _merge(text: str, marks: Sequence[Span]) -> tuple[Span, ...]:
    """Join marks separated only by space, so that a phrase has one mark; *marks* are in reading order."""
    joined: list[Span] = []
    first = last = -1
    for start, end in marks:
        if joined and (start <= last or not text[last:start].strip(" \u00a0")):
            last = max(end, last)
            joined[-1] = (first, last)
        else:
            first, last = start, end
            joined.append((start, end))
    return tuple(joined)


def take_beginning(texts: Mapping[str, str]) -> tuple[Passage, ...]:
    """Return how the texts begin."""
    text = next((texts[part] for part in SHOWN if texts.get(part, "").strip()), "")[:READ_CHARS]
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
