"""Why a changed sentence matters: the facts that differ between its old and its new text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

from crawler.config import Language
from index.analysis import Analyzer
from index.edits.edit_record import Reason, Subject
from index.edits.facts import Fact, find_facts
from index.edits.names import NameWord, find_names, read_words
from index.edits.page_furniture import is_counter, is_credit
from index.edits.spelling import is_respelled
from index.edits.weights import WEIGHTS
from index.revision_diff import align

# Reasons of one sentence, and characters of a name or number in one.
_REASONS, _REASON_CHARS = 6, 80
# Characters of a sentence in which facts are sought: no real one is longer, and a table without stops may be.
READ_CHARS = 6_000
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[%€$]")
# So many words in a row that a sentence lost or gained, with at most a third as many instead, are a clause.
_PASSAGE_WORDS = 8
_NUMBERS = frozenset[Subject](("number", "amount", "percent"))
# Groups of subjects whose facts are set against each other: "1 800" may have become "2 300 eiro".
_RIVALS: tuple[frozenset[Subject], ...] = (
    _NUMBERS, frozenset(("date",)), frozenset(("time",)), frozenset(("modality",)),
)  # fmt: skip


class Judge:
    """Says why changes of a text in *language* matter; *known_names* are folded names of either version."""

    def __init__(self, language: Language, known_names: frozenset[str], analyzer: Analyzer) -> None:
        self._language = language
        self._known = known_names
        self._analyzer = analyzer

    def reasons(self, older: str, newer: str) -> tuple[Reason, ...]:
        """Return why the change of a sentence matters, the heaviest first; at least one reason."""
        older, newer = older[:READ_CHARS], newer[:READ_CHARS]
        if is_credit(older) and is_credit(newer):
            return (Reason("credit"),)
        if is_counter(older) and is_counter(newer):
            return (Reason("counter"),)
        respelled = self._respell(older, newer)
        found = list(dict.fromkeys((*self._factual(respelled, newer), *_passages(respelled, newer))))
        if not found:
            return (self._verbal(respelled, newer, is_respelled=respelled != older),)
        return tuple(sorted(found, key=lambda reason: -WEIGHTS[reason.subject])[:_REASONS])

    def facts_of(self, text: str) -> list[Fact]:
        """Return the numbers, dates and the like of a sentence."""
        return find_facts(text[:READ_CHARS], self._language, self._analyzer)

    def _respell(self, older: str, newer: str) -> str:
        """Return *older* with the spelling of *newer* where only that differs."""
        mine, theirs = list(_WORD.finditer(older)), list(_WORD.finditer(newer))
        pieces: list[str] = []
        at = 0
        for first, last, other_first, other_last in _gaps(
            [one[0] for one in mine], [one[0] for one in theirs]
        ):
            if last - first != other_last - other_first:
                continue
            for one, other in zip(mine[first:last], theirs[other_first:other_last], strict=True):
                if is_respelled(one[0], other[0], self._analyzer):
                    pieces += (older[at : one.start()], other[0])
                    at = one.end()
        return "".join((*pieces, older[at:]))

    def _factual(self, older: str, newer: str) -> Iterator[Reason]:
        facts, other_facts = (find_facts(text, self._language, self._analyzer) for text in (older, newer))
        yield from _negated(*_words_apart(older, newer), facts, other_facts, self._lemmas)
        for rivals in _RIVALS:
            mine, theirs = ([one for one in side if one.subject in rivals] for side in (facts, other_facts))
            yield from _against(*_differing(mine, theirs))
            if rivals is _NUMBERS:
                yield from _swapped(mine, theirs, older, newer)
        yield from self._renamed(older, newer, facts, other_facts)

    def _renamed(
        self, older: str, newer: str, facts: Sequence[Fact], other_facts: Sequence[Fact]
    ) -> Iterator[Reason]:
        sides = [read_words(text, self._language, self._analyzer) for text in (older, newer)]
        named = [
            [name for name in find_names(words, text, self._known, self._analyzer) if not _within(name, seen)]
            for words, text, seen in zip(sides, (older, newer), (facts, other_facts), strict=True)
        ]
        stems = [frozenset(stem for word in words for stem in word.stems) for words in sides]
        mine = [name for name in named[0] if any(stems[1].isdisjoint(word.stems) for word in name)]
        theirs = [name for name in named[1] if any(stems[0].isdisjoint(word.stems) for word in name)]
        for one, other in zip_longest(mine, theirs):
            yield Reason("name", _spelled(one, older), _spelled(other, newer))

    def _verbal(self, older: str, newer: str, *, is_respelled: bool) -> Reason:
        """Return the reason of a change without a fact: of wording, spelling or spacing."""
        mine, theirs = (self._words_without_figures(text) for text in (older, newer))
        # The same letters in a row are words that were only split or joined.
        if mine != theirs and "".join(mine.keys()) != "".join(theirs.keys()):
            return Reason("wording")
        return Reason("spelling" if is_respelled else "spacing")

    def _words_without_figures(self, text: str) -> Counter[str]:
        facts = find_facts(text, self._language, self._analyzer)
        for fact in reversed(facts):
            if fact.subject in _NUMBERS or fact.subject in ("date", "time"):
                text = f"{text[: fact.start]} {text[fact.end :]}"
        return Counter(word.lower() for word in _WORD.findall(text))

    def _lemmas(self, word: str) -> frozenset[str]:
        return frozenset(self._analyzer.forms(word.lower(), self._language).lemma)


def _gaps(older: Sequence[str], newer: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of words that differ: the first and the end in both texts."""
    at = other = 0
    for mine, theirs in (*align(older, newer), (len(older), len(newer))):
        if mine > at or theirs > other:
            yield at, mine, other, theirs
        at, other = mine + 1, theirs + 1


def _passages(older: str, newer: str) -> Iterator[Reason]:
    """Yield the clauses that a sentence lost or gained."""
    mine, theirs = _WORD.findall(older), _WORD.findall(newer)
    for first, last, other_first, other_last in _gaps(mine, theirs):
        lost, gained = last - first, other_last - other_first
        if lost >= _PASSAGE_WORDS and 3 * gained <= lost:
            yield Reason("sentence_removed")
        elif gained >= _PASSAGE_WORDS and 3 * lost <= gained:
            yield Reason("sentence_added")


def count_words_apart(older: str, newer: str) -> int:
    """Return how many words only one of two sentences has at their places."""
    return sum(map(len, _words_apart(older, newer)))


def _words_apart(older: str, newer: str) -> tuple[list[str], list[str]]:
    """Return the words that only one of two sentences has at their places."""
    mine, theirs = _WORD.findall(older), _WORD.findall(newer)
    apart: list[str] = []
    other_apart: list[str] = []
    for first, last, other_first, other_last in _gaps(mine, theirs):
        apart += mine[first:last]
        other_apart += theirs[other_first:other_last]
    return apart, other_apart


def _differing(mine: Sequence[Fact], theirs: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    counts, other_counts = (Counter(fact.key for fact in side) for side in (mine, theirs))
    return list(_beyond(mine, other_counts)), list(_beyond(theirs, counts))


def _beyond(facts: Iterable[Fact], counts: Counter[tuple[str, ...]]) -> Iterator[Fact]:
    """Yield the *facts* beyond those that are counted."""
    left = counts.copy()
    for fact in facts:
        if left[fact.key] > 0:
            left[fact.key] -= 1
        else:
            yield fact


def _against(mine: Iterable[Fact], theirs: Iterable[Fact]) -> Iterator[Reason]:
    for one, other in zip_longest(mine, theirs):
        subjects = [fact.subject for fact in (one, other) if fact]
        subject = max(subjects, key=lambda subject: WEIGHTS[subject])
        yield Reason(subject, _shorten(one.text if one else ""), _shorten(other.text if other else ""))


def _swapped(mine: Sequence[Fact], theirs: Sequence[Fact], older: str, newer: str) -> Iterator[Reason]:
    """Yield the numbers that changed places between the same words."""
    if [one.key for one in mine] == [other.key for other in theirs] or len(mine) != len(theirs):
        return
    are_same = Counter(one.key for one in mine) == Counter(other.key for other in theirs)
    if are_same and _without(mine, older) == _without(theirs, newer):
        differing = [pair for pair in zip(mine, theirs, strict=True) if pair[0].key != pair[1].key]
        yield from _against(*zip(*differing, strict=True))


def _without(facts: Sequence[Fact], text: str) -> list[str]:
    for fact in reversed(facts):
        text = f"{text[: fact.start]}#{text[fact.end :]}"
    return text.split()


def _negated(
    apart: Sequence[str],
    other_apart: Sequence[str],
    facts: Sequence[Fact],
    other_facts: Sequence[Fact],
    lemmas: Callable[[str], frozenset[str]],
) -> Iterator[Reason]:
    """Yield what one text denies and the other does not, with the word that the other has instead."""
    mine, theirs = ([one for one in side if one.subject == "negation"] for side in (facts, other_facts))
    mine, theirs = _differing(mine, theirs)
    for one in mine:
        yield Reason("negation", _shorten(one.text), _counterpart(one, other_apart, lemmas))
    for other in theirs:
        yield Reason("negation", _counterpart(other, apart, lemmas), _shorten(other.text))


def _counterpart(denial: Fact, words: Iterable[str], lemmas: Callable[[str], frozenset[str]]) -> str:
    denied = frozenset(denial.key[1:])
    return next((word for word in words if not denied.isdisjoint(lemmas(word))), "")


def _within(name: Sequence[NameWord], facts: Iterable[Fact]) -> bool:
    """Return whether a *name* is part of a date or an amount: EUR is no name beside a number."""
    return any(fact.start <= name[0].start and name[-1].end <= fact.end for fact in facts)


def _spelled(name: Sequence[NameWord] | None, text: str) -> str:
    return _shorten(text[name[0].start : name[-1].end]) if name else ""


def _shorten(text: str) -> str:
    return text if len(text) <= _REASON_CHARS else f"{text[:_REASON_CHARS]}…"
