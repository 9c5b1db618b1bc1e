"""Filters typed among the words of a query: `ministrija:`, `valoda:`, `gads:`, `kopš:`, `līdz:`, `pirms:`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar, get_args

from crawler.config import Language
from index.analysis.latvian.letters import fold
from index.query.ast import Filters, NoteKind
from index.query.lexemes import LEXEME
from index.query.periods import bound_spans, read_date

# Names and values, without diacritics.
_FIELDS = {
    "ministrija": "ministry", "iestade": "ministry", "ministry": "ministry",
    "valoda": "language", "language": "language", "lang": "language",
    "gads": "during", "year": "during", "datums": "during", "date": "during",
    "no": "from", "from": "from", "kops": "from", "since": "from", "с": "from",
    "lidz": "to", "to": "to", "until": "to", "до": "to", "по": "to",
    "pec": "after", "after": "after", "после": "after", "pirms": "before", "before": "before",
}  # fmt: skip
_LANGUAGES: dict[str, Language] = {
    "lv": "lv", "latviesu": "lv", "latvian": "lv",
    "en": "en", "anglu": "en", "english": "en",
    "ru": "ru", "krievu": "ru", "russian": "ru",
}  # fmt: skip
_DAY_FIELDS = ("during", "from", "to", "after", "before")
FilterValue = TypeVar("FilterValue", bound=str)
_NEEDS_NO_QUOTES = re.compile(r"[\w.-]{1,64}").fullmatch
_ONE_DAY = timedelta(days=1)


class TypedFilters:
    """Collects typed filters: several values of a field are alternatives, negated ones exclude.

    A value of `ministrija:` may be the beginning of a name in *ministries*, or a key of *aliases*.
    """

    def __init__(self, ministries: Sequence[str], aliases: Mapping[str, Sequence[str]], today: date) -> None:
        self._all_ministries = ministries
        self._aliases = aliases
        self._today = today
        # By whether they are negated.
        self._ministries: dict[bool, set[str]] = {False: set(), True: set()}
        self._languages: dict[bool, set[Language]] = {False: set(), True: set()}
        self._first, self._last = date.max, date.min
        """The first and last day of all `gads:` periods together."""
        self._from, self._to = date.min, date.max
        self.texts: list[str] = []
        """Each filter as the reading of the query shows it."""

    def add(self, name: str, value: str, *, negated: bool) -> NoteKind | None:
        """Add the filter *name* with *value*; return why it means nothing, or None."""
        field = _FIELDS[fold(name.lower())]
        folded = fold(value.lower())
        match field:
            case "ministry":
                problem = self._add_ministries(value.lower(), negated=negated)
            case "language":
                problem = self._add_language(folded, negated=negated)
            case _:
                problem = self._add_days(field, value, negated=negated)
        if not problem:
            self.texts.append(f"{'-' if negated else ''}{name}:{_quote(value)}")
        return problem

    def _add_ministries(self, typed: str, *, negated: bool) -> NoteKind | None:
        name = " ".join(typed.strip(" ./–-").split())
        meant = self._aliases.get(name) or self._aliases.get(fold(name))
        matching = set(meant or _names_beginning(fold(name).split(), self._all_ministries))
        self._ministries[negated] |= matching
        return None if matching else "no institution"

    def _add_language(self, name: str, *, negated: bool) -> NoteKind | None:
        language = _LANGUAGES.get(name.strip(" ./–-"))
        if language is None:
            return "no language"
        self._languages[negated].add(language)
        return None

    def _add_days(self, field: str, value: str, *, negated: bool) -> NoteKind | None:
        reading = read_date(value, today=self._today)
        if reading is None:
            return "no date"
        days = reading.days
        match field, negated:
            case "during", False:
                self._first, self._last = min(days[0], self._first), max(days[1], self._last)
            case ("from", False) | ("to", True):
                self._from = max(self._from, days[0] if field == "from" else _next_day(days[1]))
            case ("to", False) | ("from", True):
                self._to = min(self._to, days[1] if field == "to" else _day_before(days[0]))
            case ("after", False) | ("before", True):
                self._from = max(self._from, _next_day(days[1]) if field == "after" else days[0])
            case ("before", False) | ("after", True):
                self._to = min(self._to, _day_before(days[0]) if field == "before" else days[1])
            case _:  # all days outside a period are two periods, which Filters cannot express
                return "no exclusion"
        return None

    def add_bound(self, first: date | None, last: date | None) -> None:
        """Add the days of a period typed as people speak; they are shown as the filters that they mean."""
        if first:
            self._from = max(self._from, first)
            self.texts.append(f"no:{first}")
        if last:
            self._to = min(self._to, last)
            self.texts.append(f"līdz:{last}")

    def apply_to(self, filters: Filters) -> Filters:
        """Return *filters* with the typed ones: typed values replace those of a field, days narrow them."""
        ministries = _allowed_values(self._ministries, filters.ministries, self._all_ministries)
        languages = _allowed_values(self._languages, filters.languages, get_args(Language))
        first, last = self._from, self._to
        if self._first <= self._last:
            first, last = max(first, self._first), min(last, self._last)
        first = max(first, filters.published_from or date.min)
        last = min(last, filters.published_to or date.max)
        if ministries is None or languages is None:
            first, last = date.max, date.min  # an empty range, which matches nothing
        return Filters(
            ministries=ministries or (),
            languages=languages or (),
            published_from=None if first == date.min else first,
            published_to=None if last == date.max else last,
            traits=filters.traits,
            categories=filters.categories,
        )


def drop_days(text: str, *, today: date) -> str:
    """Return *text* without its typed filters of days, which would contradict other days.

    >>> drop_days("budžets gads:2019 ministrija:FM pēc 2017. gada", today=date(2026, 1, 15))
    'budžets ministrija:FM'
    """
    for start, end in reversed(bound_spans(text, today=today)):
        text = text[:start] + text[end:]
    kept = (
        match[0]
        for match in LEXEME.finditer(text)
        if match.lastgroup != "filter" or _FIELDS[fold(match["filter_name"].lower())] not in _DAY_FIELDS
    )
    return " ".join("".join(kept).split())


def _allowed_values(
    typed: dict[bool, set[FilterValue]], chosen: Sequence[FilterValue], all_values: Sequence[FilterValue]
) -> tuple[FilterValue, ...] | None:
    """Return the values that hits may have; an empty tuple allows every value, None no value."""
    allowed = tuple(value for value in all_values if value in typed[False]) or tuple(chosen)
    if not typed[True]:
        return allowed
    return tuple(value for value in allowed or all_values if value not in typed[True]) or None


def _names_beginning(beginnings: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """Yield the *names* in which each of *beginnings* begins a word."""
    for name in names:
        words = fold(name.lower()).split()
        if beginnings and all(any(word.startswith(beginning) for word in words) for beginning in beginnings):
            yield name


def _next_day(day: date) -> date:
    return day if day == date.max else day + _ONE_DAY


def _day_before(day: date) -> date:
    return day if day == date.min else day - _ONE_DAY


def _quote(value: str) -> str:
    return value if _NEEDS_NO_QUOTES(value) else f'"{" ".join(value.split())}"'
