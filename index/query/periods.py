"""Recognises typed dates and periods: `2017-11`, `2017. gada novembrī`, `last week`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from index.query.day_ranges import (
    DayRange,
    Resolve,
    day_month_or_year,
    day_without_year,
    days_ago,
    half_year,
    last_days,
    last_season,
    month_years_ago,
    months_ago,
    quarter,
    season,
    season_years_ago,
    this_season,
    weeks_ago,
    years,
    years_ago,
)
from preses_relizes.calendar import MONTH_NAMES

READ_CHARS = 1_000
"""The most characters of a text that are searched for dates."""
YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days, ``first`` and ``last`` included, and the span of the text that names it."""

    start: int
    end: int
    first: date
    last: date
    spoken: bool = False
    """Whether it is named as people speak (`last week`), which releases of these days do not."""


# --- Patterns ------------------------------------------------------------------------------------
# Texts and patterns are folded letter by letter before they are compared, so diacritics are optional and
# offsets stay the same.

_FOLD = str.maketrans("āčēģīķļņšūžйĀČĒĢĪĶĻŅŠŪŽЙ", "acegiklnsuzиACEGIKLNSUZИ")


def _alternatives(words: Iterable[str]) -> str:
    """Return a pattern for any of *words*; they are grouped by their first letters for speed."""
    groups = groupby(sorted(words), key=lambda word: word[:3])
    return "|".join(f"{head}(?:{'|'.join(word[3:] for word in group)})" for head, group in groups)


_MONTH = rf"(?P<month>{_alternatives(MONTH_NAMES)})\b"
_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>[12]\d{3})"
_OF_YEAR = rf"\b{_YEAR}\.? ?(?:gada|g\.)"
_ORDINAL = r"(?P<ordinal>[1-4](?=\.)|pirm|otr|treš|ceturt)\w*\.?"
_LAST_LV, _THIS_LV = r"(?:pagājuš|iepriekšēj|aizvadīt)(?:ajā|o|ā|am|as|ais)", r"(?:šajā|šai|šo|šī|šīs|šā)"
_SEASON = r"(?P<season>pavasar(?:is|a|im|i|ī)|vasar(?:a|as|ai|u|ā)|ruden(?:s|im|i|ī)|ziem(?:a|as|ai|u|ā))\b"
_SEASON_EN = r"(?P<season>spring|summer|autumn|winter)\b"
_LAST_YEAR = rf"\b(?:{_LAST_LV} gad\w+|pērn|pērnā gada|pagājušogad),? "
_THIS_YEAR = rf"\b(?:{_THIS_LV} gad\w+|šogad),? "

# A value that is only a date, such as that of `from=` or `gads:`.
_VALUES: tuple[tuple[str, Resolve], ...] = (
    (r"(?P<year>\d{4})(?:-(?P<number>\d{1,2}))?(?:-(?P<day>\d{1,2}))?\.?", day_month_or_year),
    (r"(?P<day>\d{1,2})[.\s/]+(?P<number>\d{1,2})[.\s/]+(?P<year>\d{4})\.?", day_month_or_year),
    (r"(?P<number>\d{1,2})\.(?P<year>\d{4})", day_month_or_year),
    # As the English page shows days.
    (r"(?P<day>\d{1,2})\s+(?P<month>[^\W\d_]+)\s+(?P<year>\d{4})", day_month_or_year),
)
# A date in running text, as releases write it. The first match wins, so longer forms come first.
_WRITTEN: tuple[tuple[str, Resolve], ...] = (
    (rf"\b{_DAY}\. ?(?P<number>\d{{1,2}})\. ?{_YEAR}\b", day_month_or_year),
    (rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b", day_month_or_year),
    (rf"{_OF_YEAR} {_DAY}\. ?{_MONTH}", day_month_or_year),
    (rf"\b{_DAY}(?:\.|st|nd|rd|th)? ?{_MONTH},? {_YEAR}\b", day_month_or_year),
    (rf"\b{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}\b", day_month_or_year),
    (rf"{_OF_YEAR} {_MONTH}", day_month_or_year),
    (rf"\b{_MONTH},? {_YEAR}\b\.?", day_month_or_year),
    (rf"{_OF_YEAR} {_ORDINAL} ceturks\w+", quarter),
    (rf"{_OF_YEAR} {_ORDINAL} pusgad\w+", half_year),
    (rf"\b{_YEAR}\.?(?: gada)? ?(?:-|–|—|līdz) ?(?P<until>[12]\d{{3}})\. ?(?:gad\w*|g\.)", years),
    (rf"\b{_YEAR}\. ?(?:gad\w*|g\.)", day_month_or_year),
    (rf"\b(?:in|during) {_YEAR}\b", day_month_or_year),
    (rf"\b{_YEAR} год\w*", day_month_or_year),
    (rf"\b{_DAY}\. ?{_MONTH}", day_without_year),
)
# A period in running text as people say it, mostly relative to today.
_SPOKEN: tuple[tuple[str, Resolve], ...] = (
    (rf"{_OF_YEAR} {_SEASON}", season),
    (rf"\b{_SEASON_EN}(?: of)? {_YEAR}\b", season),
    (rf"{_LAST_YEAR}{_SEASON}", season_years_ago(1)),
    (rf"{_THIS_YEAR}{_SEASON}", season_years_ago(0)),
    (rf"{_LAST_YEAR}{_MONTH}", month_years_ago(1)),
    (rf"{_THIS_YEAR}{_MONTH}", month_years_ago(0)),
    (rf"\b{_LAST_LV} {_SEASON}", last_season),
    (rf"\blast {_SEASON_EN}", last_season),
    (
        rf"\b(?:šo|{_THIS_LV} |this )(?P<season>pavasar|vasar|ruden|ziem|spring|summer|autumn|winter)\w*",
        this_season,
    ),
    (
        r"\b(?:pēdēj\w+|last|past) (?P<count>\d{1,3}) "
        r"(?P<unit>dien\w*|nedēļ\w*|mēneš\w*|gad\w*|days|weeks|months|years)\b",
        last_days,
    ),
    (r"\b(?:šodien|today|сегодня)\b", days_ago(0)),
    (r"\b(?:vakar|yesterday|вчера)\b", days_ago(1)),
    (r"\b(?:aizvakar|позавчера)\b", days_ago(2)),
    (rf"\b(?:šonedēļ|{_THIS_LV} nedēļ\w+|this week|на этой неделе)\b", weeks_ago(0)),
    (rf"\b(?:pagājušonedēļ|{_LAST_LV} nedēļ\w+|last week|на прошлой неделе)\b", weeks_ago(1)),
    (rf"\b(?:šomēnes|{_THIS_LV} mēne\w+|this month|в этом месяце)\b", months_ago(0)),
    (rf"\b(?:pagājušomēnes|{_LAST_LV} mēne\w+|last month|в прошлом месяце)\b", months_ago(1)),
    (rf"\b(?:šogad|{_THIS_LV} gad\w+|this year|в этом году)\b", years_ago(0)),
    (rf"\b(?:pērn|pagājušogad|{_LAST_LV} gad\w+|last year|в прошлом году)\b", years_ago(1)),
    (r"\bpērn(?:ā|ais|ajā) gad\w+", years_ago(1)),
    (r"\baizpērn\b", years_ago(2)),
)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.translate(_FOLD), re.IGNORECASE)


_IN_VALUE = tuple((_compile(pattern), resolve) for pattern, resolve in _VALUES)
_IN_TEXT = tuple(
    (_compile(pattern), resolve, spoken)
    for patterns, spoken in ((_SPOKEN, True), (_WRITTEN, False))
    for pattern, resolve in patterns
)


# --- Reading -------------------------------------------------------------------------------------


def find_periods(text: str, *, today: date) -> tuple[Period, ...]:
    """Return the periods named in *text*, none overlapping another, in reading order.

    >>> [str(period.last) for period in find_periods("budžets 2017. gada novembrī", today=date(2026, 1, 15))]
    ['2017-11-30']
    """
    folded = text[:READ_CHARS].translate(_FOLD)
    periods: list[Period] = []
    for pattern, resolve, spoken in _IN_TEXT:
        for match in pattern.finditer(folded):
            days = _resolve(match, resolve, today)
            if days is None or not _is_plausible(days):
                continue
            period = Period(match.start(), match.end(), *days, spoken)
            if all(period.end <= other.start or other.end <= period.start for other in periods):
                periods.append(period)
    return tuple(sorted(periods, key=lambda period: period.start))


def parse_date(value: str) -> DayRange | None:
    """Return the days of *value* if it is only a day, month or year, else None.

    >>> [str(day) for day in parse_date("2017-11")]
    ['2017-11-01', '2017-11-30']
    """
    folded = value.strip().translate(_FOLD)
    for pattern, resolve in _IN_VALUE:
        match = pattern.fullmatch(folded)
        days = _resolve(match, resolve, date.max) if match else None
        if days is not None:
            return days
    return None


def parse_period(value: str, *, today: date) -> DayRange | None:
    """Return the days of *value*: a date, or the first period named in it; None if there is neither.

    >>> [str(day) for day in parse_period("pērn", today=date(2026, 1, 15))]
    ['2025-01-01', '2025-12-31']
    """
    days = parse_date(value)
    if days is not None and _is_plausible(days):
        return days
    periods = find_periods(value, today=today)
    return (periods[0].first, periods[0].last) if periods else None


def _resolve(match: re.Match[str], resolve: Resolve, today: date) -> DayRange | None:
    try:
        return resolve(match, today)
    except (ValueError, OverflowError):  # 31.02.2017
        return None


def _is_plausible(days: DayRange) -> bool:
    first, last = days
    return first.year in YEARS and last.year in YEARS and first <= last
