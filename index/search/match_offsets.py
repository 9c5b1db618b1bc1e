"""Match offsets for highlighting, from the forward index: hits are not analysed again."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index import deadline
from index.layout import Stream
from index.query import AllOf, AnyOf, Clause, Fuzzy, MostOf, Phrase, Prefix, Related, Wildcard, Word
from index.search.compiled.hit_texts import Pattern
from index.search.index_reader import IndexReader
from index.search.segment_reader import SegmentReader, terms_of
from index.segment.doc_lists import Docs
from index.segment.postings import WordField

if TYPE_CHECKING:
    from index.search.compiled.searcher import CompiledSearcher


class MatchOffset(NamedTuple):
    """A token that matches; ``start`` and ``end`` are characters of its part, half-open."""

    part: Stream
    start: int
    end: int
    leaf: int
    """The number of the matching word, phrase, prefix or fuzzy word of the query, from the left."""


MatchOffsets = tuple[MatchOffset, ...]
TextLeaf = Word | Prefix | Fuzzy | Wildcard
Leaf = TextLeaf | Phrase
"""A clause that a text can contain."""

Numbered = tuple[int, Leaf]
"""A leaf, and its number from the left."""

WordsOf = Callable[[TextLeaf], Sequence[int]]
"""Returns the words of a segment that a leaf of the query matches, ascending."""


def match_offsets(
    reader: IndexReader,
    clause: Clause,
    docs: Sequence[int],
    core: "CompiledSearcher | None" = None,
) -> list[MatchOffsets]:
    """Return, for each of *docs*, the tokens that match *clause*, in reading order.

    The *core* may know the words of the index that match those of a query it has just searched.
    """
    order = sorted(range(len(docs)), key=docs.__getitem__)
    by_doc: list[MatchOffsets] = [()] * len(docs)
    for segment, first, local_docs in reader.split(np.array(docs, np.int64)[order]):
        numbered = _numbered_leaves(clause, segment.base, local_docs.tolist(), core)
        words_of = partial(_words_of, segment, core, local_docs.tolist())
        for row, offsets in enumerate(_offsets_in(segment, local_docs, numbered, words_of), first):
            by_doc[order[row]] = offsets
    return by_doc


def _offsets_in(
    segment: SegmentReader, docs: Docs, numbered: Sequence[Numbered], words_of: WordsOf
) -> Iterable[MatchOffsets]:
    """Return the match offsets of each of *docs* of a segment."""
    if segment.hit_texts is None:
        return ()
    leaf_of_word, others = _words_by_leaf(numbered, words_of)
    patterns = _patterns(others, words_of)
    return segment.hit_texts.match_offsets(docs.tolist(), leaf_of_word, patterns, MatchOffset)


def leaves(clause: Clause) -> list[Leaf]:
    """Return the leaves of a clause that a text can contain, from the left, without negated ones."""
    parts = _parts(clause)
    return [leaf for one in parts for leaf in (_related_leaves(one) if isinstance(one, Related) else (one,))]


def _parts(clause: Clause) -> Sequence[Leaf | Related]:
    """Return the leaves of a clause as above, those of related words together."""
    if isinstance(clause, AllOf | AnyOf | MostOf):
        return [part for inner in clause.clauses for part in _parts(inner)]
    return (clause,) if isinstance(clause, Related | Leaf) else ()


@lru_cache(20_000)  # they are asked for again and again, each by the same clause
def _related_leaves(related: Related) -> list[Leaf]:
    return [leaf for part in related.clauses for leaf in leaves(part)]


def _numbered_leaves(
    clause: Clause, base: int, docs: list[int], core: "CompiledSearcher | None"
) -> list[Numbered]:
    """Return the leaves of a clause, of related words only those that any of *docs* has, if that is known."""
    numbered: list[Numbered] = []
    first, seen = 0, set()
    for part in _parts(clause):
        if not isinstance(part, Related):
            numbered.append((first, part))
            first += 1
            continue
        of_part = _related_leaves(part)
        if id(part) not in seen:  # the words of a phrase share their related words
            known = core.known_leaves(part, base, docs) if core else None
            numbers = range(len(of_part)) if known is None else known
            numbered += [(first + number, of_part[number]) for number in numbers]
        seen.add(id(part))
        first += len(of_part)
    return numbered


def _words_by_leaf(numbered: Sequence[Numbered], words_of: WordsOf) -> tuple[dict[int, int], list[Numbered]]:
    """Return the number of the first leaf that each word matches anywhere, and the other leaves by number."""
    # Related words make many leaves, so the words of all are looked for together.
    leaf_of_word: dict[int, int] = {}
    others = []
    for number, leaf in reversed(numbered):
        deadline.check()
        if isinstance(leaf, Phrase) or leaf.part:
            others.append((number, leaf))
        elif words := words_of(leaf):
            leaf_of_word.update(dict.fromkeys(words, number))
    return leaf_of_word, others


def _patterns(numbered: Sequence[Numbered], words_of: WordsOf) -> list[Pattern]:
    """Return leaves that are phrases or limited to a part."""
    patterns: list[Pattern] = []
    for number, leaf in numbered:
        if not isinstance(leaf, Phrase):
            patterns.append((number, [words_of(leaf)], leaf.part, 0))
            continue
        parts = {part for part in (leaf.part, *(word.part for word in leaf.words)) if part}
        if leaf.words and len(parts) <= 1:  # no phrase is in several parts (`index.layout`)
            words = list(takewhile(len, map(words_of, leaf.words)))
            if len(words) == len(leaf.words):
                patterns.append((number, words, next(iter(parts), None), leaf.slop))
    return patterns


def _words_of(
    segment: SegmentReader,
    core: "CompiledSearcher | None",
    docs: list[int],
    leaf: TextLeaf,
) -> Sequence[int]:
    """Return the words that a leaf of the query matches, ascending; at least those that any of *docs* has."""
    if isinstance(leaf, Word):
        known = None if core is None else core.known_words(leaf, segment.base, docs)
        return segment.words_of(terms_of(leaf)) if known is None else known
    field = segment.field("fold")
    if not isinstance(field, WordField):
        return []
    places: Iterable[int]
    match leaf:
        case Prefix(text=text):
            places = field.terms.with_prefix(text.encode())
        case Wildcard(text=text):
            places = field.terms.matching(text)
        case Fuzzy(text=text, distance=distance):
            places = field.terms.within(text, distance)
    return sorted({word for place in places for word in field.words_of(place)})
