"""The diff of two texts that a release had, by paragraphs and then by words, in O(n log n)."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal

# Rounds of the recursion: between items unique in both texts, further items may be unique.
_ROUNDS = 6
# The most paragraphs to compare, and the most words of differing ones; the rest counts as one paragraph.
_PARAGRAPHS_MAX, _WORDS_MAX = 10_000, 10_000
# A changed paragraph shares at least this part of its words with its earlier text; otherwise it is new.
_SHARED_WORDS = 0.4
# Maximum number of paragraphs of a rewritten passage that are compared in pairs; the rest count as replaced.
_PAIRED_MAX = 30
CHANGE_CHARS, CHANGES = 40_000, 8_000
"""Limits on the sum of all edits of a page."""
# Unchanged words shown before and after a change.
CONTEXT_WORDS = 30
_ELLIPSIS = "…"

Pairs = list[tuple[int, int]]
Words = list[str]
Kind = Literal["kept", "added", "removed"]


@dataclass(frozen=True, slots=True)
class DiffChunk:
    """A piece of text that an edit kept, added or removed."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphDiff:
    """A paragraph that an edit kept, added, removed or changed, as its pieces in reading order."""

    chunks: tuple[DiffChunk, ...]

    @property
    def kind(self) -> Literal["kept", "added", "removed", "changed"]:
        """How the edit changed the paragraph."""
        kinds = {chunk.kind for chunk in self.chunks}
        return next(iter(kinds)) if len(kinds) == 1 else "changed"

    @property
    def older(self) -> tuple[DiffChunk, ...]:
        """The paragraph before the edit."""
        return tuple(chunk for chunk in self.chunks if chunk.kind != "added")

    @property
    def newer(self) -> tuple[DiffChunk, ...]:
        """The paragraph after the edit."""
        return tuple(chunk for chunk in self.chunks if chunk.kind != "removed")


def diff(older: str, newer: str) -> Iterator[ParagraphDiff]:
    """Yield the paragraphs of the diff from *older* to *newer*, in reading order.

    Long unchanged text is abridged: within a paragraph, and unchanged paragraphs far from any change.

    >>> [(chunk.kind, chunk.text) for chunk in next(diff("Sēde sākas 9.00.", "Sēde sākas 10.00.")).chunks]
    [('kept', 'Sēde sākas'), ('removed', '9.00.'), ('added', '10.00.')]
    """
    paragraphs = _diff_paragraphs(*(_paragraphs(text) for text in (older, newer)))
    for is_kept, stretch in groupby(paragraphs, key=lambda paragraph: paragraph.kind == "kept"):
        run = list(stretch)
        yield from _abridge_kept(run) if is_kept else run


def limit_changes(
    changes: Sequence[ParagraphDiff], chars: int = CHANGE_CHARS, count: int = CHANGES
) -> Iterator[ParagraphDiff]:
    """Yield the first *changes* that have *count* chunks and *chars* characters at most."""
    for paragraph in changes:
        chunks = tuple(_limit_chunks(paragraph.chunks[:count], chars))
        yield paragraph if chunks == paragraph.chunks else ParagraphDiff(chunks)
        chars -= sum(len(chunk.text) for chunk in chunks)
        count -= len(chunks)
        if chars <= 0 or count <= 0:
            return


def _limit_chunks(chunks: Sequence[DiffChunk], chars: int) -> Iterator[DiffChunk]:
    for chunk in chunks:
        if len(chunk.text) > chars:
            yield replace(chunk, text=f"{chunk.text[:chars]}…")
            return
        yield chunk
        chars -= len(chunk.text)


def _paragraphs(text: str) -> list[str]:
    lines = text.split("\n", _PARAGRAPHS_MAX)
    return [paragraph for line in lines if (paragraph := " ".join(line.split()))]


def _diff_paragraphs(older: Sequence[str], newer: Sequence[str]) -> Iterator[ParagraphDiff]:
    budget = _WORDS_MAX
    for is_equal, before, after in _segments(older, newer):
        if is_equal:
            yield from (ParagraphDiff((DiffChunk("kept", _abridge(paragraph)),)) for paragraph in before)
            continue
        mine, theirs = ([paragraph.split() for paragraph in side] for side in (before, after))
        budget -= sum(map(len, (*mine, *theirs)))
        pairs = _pair(mine, theirs) if budget >= 0 else _set_apart(mine, theirs)
        yield from (ParagraphDiff(tuple(_join_words(_segments(*pair)))) for pair in pairs)


def _pair(older: Sequence[Words], newer: Sequence[Words]) -> Iterator[tuple[Words, Words]]:
    """Yield the paragraphs of a rewritten passage, each with its earlier text; a missing one is empty."""
    at = other = 0
    for place, next_place in (*_similar(older[:_PAIRED_MAX], newer[:_PAIRED_MAX]), (len(older), len(newer))):
        yield from ((paragraph, []) for paragraph in older[at:place])
        yield from (([], paragraph) for paragraph in newer[other:next_place])
        if place < len(older):
            yield older[place], newer[next_place]
        at, other = place + 1, next_place + 1


def _set_apart(older: Sequence[Words], newer: Sequence[Words]) -> Iterator[tuple[Words, Words]]:
    yield from ((paragraph, []) for paragraph in older)
    yield from (([], paragraph) for paragraph in newer)


def _similar(older: Sequence[Words], newer: Sequence[Words]) -> Pairs:
    """Return pairs of similar paragraphs in order, with as many shared words as possible."""
    if not older or not newer:
        return []
    counts, other_counts = map(Counter, older), list(map(Counter, newer))
    # best[column]: the most words shared by the rows so far with the first columns, and the pairs.
    best: list[tuple[int, Pairs]] = [(0, [])] * (len(newer) + 1)
    for row, mine in enumerate(counts):
        line = [best[0]]
        for column, theirs in enumerate(other_counts):
            shared = (mine & theirs).total()
            choices = [line[column], best[column + 1]]
            if shared >= _SHARED_WORDS * max(mine.total(), theirs.total()):
                score, pairs = best[column]
                choices.append((score + shared, [*pairs, (row, column)]))
            line.append(max(choices, key=lambda choice: choice[0]))
        best = line
    return best[-1][1]


def _join_words(
    segments: Iterable[tuple[bool, Sequence[str], Sequence[str]]],
) -> Iterator[DiffChunk]:
    for kind, words in groupby(_label(segments), key=itemgetter(0)):
        stretch = " ".join(word for _, word in words)
        yield DiffChunk(kind, _abridge(stretch) if kind == "kept" else stretch)


def _label(segments: Iterable[tuple[bool, Sequence[str], Sequence[str]]]) -> Iterator[tuple[Kind, str]]:
    """Yield each word with what the edit did to it."""
    for is_kept, older, newer in segments:
        yield from (("kept" if is_kept else "removed", word) for word in older)
        if not is_kept:
            yield from (("added", word) for word in newer)


def _abridge_kept(paragraphs: Sequence[ParagraphDiff]) -> Iterator[ParagraphDiff]:
    """Yield unchanged *paragraphs*, of a long stretch only the first and the last."""
    if len(paragraphs) <= 3:
        yield from paragraphs
        return
    yield paragraphs[0]
    yield ParagraphDiff((DiffChunk("kept", _ELLIPSIS),))
    yield paragraphs[-1]


def _segments(
    older: Sequence[str], newer: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yield the equal and the differing spans of both texts in order, each with a flag: True if equal."""
    at = other = 0
    pairs = [*align(older, newer), (len(older), len(newer))]
    for place, (mine, theirs) in enumerate(pairs):
        if mine > at or theirs > other:
            yield False, older[at:mine], newer[other:theirs]
        if place < len(pairs) - 1:
            yield True, older[mine : mine + 1], newer[theirs : theirs + 1]
        at, other = mine + 1, theirs + 1


def align(older: Sequence[str], newer: Sequence[str]) -> Pairs:
    """Return pairs of places of equal items in *older* and *newer*, ascending on both sides.

    Source: B. Cohen's patience diff. To stay within O(n log n), the recursion ends after a few rounds. If no
    item is unique, equal items are paired by occurrence: the first with the first, and so on.
    """
    pairs: Pairs = []
    gaps = [((0, len(older)), (0, len(newer)))]
    for _ in range(_ROUNDS):
        inner = []
        for mine, theirs in gaps:
            anchors = _anchors(older, newer, mine, theirs)
            pairs += anchors
            edges = [(mine[0] - 1, theirs[0] - 1), *anchors, (mine[1], theirs[1])]
            inner += [
                ((before[0] + 1, after[0]), (before[1] + 1, after[1]))
                for before, after in pairwise(edges)
                if anchors and before[0] + 1 < after[0] and before[1] + 1 < after[1]
            ]
        gaps = inner
    return sorted(pairs)


def _anchors(
    older: Sequence[str], newer: Sequence[str], mine: tuple[int, int], theirs: tuple[int, int]
) -> Pairs:
    """Return pairs of equal items within two ranges: those at their ends, and those unique on both sides."""
    (at, end), (other, other_end) = mine, theirs
    leading: Pairs = []
    while at < end and other < other_end and older[at] == newer[other]:
        leading.append((at, other))
        at, other = at + 1, other + 1
    trailing: Pairs = []
    while at < end and other < other_end and older[end - 1] == newer[other_end - 1]:
        end, other_end = end - 1, other_end - 1
        trailing.append((end, other_end))
    inner = _match_items(older[at:end], newer[other:other_end])
    between = [(at + row, other + column) for row, column in _longest_ascending(inner)]
    return [*leading, *between, *reversed(trailing)]


def _match_items(older: Sequence[str], newer: Sequence[str]) -> Pairs:
    """Return pairs of items that are unique in both; if there are none, pair equal items by occurrence."""
    counts, other_counts = Counter(older), Counter(newer)
    places = {item: place for place, item in enumerate(newer) if other_counts[item] == 1}
    unique = [
        (place, places[item]) for place, item in enumerate(older) if counts[item] == 1 and item in places
    ]
    if unique:
        return unique
    by_occurrence = {occurrence: place for place, occurrence in enumerate(_number_occurrences(newer))}
    return [
        (place, by_occurrence[occurrence])
        for place, occurrence in enumerate(_number_occurrences(older))
        if occurrence in by_occurrence
    ]


def _number_occurrences(items: Sequence[str]) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for item in items:
        yield item, seen[item]
        seen[item] += 1


def _longest_ascending(pairs: Pairs) -> Pairs:
    """Return the longest part of *pairs* (ascending on the first side) that also ascends on the second."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (_, value) in enumerate(pairs):
        length = bisect_left(ends, value)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(value)
            last.append(place)
        else:
            ends[length], last[length] = value, place
    chosen: Pairs = []
    place = last[-1] if last else -1
    while place >= 0:
        chosen.append(pairs[place])
        place = before[place]
    return chosen[::-1]


def _abridge(text: str) -> str:
    words = text.split(" ")
    if len(words) <= 2 * CONTEXT_WORDS + 10:
        return text
    return " ".join((*words[:CONTEXT_WORDS], _ELLIPSIS, *words[-CONTEXT_WORDS:]))
