"""Filters typed among the words of a query: `ministrija:`, `valoda:`, `gads:`, `kopš:`, `līdz:`, `pirms:`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from index.analysis.latvian.letters import fold
from index.query.ast import NoteKind
from index.query.filters import BY_NAME, Filter, Filters
from index.query.lexemes import LEXEME, TYPED, DayRole
from index.query.periods import bound_spans, read_date
from index.query.times.appearances import spell_out_appearance

_NEEDS_NO_QUOTES = re.compile(r"[\w.-]{1,64}").fullmatch
_ONE_DAY = timedelta(days=1)


class KnownValues(NamedTuple):
    """The values of a filter that institutions name."""

    values: Sequence[str]
    """A typed value may be the beginning of one."""
    aliases: Mapping[str, Sequence[str]]
    """What else names one or more of them, in lower case."""
    translations: Mapping[str, str] = {}
    """The value that each name in another language means; a beginning of one may be typed, too."""


class TypedFilters:
    """Collects typed filters: several values of a field are alternatives, negated ones exclude.

    *known* has the values of filters that are not fixed, by name of the filter.
    """

    def __init__(self, known: Mapping[str, KnownValues], today: date) -> None:
        self._known = known
        self._today = today
        # By name of the filter, and by whether they are negated.
        self._values: dict[str, dict[bool, set[str]]] = {}
        self._first, self._last = date.max, date.min
        """The first and last day of all `gads:` periods together."""
        self._from, self._to = date.min, date.max
        self._versions, self._stood = False, (date.min, date.max)
        self.texts: list[str] = []
        """Each filter as the reading of the query shows it."""

    def add(self, name: str, value: str, *, negated: bool) -> NoteKind | None:
        """Add the filter *name* with *value*; return why it means nothing, or None."""
        meant = TYPED[fold(name.lower())]
        if isinstance(meant, Filter):
            problem = self._add_values(meant, value.lower(), negated=negated)
        else:
            problem = self._add_days(meant, value, negated=negated)
        if not problem:
            self.texts.append(f"{'-' if negated else ''}{name}:{_quote(value)}")
        return problem

    def _add_values(self, one: Filter, typed: str, *, negated: bool) -> NoteKind | None:
        if negated and one.kind != "cell":  # a release may have this value and another one
            return "no exclusion"
        matching = set(self._values_meant(one, " ".join(typed.strip(" ./–-").split())))
        self._values.setdefault(one.name, {False: set(), True: set()})[negated] |= matching
        return None if matching else one.unknown

    def _values_meant(self, one: Filter, typed: str) -> Sequence[str]:
        if one.fixed:
            key = one.typed_values.get(fold(typed))
            return [key] if key else []
        values, aliases, translations = self._known.get(one.name, _NONE)
        beginnings = fold(typed).split()
        return (
            aliases.get(typed)
            or aliases.get(fold(typed))
            or [name for name in values if fold(name.lower()) == fold(typed)]
            or list(_names_beginning(beginnings, values))
            or [translations[name] for name in _names_beginning(beginnings, translations)]
        )

    def _add_days(self, field: DayRole, value: str, *, negated: bool) -> NoteKind | None:
        reading = read_date(value, today=self._today)
        if reading is None:
            return "no date"
        days = reading.days
        if field == "stood" and days[0] > self._today:
            return "future"
        match field, negated:
            case "during", False:
                self._first, self._last = min(days[0], self._first), max(days[1], self._last)
            case "stood", False:
                first, last = max(days[0], self._stood[0]), min(days[1], self._stood[1])
                if last < first:
                    return "no overlap"
                self._stood = first, last
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

    def add_versions(self) -> None:
        """Search every text that a release ever had."""
        if not self._versions:
            self.texts.append("versijas:visas")
        self._versions = True

    def apply_to(self, filters: Filters) -> Filters:
        """Return *filters* with the typed ones: typed values replace those of a field, days narrow them."""
        allowed = {
            name: _allowed_values(typed, filters.chosen(BY_NAME[name]), self._all_values(BY_NAME[name]))
            for name, typed in self._values.items()
        }
        first, last = self._from, self._to
        if self._first <= self._last:
            first, last = max(first, self._first), min(last, self._last)
        first = max(first, filters.published_from or date.min)
        last = min(last, filters.published_to or date.max)
        if None in allowed.values():
            first, last = date.max, date.min  # an empty range, which matches nothing
        narrowed = replace(
            filters,
            published_from=None if first == date.min else first,
            published_to=None if last == date.max else last,
            versions=filters.versions or self._versions,
            stood=filters.stood if self._stood == (date.min, date.max) else self._stood,
        )
        return narrowed.choose({name: values or () for name, values in allowed.items()})

    def _all_values(self, one: Filter) -> Sequence[str]:
        return one.keys or self._known.get(one.name, _NONE).values


_NONE = KnownValues((), {})


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
        if match.lastgroup != "filter" or not _is_of_days(match["filter_name"])
    )
    return " ".join("".join(kept).split())


def drop_times(text: str) -> str:
    """Return *text* without what makes it a search through time.

    >>> drop_times("versijas: budžets laikā:2019 gads:2018")
    'budžets gads:2018'
    >>> drop_times("kad pirmoreiz parādījās zaļā pāreja")
    'zaļā pāreja'
    """
    kept = (match[0] for match in LEXEME.finditer(spell_out_appearance(text)) if not _is_through_time(match))
    return " ".join("".join(kept).split())


def _is_through_time(match: re.Match[str]) -> bool:
    """Return whether the lexeme *match* asks for earlier texts."""
    if match.lastgroup == "filter":
        return TYPED[fold(match["filter_name"].lower())] == "stood"
    return match.lastgroup == "versions"


def _is_of_days(name: str) -> bool:
    """Return whether the filter *name* asks for days of publication."""
    meant = TYPED[fold(name.lower())]
    return not isinstance(meant, Filter) and meant != "stood"


def _allowed_values(
    typed: Mapping[bool, set[str]], chosen: Sequence[str], all_values: Sequence[str]
) -> tuple[str, ...] | None:
    """Return the values that hits may have; an empty tuple allows every value, None no value."""
    allowed = tuple(value for value in all_values if value in typed[False]) or tuple(chosen)
    if not typed[True]:
        return allowed
    return tuple(value for value in allowed or all_values if value not in typed[True]) or None


def _names_beginning(beginnings: Sequence[str], names: Iterable[str]) -> Iterator[str]:
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
