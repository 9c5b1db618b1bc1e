"""Dates in Latvian, English and Russian text, and the role of each: publication, update, event."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Literal

from crawler.config import DateOrder
from preses_relizes.shared.calendar import MONTHS, riga_day

Role = Literal["published", "updated", "other", "unlabelled"]

# No ministry's release is older; 1970-01-01 is an empty database field.
EARLIEST = date(1990, 1, 1)

_MARKS = re.compile("[\u0300-\u036f]")
_DIGIT = re.compile(r"\d")

# Labels that give a date its role. The first role whose label precedes the date wins.
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "other",  # of another publication
        re.compile(
            r"\b(?:nakam\w*|ieprieks\w*|planot\w*|next|previous|upcoming|scheduled|следующ\w*|предыдущ\w*"
            r"|laikrakst\w*|avize|zurnal[sa]|vestnes\w*|newspaper|газет\w*)\b"
        ),
    ),
    (
        "updated",
        re.compile(
            r"\b(?:atjaun\w*|labot\w*|redige\w*|(?:iz)?maini\w*|izmain\w*|aktualize\w*|precize\w*|papildinat\w*"
            r"|korige\w*|(?:last )?updat\w*|modifi\w*|last chang\w*|changed|edited|revised|reviewed|amended"
            r"|corrected|обновл\w*|измен\w*|отредактир\w*|редакци\w*|исправл\w*|правк\w*)"
        ),
    ),
    (
        "published",
        re.compile(
            r"\b(?:(?<!ne)publice\w*|publikacijas|pievienot\w*|ievietot\w*|(?<!\w )izveidot\w*|izveidot\w*:"
            r"|izdot\w*:|^iesniedza\b|(?:submitted|written) by|published|posted|added|created|publication"
            r"|released|issued|(?:preses relize|press release|пресс-релиз)(?: of| от|s datums| date)"
            r"|опубликован\w*|публикаци\w*|размещен\w*|добавлен\w*|создан\w*)"
            r"|(?<!ne)publicet[sa]:"  # may follow the previous word without a space
        ),
    ),
    ("published", re.compile(r"(?:^|[|,;.•·–-] ?)(?:datums|date|дата):? ?$")),
    (
        "other",
        re.compile(
            r"\b(?:notiks?|notika|norise\w*|pasakum\w*|speka|staj\w*|termin\w*|lidz|deri\w*|no|kops|pirms|pec|ap|starp"
            r"|dzim\w*|miris|mirusi|izdruk\w*|skatit\w*|apstiprin\w*|pienemt\w*|likum\w*|lemum\w*|rikojum\w*"
            r"|protokol\w*|nr|pieteik\w*|iesnie\w*|sedes?|sedi|sapulce|seminars|konference\w*|pieejams?|arhiv\w*"
            r"|versij\w*|noteikum\w*|deadline|expir\w*|valid|until|till|by|event|held|from|since|effective|before"
            r"|after|to|between|между|born|died|printed|viewed|accessed|adopted|approved|meeting|due|starts?|ends?|copyright"
            r"|closing|version|law|act|order|tiksanas|vizite|talr\w*|tel"
            r"|vakar|rit|aizvakar|parit|yesterday|tomorrow|вчера|завтра"
            r"|срок\w*|до|с|по|от|к|после|состоится|вступа\w*|действу\w*|мероприяти\w*|родил\w*|умер\w*"
            r"|заседани\w*)\b"
            r"|\b(?:foto|photo|фото|attel)\w*(?: \w+)?:"
            # "Data as of", "Līguma datums", "Sākums:": any unknown label.
            r"|\b(?:of|uz|par|datums|date|дата|о|об|eur|v(?:er)?\.) ?$|\w: ?$|[©№]"
        ),
    ),
)

# "Parakstīts", "Uzņemta", "Signed on", "Подписано" before a date: it is not a publication date.
_DONE = re.compile(
    r"\b(?:\w{2,}(?:[āēī]t[sa]|ot[sa]|[^\W\d_aeiouāēīū]ta)|(?:ie|aiz|at|pa|no)?(?:slēg|beig|sāk|dzēs|nes|snieg)ts"
    r"|retrieved|(?:signed|established|\w{3,}ed on)|подписан\w*|утвержд[её]н\w*|принят\w?|\w{3,}[аея]но):? $"
)
# A label further from its date belongs to something else.
_LABEL_WORDS_MAX = 6
_CACHED_LABEL_CHARS_MAX = 200
_CACHED_LINE_CHARS_MAX = 300

_WORD = r"([^\W\d_]{3,12})"
_YEAR = r"(\d{4})(?!\d)"
_D = r"(?<![\d.,/-])(?<!\d:)(\d{1,2})"
_PATTERNS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)(?:[t ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?"
         r"(?: ?(?:z\b|[+-]\d{2}:?\d{2}))?)?", "stamp"),
        (r"(?<![\d.])(\d{4})([./] ?)(\d{1,2})\2(\d{1,2})(?!\d)", "ymd"),
        (_D + r"\. ?(\d{1,2})\. ?" + _YEAR, "dmy"),
        (_D + r"([/-])(\d{1,2})\2" + _YEAR, "ordered"),
        (_D + r"\.(\d{1,2})\.(\d{2})(?![.,:]?\d)", "short"),
        (r"(?<!\d)(\d{4}) ?\.? ?(?:gad[as]|g\.?|года?,?) ?(\d{1,2}) ?\.? ?" + _WORD, "y-d-month"),
        (r"(?<!\d)(\d{4})[.,]? " + _WORD + r"\.? (\d{1,2})(?!\d)", "y-month-d"),
        (_D + r"(?:st\b|nd\b|rd\b|th\b|-?го\b|-?е\b)? ?[.-]? ?(?:of )?" + _WORD
         + r"\.?,?[ -]?(?:of )?" + _YEAR, "d-month-y"),
        (r"\b" + _WORD + r"\.? (\d{1,2})(?:st|nd|rd|th)?(?:,| of)? ?" + r"(?<=[, ])" + _YEAR, "month-d-y"),
        (_D + r"(?:st\b|nd\b|rd\b|th\b|-?го\b)? ?\.? ?(?:of )?" + _WORD, "d-month"),
        (r"\b" + _WORD + r"\.? (\d{1,2})(?:st|nd|rd|th)?(?![\d:.])", "month-d"),
    )
)  # fmt: skip
_CLOCK = r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?::[0-5]\d)?(?!\.?\d)"
_RANGE_BEFORE = re.compile(r"\d\.? ?[-–—] ?$|\d\.? ?(?:un|and|и|,) $")
_RANGE_AFTER = re.compile(r"\.? ?(?:[-–—/]|lidz|until|till|to|по) ?(?!" + _CLOCK + r")\d")
_BETWEEN_LISTED = re.compile(r"\.?,? (?:(?:un|and|и) )?")
_OF_WHAT_FOLLOWS = re.compile(
    r"\b(?:likum|rikojum|lemum|noteikum|protokol|sed[eiē]|vestul|order|law|act\b|nr\b|prot\b|постановлен|закон"
    r"|приказ|vizit|piedal|notik|tiks|sanaksm|foto|photo|фото)|№"
)
_NOT_WORDS = re.compile(
    _CLOCK + r"|\b(?:pirmdien|otrdien|tresdien|ceturtdien|piektdien|sestdien|svetdien)\w*"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?:понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье)\b"
    r"|\b(?:plkst|gad\w*|года?|the|on|at|и|in|am|pm|eest|eet|gmt|utc)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """A date in a text and its role there."""

    day: date
    role: Role
    inferred: bool = False
    """Whether the year was abbreviated or missing."""


@dataclass(frozen=True, slots=True)
class _DateMatch:
    start: int
    end: int
    day: date
    inferred: bool


def fold(text: str) -> str:
    """Return *text* in lower case, without diacritics, with single spaces.

    >>> fold("Atjaunināts")
    'atjauninats'
    """
    bare = text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFD", text))
    return " ".join(bare.split()).lower()


def parse_timestamp(value: str, *, latest: date) -> date | None:
    """Return the day in Riga of an ISO 8601 or RFC 822 timestamp; None if *value* is neither.

    >>> parse_timestamp("2021-07-08T21:30:00Z", latest=date(2026, 1, 1))
    datetime.date(2021, 7, 9)
    """
    moment = _moment(value.strip())
    if moment is None:
        return None
    day = moment.date() if moment.tzinfo is None else _riga_day(moment)
    return day if day is not None and EARLIEST <= day <= latest else None


def read_dates(
    text: str, *, latest: date, order: DateOrder = "DMY", year: int | None = None
) -> tuple[DateReading, ...]:
    """Return the dates in *text*, without those after *latest*.

    *order* applies to numbers between slashes or hyphens; with dots the day is first. Dates without a year
    are left out unless *year* is given.
    """
    if not _DIGIT.search(text):
        return ()
    read = _readings if len(text) <= _CACHED_LINE_CHARS_MAX else _readings.__wrapped__
    return tuple(reading for reading in read(text[:20_000], order, year) if reading.day <= latest)


# The same lines are searched for publication date, update, lead and title.
@lru_cache(maxsize=256)
def _readings(text: str, order: DateOrder, year: int | None) -> tuple[DateReading, ...]:
    folded = fold(text)
    matches = tuple(_matches(folded, order, year))
    spelt = _with_diacritics(text, folded)
    ends = (0, *(match.end for match in matches))
    starts = (*(match.start for match in matches[1:]), len(folded))
    return tuple(
        DateReading(
            day=match.day, role=_role(folded, spelt, match, slice(end, start)), inferred=match.inferred
        )
        for match, end, start in zip(matches, ends, starts, strict=False)
        if match.day >= EARLIEST
    )


def _with_diacritics(text: str, folded: str) -> str:
    """Return *text* with diacritics, aligned with *folded* character by character."""
    spelt = " ".join(unicodedata.normalize("NFC", text).split()).lower()
    return spelt if len(spelt) == len(folded) else folded  # lengths differ only for marks that no letter has


def publication_date_in(line: str, *, latest: date, order: DateOrder = "DMY") -> DateReading | None:
    """Return the publication date in *line*, or None if it is not certain.

    A date without a label counts if the line has little else.

    >>> publication_date_in("Atjaunināts 04.08.2021. Publicēts: 09.07.2021", latest=date(2026, 1, 1)).day
    datetime.date(2021, 7, 9)
    """
    readings = read_dates(line, latest=latest, order=order)
    labelled = next((reading for reading in readings if reading.role == "published"), None)
    if labelled:
        return labelled
    unlabelled = {reading.day: reading for reading in readings if reading.role == "unlabelled"}
    if len(unlabelled) != 1 or any(reading.role == "other" for reading in readings) or _is_prose(line):
        return None
    return next(iter(unlabelled.values()))


def update_date_in(line: str, *, latest: date, order: DateOrder = "DMY") -> date | None:
    """Return the date of the last update in *line*."""
    readings = read_dates(line, latest=latest, order=order)
    return next((reading.day for reading in readings if reading.role == "updated"), None)


def is_day_alone(line: str) -> bool:
    """Whether *line* is only a date, perhaps with weekday and time."""
    return bool(read_dates(line, latest=date.max)) and not _remaining_words(line)


def role_of(words: str) -> Role:
    """Return the role of a date after *words*."""
    nearest = " ".join(fold(words).split()[-_LABEL_WORDS_MAX:])
    return _role_by(nearest) if len(nearest) <= _CACHED_LABEL_CHARS_MAX else _role_by.__wrapped__(nearest)


# The pages of a site share few labels.
@lru_cache(maxsize=1024)
def _role_by(label: str) -> Role:
    return next((role for role, pattern in _ROLES if pattern.search(label)), "unlabelled")


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError):
        return None


def _riga_day(moment: datetime) -> date | None:
    try:
        return riga_day(moment)
    except OverflowError:
        return None


def _matches(folded: str, order: DateOrder, year: int | None) -> Iterator[_DateMatch]:
    taken: list[_DateMatch] = []
    for pattern, kind in _PATTERNS:
        for match in pattern.finditer(folded):
            if any(match.start() < other.end and other.start < match.end() for other in taken):
                continue
            read = _read(kind, match, order, year)
            if read:
                taken.append(_DateMatch(match.start(), match.end(), *read))
    yield from sorted(taken, key=lambda match: match.start)


def _read(kind: str, match: re.Match[str], order: DateOrder, year: int | None) -> tuple[date, bool] | None:
    parts = match.groups()
    if kind == "stamp":
        whole = (
            parse_timestamp(match.group().upper(), latest=date.max) if match.end() > match.end(3) else None
        )
        return (whole, False) if whole else _day(parts[0], parts[1], parts[2])
    if kind == "ordered":
        first, _, second, written_year = parts
        return _order_parts(first, second, written_year, order)
    if kind == "short":
        return _day("20" + parts[2], parts[1], parts[0], inferred=True)
    if kind in ("d-month", "month-d"):
        number, word = parts if kind == "d-month" else parts[::-1]
        return _day(str(year), word, number, inferred=True) if year else None
    by_letter = {
        "ymd": (0, 2, 3), "dmy": (2, 1, 0), "y-d-month": (0, 2, 1), "y-month-d": (0, 1, 2),
        "d-month-y": (2, 1, 0), "month-d-y": (2, 0, 1),
    }  # fmt: skip
    y, m, d = by_letter[kind]
    return _day(parts[y], parts[m], parts[d])


def _order_parts(first: str, second: str, year: str, order: DateOrder) -> tuple[date, bool] | None:
    """Read two numbers in *order*, or reversed if only that is a valid date."""
    day, month = (second, first) if order == "MDY" else (first, second)
    return _day(year, month, day) or _day(year, day, month)


def _day(year: str, month: str, day: str, *, inferred: bool = False) -> tuple[date, bool] | None:
    number = int(month) if month.isdigit() else MONTHS.get(month, 0)
    try:
        return date(int(year), number, int(day)), inferred
    except ValueError:
        return None


def _role(folded: str, spelt: str, match: _DateMatch, around: slice) -> Role:
    """Return the role of the date at *match*; *around* spans from the previous date to the next."""
    if _is_end_of_span(folded[: match.start]) or _RANGE_AFTER.match(folded, match.end):
        return "other"
    role = role_of(folded[around.start : match.start])
    if role != "unlabelled":
        return role
    if _DONE.search(spelt, 0, match.start):
        return "other"
    after = folded[match.end : around.stop]
    if around.stop < len(folded):
        return "other" if _BETWEEN_LISTED.fullmatch(after) else "unlabelled"
    # "04.08.2021 (last update)", "2021. gada 12. marta rīkojums": the label may follow the last date.
    following = " ".join(after.split()[:3])
    if _OF_WHAT_FOLLOWS.search(following):
        return "other"
    return "updated" if role_of(following) == "updated" else "unlabelled"


def _is_end_of_span(before: str) -> bool:
    month = re.search(r"([^\W\d_]{3,})\.? ?[-–—] ?$", before)
    return bool(_RANGE_BEFORE.search(before)) or (month is not None and month[1] in MONTHS)


def _is_prose(line: str) -> bool:
    """Whether *line* has more beside its date than a place, an office or a type of text."""
    words = _remaining_words(line)
    return len(words) > 4 or bool(
        re.search(r"[^\W\d_]{3,}[.!?]$", _strip_label_and_time(line)) and len(words) > 1
    )


def _remaining_words(line: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{2,}", _strip_label_and_time(line)) if word not in MONTHS]


def _strip_label_and_time(line: str) -> str:
    """Return *line*, folded, without weekdays, times and other words that belong to a date."""
    return _NOT_WORDS.sub(" ", fold(line))
