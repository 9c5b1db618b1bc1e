"""Autocompletion of a query by names, phrases, words, values of filters and titles."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold
from index.analysis.latvian.stopwords import stop_words
from index.query import COMPLETED
from index.suggest.base_form import PlainForms, Wording, group_forms
from index.suggest.continuations import Continuation, Continuations
from index.suggest.phrase_index import PhraseIndex
from index.suggest.title_index import TitleIndex, build_arrays, words_of
from index.suggest.word_index import Wordlist, key_of, sum_of

_WORD_MIN_RELEASES, _WORD_MIN_CHARS = 2, 4
_TYPED_MIN_CHARS, _PHRASE_MIN_CHARS = 2, 3
# The most forms ranked for one beginning; only very short beginnings have more.
_FORMS_MAX = 50_000
# A Latvian noun has about this number of frequent forms.
_FORMS_OF_A_WORD = 6
# A phrase says more than a word of the same frequency.
_PHRASE_BOOST = 2
# Maximum number of candidates: of names and phrases, and of queries in all.
_QUERIES_MAX = 12
# Maximum number of values of a filter which, or a later word of which, start with what was typed.
_VALUES_STARTING, _VALUES_CONTAINING = 2, 1
_PLAIN = PlainForms()
# The most matching titles that are read, even if most are duplicates or of removed releases.
_TITLES_READ_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Completion:
    """A query that continues the typed text."""

    text: str
    kind: str
    """``word`` (a phrase, too), ``name``, ``title`` or, of a value of a filter, one of `COMPLETED`."""
    filter: str | None = None
    """The name of the filter to choose with the text as its value, instead of searching for the text."""
    release: str | None = None
    """The id of the newest release with the title, to be opened instead of searching for the text."""


class _Candidate(NamedTuple):
    weight: float
    completion: Completion


@dataclass(frozen=True, slots=True)
class SegmentTitles:
    """The titles of one segment, newest first."""

    index: TitleIndex
    days: NDArray[np.integer[Any]]
    """The day of publication of each, as an ordinal; 0 if unknown."""
    title: Callable[[int], str | None]
    """Returns a title by number; None if its release was deleted."""
    release: Callable[[int], str] = str
    """Returns the id of the release of a title by number."""

    @classmethod
    def of(cls, titles: Sequence[str]) -> "SegmentTitles":
        """Return *titles*, given newest first."""
        return cls(TitleIndex(build_arrays(titles)), np.zeros(len(titles), np.int32), titles.__getitem__)


class Completer:
    """Completes typed text; diacritics may be missing.

    *values* are those of filters, by name of the filter. *titles*, *words* and *phrases* have one element for
    each segment of the index. *continuations* completes the last of several words; *wording* chooses the
    forms that are shown.
    """

    def __init__(
        self,
        titles: Sequence[SegmentTitles],
        values: Mapping[str, Iterable[str]],
        words: Sequence[Wordlist],
        *,
        phrases: Sequence[PhraseIndex] = (),
        continuations: Continuations | None = None,
        wording: Wording = _PLAIN,
    ) -> None:
        self._titles, self._words, self._phrases = titles, words, phrases
        self._values = [_FilterValues(name, names) for name, names in values.items()]
        self._continuations, self._wording = continuations, wording

    def complete(self, typed: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Return at most *limit* completions: values of filters, then words, phrases and names, then titles.

        Titles get at least three of eight places if there are enough of them.

        >>> titles, words = SegmentTitles.of(["Valsts budžets pieņemts"]), Wordlist.of([("budžets", 3)])
        >>> completer = Completer([titles], {"ministry": ["Finanšu ministrija"]}, [words])
        >>> [completion.text for completion in completer.complete("budz")]
        ['budžets', 'Valsts budžets pieņemts']
        """
        beginning = " ".join(typed.split())
        if not beginning:
            return ()
        starting, containing = self._complete_values(beginning)
        likely = self._complete_query(beginning, limit)[:_QUERIES_MAX]
        offered = _distinct((*starting, *filter(self._has_hits, likely)))
        best = _distinct((*offered[: limit - limit * 3 // 8 - len(containing)], *containing))
        titles = _newest(self._titles, beginning, limit - len(best))
        rest = (*titles, *offered)
        return tuple(_distinct((*best, *rest))[:limit])

    def _complete_query(self, beginning: str, limit: int) -> list[Completion]:
        """Return names, phrases and words, best first."""
        phrases = list(self._complete_phrase(beginning))
        if " " in beginning:
            return _texts((*phrases, *self._continue(beginning, limit)))
        words = list(self._complete_word(beginning, limit))
        frequent = (word for word in words if word.weight >= _WORD_MIN_RELEASES)
        ranked = sorted((*phrases, *frequent), key=lambda candidate: -candidate.weight)
        return _texts(ranked or words[:1])

    def _complete_values(self, beginning: str) -> tuple[list[Completion], list[Completion]]:
        """Return values of filters: those that start with *beginning*, then those that contain it."""
        words = words_of(beginning)
        found = [values.complete(words) for values in self._values] if words else []
        starting = [one for values, _ in found for one in values]
        return starting, [one for _, values in found for one in values]

    def _complete_phrase(self, beginning: str) -> Iterator[_Candidate]:
        """Yield the names and phrases that start with *beginning*, the most frequent first."""
        if len(beginning) < _PHRASE_MIN_CHARS:
            return
        counts, names = Counter[str](), Counter[str]()
        for index in self._phrases:
            for entry in index.starting_with(beginning, limit=_FORMS_OF_A_WORD * 10):
                if _has_diacritics(entry.text, beginning):
                    counts[entry.text] += entry.releases
                    names[entry.text] += entry.releases * entry.is_name
        for forms in group_forms(counts, self._wording)[:_QUERIES_MAX]:
            _, several, last = next(iter(forms)).rpartition(" ")
            is_typed = any(form.lower() == beginning.lower() for form in forms)
            if several and (is_typed or self._wording.is_verb(last)):
                continue
            is_name = 2 * sum(names[form] for form in forms) > sum(forms.values())
            text = self._wording.base(forms)
            if not several or any(map(self._is_attested, (text, next(iter(forms))))):
                completion = Completion(text, "name" if is_name else "word")
                yield _Candidate(_PHRASE_BOOST * sum(forms.values()), completion)

    def _is_attested(self, text: str) -> bool:
        """Return whether a release has the words of *text* beside each other, in any form."""
        return self._continuations is None or self._continuations.has_sequence(text)

    def _complete_word(self, beginning: str, limit: int) -> Iterator[_Candidate]:
        """Yield the words that start with *beginning*, the most frequent first."""
        if len(beginning) < _TYPED_MIN_CHARS:
            return
        counts: Counter[str] = Counter()
        for wordlist in self._words:
            counts.update(dict(_most_frequent(wordlist, key_of(beginning.lower()), limit * _FORMS_OF_A_WORD)))
        fitting = {
            form: count
            for form, count in counts.items()
            if len(form) >= _WORD_MIN_CHARS and form not in stop_words() and _has_diacritics(form, beginning)
        }
        for forms in islice(group_forms(fitting, self._wording), limit):
            yield _Candidate(sum(forms.values()), Completion(self._wording.base(forms), "word"))

    def _continue(self, beginning: str, limit: int) -> list[_Candidate]:
        """Return *beginning* with its last word completed, as releases have it."""
        before, _, last = beginning.rpartition(" ")
        if self._continuations is None:
            candidates = self._complete_word(last, limit)
            return [_prepend(before, item) for item in candidates if item.weight >= _WORD_MIN_RELEASES]
        if self._continuations.is_complete(before, last) and (followers := self._follow(beginning, limit)):
            return followers
        found = self._continuations.after(before, last)
        by_form = {item.form: item for item in found if _has_diacritics(item.form, last)}
        weights = {form: item.weight for form, item in by_form.items()}
        words = self._write(before.split())
        following: list[_Candidate] = []
        groups = group_forms({form: item.releases for form, item in by_form.items()}, self._wording)
        groups.sort(key=lambda forms: -sum(map(weights.__getitem__, forms)))
        # After a preposition, only the forms that follow it.
        is_open = words[-1].lower() not in stop_words()
        for forms in groups:
            if not any(by_form[form].agreeing or (is_open and by_form[form].adjacent) for form in forms):
                continue
            text = " ".join((*words[:-1], self._join(words[-1], forms, by_form)))
            if self._is_attested(text):
                weight = sum(map(weights.__getitem__, forms))
                following.append(_Candidate(weight, Completion(text, "word")))
                if len(following) == limit - 2:
                    break
        return following

    def _has_hits(self, completion: Completion) -> bool:
        """Return whether *completion* has hits.

        The words of a release have, unless it was deleted or they are read as a part of a date.
        """
        if self._continuations is None:
            return True
        is_plain = completion.text.replace(" ", "").isalpha() and not self._continuations.has_deletions
        return is_plain or self._continuations.has(completion.text)

    def _follow(self, text: str, limit: int) -> list[_Candidate]:
        """Return *text*, whose last word is complete, with the words that follow it."""
        *others, last = self._write(text.split())
        next_words = self._continuations.next_words(text) if self._continuations else ()
        found = {item.form: item for item in next_words}
        groups = group_forms({form: item.releases for form, item in found.items()}, self._wording)
        candidates = []
        for forms in groups[: limit - 2]:
            written = " ".join((*others, self._join(last, forms, found)))
            if self._is_attested(written):
                candidates.append(_Candidate(sum(forms.values()), Completion(written, "word")))
        return candidates

    def _join(self, word: str, forms: Mapping[str, int], found: Mapping[str, Continuation]) -> str:
        """Return *word* and the form to show after it."""
        agreeing = {f"{word} {form}": count for form, count in forms.items() if found[form].agreeing}
        text = self._wording.base(agreeing) if agreeing else f"{word} {self._wording.base(forms)}"
        before, _, last = text.rpartition(" ")
        likeliest = max(forms, key=lambda form: (found[form].agreeing, forms[form], form))
        if not self._has_form(last) and self._name(likeliest).istitle():
            last = likeliest  # a woman named Auzāja is no Auzājs
        return f"{before} {self._name(last)}"

    def _has_form(self, word: str) -> bool:
        """Return whether a release has *word* in this form."""
        form, total = word.lower(), sum_of(key_of(word.lower()))
        return any(form == known for wordlist in self._words for known, _ in wordlist.find(total))

    def _write(self, words: Sequence[str]) -> list[str]:
        """Return *words* in the case and, if they lack diacritics, with the diacritics of most releases."""
        return [self._name(self._wording.spell(word) if word.isascii() else word) for word in words]

    def _name(self, word: str) -> str:
        """Return *word* with the capitals that it has as a name; unchanged if it is not a name."""
        names = [entry for index in self._phrases for entry in index.find(word) if entry.is_name]
        if not names:
            return word
        name = max(names, key=lambda entry: (entry.text.lower() == word.lower(), entry.releases)).text
        # A name found only without its diacritics is in another case.
        return name if name.lower() == word.lower() else word.capitalize()


class _FilterValues:
    """The values of a filter; completed by any of their words, or by their initials."""

    def __init__(self, filter_name: str, values: Iterable[str]) -> None:
        self._filter, (self._kind, _) = filter_name, COMPLETED[filter_name]
        self._values = sorted(set(values))
        self._initials = {value: key_of(_initials(value)) for value in self._values}
        self._index = SegmentTitles.of(self._values).index

    def complete(self, words: bytes) -> tuple[list[Completion], list[Completion]]:
        """Return values that start with *words*, and values of which a later word does."""
        starting, containing = (
            [self._values[number] for number in numbers] for numbers in self._index.find(words)
        )
        starting += [value for value in self._values if self._initials[value] == words]
        return self._offer(starting[:_VALUES_STARTING]), self._offer(containing[:_VALUES_CONTAINING])

    def _offer(self, values: Iterable[str]) -> list[Completion]:
        return [Completion(value, self._kind, self._filter) for value in values]


def _prepend(before: str, word: _Candidate) -> _Candidate:
    return word._replace(completion=Completion(f"{before} {word.completion.text}", "word"))


def _texts(candidates: Iterable[_Candidate]) -> list[Completion]:
    return [candidate.completion for candidate in candidates]


def _has_diacritics(text: str, typed: str) -> bool:
    """Return whether *text*, which starts with *typed* but for diacritics, has those that were typed."""
    pairs = zip(typed.lower(), text.lower(), strict=False)
    return all(letter in (written, fold(written)) for letter, written in pairs)


def _initials(name: str) -> str:
    """Return the initials of an institution, without diacritics: `vugd`."""
    return "".join(word[0] for word in fold(name.lower()).split() if word not in stop_words())


def _distinct(completions: Iterable[Completion]) -> list[Completion]:
    """Return *completions* without those that differ from an earlier one only by case or diacritics."""
    first: dict[str, Completion] = {}
    for completion in completions:
        first.setdefault(fold(completion.text.lower()), completion)
    return list(first.values())


def _most_frequent(wordlist: Wordlist, beginning: bytes, limit: int) -> list[tuple[str, int]]:
    """Return the most frequent forms whose keys start with *beginning*, each with its number of releases."""
    first, last = wordlist.range_starting_with(beginning)
    return wordlist.most_frequent(first, min(last, first + _FORMS_MAX), limit)


def _newest(titles: Sequence[SegmentTitles], typed: str, limit: int) -> list[Completion]:
    """Return the newest titles that start with *typed*, then the newest in which a later word does."""
    words = words_of(typed)
    if not words or limit <= 0:
        return []
    unique: dict[str, Completion] = {}
    # First the titles of all segments that start with the words, then the others.
    for numbers_by_segment in zip(*(segment.index.find(words) for segment in titles), strict=True):
        dated_titles = chain.from_iterable(
            islice(_with_days(segment, numbers), limit)
            for segment, numbers in zip(titles, numbers_by_segment, strict=True)
        )
        for _, title in sorted(dated_titles, key=itemgetter(0), reverse=True):
            unique.setdefault(title.text, title)
        if len(unique) >= limit:
            break
    return list(unique.values())[:limit]


def _with_days(titles: SegmentTitles, numbers: Iterable[int]) -> Iterator[tuple[int, Completion]]:
    """Yield the day and the title for those of *numbers* that are not deleted, each title once."""
    seen: set[str] = set()
    for number in islice(numbers, _TITLES_READ_MAX):
        title = titles.title(number)
        if title is not None and title not in seen:
            seen.add(title)
            yield int(titles.days[number]), Completion(title, "title", release=titles.release(number))
