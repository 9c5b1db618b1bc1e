"""Match offsets for highlighting: the texts of the few hits that are shown are analysed again."""

import fnmatch
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from index import deadline
from index.analysis import Analyzer, Forms, TokenColumns
from index.layout import LAYOUT, Stream
from index.query import Clause, Fuzzy, Phrase, Prefix, Wildcard, Word
from index.search.match_offsets import MatchOffset, MatchOffsets, leaves
from index.search.phrases import find_phrase
from index.search.segment_reader import terms_of
from index.segment import Ints
from index.segment.term_dictionary import is_within

_FIELDS = ("lemma", "stem", "exact", "fold")
_SHOWN: tuple[Stream, ...] = ("title", "lead", "body", "attachment")


def match_offsets(clause: Clause, shown: Mapping[str, Any], analyzer: Analyzer) -> MatchOffsets:
    """Return the tokens of the texts *shown* that match *clause*, in reading order."""
    query_leaves = leaves(clause)
    return tuple(
        offset
        for part in _SHOWN
        if (text := shown.get(part))
        for offset in _in_part(
            part, analyzer.columns(text, shown["language"], most=LAYOUT[part].room), query_leaves
        )
    )


def _in_part(
    part: Stream, tokens: TokenColumns, query_leaves: Sequence[Word | Phrase | Prefix | Fuzzy | Wildcard]
) -> list[MatchOffset]:
    """Return the tokens of a part that match; each belongs to the first leaf that it matches."""
    leaf_of: dict[int, int] = {}
    for number, leaf in enumerate(query_leaves):
        deadline.check()
        if leaf.part in (None, part):
            for token in _matching(leaf, tokens.forms, part):
                leaf_of.setdefault(token, number)
    return [
        MatchOffset(part, tokens.starts[token], tokens.ends[token], leaf_of[token])
        for token in sorted(leaf_of)
    ]


def _matching(
    leaf: Word | Phrase | Prefix | Fuzzy | Wildcard, forms: Sequence[Forms], part: Stream
) -> Sequence[int]:
    """Return the tokens that match a leaf."""
    match leaf:
        case Word():
            return _with_terms(leaf, forms)
        case Phrase(words=()):
            return ()
        case Phrase():
            return _in_phrase(leaf, forms, part)
        case Prefix(text=text):
            return [row for row, word in enumerate(forms) if any(term.startswith(text) for term in word.fold)]
        case Wildcard(text=text):
            is_match = re.compile(fnmatch.translate(text)).match
            return [row for row, word in enumerate(forms) if any(map(is_match, word.fold))]
        case Fuzzy(text=text, distance=distance):
            near = {fold for word in forms for fold in word.fold if is_within(fold, text, distance)}
            return [row for row, word in enumerate(forms) if not near.isdisjoint(word.fold)]


def _with_terms(word: Word, forms: Sequence[Forms]) -> list[int]:
    """Return the tokens that have a term of *word*."""
    wanted: dict[str, set[str]] = {}
    for name, text in terms_of(word):
        wanted.setdefault(name, set()).add(text)
    fields = [(_FIELDS.index(name), texts) for name, texts in wanted.items()]
    return [
        row
        for row, each in enumerate(forms)
        if any(not texts.isdisjoint(each.terms[field]) for field, texts in fields)
    ]


def _in_phrase(phrase: Phrase, forms: Sequence[Forms], part: Stream) -> list[int]:
    base = LAYOUT[part].base

    def places(word: Word) -> tuple[Ints, Ints]:
        tokens = np.array(_with_terms(word, forms), np.int64)
        return np.zeros(len(tokens), np.int64), tokens + base

    occurrences = find_phrase(phrase, places)
    return sorted({int(position) - base for positions in occurrences.words for position in positions})
