"""Continuations: words of the releases that match the words before, most of all those that follow them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

from index.analysis import Analyzer
from index.analysis.latvian.stopwords import stop_words
from index.search.segment_reader import SegmentReader
from index.segment import Array
from index.segment.doc_lists import Docs
from index.segment.postings import WordField
from index.suggest.word_index import Wordlist, key_of

FindDocs = Callable[[str], Docs]
"""Returns documents that match a text, ascending; a few hundred are enough."""

# A word right after the words typed counts as much as one somewhere in this many releases.
_ADJACENT = 8.0


@dataclass(frozen=True, slots=True)
class Continuation:
    """A form that may continue a text."""

    form: str
    releases: int
    """How many of the releases that match the words before contain it."""
    adjacent: bool
    """Whether it follows the last word before, in any form of that."""
    agreeing: bool
    """Whether it follows the last word before in the form typed."""
    weight: float


@dataclass(slots=True)
class _Found:
    previous: str
    beginning: str
    releases: Counter[str] = field(default_factory=Counter)
    adjacent: Counter[str] = field(default_factory=Counter)
    agreeing: set[str] = field(default_factory=set)
    in_index: Counter[str] = field(default_factory=Counter)


class Continuations:
    """Finds the words that continue a text in *segments*, each with its word list."""

    def __init__(
        self, segments: Sequence[tuple[SegmentReader, Wordlist]], find: FindDocs, analyzer: Analyzer
    ) -> None:
        self._segments, self._find, self._analyzer = segments, find, analyzer
        self._count = sum(segment.count for segment, _ in segments)

    def after(self, before: str, beginning: str) -> list[Continuation]:
        """Return words that start with *beginning* in releases that match *before*, likeliest first."""
        docs = self._find(before)
        found = _Found(before.rsplit(maxsplit=1)[-1], beginning)
        for segment, wordlist in self._segments:
            first, last = np.searchsorted(docs, (segment.base, segment.base + segment.count))
            if first < last:
                self._count_in(segment, wordlist, docs[first:last] - segment.base, found)
        return sorted(self._weigh(found), key=lambda continuation: (-continuation.weight, continuation.form))

    def _count_in(
        self,
        segment: SegmentReader,
        wordlist: Wordlist,
        docs: Docs,
        found: _Found,
    ) -> None:
        exact, words = segment.field("exact"), segment.postings.words
        if not isinstance(exact, WordField) or words is None:
            return
        numbers = np.arange(*wordlist.range_starting_with(key_of(found.beginning.lower())))
        rows, candidates = exact.words_of_terms(wordlist.places[numbers])
        order = np.argsort(candidates, kind="stable")
        rows, candidates = numbers[rows[order]], candidates[order]
        tokens = words.sequences.words(docs)
        at = np.searchsorted(candidates, tokens).clip(max=max(0, len(candidates) - 1))
        places = np.flatnonzero(candidates[at] == tokens) if len(candidates) else at[:0]
        forms = rows[at[places]]
        _, lengths = words.sequences.extents(docs)
        of_docs = np.searchsorted(np.cumsum(lengths), places, "right")
        typed, inflected = self._last_words(segment, found.previous)
        previous = np.where(places > 0, tokens[places - 1], -1)
        follows = np.isin(previous, inflected)
        found.agreeing.update(map(wordlist.__getitem__, np.unique(forms[np.isin(previous, typed)]).tolist()))
        for number, count in _tally(np.unique(forms * len(docs) + of_docs) // len(docs)):
            found.releases[wordlist[number]] += count
            found.in_index[wordlist[number]] += int(wordlist.counts[number])
        for number, count in _tally(forms[follows]):
            found.adjacent[wordlist[number]] += count

    def _last_words(self, segment: SegmentReader, previous: str) -> tuple[list[int], list[int]]:
        """Return the words of a segment that are *previous* as typed, and in any form."""
        forms = self._analyzer.query_forms(previous)
        typed = tuple(("fold", text) for text in forms.fold)
        return segment.words_of(typed), segment.words_of((*typed, *(("lemma", text) for text in forms.lemma)))

    def _weigh(self, found: _Found) -> Iterator[Continuation]:
        for form, releases in found.releases.items():
            if form not in stop_words() and len(form) > 1:
                rarity = log(1 + self._count / (1 + found.in_index[form]))
                adjacent = found.adjacent[form]
                yield Continuation(
                    form=form,
                    releases=releases,
                    adjacent=adjacent > 0,
                    agreeing=form in found.agreeing,
                    weight=(releases + _ADJACENT * adjacent) * rarity,
                )


def _tally(numbers: Array) -> Iterator[tuple[int, int]]:
    distinct, counts = np.unique(numbers, return_counts=True)
    return zip(distinct.tolist(), counts.tolist(), strict=True)
