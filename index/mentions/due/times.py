"""The times of a text, by the grammar of time of queries, but counted forward from the day of the release."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType

from crawler.config import Language
from index.mentions.annotated_text import AnnotatedText
from index.mentions.due.hints import find_hints
from index.mentions.due.plain_days import find_plain
from index.query.times import meanings as means
from index.query.times import spans
from index.query.times.english import WORDS as ENGLISH
from index.query.times.grammar import Grammar, Reader, Table, backwards
from index.query.times.latvian import PERSONS
from index.query.times.latvian import WORDS as LATVIAN
from index.query.times.lexicon import Row, TimeLexicon, TimeToken
from index.query.times.rules import RULES
from index.query.times.russian import WORDS as RUSSIAN
from index.query.times.spans import Time, Yearly

_MONTH_DAYS = 31
_YEARS_AHEAD = 8
"""Within which every day of the calendar recurs, 29 February too."""


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A time as written in a text."""

    start: int
    end: int
    first: date
    last: date
    has_year: bool
    """Whether its year is named, or follows from words such as `nākamgad`."""
    is_range: bool
    """Whether it names its beginning and its end."""
    is_end: bool
    """Whether it is the end of a longer time: `gada beigas`."""


@dataclass(frozen=True, slots=True)
class _Said:
    time: Time
    has_year: bool
    is_range: bool = False
    is_end: bool = False


def _dated(_: date, time: Time) -> _Said:
    return _Said(time, has_year=True)


def _upcoming(today: date, yearly: Yearly) -> _Said:
    """Return the first such time that is not over."""
    return _Said(_next(today, yearly), has_year=False)


def _next(today: date, yearly: Yearly) -> Time:
    for year in range(today.year - 1, today.year + _YEARS_AHEAD):
        try:
            time = yearly.in_year(year)
        except ValueError:  # 29 February
            continue
        if time.last and time.last >= today:
            return time
    raise ValueError("no such day")


def _this_year(today: date, part: spans.Part) -> _Said:
    return _part(today, part, spans.unit_from(today, "year", 0), has_year=False)


def _this_month(today: date, part: spans.Part) -> _Said:
    return _part(today, part, spans.unit_from(today, "month", 0), has_year=False)


def _part(_: date, part: spans.Part, whole: Time, *, has_year: bool = True) -> _Said:
    return _Said(spans.part_of(whole, part), has_year, is_end=part == "end")


def _yearly_part(today: date, part: spans.Part, yearly: Yearly) -> _Said:
    return _part(today, part, _next(today, yearly), has_year=False)


def _yearly_part_in(_: date, year: Time, yearly: Yearly, part: spans.Part) -> _Said:
    return _part(_, part, means.in_year(_, year, yearly))


def _weekday(today: date, number: int) -> _Said:
    day = today + timedelta((number - today.weekday()) % 7)
    return _Said(Time(day, day, "day"), has_year=False)


def _last(_: date, *values: object) -> _Said:
    """Return the last of several times, which says the others more exactly: `otrdien, 28. novembrī`."""
    if not isinstance(values[-1], _Said):
        raise TypeError("not a time")
    return values[-1]


def _same_days(_: date, one: _Said, other: _Said) -> _Said:
    """Return the second time, which says the first more exactly: `gada nogale, 31. decembris`."""
    first, last = one.time.days, other.time.days
    if not (first[0] and first[1] and last[0] and last[1] and first[0] <= last[0] and last[1] <= first[1]):
        raise ValueError("not within")
    return other


def _range(today: date, one: _Said, other: _Said) -> _Said:
    """Return from one to the other; what has no year takes it from the other."""
    first, last = one.time.first, other.time.last
    if not first or not last:
        raise ValueError("an end is open")
    if _days_of(one) > _MONTH_DAYS >= _days_of(other) > 1:  # pavasara – no 11. līdz 15. martam
        raise ValueError("a season and days")
    if first > last and not one.has_year:
        first = _years_before(first, last)
    if first > last and not other.has_year and other.time.first:
        last = last.replace(year=first.year + (last.replace(year=first.year) < first))
    if first > last or (first.year < today.year - _YEARS_AHEAD):
        raise ValueError("not a range")
    return _Said(Time(first, last), one.has_year or other.has_year, is_range=True)


def _days_of(said: _Said) -> int:
    first, last = said.time.days
    return (last - first).days + 1 if first and last else 0


def _years_before(first: date, last: date) -> date:
    same = first.replace(year=last.year)
    return same if same <= last else first.replace(year=last.year - 1)


def _season(today: date, season: Yearly) -> _Said:
    return _Said(_next(today, season), has_year=False)


def _season_of(today: date, first_month: int) -> _Said:
    return _season(today, means.season(today, first_month))


def _in_year(_: date, year: Time, yearly: Yearly) -> _Said:
    return _Said(means.in_year(_, year, yearly), has_year=True)


def _from_year(today: date, year: Time, one: Yearly, other: Yearly) -> _Said:
    return _range(today, _in_year(today, year, one), _upcoming(today, other))


def _days(today: date, yearly: Yearly) -> _Said:
    return replace(_upcoming(today, yearly), is_range=True)


def _days_in_year(today: date, year: Time, yearly: Yearly) -> _Said:
    return replace(_in_year(today, year, yearly), is_range=True)


def _days_after(today: date, *values: object) -> _Said:
    """Return two days that say the words before them more exactly: `sestdien un svētdien, 7. un 8. maijā`."""
    if not isinstance(values[-1], Yearly):
        raise TypeError("not days")
    return _days(today, values[-1])


def _days_on(today: date, first: int, last: int, month: int) -> _Said:
    return _days(today, means.days_of_month(today, first, last, month))


def _years(_: date, time: Time) -> _Said:
    return _Said(time, has_year=True, is_range=True)


def _whole_this_year(today: date) -> Time:
    return spans.unit_from(today, "year", 0)


def _this_year_end(today: date) -> _Said:
    return _this_year(today, "end")


def _year_end(today: date, year: Time) -> _Said:
    return _part(today, "end", year)


def _last_quarter(today: date, year: Time | None = None) -> _Said:
    quarter = means.quarter(today, 4)
    return _upcoming(today, quarter) if year is None else _in_year(today, year, quarter)


def _weekday_of(today: date, week: Time, number: int) -> _Said:
    return _Said(means.weekday_of(today, week, number), has_year=True)


def _part_in_year(_: date, part: spans.Part, month: Yearly, year: Time) -> _Said:
    return _yearly_part_in(_, year, month, part)


def _same(_: date, said: _Said) -> _Said:
    return said


_RULES: Table = {
    **RULES,
    "dated_year": (
        ("year", means.same),
        ("bare_year", means.same),
        ("'š' '.'~? G '.'~?", _whole_this_year),
    ),
    "point": (
        ("figures", _dated),
        ("month PART", backwards(_yearly_part)),
        ("PART of? month", _yearly_part),
        ("PART DASH~ month", _yearly_part),
        ("season PART", backwards(_yearly_part)),
        ("dated_year of? month PART", _yearly_part_in),
        ("dated_year of? season PART", _yearly_part_in),
        ("PART of? month of? dated_year", _part_in_year),
        ("dated_year of? yearly", _in_year),
        ("yearly of? dated_year", backwards(_in_year)),
        ("dated_year", _dated),
        ("dated_year PART", backwards(_part)),
        ("PART of? dated_year", _part),
        ("PART DASH~ dated_year", _part),
        ("dated_year WEEKEND", _year_end),
        ("dated_year LAST QUARTER", _last_quarter),
        ("relative", _dated),
        ("relative PART", backwards(_part)),
        ("PART of? relative", _part),
        ("yearly", _upcoming),
        ("YEAR_WORD PART", _this_year),
        ("PART of YEAR_WORD", _this_year),
        ("YEAR_WORD WEEKEND", _this_year_end),
        ("YEAR_WORD? LAST QUARTER", _last_quarter),
        ("YEAR_WORD quarter", _upcoming),
        ("YEAR_WORD half", _upcoming),
        ("'mēneša' PART", _this_month),
        ("PART of 'month'", _this_month),
        ("THIS season", _season),
        ("NEXT season", _season),
        ("THIS_SEASON", _season_of),
        ("turn", _upcoming),
    ),
    "two_days": (("day AND day MONTH", means.days_of_month), ("MONTH DAY AND DAY", means.days_after_month)),
    "day_of_week": (
        *((f"{lead}{word}", _weekday) for lead in ("", "NEXT ", "THIS ") for word in ("WEEKDAY", "ON_DAY")),
        ("ON WEEKDAY", _weekday),
    ),
    "said": (
        ("point", _same),
        ("any_weekday point", _last),
        ("NEXT WEEKDAY point", _last),
        ("THIS UNIT WEEKDAY point", _last),
        ("relative WEEKDAY point", _last),
        ("point point", _same_days),
        ("two_days", _days),
        ("relative AND relative two_days", _days_after),
        ("any_weekday AND any_weekday two_days", _days_after),
        ("dated_year two_days", _days_in_year),
        ("two_days of? dated_year", backwards(_days_in_year)),
        ("FROM point TO point", _range),
        ("FROM point 'uz' point", _range),
        ("FROM day 'uz' day MONTH", _days_on),
        ("point DASH point", _range),
        ("BETWEEN point AND point", _range),
        ("FROM? year yearly TO yearly", _from_year),
        ("years", _years),
        ("day_of_week", _same),
        ("relative WEEKDAY", _weekday_of),
    ),
}


@cache
def _grammar() -> Grammar:
    return Grammar(_RULES)


_WORDS: Mapping[Language, Sequence[Row]] = MappingProxyType({"lv": LATVIAN, "en": ENGLISH, "ru": RUSSIAN})


@cache
def _lexicon(language: Language) -> TimeLexicon:
    names, literals = PERSONS.split(), _grammar().literals
    return TimeLexicon((_WORDS[language],), names, literals, cached_words=1 << 15)


class TimeFinder:
    """Finds the times of an *annotated* text of a release of the day *today*."""

    def __init__(self, annotated: AnnotatedText, today: date) -> None:
        self._text, self._language, self._today = annotated.text, annotated.language, today
        self._hints = find_hints(annotated, _lexicon(annotated.language))

    def may_find(self, start: int, end: int) -> bool:
        """Return whether there are words or figures from *start* to *end* without which no time is named."""
        at = bisect_left(self._hints, start)
        return at < len(self._hints) and self._hints[at] < end

    def find(self, start: int, end: int) -> Iterator[NamedTime]:
        """Yield the times of the sentence from *start* to *end*, none of which overlaps another."""
        for plain in find_plain(self._text, start, end, self._today) if self._language == "lv" else ():
            yield from self._read(start, plain.start)
            yield NamedTime(
                plain.start, plain.end, plain.first, plain.last, plain.has_year, is_range=False, is_end=False
            )
            start = plain.end
        yield from self._read(start, end)

    def _read(self, start: int, end: int) -> Iterator[NamedTime]:
        if self.may_find(start, end):
            yield from find_by_grammar(self._text, start, end, self._today, self._language)


def find_by_grammar(text: str, start: int, end: int, today: date, language: Language) -> Iterator[NamedTime]:
    """Yield what a `TimeFinder` finds, all read by the grammar."""
    for tokens in _lexicon(language).runs(text[start:end]) if start < end else ():
        for at, after, said in _read_run(text[start:end], tokens, today, language):
            yield _named(said, start + tokens[at].start, start + tokens[after - 1].end, tokens[at])


_Readings = Sequence[tuple[int, int, _Said]]
"""The first token of each time, the token after it, and the time."""
_OF_DAYS = frozenset(("DAY", "WEEKDAY", "ON_DAY", "LAST_DAY"))
"""Kinds of words whose times depend on the day on which they are said, not only on its month."""


def _read_run(sentence: str, tokens: Sequence[TimeToken], today: date, language: Language) -> _Readings:
    if any(map(_depends_on_day, tokens)):
        return tuple(_readings(tokens, today))
    return _read_months(sentence[tokens[0].start : tokens[-1].end], today.replace(day=1), language)


@lru_cache(1 << 14)
def _read_months(run: str, month: date, language: Language) -> _Readings:
    """Return the times of a *run* of words that name months and years: most recur in many releases."""
    return tuple(_readings(_lexicon(language).tokens(run), month))


def _depends_on_day(token: TimeToken) -> bool:
    unit = token.kinds.get("THEN") or token.kinds.get("UNIT")
    is_short = unit in ("day", "week") or (isinstance(unit, tuple) and unit[0] in ("day", "week"))
    return is_short or not _OF_DAYS.isdisjoint(token.kinds)


def _readings(tokens: Sequence[TimeToken], today: date) -> Iterator[tuple[int, int, _Said]]:
    reader = _grammar().reader(tokens, today)
    at = 0
    while at < len(tokens):
        after, said = _longest(at, reader)
        if said and said.time.first and said.time.last:
            yield at, after, said
        at = after


def _named(said: _Said, start: int, end: int, first_token: TimeToken) -> NamedTime:
    first, last = said.time.first or date.min, said.time.last or date.max
    is_range = said.is_range or ("FROM" in first_token.kinds and first < last)
    return NamedTime(start, end, first, last, said.has_year, is_range, said.is_end)


def _longest(at: int, reader: Reader) -> tuple[int, _Said | None]:
    found = reader.read("said", at)
    for end in sorted(found, reverse=True):
        said = found[end]
        if isinstance(said, _Said):
            return end, said
    return at + 1, None
