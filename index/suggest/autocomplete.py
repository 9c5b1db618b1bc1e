"""What a query that is being typed may become: titles, institutions and frequent words."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.stemmer import stem
from index.suggest.title_index import Lines, arranged, words_of
from index.suggest.word_index import Wordlist, key_of

CompletionKind = Literal["title", "institution", "word"]
_WORD_MIN_RELEASES, _WORD_MIN_CHARS = 2, 4
# Forms of one beginning that are looked at; of more the shortest beginnings say little anyway.
_FORMS_MAX = 50_000
# Latvian nouns have about so many that are frequent.
_FORMS_OF_A_WORD = 6
# Of titles that are all the same, or of releases that are gone, no more are looked at.
_LINES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Completion:
    """A query that goes on from what was typed."""

    text: str
    kind: CompletionKind


@dataclass(frozen=True, slots=True)
class Titled:
    """Titles of a segment of an index, newest first."""

    lines: Lines
    days: NDArray[np.integer[Any]]
    """When each was published, as an ordinal; 0: not known."""
    title: Callable[[int], str | None]
    """By number; None where the release is no longer there."""

    @classmethod
    def of(cls, titles: Sequence[str]) -> "Titled":
        """Return *titles*, which come newest first."""
        return cls(Lines(arranged(titles)), np.zeros(len(titles), np.int32), titles.__getitem__)


class Completer:
    """Completes what is typed to titles, institutions and frequent words, whatever diacritics were left out.

    Of titles and words there is one element for each segment of the index.
    """

    def __init__(
        self, titles: Sequence[Titled], institutions: Iterable[str], words: Sequence[Wordlist]
    ) -> None:
        self._titles, self._words = titles, words
        self._institutions = Titled.of(sorted(set(institutions)))

    def complete(self, typed: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Return at most *limit* completions: words, institutions, titles, at least half of them titles.

        >>> titles, words = Titled.of(["Valsts budžets pieņemts"]), Wordlist.of([("budžets", 3)])
        >>> completer = Completer([titles], ["Finanšu ministrija"], [words])
        >>> [completion.text for completion in completer.complete("budz")]
        ['budžets', 'Valsts budžets pieņemts']
        """
        beginning = " ".join(typed.split())
        if not beginning:
            return ()
        found = _newest([self._institutions], beginning, limit)
        institutions = [Completion(text, "institution") for text in found]
        words = [Completion(text, "word") for text in self._ended(beginning, limit)]
        best = [*words[: limit // 4 + 1], *institutions][: limit // 2]
        found = _newest(self._titles, beginning, limit - len(best))
        titles = [Completion(text, "title") for text in found]
        more = words[limit // 4 + 1 :][: limit - len(best) - len(titles)]
        order = ("word", "institution", "title")
        return tuple(sorted((*best, *more, *titles), key=lambda one: order.index(one.kind)))

    def _ended(self, beginning: str, limit: int) -> Iterator[str]:
        """What was typed, its last word ended by the commonest forms, one of a word."""
        before, _, last = beginning.rpartition(" ")
        if len(last) < 2:
            return
        counts: Counter[str] = Counter()
        for wordlist in self._words:
            counts.update(dict(_commonest(wordlist, key_of(last.lower()), limit * _FORMS_OF_A_WORD)))
        commonest: dict[str, str] = {}
        for form, count in counts.most_common():
            if count >= _WORD_MIN_RELEASES and len(form) >= _WORD_MIN_CHARS:
                commonest.setdefault(stem(form), form)
        for form in islice(commonest.values(), limit):
            yield f"{before} {form}".lstrip()


def _commonest(wordlist: Wordlist, beginning: bytes, limit: int) -> Iterator[tuple[str, int]]:
    """The forms in most releases whose keys have a *beginning*, and in how many."""
    first, last = wordlist.beginning(beginning)
    counts = wordlist.counts[first : min(last, first + _FORMS_MAX)].astype(np.int64)
    for number in np.argsort(-counts, kind="stable")[:limit].tolist():
        yield wordlist[first + number], int(counts[number])


def _newest(titles: Sequence[Titled], typed: str, limit: int) -> list[str]:
    """The newest texts that begin with what was *typed*, then those with a word that does."""
    words = words_of(typed)
    if not words or limit <= 0:
        return []
    found: dict[str, None] = {}
    for search in (Lines.begun, Lines.within):
        dated = [one for some in titles for one in islice(_dated(some, search(some.lines, words)), limit)]
        found.update((title, None) for _, title in sorted(dated, key=itemgetter(0), reverse=True))
    return list(found)[:limit]


def _dated(titles: Titled, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
    """The days and titles of those of *numbers* that are still there, each title once."""
    seen: set[str] = set()
    for number in islice(numbers, _LINES_MAX):
        title = titles.title(number)
        if title is not None and title not in seen:
            seen.add(title)
            yield int(titles.days[number]), title
