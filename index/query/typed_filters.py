"""Filters that are typed among the words: `ministrija:`, `valoda:`, `gads:`, `no:`, `līdz:`."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar, get_args

from crawler.config import Language
from index.analysis.latvian.letters import fold
from index.query.ast import Filters
from index.query.periods import days_of

# Names and values, without diacritics.
_FIELDS = {
    "ministrija": "ministry", "iestade": "ministry", "ministry": "ministry",
    "valoda": "language", "language": "language", "lang": "language",
    "gads": "during", "year": "during", "datums": "during", "date": "during",
    "no": "from", "from": "from", "lidz": "to", "to": "to",
}  # fmt: skip
_LANGUAGES: dict[str, Language] = {
    "lv": "lv", "latviesu": "lv", "latvian": "lv",
    "en": "en", "anglu": "en", "english": "en",
    "ru": "ru", "krievu": "ru", "russian": "ru",
}  # fmt: skip
Value = TypeVar("Value", bound=str)
_BARE = re.compile(r"[\w.-]{1,64}").fullmatch
_DAY = timedelta(days=1)


class Narrowing:
    """Filters as they are typed; several of one field let any of them through, and those with a minus none.

    *ministries* are the names that a value may be the beginning of.
    """

    def __init__(self, ministries: Sequence[str], today: date) -> None:
        self._all_ministries = ministries
        self._today = today
        # By whether they are refused.
        self._ministries: dict[bool, set[str]] = {False: set(), True: set()}
        self._languages: dict[bool, set[Language]] = {False: set(), True: set()}
        self._first, self._last = date.max, date.min
        """Of the periods that are named; of several they reach from the first to the last."""
        self._from, self._to = date.min, date.max
        self.texts: list[str] = []
        """As they are read."""

    def add(self, name: str, value: str, *, refused: bool) -> bool:
        """Take in the filter *name* with a *value*; False where that means nothing."""
        field = _FIELDS[fold(name.lower())]
        wanted = fold(value.lower())
        match field:
            case "ministry":
                known = self._add_ministries(wanted, refused=refused)
            case "language":
                known = self._add_language(wanted, refused=refused)
            case _:
                known = self._add_days(field, value, refused=refused)
        if known:
            self.texts.append(f"{'-' if refused else ''}{name}:{_quoted(value)}")
        return known

    def _add_ministries(self, wanted: str, *, refused: bool) -> bool:
        named = set(_beginning(wanted.split(), self._all_ministries))
        self._ministries[refused] |= named
        return bool(named)

    def _add_language(self, wanted: str, *, refused: bool) -> bool:
        language = _LANGUAGES.get(wanted)
        if language:
            self._languages[refused].add(language)
        return language is not None

    def _add_days(self, field: str, value: str, *, refused: bool) -> bool:
        days = days_of(value, today=self._today)
        if days is None:
            return False
        match field, refused:
            case "during", False:
                self._first, self._last = min(days[0], self._first), max(days[1], self._last)
            case ("from", False) | ("to", True):
                self._from = max(self._from, days[0] if field == "from" else days[1] + _DAY)
            case ("to", False) | ("from", True):
                self._to = min(self._to, days[1] if field == "to" else days[0] - _DAY)
            case _:  # all but a year are two periods
                return False
        return True

    def within(self, filters: Filters) -> Filters:
        """Return *filters* with these: what is typed takes the place of the same field, dates narrow."""
        ministries = _left(self._ministries, filters.ministries, self._all_ministries)
        languages = _left(self._languages, filters.languages, get_args(Language))
        first, last = self._from, self._to
        if self._first <= self._last:
            first, last = max(first, self._first), min(last, self._last)
        first = max(first, filters.published_from or date.min)
        last = min(last, filters.published_to or date.max)
        if ministries is None or languages is None:
            first, last = date.max, date.min  # none is left
        return Filters(
            ministries=ministries or (),
            languages=languages or (),
            published_from=None if first == date.min else first,
            published_to=None if last == date.max else last,
        )


def _left(
    named: dict[bool, set[Value]], chosen: Sequence[Value], everything: Sequence[Value]
) -> tuple[Value, ...] | None:
    """What may be; empty: everything, None: nothing."""
    kept = tuple(one for one in everything if one in named[False]) or tuple(chosen)
    if not named[True]:
        return kept
    return tuple(one for one in kept or everything if one not in named[True]) or None


def _beginning(wanted: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """Yield the *names* that have a word for the beginning of each that is *wanted*."""
    for name in names:
        words = fold(name.lower()).split()
        if wanted and all(any(word.startswith(one) for word in words) for one in wanted):
            yield name


def _quoted(value: str) -> str:
    return value if _BARE(value) else f'"{" ".join(value.split())}"'
