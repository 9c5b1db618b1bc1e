"""Reads typed dates and periods: `2017-11`, `27/11/2017`, `2017. gada novembrī`, `last week`, `since 2024`.

The one reader of dates: of queries, of filters among their words, and of the fields of the page and the API.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, islice

from index.query.times import Days, Time
from index.query.times.english import WORDS as ENGLISH
from index.query.times.grammar import Grammar, Reader
from index.query.times.latvian import PERSONS
from index.query.times.latvian import WORDS as LATVIAN
from index.query.times.lexicon import TimeLexicon, TimeToken
from index.query.times.rules import RULES
from index.query.times.russian import WORDS as RUSSIAN

READ_CHARS = 1_000
"""The most characters of a text that are searched for dates."""
PERIODS_MAX = 8
"""The most periods that are found in a text."""
RUNS_MAX = 24
"""The most runs of words in which periods are searched."""
VALUE_CHARS = 100
"""The most characters of a text that is only a date."""
YEARS = range(1900, 2101)
# Releases and what they tell of are not older; `1949. gada deportācijas` names an event.
_FIRST_YEAR = 1980
DayRange = tuple[date, date]
"""The first and the last day, both included."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, ``first`` and ``last`` included, and the span of the text that names it."""

    start: int
    end: int
    first: date | None
    """None if it has no beginning; then it has an end."""
    last: date | None
    spoken: bool = False
    """Whether it is named as people speak (`last week`), which releases of these days do not."""
    figures: bool = False
    """Whether it is written in figures only: `27/11/2017`."""
    bound: bool = False
    """Whether it says which releases are asked for (`pēc 2024. gada`), so that it filters them."""
    excluded: bool = False
    """Whether releases of these days are not wanted: `-šogad`."""

    @property
    def days(self) -> DayRange:
        """The first and the last day; if it has none, that of the calendar."""
        return self.first or date.min, self.last or date.max


@dataclass(frozen=True, slots=True)
class TypedDate:
    """The days of a text that is only a date or period."""

    days: DayRange
    relative: bool = False
    """Whether the days depend on today: `vakar`, `pērn`. Releases of other days use the same words."""


@lru_cache(1)
def _grammar() -> Grammar:
    return Grammar(RULES)


@lru_cache(1)
def _lexicon() -> TimeLexicon:
    return TimeLexicon((LATVIAN, ENGLISH, RUSSIAN), PERSONS.split(), _grammar().literals)


def find_periods(text: str, *, today: date) -> tuple[Period, ...]:
    """Return the periods named in *text* outside quotes, none overlapping another, in reading order.

    >>> [str(period.last) for period in find_periods("budžets 2017. gada novembrī", today=date(2026, 1, 15))]
    ['2017-11-30']
    """
    unquoted = _QUOTED.sub(lambda match: '"' * len(match[0]), text[:READ_CHARS])
    runs = islice(_lexicon().runs(unquoted), RUNS_MAX)
    periods = chain.from_iterable(_find(unquoted, tokens, today) for tokens in runs)
    return tuple(islice(periods, PERIODS_MAX))


_QUOTED = re.compile('["“”„‟«»][^"“”„‟«»]*["“”„‟«»]')


def _find(text: str, tokens: Sequence[TimeToken], today: date) -> Iterator[Period]:
    reader = _grammar().reader(tokens, today)
    at = 0
    while at < len(tokens):
        end, time = _longest(text, tokens, at, reader)
        if time and not _is_in_name(text, tokens, time, at=at, end=end, today=today):
            figures = end in reader.read("figures", at)
            start, stop = tokens[at].start, tokens[end - 1].end
            # Nothing is published in the future, only announced: `algas nākamgad`, `no nākamā gada`.
            has_begun = (time.first or today) <= today
            spoken, bound = time.spoken and has_begun, time.bound and has_begun
            excluded = _is_excluded(text, start)
            if not excluded or (spoken and not bound):
                yield Period(
                    start, stop, *time.days, spoken=spoken, figures=figures, bound=bound, excluded=excluded
                )
        at = end


def _longest(text: str, tokens: Sequence[TimeToken], at: int, reader: Reader) -> tuple[int, Time | None]:
    """Return the longest time that begins at the token *at*, if any, and the token that follows."""
    if _may_start(text, tokens, at):
        found = reader.read("text", at)
        for end in sorted(found, reverse=True):
            time = found[end]
            if isinstance(time, Time) and _is_recent(time.days) and _may_end(text, tokens[end - 1].end):
                return end, time
    return at + 1, None


_MARKS = frozenset(":-=!*~^@#&+_/")
"""Signs before a word that make it something else than a word: `-2017`, `gads:2017`."""
_EXCLUDES = re.compile(r"\b(?:NE|NOT)\s+|(?<![^\s(])[-!]")


def _is_excluded(text: str, start: int) -> bool:
    return any(match.end() == start for match in _EXCLUDES.finditer(text, max(0, start - 5), start))


def _may_start(text: str, tokens: Sequence[TimeToken], at: int) -> bool:
    """Return whether the token *at* begins a word that is not a part of something else."""
    start = tokens[at].start
    if _is_excluded(text, start):
        return text[start].isalpha()
    if (
        at > 1
        and "MONTH" in tokens[at].kinds
        and tokens[at - 1].text == "."
        and tokens[at - 2].text.isdigit()
    ):
        return False  # 99. novembrī
    if at and "OTHER_YEAR" in tokens[at - 1].kinds:
        return False  # mācību gada sākumā
    if tokens[at].glued:
        before, sign = text[max(0, start - 2) : start - 1], text[start - 1]
        return not (
            sign.isalnum() or sign in _MARKS or (sign == "." and before.isdigit() and text[start].isdigit())
        )
    return True


def _may_end(text: str, end: int) -> bool:
    """Return whether a time may end here: not within a number, word or wildcard."""
    sign, after = text[end : end + 1], text[end + 1 : end + 2]
    if text[end - 1].isdigit() and (sign == "/" or (sign in (".", "-") and after.isdigit())):
        return False
    return not (sign.isalnum() or sign == "*")


def _is_in_name(
    text: str, tokens: Sequence[TimeToken], time: Time, *, at: int, end: int, today: date
) -> bool:
    """Return whether *time* belongs to the name of a law, plan or event, which is searched as words."""
    if time.relative:
        return False
    is_after_name = any("NAMED" in token.kinds for token in tokens[max(0, at - 2) : at])
    if time.bound:  # `stratēģija līdz 2030. gadam`, `pēc 2022. gada vēlēšanām`
        is_future = time.last is not None and time.last.year > today.year
        return (is_future and is_after_name) or _EVENT.match(text, tokens[end - 1].end - 1) is not None
    if end < len(tokens) and "NAMED" in tokens[end].kinds and tokens[end - 1].text.endswith("a"):
        return True  # `2024. gada budžets`
    is_purpose = any("FOR" in token.kinds for token in (*tokens[max(0, at - 1) : at + 1], tokens[end - 1]))
    is_bare = all(not token.text.isalpha() for token in tokens[at:end]) and time.unit is None
    return is_after_name and (is_purpose or is_bare)  # `budžets 2024. gadam`, `plāns 2021-2027`


_EVENT = re.compile(r"a \w{2,}(?:ām|iem)\b", re.IGNORECASE)
"""A genitive and a dative plural."""


def _is_recent(days: Days) -> bool:
    return all(day is None or _FIRST_YEAR <= day.year <= YEARS[-1] for day in days)


def count_spoken(text: str, *, today: date) -> int:
    """Return how many periods *text* names as people speak."""
    return sum(period.spoken for period in find_periods(text, today=today))


def bound_spans(text: str, *, today: date | None = None) -> tuple[tuple[int, int], ...]:
    """Return the spans of the periods in *text* that say which releases are asked for, perhaps on any day.

    >>> bound_spans("robežsardze pēc 2024. gada")
    ((12, 26),)
    """
    return tuple(
        (period.start, period.end) for period in find_periods(text, today=today or _ANY_DAY) if period.bound
    )


_ANY_DAY = date(2099, 6, 15)
"""Few times are in the future of it."""


def figures_at(text: str, at: int, *, today: date) -> Period | None:
    """Return the date in figures that begins at *at*, whatever is before or after it."""
    written = text[at : at + _FIGURES_CHARS]
    if not _FIGURES.match(written):
        return None
    tokens = _lexicon().tokens(written)
    found = _grammar().reader(tokens, today).read("figures", 0)
    for end in sorted(found, reverse=True):
        time, stop = found[end], tokens[end - 1].end
        if isinstance(time, Time) and is_plausible(time.days) and not written[stop : stop + 1].isalnum():
            return Period(at, at + stop, *time.days, figures=True)
    return None


_FIGURES = re.compile(r"\d{1,4}[./-] ?\d")
_FIGURES_CHARS = 20


def read_date(text: str, *, today: date) -> TypedDate | None:
    """Return the days of *text* if it is only a date, a period or a range of them, else None.

    What has no end ends today, or with its first day.

    >>> [str(day) for day in read_date("pērn", today=date(2026, 1, 15)).days]
    ['2025-01-01', '2025-12-31']
    >>> [str(day) for day in read_date("2019-2021", today=date(2026, 1, 15)).days]
    ['2019-01-01', '2021-12-31']
    """
    value = " ".join(text.split()).strip(",;!? ")
    if not value or len(value) > VALUE_CHARS or not _lexicon().is_known(value):
        return None
    return _read_value(value, today)


@lru_cache(1 << 6)
def _read_value(value: str, today: date) -> TypedDate | None:
    tokens = _lexicon().tokens(value)
    time = _grammar().reader(tokens, today).read("alone", 0).get(len(tokens))
    if not isinstance(time, Time):
        return None
    first = time.first or date.min
    return TypedDate((first, time.last or max(first, today)), time.relative)


def is_plausible(days: Days) -> bool:
    """Return whether releases, or the events in them, may be of these *days*."""
    return all(day is None or day.year in YEARS for day in days)
