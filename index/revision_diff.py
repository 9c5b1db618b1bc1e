"""How one text became another: paragraph by paragraph, then word by word, in n log n steps."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Literal

# Between words that both texts have once, others may be there once: so often they are looked for.
_ROUNDS = 6
# So many paragraphs are compared, and so many words of those that differ; the rest is taken as a whole.
_PARAGRAPHS_MAX, _WORDS_MAX = 10_000, 10_000
# Words of an unchanged stretch that are shown on either side of a change.
CONTEXT_WORDS = 30
_LEFT_OUT = "…"

Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text that an edit kept, added or removed."""

    kind: Literal["kept", "added", "removed"]
    text: str


def changes(older: str, newer: str) -> Iterator[Change]:
    """Yield how *older* became *newer*, in reading order; the middle of what is kept for long is left out.

    >>> [(change.kind, change.text) for change in changes("Sēde sākas 9.00.", "Sēde sākas 10.00.")]
    [('kept', 'Sēde sākas'), ('removed', '9.00.'), ('added', '10.00.')]
    """
    words = _words(*(_paragraphs(text) for text in (older, newer)))
    for kind, some in groupby(words, key=attrgetter("kind")):
        stretch = " ".join(one.text for one in some)
        yield Change(kind, _shortened(stretch) if kind == "kept" else stretch)


def _paragraphs(text: str) -> list[str]:
    lines = text.split("\n", _PARAGRAPHS_MAX)
    return [paragraph for line in lines if (paragraph := " ".join(line.split()))]


def _words(older: Sequence[str], newer: Sequence[str]) -> Iterator[Change]:
    left = _WORDS_MAX
    for kept, before, after in _stretches(older, newer):
        if kept:
            yield from (Change("kept", paragraph) for paragraph in before)
            continue
        mine, theirs = " ".join(before).split(), " ".join(after).split()
        left -= len(mine) + len(theirs)
        for is_kept, removed, added in _stretches(mine, theirs) if left >= 0 else [(False, mine, theirs)]:
            yield from (Change("kept" if is_kept else "removed", word) for word in removed)
            if not is_kept:
                yield from (Change("added", word) for word in added)


def _stretches(
    older: Sequence[str], newer: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yield what is the same in both in turn with what is not, and whether it is; either may be empty."""
    at = other = 0
    pairs = [*aligned(older, newer), (len(older), len(newer))]
    for place, (mine, theirs) in enumerate(pairs):
        if mine > at or theirs > other:
            yield False, older[at:mine], newer[other:theirs]
        if place < len(pairs) - 1:
            yield True, older[mine : mine + 1], newer[theirs : theirs + 1]
        at, other = mine + 1, theirs + 1


def aligned(older: Sequence[str], newer: Sequence[str]) -> Pairs:
    """Return which items of *older* are which of *newer*, ascending on both sides.

    Source: B. Cohen's patience diff. Its recursion ends after a few rounds, and where no item is there once,
    the first is paired with the first of its kind, the second with the second: no more than n log n steps.
    """
    found: Pairs = []
    gaps = [((0, len(older)), (0, len(newer)))]
    for _ in range(_ROUNDS):
        inner = []
        for mine, theirs in gaps:
            anchors = _anchors(older, newer, mine, theirs)
            found += anchors
            edges = [(mine[0] - 1, theirs[0] - 1), *anchors, (mine[1], theirs[1])]
            inner += [
                ((before[0] + 1, after[0]), (before[1] + 1, after[1]))
                for before, after in pairwise(edges)
                if anchors and before[0] + 1 < after[0] and before[1] + 1 < after[1]
            ]
        gaps = inner
    return sorted(found)


def _anchors(
    older: Sequence[str], newer: Sequence[str], mine: tuple[int, int], theirs: tuple[int, int]
) -> Pairs:
    """Return pairs of like items within two stretches: those at their ends, those that either has once."""
    (at, end), (other, other_end) = mine, theirs
    leading: Pairs = []
    while at < end and other < other_end and older[at] == newer[other]:
        leading.append((at, other))
        at, other = at + 1, other + 1
    trailing: Pairs = []
    while at < end and other < other_end and older[end - 1] == newer[other_end - 1]:
        end, other_end = end - 1, other_end - 1
        trailing.append((end, other_end))
    inner = _like(older[at:end], newer[other:other_end])
    between = [(at + one, other + its) for one, its in _ascending(inner)]
    return [*leading, *between, *reversed(trailing)]


def _like(older: Sequence[str], newer: Sequence[str]) -> Pairs:
    """Return the pairs of the items that are once in both; without any, of those that are there as often."""
    often, other_often = Counter(older), Counter(newer)
    places = {item: place for place, item in enumerate(newer) if other_often[item] == 1}
    once = [(place, places[item]) for place, item in enumerate(older) if often[item] == 1 and item in places]
    if once:
        return once
    numbered = {one: place for place, one in enumerate(_numbered(newer))}
    return [(place, numbered[one]) for place, one in enumerate(_numbered(older)) if one in numbered]


def _numbered(items: Sequence[str]) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for item in items:
        yield item, seen[item]
        seen[item] += 1


def _ascending(pairs: Pairs) -> Pairs:
    """Return the most of *pairs*, which ascend on one side, that ascend on the other, too."""
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


def _shortened(text: str) -> str:
    words = text.split(" ")
    if len(words) <= 2 * CONTEXT_WORDS + 10:
        return text
    return " ".join((*words[:CONTEXT_WORDS], _LEFT_OUT, *words[-CONTEXT_WORDS:]))
