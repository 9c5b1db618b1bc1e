"""Chooses the passages that show why a release matches: whole sentences with the matches marked."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from index.analysis import sentences
from index.analysis.sentences import Span
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
_WORD_WEIGHT = 10**12
"""The weight of a word that occurs once."""
_REPEATED_SHARE = 10
"""A word in a passage weighs that many times less if an earlier passage shows it too."""
_ADJACENT_BONUS, _MATCH_BONUS = _WORD_WEIGHT // 10, _WORD_WEIGHT // 100
"""What up to three adjacent matches add to a sentence, and up to five matches, each."""


_LEAVES = 64
"""Of the words of a query that a release has, the last of these and all after it count as one."""
_ONE = 1


class Mark:
    """A match in a text."""

    start: int
    end: int
    leaf: int


class Sentence:
    """A sentence of a text, and the matches that begin in it."""

    text: str
    start: int
    end: int
    marks: list[Mark]
    leaves: int  # a bit for each that the marks have
    density: int  # the bonus for adjacent matches and for many matches
    is_chosen: bool


# Compiled, an object is made without numbers becoming objects.
def _new_mark(start: int, end: int, leaf: int) -> Mark:
    mark = Mark.__new__(Mark)
    mark.start, mark.end, mark.leaf = start, end, leaf
    return mark


def _new_sentence(text: str, start: int, end: int) -> Sentence:
    sentence = Sentence.__new__(Sentence)
    sentence.text, sentence.start, sentence.end, sentence.marks = text, start, end, []
    sentence.leaves, sentence.density, sentence.is_chosen = 0, 0, False
    return sentence


def choose_passages(texts: Mapping[str, str], marks: Sequence[MatchOffset]) -> tuple[Passage, ...]:
    """Return up to three passages of *texts* (by part), best first; without matches, how the text begins."""
    found: list[Sentence] = []
    by_part = _by_part(marks)
    for part in SHOWN:
        own = by_part.get(part)
        if own is not None:
            _add_sentences(found, texts.get(part, ""), own)
    if not found:
        return take_beginning(texts)
    return tuple([_passage(sentence) for sentence in _best(found)])


def _by_part(offsets: Iterable[MatchOffset]) -> dict[str, list[Mark]]:
    """Return the marks of each part; their leaves are numbered anew: a release has few of a long query."""
    marks: dict[str, list[Mark]] = {}
    numbers: dict[int, int] = {}
    before = None
    own: list[Mark] = []
    for offset in offsets:
        part, start, end, leaf = offset[:]  # a tuple without names is unpacked several times as fast
        if part != before:
            own = marks.setdefault(part, [])
            before = part
        own.append(_new_mark(start, end, numbers.setdefault(leaf, min(len(numbers), _LEAVES - 1))))
    return marks


def _marks_of(part: str, offsets: Iterable[MatchOffset]) -> list[Mark]:
    return _by_part(offsets).get(part, [])


def _add_sentences(found: list[Sentence], text: str, marks: list[Mark]) -> None:
    """Add the sentences of a text that contain one of its marks."""
    first, last = 0, len(text)
    if last > READ_CHARS:
        first_mark = marks[0]
        first = max(0, first_mark.start - READ_CHARS // 10)
        last = min(first + READ_CHARS, last)
    following, before = first, 0
    own: list[Mark] = []
    for mark in marks:
        if not before <= mark.start <= mark.end <= len(text):
            continue  # the file of the text or of the marks is damaged
        before = mark.start
        if mark.start >= last:
            break
        if mark.start >= following:
            start, end, following = sentences.sentence_around(text, mark.start, following, last)
            sentence = _new_sentence(text, start, end)
            own = sentence.marks
            found.append(sentence)
        own.append(mark)


def _best(found: list[Sentence]) -> list[Sentence]:
    """Choose sentences one by one, by the words that each adds to the earlier ones; rare words weigh more."""
    if len(found) == 1:
        return found
    worth = _weigh(found)
    chosen: list[Sentence] = []
    shown = 0
    chars = 0
    while len(chosen) < min(PASSAGES_MAX, len(found)) and chars < ENOUGH_CHARS:
        best = _richest(found, worth)
        best.is_chosen = True
        chosen.append(best)
        chars += best.end - best.start
        _lower(worth, best.leaves & ~shown)
        shown |= best.leaves
    return chosen


def _weigh(found: list[Sentence]) -> list[int]:
    """Set the leaves and the density of sentences, and return the weight of each leaf."""
    worth = [0] * _LEAVES
    leaves = 0
    for sentence in found:
        before = -2
        adjacent = 0
        for mark in sentence.marks:
            worth[mark.leaf] += 1
            sentence.leaves |= _ONE << mark.leaf
            adjacent += before + 1 == mark.start
            before = mark.end
        sentence.density = _ADJACENT_BONUS * min(adjacent, 3) + _MATCH_BONUS * min(len(sentence.marks), 5)
        leaves |= sentence.leaves
    leaf = 0
    while leaves:
        if leaves & 1:
            count = worth[leaf]
            worth[leaf] = int(_WORD_WEIGHT / (1 + math.log(count)))
        leaves >>= 1
        leaf += 1
    return worth


def _richest(found: list[Sentence], worth: list[int]) -> Sentence:
    """Return the sentence that adds most to those already chosen."""
    best = found[0]
    most = -1
    for sentence in found:
        if sentence.is_chosen:
            continue
        gain, leaves, leaf = sentence.density, sentence.leaves, 0
        while leaves:
            if leaves & 1:
                gain += worth[leaf]
            leaves >>= 1
            leaf += 1
        if gain > most:
            best, most = sentence, gain
    return best


def _lower(worth: list[int], leaves: int) -> None:
    """Lower the weight of *leaves*, which a passage shows."""
    leaf = 0
    while leaves:
        if leaves & 1:
            weight = worth[leaf]
            worth[leaf] = weight // _REPEATED_SHARE
        leaves >>= 1
        leaf += 1


def _passage(sentence: Sentence) -> Passage:
    if sentence.end - sentence.start > SENTENCE_CHARS:
        return _cut_passage(sentence)
    text = sentence.text[sentence.start : sentence.end]
    return Passage(text, _merge(text, sentence.marks, sentence.start))


def mark_title(text: str, marks: Iterable[MatchOffset]) -> Passage:
    """Return the title with those of *marks* that are in it; *marks* are in reading order."""
    own = _marks_of("title", marks)
    if len(text) <= TITLE_CHARS:
        return Passage(text, _merge(text, own, 0))
    cut = text[:TITLE_CHARS]
    return Passage(f"{cut} {_ELLIPSIS}", _merge(cut, own, 0))


def mark_text(text: str, marks: Iterable[MatchOffset], part: Stream) -> Passage:
    """Return the whole *text* of a part with those of *marks* that are in it."""
    return Passage(text, _merge(text, _marks_of(part, marks), 0))


def _cut_passage(sentence: Sentence) -> Passage:
    """Return the part of a long sentence with the most matches."""
    spans = [(mark.start, min(mark.end, mark.start + MARK_CHARS)) for mark in sentence.marks]
    start, end = _cut(sentence, spans)
    before = f"{_ELLIPSIS} " if start > sentence.start else ""
    after = f" {_ELLIPSIS}" if end < sentence.end else ""
    passage, shift = before + sentence.text[start:end] + after, len(before) - start
    inside = [
        _new_mark(first + shift, last + shift, 0) for first, last in spans if first >= start and last <= end
    ]
    return Passage(passage, _merge(passage, inside, 0))


def _cut(sentence: Sentence, marks: Sequence[Span]) -> Span:
    """Return the part of a long sentence with the most matches, cut between words."""
    starts, ends = [first for first, _ in marks], [last for _, last in marks]
    windows = [_window(sentence, first, last) for first, last in marks[:WINDOWS_MAX]]
    counts = [bisect_right(ends, last) - bisect_left(starts, first) for first, last in windows]
    start, end = windows[counts.index(max(counts))]
    inside = [mark for mark in marks if start <= mark[0] and mark[1] <= end]
    if inside and start > sentence.start:
        start = _after_space(sentence.text, start, inside[0][0])
    if inside and end < sentence.end:
        end = _before_space(sentence.text, inside[len(inside) - 1][1], end)
    return start, end


def _window(sentence: Sentence, start: int, end: int) -> Span:
    """Return a part of a sentence around a mark."""
    first = max(sentence.start, min(start - SENTENCE_CHARS // 4, sentence.end - SENTENCE_CHARS))
    return first, min(sentence.end, max(first + SENTENCE_CHARS, end))


def _after_space(text: str, start: int, first_mark: int) -> int:
    space = text.find(" ", start, first_mark)
    return space + 1 if space >= 0 else start


def _before_space(text: str, last_mark: int, end: int) -> int:
    space = text.rfind(" ", last_mark, end)
    return space if space >= 0 else end


def _merge(text: str, marks: list[Mark], first: int) -> tuple[Span, ...]:
    """Return the spans of the *marks* that are in *text*, which begins at *first*.

    Marks separated only by space are joined, so that a phrase has one mark; *marks* are in reading order.
    """
    joined: list[Span] = []
    start = end = -1
    for mark in marks:
        if not first <= mark.start <= mark.end <= first + len(text):
            continue
        if start >= 0 and _is_gap(text, end, mark.start - first):
            end = max(end, mark.end - first)
            continue
        if start >= 0:
            joined.append((start, end))
        start, end = mark.start - first, mark.end - first
    if start >= 0:
        joined.append((start, end))
    return tuple(joined)


def _is_gap(text: str, first: int, end: int) -> bool:
    """Return whether only spaces are from *first* to *end*, if anything is."""
    while first < end and text[first] in " \u00a0":
        first += 1
    return first >= end


def take_beginning(texts: Mapping[str, str]) -> tuple[Passage, ...]:
    """Return how the texts begin."""
    text = next((texts[part] for part in SHOWN if texts.get(part, "").strip()), "")[:READ_CHARS]
    first = end = -1
    for start, stop in sentences.spans(text):
        first, end = (start if first < 0 else first), stop
        if end - first >= OPENING_CHARS:
            break
    if first < 0:
        return ()
    if end - first > SENTENCE_CHARS * 2:
        cut = _before_space(text, first + SENTENCE_CHARS, first + SENTENCE_CHARS * 2)
        return (Passage(f"{text[first:cut]} {_ELLIPSIS}", ()),)
    return (Passage(" ".join(text[first:end].split()), ()),)
