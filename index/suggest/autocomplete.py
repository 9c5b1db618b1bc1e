"""Autocompletion of a query by titles, institutions and frequent words."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.stemmer import stem
from index.suggest.title_index import TitleIndex, build_arrays, words_of
from index.suggest.word_index import Wordlist, key_of

CompletionKind = Literal["title", "institution", "word"]
_WORD_MIN_RELEASES, _WORD_MIN_CHARS = 2, 4
# The most forms ranked for one beginning; only very short beginnings have more.
_FORMS_MAX = 50_000
# A Latvian noun has about this number of frequent forms.
_FORMS_OF_A_WORD = 6
# The most matching titles that are read, even if most are duplicates or of removed releases.
_TITLES_READ_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Completion:
    """A query that continues the typed text."""

    text: str
    kind: CompletionKind


@dataclass(frozen=True, slots=True)
class SegmentTitles:
    """The titles of one segment, newest first."""

    index: TitleIndex
    days: NDArray[np.integer[Any]]
    """The day of publication of each, as an ordinal; 0 if unknown."""
    title: Callable[[int], str | None]
    """Returns a title by number; None if its release was deleted."""

    @classmethod
    def of(cls, titles: Sequence[str]) -> "SegmentTitles":
        """Return *titles*, given newest first."""
        return cls(TitleIndex(build_arrays(titles)), np.zeros(len(titles), np.int32), titles.__getitem__)


class Completer:
    """Completes typed text to titles, institutions and frequent words; diacritics may be missing.

    *titles* and *words* have one element for each segment of the index.
    """

    def __init__(
        self, titles: Sequence[SegmentTitles], institutions: Iterable[str], words: Sequence[Wordlist]
    ) -> None:
        self._titles, self._words = titles, words
        self._institutions = SegmentTitles.of(sorted(set(institutions)))

    def complete(self, typed: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Return at most *limit* completions: words, institutions, then titles.

        Titles get at least half of the places if there are enough of them.

        >>> titles, words = SegmentTitles.of(["Valsts budžets pieņemts"]), Wordlist.of([("budžets", 3)])
        >>> completer = Completer([titles], ["Finanšu ministrija"], [words])
        >>> [completion.text for completion in completer.complete("budz")]
        ['budžets', 'Valsts budžets pieņemts']
        """
        beginning = " ".join(typed.split())
        if not beginning:
            return ()
        matches = _newest([self._institutions], beginning, limit)
        institutions = [Completion(text, "institution") for text in matches]
        words = [Completion(text, "word") for text in self._complete_last_word(beginning, limit)]
        best = [*words[: limit // 4 + 1], *institutions][: limit // 2]
        matches = _newest(self._titles, beginning, limit - len(best))
        titles = [Completion(text, "title") for text in matches]
        more = words[limit // 4 + 1 :][: limit - len(best) - len(titles)]
        order = ("word", "institution", "title")
        return tuple(sorted((*best, *more, *titles), key=lambda completion: order.index(completion.kind)))

    def _complete_last_word(self, beginning: str, limit: int) -> Iterator[str]:
        """Yield the typed text with its last word completed to the most frequent form of each word."""
        before, _, last = beginning.rpartition(" ")
        if len(last) < 2:
            return
        counts: Counter[str] = Counter()
        for wordlist in self._words:
            counts.update(dict(_most_frequent(wordlist, key_of(last.lower()), limit * _FORMS_OF_A_WORD)))
        best: dict[str, str] = {}
        for form, count in counts.most_common():
            if count >= _WORD_MIN_RELEASES and len(form) >= _WORD_MIN_CHARS:
                best.setdefault(stem(form), form)
        for form in islice(best.values(), limit):
            yield f"{before} {form}".lstrip()


def _most_frequent(wordlist: Wordlist, beginning: bytes, limit: int) -> Iterator[tuple[str, int]]:
    """Yield the most frequent forms whose keys start with *beginning*, each with its number of releases."""
    first, last = wordlist.range_starting_with(beginning)
    counts = wordlist.counts[first : min(last, first + _FORMS_MAX)].astype(np.int64)
    for number in np.argsort(-counts, kind="stable")[:limit].tolist():
        yield wordlist[first + number], int(counts[number])


def _newest(titles: Sequence[SegmentTitles], typed: str, limit: int) -> list[str]:
    """Return the newest titles that start with *typed*, then the newest in which a later word does."""
    words = words_of(typed)
    if not words or limit <= 0:
        return []
    unique: dict[str, None] = {}
    for search in (TitleIndex.starting_with, TitleIndex.containing):
        dated_titles = [
            title
            for segment in titles
            for title in islice(_with_days(segment, search(segment.index, words)), limit)
        ]
        unique.update((title, None) for _, title in sorted(dated_titles, key=itemgetter(0), reverse=True))
    return list(unique)[:limit]


def _with_days(titles: SegmentTitles, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield the day and the title for those of *numbers* that are not deleted, each title once."""
    seen: set[str] = set()
    for number in islice(numbers, _TITLES_READ_MAX):
        title = titles.title(number)
        if title is not None and title not in seen:
            seen.add(title)
            yield int(titles.days[number]), title
