"""Which sentences of two texts belong together: the same ones, those that were changed, and the rest.

A sentence that only moved is the same. Sentences that were split or joined belong together as a group.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.analysis.sentences import spans
from index.edits.edit_record import Part, VersionText

_WORD = re.compile(r"(?:(?<![^\s(])[-−](?=\d))?[^\W_]+(?:[-'’.,:/][^\W_]+)*|[%€$]")
"""A word, number or sign that is compared; what is between does not count."""
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
_FIGURES = re.compile(r"\d+(?:[.,:/-]\d+)*")
# Two sentences are one that was changed if they share this part of their words; between the same neighbours,
# less suffices.
_ALIKE, _ALIKE_IN_PLACE = 0.5, 0.25
# A sentence is contained in another if the other has this part of its pairs of words.
_CONTAINED, _CONTAINED_WORDS = 0.8, 3
# Bounds: sentences of each side that are paired, and words by which one is; words in more sentences than this
# do not propose candidates; candidates compared in full.
SENTENCES, WORDS = 3_000, 400
_COMMON, _CANDIDATES = 16, 8


@dataclass(frozen=True, slots=True, eq=False)
class ComparedSentence:
    """A sentence of a text; ``number`` is its place in reading order."""

    part: Part
    start: int
    end: int
    text: str
    number: int
    words: tuple[str, ...]
    """Its words in lower case; figures as written."""

    @property
    def gist(self) -> tuple[str, ...]:
        """The first `WORDS` of its words, with a sign for each number."""
        return tuple(_FIGURES.sub("#", word) for word in self.words[:WORDS])


@dataclass(slots=True)
class Group:
    """Sentences of the older text that became those of the newer; one side is empty if there are none."""

    older: list[ComparedSentence] = field(default_factory=list)
    newer: list[ComparedSentence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pairing:
    """How the sentences of two texts belong together, without those that are the same."""

    groups: tuple[Group, ...]
    is_reordered: bool
    """Whether sentences that are the same stand in another order."""


def read_sentences(text: VersionText) -> list[ComparedSentence]:
    """Return the sentences of the lead and the body, in reading order."""
    parts: Iterable[tuple[Part, str]] = (("lead", text.lead), ("body", text.body))
    found: list[ComparedSentence] = []
    for part, content in parts:
        for start, end in spans(content):
            if words := _words(content[start:end]):
                found.append(ComparedSentence(part, start, end, content[start:end], len(found), words))
    return found


def whole(part: Part, content: str) -> ComparedSentence:
    """Return all of a *part*, a title, as one sentence."""
    return ComparedSentence(part, 0, len(content), content, 0, _words(content))


def share_of_words(one: ComparedSentence, other: ComparedSentence) -> float:
    """Return the part of the words of two sentences, from 0 to 1, that both have; any number is the same."""
    return _share(Counter(one.gist), Counter(other.gist))


def _share(mine: Counter[str], theirs: Counter[str]) -> float:
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.translate(_INVISIBLE).lower()))


def pair_sentences(older: Sequence[ComparedSentence], newer: Sequence[ComparedSentence]) -> Pairing:
    """Return the groups of sentences that differ, in reading order of the newer text where they have one."""
    rest, other_rest, is_reordered = _without_same(older, newer)
    pairs = _changed_pairs(rest[:SENTENCES], other_rest[:SENTENCES], _neighbours(older), _neighbours(newer))
    groups = {id(sentence): Group([sentence], [other]) for sentence, other in pairs}
    for group in list(groups.values()):
        groups[id(group.newer[0])] = group
    for sentence in (*rest, *other_rest):
        groups.setdefault(id(sentence), Group())
    _attach(rest, other_rest, groups)
    distinct = {id(group): group for group in groups.values()}
    return Pairing(tuple(distinct.values()), is_reordered)


def _without_same(
    older: Sequence[ComparedSentence], newer: Sequence[ComparedSentence]
) -> tuple[list[ComparedSentence], list[ComparedSentence], bool]:
    """Return the sentences of each side that the other lacks, and whether the common ones changed places."""
    left = defaultdict[tuple[str, ...], list[ComparedSentence]](list)
    for sentence in reversed(newer):
        left[sentence.words].append(sentence)
    rest: list[ComparedSentence] = []
    same: list[int] = []
    for sentence in older:
        if others := left.get(sentence.words):
            same.append(others.pop().number)
        else:
            rest.append(sentence)
    other_rest = sorted((one for others in left.values() for one in others), key=lambda one: one.number)
    return rest, other_rest, same != sorted(same)


_Neighbours = dict[int, tuple[tuple[str, ...], tuple[str, ...]]]


def _neighbours(sentences: Sequence[ComparedSentence]) -> _Neighbours:
    keys = [(), *(sentence.words for sentence in sentences), ()]
    return {one.number: (keys[at], keys[at + 2]) for at, one in enumerate(sentences)}


def _changed_pairs(
    rest: Sequence[ComparedSentence],
    other_rest: Sequence[ComparedSentence],
    around: _Neighbours,
    other_around: _Neighbours,
) -> Iterator[tuple[ComparedSentence, ComparedSentence]]:
    """Yield the sentences that were changed, each with what became of it; the most alike are paired first."""
    gists = {id(one): Counter(one.gist) for one in (*rest, *other_rest)}
    in_place = defaultdict[object, list[ComparedSentence]](list)
    for other in other_rest:
        in_place[other_around[other.number]].append(other)
    propose = _Proposer(other_rest)
    scored: list[tuple[float, int, int, ComparedSentence, ComparedSentence]] = []
    for sentence in rest:
        around_it = around[sentence.number]
        beside = in_place[around_it][:_CANDIDATES]
        for other in {id(one): one for one in (*propose.candidates(sentence), *beside)}.values():
            mine, theirs = gists[id(sentence)], gists[id(other)]
            if mine.keys() & theirs.keys() <= {"#"}:
                continue
            score = _share(mine, theirs)
            same_sides = sum(a == b for a, b in zip(around_it, other_around[other.number], strict=True))
            if score >= (_ALIKE_IN_PLACE if same_sides == 2 else _ALIKE):
                exact = len(set(sentence.words) & set(other.words)) / max(
                    len(sentence.words), len(other.words)
                )
                rank = -score - exact / 5 - same_sides / 20
                scored.append((rank, abs(sentence.number - other.number), sentence.number, sentence, other))
    taken: set[int] = set()
    for *_, sentence, other in sorted(scored, key=lambda entry: entry[:3]):
        if taken.isdisjoint((id(sentence), id(other))):
            taken.update((id(sentence), id(other)))
            yield sentence, other


class _Proposer:
    """Proposes sentences that share rare words with a given one."""

    def __init__(self, sentences: Sequence[ComparedSentence]) -> None:
        self._with = defaultdict[str, list[ComparedSentence]](list)
        for sentence in sentences:
            for word in set(sentence.gist):
                self._with[word].append(sentence)

    def candidates(self, sentence: ComparedSentence) -> list[ComparedSentence]:
        """Return the sentences that share most words with *sentence*."""
        shared = Counter[int]()
        by_number: dict[int, ComparedSentence] = {}
        for word in set(sentence.gist):
            if len(others := self._with.get(word, ())) <= _COMMON:
                for other in others:
                    shared[other.number] += 1
                    by_number[other.number] = other
        return [by_number[number] for number, _ in shared.most_common(_CANDIDATES)]


def _attach(
    rest: Sequence[ComparedSentence], other_rest: Sequence[ComparedSentence], groups: dict[int, Group]
) -> None:
    """Put each sentence without a partner into the group of one that contains it, else in its own."""
    by_older, by_newer = _Proposer(rest[:SENTENCES]), _Proposer(other_rest[:SENTENCES])
    for sentence in rest:
        if not groups[id(sentence)].older:
            group = _containing(sentence, by_newer, groups)
            group.older.append(sentence)
            groups[id(sentence)] = group
    for sentence in other_rest:
        if not groups[id(sentence)].newer:
            group = _containing(sentence, by_older, groups)
            group.newer.append(sentence)
            groups[id(sentence)] = group


def _containing(sentence: ComparedSentence, propose: _Proposer, groups: dict[int, Group]) -> Group:
    own = groups[id(sentence)]
    if len(sentence.words) < _CONTAINED_WORDS:
        return own
    bigrams = _bigrams(sentence)
    for other in propose.candidates(sentence):
        if len(other.words) > len(sentence.words) and (
            len(bigrams & _bigrams(other)) >= _CONTAINED * len(bigrams)
        ):
            return groups[id(other)]
    return own


def _bigrams(sentence: ComparedSentence) -> set[tuple[str, str]]:
    return set(pairwise(sentence.gist))
