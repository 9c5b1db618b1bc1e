"""Continuations: words that follow the words typed so far, or occur in releases that match these."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np

from index.analysis import Analyzer
from index.analysis.latvian.stopwords import stop_words
from index.search.segment_reader import SegmentReader
from index.segment import Array
from index.segment.cache import Cache
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE, find_any
from index.segment.postings import WordField
from index.suggest.forms_of_words import FormsOfWords
from index.suggest.word_index import Wordlist, highest, key_of

FindDocs = Callable[[str], Docs]
"""Returns some documents that match a text, ascending."""

# A word right after the words typed counts as much as one somewhere in this many releases.
_ADJACENT = 8.0
_TEXTS_CACHED = 256
_SEQUENCES_CACHED = 4_096
# A few texts: their words are read again for each letter of the next word.
_EXCERPT_BYTES = 4 << 20
# The most forms returned for each segment, and the most words that follow.
_FORMS_MAX, _NEXT_MAX = 40, 20


@dataclass(frozen=True, slots=True)
class Continuation:
    """A form that may continue a text."""

    form: str
    releases: int
    """The number of releases that contain it, among those that match the words before it."""
    adjacent: int
    """How often it directly follows the word before it, in any form of that word."""
    agreeing: int
    """How often it directly follows the word before it, in the form typed."""
    weight: float

    def merge(self, other: "Continuation | None") -> "Continuation":
        """Return the sum of two continuations by one form, in different segments."""
        if other is None:
            return self
        return Continuation(
            form=self.form,
            releases=self.releases + other.releases,
            adjacent=self.adjacent + other.adjacent,
            agreeing=self.agreeing + other.agreeing,
            weight=self.weight + other.weight,
        )


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment, its word list and the forms of its words."""

    reader: SegmentReader
    wordlist: Wordlist
    forms: FormsOfWords

    @classmethod
    def of(cls, reader: SegmentReader, wordlist: Wordlist) -> Self:
        exact, word_count = reader.field("exact"), len(reader.postings.words or ())
        pairs = _pairs(exact, wordlist) if isinstance(exact, WordField) else (NONE, NONE)
        return cls(reader, wordlist, FormsOfWords(*pairs, word_count=word_count, form_count=len(wordlist)))


def _pairs(exact: WordField, wordlist: Wordlist) -> tuple[Array, Array]:
    """Return pairs of a word and the number of a form that it has."""
    no_form = len(wordlist)
    form_of_term = np.full(len(exact.terms), no_form, np.uint32)
    form_of_term[wordlist.places] = np.arange(no_form, dtype=np.uint32)
    terms, words = exact.pairs()
    forms = form_of_term[terms]
    has_form = forms != no_form
    return words[has_form], forms[has_form]


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """Some documents of a segment."""

    segment: _Segment
    tokens: Array
    """Their words in reading order, one document after another."""
    ends: Array
    """Where each ends among the tokens."""

    def rows_of(self, places: Array) -> Array:
        """Return the row of the document of each place; -1 before the first token."""
        return np.where(places < 0, -1, np.searchsorted(self.ends, places, "right"))


def _count_bytes(excerpts: tuple[_Excerpt, ...]) -> int:
    return 1_000 + sum(excerpt.tokens.nbytes + excerpt.ends.nbytes for excerpt in excerpts)


class Continuations:
    """Finds the words that continue a text in *segments*, each with its word list."""

    def __init__(
        self, segments: Sequence[tuple[SegmentReader, Wordlist]], find: FindDocs, analyzer: Analyzer
    ) -> None:
        self._segments = [_Segment.of(segment, wordlist) for segment, wordlist in segments]
        self._analyzer = analyzer
        # While a word is typed, letter by letter, the words before it stay the same.
        self._find = lru_cache(_TEXTS_CACHED)(find)
        self._find_sequence = lru_cache(_SEQUENCES_CACHED)(lambda text: len(find(f'"{text}"~1')) > 0)
        self._excerpts: Cache[tuple[_Excerpt, ...]] = Cache(_EXCERPT_BYTES, _count_bytes)
        self._count = sum(segment.count for segment, _ in segments)
        self.has_deletions = any(segment.live is not None for segment, _ in segments)
        """Whether releases were deleted, so that no release may have a word that the segments list."""

    def after(self, before: str, beginning: str) -> list[Continuation]:
        """Return words that start with *beginning* in releases that match *before*, likeliest first."""
        previous = before.rsplit(maxsplit=1)[-1]
        found: dict[str, Continuation] = {}
        for excerpt in self._read(before):
            for item in self._in_excerpt(excerpt, previous, beginning):
                found[item.form] = item.merge(found.get(item.form))
        return sorted(found.values(), key=lambda item: (-item.weight, item.form))

    def _in_excerpt(self, excerpt: "_Excerpt", previous: str, beginning: str) -> Iterator[Continuation]:
        wordlist, tokens, count = excerpt.segment.wordlist, excerpt.tokens, len(excerpt.ends)
        first, last = wordlist.range_starting_with(key_of(beginning.lower()))
        places, numbers = excerpt.segment.forms.find(tokens, first, last)
        # The rows of the forms found, which are few of those that start with a letter.
        forms, rows = np.unique(numbers, return_inverse=True)
        of_docs = excerpt.rows_of(places)
        before = np.where(of_docs == excerpt.rows_of(places - 1), tokens[places - 1], -1)
        typed, inflected = self._last_words(excerpt.segment.reader, previous)
        releases = np.bincount(_distinct(rows * count + of_docs) // count, minlength=len(forms))
        adjacent = np.bincount(rows[find_any(inflected, before)], minlength=len(forms))
        agreeing = np.bincount(rows[find_any(typed, before)], minlength=len(forms))
        rarity = np.log1p(self._count / (1 + wordlist.counts[forms].astype(np.float64)))
        weights = (releases + _ADJACENT * adjacent) * rarity
        for row in highest(weights, _FORMS_MAX).tolist():
            if (form := wordlist[forms[row]]) not in stop_words():
                counts = int(releases[row]), int(adjacent[row]), int(agreeing[row])
                yield Continuation(form, *counts, weight=float(weights[row]))

    def has(self, text: str) -> bool:
        """Return whether any document matches *text*."""
        return len(self._find(text)) > 0

    def has_sequence(self, text: str) -> bool:
        """Return whether the words of *text* are beside each other in a document, in any form."""
        return self._find_sequence(text)

    def is_complete(self, before: str, word: str) -> bool:
        """Return whether *word* directly follows *before* in some release, so that it may be complete."""
        pair = f"{before.rsplit(maxsplit=1)[-1]} {word}"
        return any(len(self._ends(excerpt, pair)) for excerpt in self._read(before))

    def next_words(self, text: str) -> list[Continuation]:
        """Return the words that directly follow *text* in releases that match it, the most frequent first."""
        counts: Counter[str] = Counter()
        for excerpt in self._read(text):
            exact = excerpt.segment.reader.field("exact")
            places = self._ends(excerpt, text) + 1
            following = excerpt.tokens[places[excerpt.rows_of(places) == excerpt.rows_of(places - 1)]]
            numbers, frequencies = np.unique(following, return_counts=True)
            for row in highest(frequencies, _NEXT_MAX).tolist():
                terms = exact.terms_of_word(int(numbers[row])) if isinstance(exact, WordField) else ()
                if len(terms) == 1:  # no compound
                    counts[terms[0].decode()] += int(frequencies[row])
        return [
            Continuation(form, count, count, count, weight=float(count))
            for form, count in counts.most_common()
            if form.isalpha() and form not in stop_words()
        ]

    def _read(self, text: str) -> "tuple[_Excerpt, ...]":
        """Return some documents that match *text*, by segment."""
        return self._excerpts.get(text, lambda: tuple(self._read_excerpts(self._find(text))))

    def _read_excerpts(self, docs: Docs) -> "Iterator[_Excerpt]":
        for segment in self._segments:
            base, count = segment.reader.base, segment.reader.count
            first, last = np.searchsorted(docs, (base, base + count))
            if first < last and (words := segment.reader.postings.words) is not None:
                local_docs = docs[first:last] - base
                _, lengths = words.sequences.extents(local_docs)
                yield _Excerpt(segment, words.sequences.words(local_docs), lengths.cumsum())

    def _ends(self, excerpt: "_Excerpt", text: str) -> Array:
        """Return the tokens of *excerpt* that end an occurrence of the words of *text* in the forms typed."""
        tokens, words = excerpt.tokens, text.split()
        ends = find_any(self._last_words(excerpt.segment.reader, words[-1])[0], tokens)
        for distance, word in enumerate(reversed(words[:-1]), start=1):
            typed, _ = self._last_words(excerpt.segment.reader, word)
            ends = ends[excerpt.rows_of(ends) == excerpt.rows_of(ends - distance)]
            ends = ends[find_any(typed, tokens[ends - distance])]
        return ends

    def _last_words(self, segment: SegmentReader, previous: str) -> tuple[list[int], list[int]]:
        """Return the words of a segment that are *previous* as typed, and in any form."""
        forms = self._analyzer.query_forms(previous)
        typed = tuple(("fold", text) for text in forms.fold)
        return segment.words_of(typed), segment.words_of((*typed, *(("lemma", text) for text in forms.lemma)))


def _distinct(numbers: Array) -> Array:
    """Return *numbers*, which are not negative, ascending and each once."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=-1) > 0]
