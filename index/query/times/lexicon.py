"""The words of time of all languages, and the tokens of a text with the kinds of word that each may be."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from index.analysis.latvian.letters import fold
from preses_relizes.shared.calendar import MONTH_ABBREVIATIONS

Row = tuple[str, object, str]
"""A kind of word, its value (None if the kind says all) and its forms: `stem-ending,ending` or whole words.

A kind with an exclamation mark needs its diacritics: `maijā` is in May, `maija` of May, or a woman.
"""
Kinds = Mapping[str, object]

_YEARS = range(1900, 2101)
_SMALL = {
    "NN": range(100), "DAY": range(1, 32), "DD": range(1, 32), "MM": range(1, 13),
    "OVER_12": range(13, 32), "FIGURE": range(1, 5),
}  # fmt: skip
"""Kinds of numbers of one or two digits; those of exactly two are also of the kind `NN_2`..."""
_DASHES = frozenset(("-", "–", "—", "..", "...", "…"))
_TOKEN = re.compile(r"\d+|[^\W\d_]+|\.{2,3}|[^\s,;]")
_SPACE = frozenset(("", *" \t\n\r\f\v,;\xa0"))


_NUMERALS = "i ii iii iv v vi vii viii ix x xi xii".split()
_ANY_LANGUAGE: Sequence[Row] = (
    *(("MONTH", month, names) for month, names in enumerate(MONTH_ABBREVIATIONS, 1)),
    *(("ROMAN", number, numeral) for number, numeral in enumerate(_NUMERALS[:4], 1)),
    *(("ROMAN_MONTH", number, numeral) for number, numeral in enumerate(_NUMERALS, 1)),
)


class KnownWord(NamedTuple):
    """A number, word or sign, wherever it is."""

    text: str
    """In lower case, folded."""
    kinds: Kinds
    names_time: bool
    """Whether no time is without such a word."""


class TimeToken(NamedTuple):
    """A number, word or sign of a text."""

    text: str
    start: int
    end: int
    kinds: Kinds
    glued: bool
    """Whether nothing is between it and the token before."""


class TimeLexicon:
    """Finds the kinds of words in *tables*, and of numbers and signs.

    The *names* of persons are no `BAREMONTH` when capitalised. The *literals* are known without a kind.
    """

    def __init__(
        self,
        tables: Iterable[Sequence[Row]],
        names: Iterable[str],
        literals: Container[str],
        *,
        cached_words: int = 1 << 10,
    ) -> None:
        self._words: dict[str, dict[str, object]] = {}
        self._names, self._literals = frozenset(map(fold, names)), literals
        self._word = lru_cache(cached_words)(self._read_word)
        self._known = lru_cache(cached_words)(self._known_word)
        for kind, value, forms in chain(_ANY_LANGUAGE, *tables):
            for form in _forms(forms):
                self._words.setdefault(form, {}).setdefault(kind.rstrip("!"), value)
                if not kind.endswith("!"):
                    self._words.setdefault(fold(form), {}).setdefault(kind, value)

    def runs(self, text: str) -> Iterator[list[TimeToken]]:
        """Yield the tokens of *text* that may name a time: those between words that no rule knows."""
        run: list[tuple[re.Match[str], KnownWord]] = []
        known = self._known
        for match in _TOKEN.finditer(text):
            if word := known(match[0]):
                run.append((match, word))
            elif run:
                if _may_name_time(text, run):
                    yield [_token(text, *part) for part in run]
                run = []
        if run and _may_name_time(text, run):
            yield [_token(text, *part) for part in run]

    def words_of(self, kinds: Set[str]) -> frozenset[str]:
        """Return the words of any of *kinds*, in lower case, with and without diacritics."""
        return frozenset(word for word, known in self._words.items() if not kinds.isdisjoint(known))

    def value(self, word: str, kind: str) -> object:
        """Return the value of a *word*, as `words_of` has it, as one of a *kind*."""
        return self._words[word][kind]

    def is_known(self, text: str) -> bool:
        """Return whether rules know every word and sign of *text*."""
        return all(self._known(match[0]) for match in _TOKEN.finditer(text))

    def _known_word(self, typed: str) -> KnownWord | None:
        word = self._word(typed)
        is_known = word.kinds or word.text in self._literals or word.text in _DASHES
        return word if is_known else None

    def tokens(self, text: str) -> list[TimeToken]:
        """Return the tokens of *text*; spaces, commas and semicolons only part them."""
        return [_token(text, match, self._word(match[0])) for match in _TOKEN.finditer(text)]

    def _read_word(self, typed: str) -> KnownWord:
        if typed.isdecimal():
            kinds = _number_kinds(typed)
            return KnownWord(typed, kinds, "YEAR" in kinds)
        folded = fold(typed.lower()) or typed
        kinds = dict(self._words.get(typed.lower()) or self._words.get(folded) or {})
        if typed[0].isupper() and not typed.isupper() and folded in self._names:
            kinds.pop("BAREMONTH", None)
        if not typed.isupper():
            kinds.pop("ROMAN", None)
            kinds.pop("ROMAN_MONTH", None)
        return KnownWord(folded, kinds, not _TIME_KINDS.isdisjoint(kinds))


_TIME_KINDS = frozenset(
    "MONTH IN_MONTH UNIT UNITS ONE YEAR_WORD THEN SEASON THIS_SEASON LAST_SEASON WEEKDAY ON_DAY LAST_DAY "
    "WEEKEND QUARTER HALF_YEAR HALF_A_YEAR DECADE DECADE_ENDING S G Q H "
    "HOURS DAYS_OF_24_HOURS SEASON_YEARS_AGO TURN TURN_OF_YEARS".split()
)
"""Kinds of words without which, or a number with a sign before it, no time is named."""


def _may_name_time(text: str, run: Sequence[tuple[re.Match[str], KnownWord]]) -> bool:
    for _, word in run:
        if word.names_time:
            return True
    return len(run) > 2 and _FIGURES.search(text, run[0][0].start(), run[-1][0].end()) is not None


_FIGURES = re.compile(r"\d[./-] ?\d")


def _token(text: str, match: re.Match[str], word: KnownWord) -> TimeToken:
    start, end = match.span()
    glued = start > 0 and text[start - 1] not in _SPACE
    kinds = word.kinds
    # `2017 -2019` excludes 2019.
    if word.text in _DASHES and (glued or text[end : end + 1] in _SPACE):
        kinds = _DASH
    return TimeToken(word.text, start, end, kinds, glued)


_DASH: Kinds = {"DASH": None}


def _forms(forms: str) -> Iterable[str]:
    for word in forms.split():
        stem, _, endings = word.partition("-")
        for ending in endings.split(",") if endings else ("",):
            yield stem + ending


def _number_kinds(digits: str) -> dict[str, object]:
    if len(digits) > 4 or not digits.isascii():
        return {}
    number, kinds = int(digits), dict[str, object]()
    if len(digits) == 4 and number:
        kinds["ANY_YEAR"] = number
        if number in _YEARS:
            kinds["YEAR"] = number
    if len(digits) <= 3 and number:
        kinds["COUNT"] = number
    if len(digits) <= 2:
        kinds |= {kind: number for kind, numbers in _SMALL.items() if number in numbers}
    if len(digits) == 2:
        kinds |= {f"{kind}_2": number for kind in ("NN", "MM", "DD") if kind in kinds}
    return kinds
