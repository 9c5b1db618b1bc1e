"""Match offsets for highlighting: the texts of the few hits that are shown are analysed again."""

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from index import deadline
from index.analysis import Analyzer, Forms
from index.layout import LAYOUT, Stream
from index.query import Clause, Fuzzy, Phrase, Prefix, Wildcard, Word
from index.search.match_offsets import MatchOffset, MatchOffsets, leaves
from index.search.phrases import find_phrase
from index.search.segment_reader import terms_of
from index.segment import Ints
from index.segment.term_dictionary import is_within

_FIELDS = ("lemma", "stem", "exact", "fold")
_FOLD = "fold"
_SHOWN: tuple[Stream, ...] = ("title", "lead", "body", "attachment")

Leaf = Word | Phrase | Prefix | Fuzzy | Wildcard
Term = tuple[str, str]
"""A field and a text."""
Tokens = Mapping[Term, Sequence[int]]
"""The tokens of a part that have each term, in reading order."""


class Highlighter:
    """Finds what matches *clause* in texts that *analyzer* reads.

    A related query has hundreds of leaves, of which a text has a few: each is looked up by its terms.
    """

    def __init__(self, clause: Clause, analyzer: Analyzer) -> None:
        self._analyzer, self._leaves = analyzer, leaves(clause)
        self._terms: dict[int, Sequence[Term]] = {}
        self._leaves_of: dict[Term, list[int]] = {}
        self._open: list[int] = []
        for number, leaf in enumerate(self._leaves):
            if isinstance(leaf, Prefix | Fuzzy | Wildcard):
                self._open.append(number)
                continue
            for word in leaf.words if isinstance(leaf, Phrase) else (leaf,):
                terms = self._terms[id(word)] = tuple(dict.fromkeys(terms_of(word)))
                for term in terms:
                    self._leaves_of.setdefault(term, []).append(number)

    def offsets(self, shown: Mapping[str, Any]) -> MatchOffsets:
        """Return the tokens of the texts *shown* that match, in reading order."""
        return tuple(
            offset for part in _SHOWN if (text := shown.get(part)) for offset in self._in(part, text, shown)
        )

    def _in(self, part: Stream, text: str, shown: Mapping[str, Any]) -> list[MatchOffset]:
        """Return the tokens of a part that match; each belongs to the first leaf that it matches."""
        deadline.check()
        columns = self._analyzer.columns(text, shown["language"], most=LAYOUT[part].room)
        tokens, leaf_of = _tokens_by_term(columns.forms), dict[int, int]()
        found = (self._leaves_of[term] for term in tokens.keys() & self._leaves_of.keys())
        for number in sorted({*self._open, *chain.from_iterable(found)}):
            leaf = self._leaves[number]
            if leaf.part in (None, part):
                for token in self._matching(leaf, tokens, part):
                    leaf_of.setdefault(token, number)
        return [
            MatchOffset(part, columns.starts[token], columns.ends[token], leaf_of[token])
            for token in sorted(leaf_of)
        ]

    def _matching(self, leaf: Leaf, tokens: Tokens, part: Stream) -> Sequence[int]:
        """Return the tokens that match a leaf."""
        match leaf:
            case Word():
                return self._with_terms(leaf, tokens)
            case Phrase():
                return self._in_phrase(leaf, tokens, part)
            case Prefix(text=text):
                return _with_fold(tokens, [fold for fold in _folds(tokens) if fold.startswith(text)])
            case Wildcard(text=text):
                is_match = re.compile(fnmatch.translate(text)).match
                return _with_fold(tokens, list(filter(is_match, _folds(tokens))))
            case Fuzzy(text=text, distance=distance):
                near = [fold for fold in _folds(tokens) if is_within(fold, text, distance)]
                return _with_fold(tokens, near)

    def _with_terms(self, word: Word, tokens: Tokens) -> list[int]:
        """Return the tokens that have a term of *word*, in reading order."""
        found = [tokens[term] for term in self._terms[id(word)] if term in tokens]
        return list(found[0]) if len(found) == 1 else sorted(set().union(*found))

    def _in_phrase(self, phrase: Phrase, tokens: Tokens, part: Stream) -> list[int]:
        base = LAYOUT[part].base
        found = {id(word): self._with_terms(word, tokens) for word in phrase.words}
        if not found or not all(found.values()):
            return []

        def places(word: Word) -> tuple[Ints, Ints]:
            rows = np.array(found[id(word)], np.int64)
            return np.zeros(len(rows), np.int64), rows + base

        occurrences = find_phrase(phrase, places)
        return sorted({int(position) - base for positions in occurrences.words for position in positions})


def _tokens_by_term(forms: Sequence[Forms]) -> Tokens:
    tokens: dict[Term, list[int]] = {}
    for row, word in enumerate(forms):
        for field, terms in zip(_FIELDS, word.terms, strict=True):
            for text in terms:
                rows = tokens.setdefault((field, text), [])
                if not rows or rows[-1] != row:
                    rows.append(row)
    return tokens


def _folds(tokens: Tokens) -> Iterator[str]:
    return (text for field, text in tokens if field == _FOLD)


def _with_fold(tokens: Tokens, folds: Sequence[str]) -> Sequence[int]:
    return sorted({row for fold in folds for row in tokens[_FOLD, fold]})
