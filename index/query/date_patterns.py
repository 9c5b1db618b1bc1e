"""The patterns of dates and periods in Latvian, English and Russian, each with the function that resolves it.

They are written for folded text: letter by letter, so diacritics are optional and offsets stay the same.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from index.query.day_ranges import (
    Resolve,
    day_in_another_year,
    day_month_or_year,
    day_without_year,
    days_ago,
    days_of_month,
    half_year,
    last_days,
    last_season,
    month_without_year,
    month_years_ago,
    months,
    months_ago,
    quarter,
    season,
    season_years_ago,
    this_season,
    units_ago,
    weekday,
    weeks_ago,
    years,
    years_ago,
)
from preses_relizes.calendar import MONTH_NAMES

_FOLD = str.maketrans("āčēģīķļņšūžйĀČĒĢĪĶĻŅŠŪŽЙ", "acegiklnsuzиACEGIKLNSUZИ")


def fold_letters(text: str) -> str:
    """Return *text* without the diacritics of Latvian and of the Russian й; its length stays the same."""
    return text.translate(_FOLD)


class DatePattern(NamedTuple):
    """A spelling of dates or periods."""

    regex: re.Pattern[str]
    resolve: Resolve
    figures: bool = False
    """Written in figures only: 27/11/2017."""
    spoken: bool = False
    """Named as people speak and releases do not: last week, summer of 2023."""
    relative: bool = False
    """Relative to today."""


# --- Words ---------------------------------------------------------------------------------------


def _alternatives(words: Iterable[str]) -> str:
    """Return a pattern for any of *words*; they are grouped by their first letters for speed."""
    groups = groupby(sorted(words), key=lambda word: word[:3])
    return "|".join(f"{head}(?:{'|'.join(word[3:] for word in group)})" for head, group in groups)


_NAMES = _alternatives(MONTH_NAMES)
_MONTH, _UNTIL_MONTH = rf"(?P<month>{_NAMES})\b", rf"(?P<until_month>{_NAMES})\b"
_DAY, _UNTIL_DAY = r"(?P<day>\d{1,2})", r"(?P<until_day>\d{1,2})"
_NUMBER, _YEAR = r"(?P<number>\d{1,2})", r"(?P<year>[12]\d{3})"
_TO = r" ?(?:-|–|—|līdz) ?"
_TH = r"(?:st|nd|rd|th)"
_GADS = r"gad(?:s|a|am|u|ā|i|us|os|iem)\b"
_OF_YEAR = rf"\b{_YEAR}\.? ?(?:gada|g\.)"
_YEAR_AFTER = rf",? {_YEAR}\b(?:\.? ?(?:{_GADS}|год\w*|г\.)|\.)?"
_ORDINAL = r"(?P<ordinal>[1-4](?=\.)|pirm|otr|treš|ceturt)\w*\.?"
_ORDINAL_EN = r"(?P<ordinal>first|second|third|fourth)"
_LAST_LV, _THIS_LV = r"(?:pagājuš|iepriekšēj|aizvadīt)(?:ajā|o|ā|am|as|ais)", r"(?:šajā|šai|šo|šī|šīs|šā)"
_LAST_EN, _LAST_RU = "(?:last|past|previous)", "прошл(?:ой|ом|ого|ую|ая|ым|ый)"
_THIS_RU = "эт(?:ой|от|ом|ого|у|а|им)"
_SEASON = r"(?P<season>pavasar(?:is|a|im|i|ī)|vasar(?:a|as|ai|u|ā)|ruden(?:s|im|i|ī)|ziem(?:a|as|ai|u|ā))\b"
_SEASON_EN = r"(?P<season>spring|summer|autumn|winter)\b"
_SEASON_RU = r"(?P<season>весн(?:а|ы|е|у|ой)|лет(?:о|а|у|ом|е)|осен(?:ь|и|ью)|зим(?:а|ы|е|у|ой))\b"
_ANY_SEASON = (
    r"(?P<season>pavasar(?:is|a|im|i|ī)|vasar(?:a|as|ai|u|ā)|ruden(?:s|im|i|ī)|ziem(?:a|as|ai|u|ā)"
    r"|spring|summer|autumn|winter"
    r"|весн(?:а|ы|е|у|ой)|лет(?:о|а|у|ом|е)|осен(?:ь|и|ью)|зим(?:а|ы|е|у|ой))\b"
)
_LAST_YEAR = rf"\b(?:{_LAST_LV} gad\w+|pērn|pērnā gada|pagājušogad),? "
_THIS_YEAR = rf"\b(?:{_THIS_LV} gad\w+|šogad),? "
_WEEKDAY = (
    r"(?P<weekday>(?:pirm|otr|treš|ceturt|piekt|sest|svēt)dien(?:a|ai|u|ā)?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:понедельник|вторник|четверг)(?:а|у|ом|е)?|сред(?:а|у|ы|е|ой)|пятниц(?:а|у|ы|е|еи)|суббот(?:а|у|ы|е|ои)"
    r"|воскресень(?:е|я|ю|ем))"
)
_COUNT = r"(?P<count>\d{1,3})"
_UNIT = (
    r"(?P<unit>dien(?!est)\w*|nedēļ\w*|mēneš\w*|gad(?:a|u|us|os|iem)|days?|weeks?|months?|years?"
    r"|дней|дня|день|недел\w+|месяц\w*|лет|год\w*)\b"
)

# --- Tables --------------------------------------------------------------------------------------
# The first match wins, so longer forms come first.

# Values that are only a date. In running text, these would be numbers or a name.
_VALUES: tuple[tuple[str, Resolve], ...] = (
    (r"(?P<year>\d{4})(?:-(?P<number>\d{1,2}))?(?:-(?P<day>\d{1,2}))?\.?", day_month_or_year),
    (r"(?P<year>\d{4})[./](?P<number>\d{2})[./](?P<day>\d{2})\.?", day_month_or_year),
    (r"(?P<day>\d{1,2})[.\s/-]+(?P<number>\d{1,2})[.\s/-]+(?P<year>\d{4})\.?", day_month_or_year),
    (r"(?P<number>\d{1,2})[./](?P<year>\d{4})\.?", day_month_or_year),
    (r"(?P<day>\d{1,2})[./](?P<number>\d{1,2})[./](?P<short_year>\d{2})\.?", day_month_or_year),
    (r"(?P<day>\d{1,2})\. ?(?P<number>\d{1,2})\.", day_without_year),
    (r"(?P<day>\d{1,2})\.(?P<number>\d{2})", day_without_year),
    # As the English page shows days.
    (r"(?P<day>\d{1,2})\s+(?P<month>[^\W\d_]+)\.?\s+(?P<year>\d{4})", day_month_or_year),
    (rf"{_DAY}(?:\.|{_TH})? ?{_MONTH}", day_without_year),
    (rf"{_MONTH} {_DAY}{_TH}?", day_without_year),
)
# A value without figures. In running text these are words of releases: `otrdien`, `martā`.
_WORD_VALUES: tuple[tuple[str, Resolve], ...] = ((_MONTH, month_without_year),)
_WEEKDAYS: tuple[tuple[str, Resolve], ...] = (
    (rf"(?P<last>{_LAST_LV} |{_LAST_EN} |{_LAST_RU} )?(?:šo)?{_WEEKDAY}", weekday),
)
# Neither end is inside a longer number.
_BEGIN, _END = r"(?<!\d)(?<!\d\.)", r"(?!\.\d)"
# Dates in figures. Some parts need two digits, since document numbers and amounts can look the same.
_FIGURES: tuple[tuple[str, Resolve], ...] = (
    (rf"{_DAY}\. ?{_NUMBER}\. ?{_YEAR}(?![^\W_])", day_month_or_year),
    (rf"{_DAY}/{_NUMBER}/{_YEAR}(?![^\W_])", day_month_or_year),
    (rf"{_DAY}-{_NUMBER}-{_YEAR}(?![^\W_])", day_month_or_year),
    (rf"{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)(?![^\W_])", day_month_or_year),
    (rf"{_YEAR}[./](?P<number>\d\d)[./](?P<day>\d\d)(?![^\W_])", day_month_or_year),
    (rf"{_DAY}\.{_NUMBER}\.(?P<short_year>\d\d)(?![^\W_])", day_month_or_year),
    (rf"{_DAY}/{_NUMBER}/(?P<short_year>\d\d)(?![^\W_])", day_month_or_year),
    (r"(?P<number>0?[1-9]|1[0-2])[./](?P<year>(?:19|20)\d\d)(?![^\W_])", day_month_or_year),
    (rf"{_DAY}\.(?P<number>0[1-9]|1[0-2])\.(?!\d| [12]\d{{3}})", day_without_year),
)
# A date in words, as releases write it.
_WRITTEN: tuple[tuple[str, Resolve], ...] = (
    (rf"{_OF_YEAR} {_DAY}\.?{_TO}{_UNTIL_DAY}\. ?{_MONTH}", days_of_month),
    (rf"\b{_DAY}\.?{_TO}{_UNTIL_DAY}\.? ?{_MONTH}{_YEAR_AFTER}", days_of_month),
    (rf"{_OF_YEAR} {_DAY}\. ?{_MONTH}", day_month_or_year),
    (rf"\b{_DAY}(?:\.|{_TH})? ?(?:of )?{_MONTH}{_YEAR_AFTER}", day_month_or_year),
    (rf"\b{_MONTH} {_DAY}{_TH}?{_YEAR_AFTER}", day_month_or_year),
    (rf"{_OF_YEAR} {_MONTH}{_TO}{_UNTIL_MONTH}", months),
    (rf"\b{_MONTH}{_TO}{_UNTIL_MONTH}{_YEAR_AFTER}", months),
    (rf"{_OF_YEAR} {_MONTH}", day_month_or_year),
    (rf"\b{_MONTH}{_YEAR_AFTER}", day_month_or_year),
    (rf"\b{_YEAR}\.? {_MONTH}", day_month_or_year),
    (rf"{_OF_YEAR} {_ORDINAL} ceturks\w+", quarter),
    (rf"\b(?:{_ORDINAL_EN} quarter(?: of)?|Q(?P<number>[1-4])) {_YEAR}\b", quarter),
    (rf"\b(?P<number>[1-4])(?:-?й|-м)? квартал\w* {_YEAR}\b(?: год\w*)?", quarter),
    (rf"{_OF_YEAR} {_ORDINAL} pusgad\w+", half_year),
    (rf"\b{_YEAR}\.?(?: gada)? ?(?:-|–|—|līdz) ?(?P<until>[12]\d{{3}})\.? ?(?:gad\w*|g\.)", years),
    (rf"\b{_YEAR}\.? ?(?:{_GADS}|g\.)", day_month_or_year),
    (rf"\b(?:in|during|в|за) {_YEAR}\b(?: год\w*)?", day_month_or_year),
    (rf"\b{_YEAR} (?:год\w*|г\.)", day_month_or_year),
    (rf"\b{_DAY}\. ?{_MONTH}", day_without_year),
)
_SEASONS: tuple[tuple[str, Resolve], ...] = (
    (rf"{_OF_YEAR} {_SEASON}", season),
    (rf"\b{_ANY_SEASON}(?: of)?{_YEAR_AFTER}", season),
    (rf"\b{_YEAR}\.? {_ANY_SEASON}", season),
)
# A period as people say it, relative to today.
_RELATIVE: tuple[tuple[str, Resolve], ...] = (
    (rf"{_LAST_YEAR}{_SEASON}", season_years_ago(1)),
    (rf"{_THIS_YEAR}{_SEASON}", season_years_ago(0)),
    (rf"{_LAST_YEAR}{_DAY}\. ?{_MONTH}", day_in_another_year(1)),
    (rf"{_THIS_YEAR}{_DAY}\. ?{_MONTH}", day_in_another_year(0)),
    (rf"{_LAST_YEAR}{_MONTH}", month_years_ago(1)),
    (rf"{_THIS_YEAR}{_MONTH}", month_years_ago(0)),
    (rf"\b{_LAST_LV} {_SEASON}", last_season),
    (rf"\b{_LAST_EN} {_SEASON_EN}", last_season),
    (rf"\b{_LAST_RU} {_SEASON_RU}", last_season),
    (rf"\b{_THIS_RU} {_SEASON_RU}", this_season),
    (
        rf"\b(?:šo|{_THIS_LV} |this )(?P<season>pavasar|vasar|ruden|ziem|spring|summer|autumn|winter)\w*",
        this_season,
    ),
    (rf"\b(?:pēdēj\w+|{_LAST_EN}|(?:за )?последн\w+) {_COUNT} {_UNIT}", last_days),
    (rf"\bpirms {_COUNT} {_UNIT}", units_ago),
    (rf"\b{_COUNT} {_UNIT} (?:ago|назад)\b", units_ago),
    (r"\b(?:šodien|today|сегодня)\b", days_ago(0)),
    (r"\bday before yesterday\b", days_ago(2)),
    (r"\b(?:vakar|yesterday|вчера)\b", days_ago(1)),
    (r"\b(?:aizvakar|позавчера)\b", days_ago(2)),
    (rf"\b(?:šonedēļ|{_THIS_LV} nedēļ\w+|this week|(?:на )?{_THIS_RU} недел\w+)\b", weeks_ago(0)),
    (rf"\b(?:pagājušonedēļ|{_LAST_LV} nedēļ\w+|{_LAST_EN} week|(?:на )?{_LAST_RU} недел\w+)\b", weeks_ago(1)),
    (rf"\b(?:šomēnes|{_THIS_LV} mēne\w+|this month|(?:в )?{_THIS_RU} месяц\w*)\b", months_ago(0)),
    (rf"\b(?:pagājušomēnes|{_LAST_LV} mēne\w+|{_LAST_EN} month|(?:в )?{_LAST_RU} месяц\w*)\b", months_ago(1)),
    (rf"\b(?:šogad|{_THIS_LV} gad\w+|this year|(?:в )?{_THIS_RU} год\w*)\b", years_ago(0)),
    (rf"\b(?:pērn|pagājušogad|{_LAST_LV} gad\w+|{_LAST_EN} year|(?:в )?{_LAST_RU} год\w*)\b", years_ago(1)),
    (r"\bpērn(?:ā|ais|ajā) gad\w+", years_ago(1)),
    (r"\baizpērn\b", years_ago(2)),
)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(fold_letters(pattern), re.IGNORECASE)


def _table(rows: Iterable[tuple[str, Resolve]], **kind: bool) -> tuple[DatePattern, ...]:
    return tuple(DatePattern(_compile(pattern), resolve, **kind) for pattern, resolve in rows)


VALUES = _table(_VALUES)
"""Spellings that are read only if nothing else is typed; each has a digit."""
WORD_VALUES = (*_table(_WORD_VALUES), *_table(_WEEKDAYS, relative=True))
"""Those without a digit."""

# Every text that a pattern of a table matches has a match of this, which is found much faster.
_SEASON_STEMS = "pavas|vasar|ruden|ziem|spri|summ|autu|wint|весн|лет|осен|зим"
_RELATIVE_STEMS = (
    r"pagāj|iepr|aizv|aizp|ša|šo|šī|pērn|pēd|pirms|vakar|last|past|prev|this|toda|yest|day b"
    r"|\d+ (?:dien|ned|mēn|gad|day|wee|mon|yea|д|нед|мес|лет|год)"
    r"|сегод|вчера|позав|прошл|эт|посл"
)
_MONTH_STEMS = (
    "jan|feb|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dec|dek"
    "|янв|фев|мар|апр|ма[ийяюе]|июн|июл|авг|сен|окт|ноя|дек"
)
_SEASON_HINT = _compile(_SEASON_STEMS)
_RELATIVE_HINT = _compile(rf"\b(?:{_RELATIVE_STEMS})")
_FIGURES_HINT = _compile(r"\d[./-] ?\d")
_WRITTEN_HINT = _compile(
    r"\d ?(?:[.,]|st|nd|rd|th)? ?(?:of |gad|g\.|год|г\.)"
    rf"|{_MONTH_STEMS}|quarter|q[1-4]|квартал|in |during |в |за "
)
FIGURES = _table(_FIGURES, figures=True)
"""Dates in figures, whatever is before or after them."""
_SEASONS_IN_TEXT = _table(_SEASONS, spoken=True)
_RELATIVE_IN_TEXT = _table(_RELATIVE, spoken=True, relative=True)
_FIGURES_IN_TEXT = _table(((f"{_BEGIN}{row[0]}{_END}", row[1]) for row in _FIGURES), figures=True)
_WRITTEN_IN_TEXT = _table(_WRITTEN)
_TABLES = (
    (_SEASON_HINT, _SEASONS_IN_TEXT),
    (_RELATIVE_HINT, _RELATIVE_IN_TEXT),
    (_FIGURES_HINT, _FIGURES_IN_TEXT),
    (_WRITTEN_HINT, _WRITTEN_IN_TEXT),
)


BEGINS = _compile(
    rf"\d|{_SEASON_STEMS}|{_RELATIVE_STEMS}|{_MONTH_STEMS}|q[1-4]|first|second|third|fourth|на [пэ]"
    r"|\w+dien|mon|tues|wednes|thurs|fri|satur|sun|понед|втор|сред|четв|пятн|субб|воскр"
)
"""Matches the beginning of every text that is only a date, but for a preposition."""


def may_be_spoken(folded: str) -> bool:
    """Return whether the text *folded* may name a period as people speak."""
    return bool(_SEASON_HINT.search(folded) or _RELATIVE_HINT.search(folded))


def patterns_in(folded: str) -> Iterator[DatePattern]:
    """Yield the patterns that may match in the text *folded*, the most specific first."""
    has_digit = _DIGIT.search(folded) is not None
    for hint, patterns in _TABLES:
        if (has_digit or hint is _RELATIVE_HINT) and hint.search(folded):
            yield from patterns


_DIGIT = re.compile(r"\d")
