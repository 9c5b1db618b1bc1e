"""Dates and periods in what people type: `2017. gada novembrī`, `pagājušajā nedēļā`, `last week`."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

READ_CHARS = 1_000
"""A date further on is not looked for."""
YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included, that the characters from ``start`` to ``end`` of a text name."""

    start: int
    end: int
    first: date
    last: date
    spoken: bool = False
    """As people say it (`last week`, `2024. gada rudenī`), not as the releases of these days do."""


Days = tuple[date, date]
Reader = Callable[[re.Match[str], date], Days]

_MONTHS = {
    # The first three letters, without diacritics; Latvian, English, Russian.
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "mai": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10,
    "nov": 11, "dec": 12, "may": 5, "oct": 10, "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5,
    "мае": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
_ORDINALS = {"pir": 1, "otr": 2, "tre": 3, "cet": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PLAIN = str.maketrans("āčēģīķļņšūž", "acegiklnsuz")

# --- How each is reckoned ------------------------------------------------------------------------


def _day(year: int, month: int, day: int) -> Days:
    only = date(year, month, day)
    return only, only


def _months(year: int, first: int, last: int) -> Days:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _years(first: int, last: int) -> Days:
    return date(first, 1, 1), date(last, 12, 31)


def _month_number(match: re.Match[str]) -> int:
    return _MONTHS[match["month"][:3].lower().translate(_PLAIN)]


def _full_date(match: re.Match[str], _: date) -> Days:
    return _day(int(match["year"]), int(match["number"]), int(match["day"]))


def _named_date(match: re.Match[str], _: date) -> Days:
    return _day(int(match["year"]), _month_number(match), int(match["day"]))


def _date_without_year(match: re.Match[str], today: date) -> Days:
    """The latest such day that is not to come."""
    month, day = _month_number(match), int(match["day"])
    year = today.year if (month, day) <= (today.month, today.day) else today.year - 1
    return _day(year, month, day)


def _month(match: re.Match[str], _: date) -> Days:
    return _months(int(match["year"]), _month_number(match), _month_number(match))


def _numbered_month(match: re.Match[str], _: date) -> Days:
    return _months(int(match["year"]), int(match["number"]), int(match["number"]))


def _quarter(match: re.Match[str], _: date) -> Days:
    quarter = _ordinal(match)
    return _months(int(match["year"]), 3 * quarter - 2, 3 * quarter)


def _half(match: re.Match[str], _: date) -> Days:
    half = _ordinal(match)
    return _months(int(match["year"]), 6 * half - 5, 6 * half)


def _ordinal(match: re.Match[str]) -> int:
    return _ORDINALS[match["ordinal"][:3].lower().translate(_PLAIN)]


def _span_of_years(match: re.Match[str], _: date) -> Days:
    return _years(int(match["year"]), int(match["until"]))


def _year(match: re.Match[str], _: date) -> Days:
    return _years(int(match["year"]), int(match["year"]))


# By the first letters, without diacritics: the months of a season, the last winter month in the year after.
_SEASONS = {
    "pav": (3, 5), "spr": (3, 5), "vas": (6, 8), "sum": (6, 8),
    "rud": (9, 11), "aut": (9, 11), "zie": (12, 14), "win": (12, 14),
}  # fmt: skip


def _season_of(year: int, season: str) -> Days:
    first, last = _SEASONS[season[:3].lower().translate(_PLAIN)]
    ends = year + (last > 12), (last - 1) % 12 + 1
    return date(year, first, 1), _months(*ends, ends[1])[1]


def _season(match: re.Match[str], _: date) -> Days:
    return _season_of(int(match["year"]), match["season"])


def _last_season(match: re.Match[str], today: date) -> Days:
    """The latest that is over."""
    found = (_season_of(year, match["season"]) for year in (today.year, today.year - 1, today.year - 2))
    return next(days for days in found if days[1] < today)


def _this_season(match: re.Match[str], today: date) -> Days:
    """The latest that has begun; in January the winter is that of the year before."""
    found = (_season_of(year, match["season"]) for year in (today.year, today.year - 1))
    return next(days for days in found if days[0] <= today)


def _season_years_ago(years: int) -> Reader:
    return lambda match, today: _season_of(today.year - years, match["season"])


def _month_years_ago(years: int) -> Reader:
    return lambda match, today: _months(today.year - years, _month_number(match), _month_number(match))


def _days_ago(days: int) -> Reader:
    return lambda _, today: (today - timedelta(days), today - timedelta(days))


def _weeks_ago(weeks: int) -> Reader:
    def reckon(_: re.Match[str], today: date) -> Days:
        monday = today - timedelta(days=today.weekday() + 7 * weeks)
        return monday, monday + timedelta(days=6)

    return reckon


def _months_ago(months: int) -> Reader:
    def reckon(_: re.Match[str], today: date) -> Days:
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        return _months(year, month + 1, month + 1)

    return reckon


def _years_ago(years: int) -> Reader:
    return lambda _, today: _years(today.year - years, today.year - years)


_UNIT_DAYS = {"die": 1, "day": 1, "ned": 7, "wee": 7, "mēn": 30, "men": 30, "mon": 30, "gad": 365, "yea": 365}


def _last_days(match: re.Match[str], today: date) -> Days:
    return today - timedelta(days=int(match["count"]) * _UNIT_DAYS[match["unit"][:3].lower()]), today


# --- How each is written -------------------------------------------------------------------------

_MONTH = (
    r"(?P<month>(?:janvār|februār|aprīl|jūnij|jūlij|maij|septembr|oktobr|novembr|decembr|august|mart)"
    r"(?:is|i|us|u|a|am|ā|os|s|im|ī)?"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[ьяе]|ма[йяе]|(?:март|август)[ае]?)\b"
)
_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>[12]\d{3})"
_OF_YEAR = rf"\b{_YEAR}\.? ?(?:gada|g\.)"
_ORDINAL = r"(?P<ordinal>[1-4](?=\.)|pirm|otr|treš|ceturt)\w*\.?"
_LAST_LV, _THIS_LV = r"(?:pagājuš|iepriekšēj|aizvadīt)(?:ajā|o|ā|am|as|ais|ā)", r"(?:šajā|šai|šo|šī|šīs|šā)"
_SEASON = r"(?P<season>pavasar(?:is|a|im|i|ī)|vasar(?:a|as|ai|u|ā)|ruden(?:s|im|i|ī)|ziem(?:a|as|ai|u|ā))\b"
_SEASON_EN = r"(?P<season>spring|summer|autumn|winter)\b"
_LAST_YEAR = rf"\b(?:{_LAST_LV} gad\w+|pērn|pērnā gada|pagājušogad),? "
_THIS_YEAR = rf"\b(?:{_THIS_LV} gad\w+|šogad),? "

# The first that fits wins, so the longer stand first. A letter with a mark may lack it.
_WRITTEN: tuple[tuple[str, Reader], ...] = (
    (rf"\b{_DAY}\. ?(?P<number>\d{{1,2}})\. ?{_YEAR}\b", _full_date),
    (rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b", _full_date),
    (rf"{_OF_YEAR} {_DAY}\. ?{_MONTH}", _named_date),
    (rf"\b{_DAY}(?:\.|st|nd|rd|th)? ?{_MONTH},? {_YEAR}\b", _named_date),
    (rf"\b{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}\b", _named_date),
    (rf"{_OF_YEAR} {_MONTH}", _month),
    (rf"\b{_MONTH},? {_YEAR}\b\.?", _month),
    (rf"{_OF_YEAR} {_ORDINAL} ceturks\w+", _quarter),
    (rf"{_OF_YEAR} {_ORDINAL} pusgad\w+", _half),
    (rf"\b{_YEAR}\.?(?: gada)? ?(?:-|–|—|līdz) ?(?P<until>[12]\d{{3}})\. ?(?:gad\w*|g\.)", _span_of_years),
    (rf"\b{_YEAR}\. ?(?:gad\w*|g\.)", _year),
    (rf"\b(?:in|during) {_YEAR}\b", _year),
    (rf"\b{_YEAR} год\w*", _year),
    (rf"\b{_DAY}\. ?{_MONTH}", _date_without_year),
)
# Most are said of the day on which they are said.
_SPOKEN: tuple[tuple[str, Reader], ...] = (
    (rf"{_OF_YEAR} {_SEASON}", _season),
    (rf"\b{_SEASON_EN}(?: of)? {_YEAR}\b", _season),
    (rf"{_LAST_YEAR}{_SEASON}", _season_years_ago(1)),
    (rf"{_THIS_YEAR}{_SEASON}", _season_years_ago(0)),
    (rf"{_LAST_YEAR}{_MONTH}", _month_years_ago(1)),
    (rf"{_THIS_YEAR}{_MONTH}", _month_years_ago(0)),
    (rf"\b{_LAST_LV} {_SEASON}", _last_season),
    (rf"\blast {_SEASON_EN}", _last_season),
    (
        rf"\b(?:šo|{_THIS_LV} |this )(?P<season>pavasar|vasar|ruden|ziem|spring|summer|autumn|winter)\w*",
        _this_season,
    ),
    (
        r"\b(?:pēdēj\w+|last|past) (?P<count>\d{1,3}) "
        r"(?P<unit>dien\w*|nedēļ\w*|mēneš\w*|gad\w*|days|weeks|months|years)\b",
        _last_days,
    ),
    (r"\b(?:šodien|today|сегодня)\b", _days_ago(0)),
    (r"\b(?:vakar|yesterday|вчера)\b", _days_ago(1)),
    (r"\b(?:aizvakar|позавчера)\b", _days_ago(2)),
    (rf"\b(?:šonedēļ|{_THIS_LV} nedēļ\w+|this week|на этой неделе)\b", _weeks_ago(0)),
    (rf"\b(?:pagājušonedēļ|{_LAST_LV} nedēļ\w+|last week|на прошлой неделе)\b", _weeks_ago(1)),
    (rf"\b(?:šomēnes|{_THIS_LV} mēne\w+|this month|в этом месяце)\b", _months_ago(0)),
    (rf"\b(?:pagājušomēnes|{_LAST_LV} mēne\w+|last month|в прошлом месяце)\b", _months_ago(1)),
    (rf"\b(?:šogad|{_THIS_LV} gad\w+|this year|в этом году)\b", _years_ago(0)),
    (rf"\b(?:pērn|pagājušogad|{_LAST_LV} gad\w+|last year|в прошлом году)\b", _years_ago(1)),
    (r"\bpērn(?:ā|ais|ajā) gad\w+", _years_ago(1)),
    (r"\b(?:aizpērn)\b", _years_ago(2)),
)


def _marks_optional(pattern: str) -> re.Pattern[str]:
    letters = (letter + bare for letter, bare in zip("āčēģīķļņšūž", "acegiklnsuz", strict=True))
    for pair in letters:
        pattern = pattern.replace(pair[0], f"[{pair}]")
    return re.compile(pattern, re.IGNORECASE)


_PATTERNS = tuple(
    (_marks_optional(pattern), reckon, spoken)
    for written, spoken in ((_SPOKEN, True), (_WRITTEN, False))
    for pattern, reckon in written
)


# What stands behind `gads:`, `no:` and the like.
_VALUES: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"(?P<year>\d{4})"), _year),
    (re.compile(r"(?P<year>\d{4})-(?P<number>\d\d)"), _numbered_month),
    (re.compile(r"(?P<number>\d\d?)\.(?P<year>\d{4})"), _numbered_month),
)


def periods(text: str, *, today: date) -> tuple[Period, ...]:
    """Return the periods named in *text*, none overlapping another, in reading order.

    >>> [str(period.last) for period in periods("budžets 2017. gada novembrī", today=date(2026, 1, 15))]
    ['2017-11-30']
    """
    found: list[Period] = []
    for pattern, reckon, spoken in _PATTERNS:
        for match in pattern.finditer(text[:READ_CHARS]):
            period = _period(match, reckon, today, spoken=spoken)
            if period and all(period.end <= other.start or other.end <= period.start for other in found):
                found.append(period)
    return tuple(sorted(found, key=lambda period: period.start))


def _period(match: re.Match[str], reckon: Reader, today: date, *, spoken: bool = False) -> Period | None:
    try:
        first, last = reckon(match, today)
    except (ValueError, OverflowError):  # 31.02.2017
        return None
    if first.year not in YEARS or last.year not in YEARS or first > last:
        return None
    return Period(match.start(), match.end(), first, last, spoken)


def days_of(value: str, *, today: date) -> Days | None:
    """Return the first and last day that *value* names: a year, a month, a day; None where it names none.

    >>> [str(day) for day in days_of("2017-11", today=date(2026, 1, 15))]
    ['2017-11-01', '2017-11-30']
    """
    for pattern, reckon in _VALUES:
        match = pattern.fullmatch(value)
        period = _period(match, reckon, today) if match else None
        if period:
            return period.first, period.last
    named = periods(value, today=today)
    return (named[0].first, named[0].last) if named else None
