"""Riga's time zone, and the names of months in three languages."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

RIGA = ZoneInfo("Europe/Riga")

LATVIAN_MONTHS = (
    "janvāris", "februāris", "marts", "aprīlis", "maijs", "jūnijs",
    "jūlijs", "augusts", "septembris", "oktobris", "novembris", "decembris",
)  # fmt: skip

# Endings of the month names in all cases, diacritics folded.
_LV_2 = ("is", "a", "im", "i", "os")  # janvāris: janvāra, janvārim, janvāri, janvārī
_LV_1 = ("s", "a", "am", "u", "os")  # marts: marta, martam, martu, martā
_RU_SOFT = ("ь", "я", "ю", "ем", "е")
_RU_HARD = ("", "а", "у", "ом", "е")
_RU_MAY = ("и", "я", "ю", "ем", "е")  # май: folding removes the breve

_STEMS = (
    # month, stem without diacritics, endings
    (1, "janvar", _LV_2), (2, "februar", _LV_2), (3, "mart", _LV_1), (4, "april", _LV_2),
    (5, "maij", _LV_1), (6, "junij", _LV_1), (7, "julij", _LV_1), (8, "august", _LV_1),
    (9, "septembr", _LV_2), (10, "oktobr", _LV_2), (11, "novembr", _LV_2), (12, "decembr", _LV_2),
    (1, "январ", _RU_SOFT), (2, "феврал", _RU_SOFT), (3, "март", _RU_HARD), (4, "апрел", _RU_SOFT),
    (5, "ма", _RU_MAY), (6, "июн", _RU_SOFT), (7, "июл", _RU_SOFT), (8, "август", _RU_HARD),
    (9, "сентябр", _RU_SOFT), (10, "октябр", _RU_SOFT), (11, "ноябр", _RU_SOFT), (12, "декабр", _RU_SOFT),
)  # fmt: skip
ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH_ABBREVIATIONS = (
    "jan janv янв", "feb febr фев февр", "mar мар", "apr апр", "mai", "jun июн", "jul июл", "aug авг",
    "sep sept сен сент", "oct okt окт", "nov ноя нояб", "dec дек",
)  # fmt: skip
MONTH_NAMES = {stem + ending: month for month, stem, endings in _STEMS for ending in endings} | {
    name: month for month, name in enumerate(ENGLISH_MONTHS, start=1)
}
"""Number of each month by name in Latvian, English and Russian, in every case, folded."""
MONTHS = MONTH_NAMES | {
    word: month for month, words in enumerate(MONTH_ABBREVIATIONS, start=1) for word in words.split()
}
"""Number of each month by name or abbreviation, folded."""


def riga_day(moment: datetime) -> date:
    """Return the day in Riga at *moment*."""
    return moment.astimezone(RIGA).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a *day* in Riga begins and when the next one does, in UTC; within the calendar.

    >>> [moment.year for bounds in map(day_bounds, (date.min, date.max)) for moment in bounds]
    [1, 1, 9999, 9999]
    """
    end = datetime.max.replace(tzinfo=UTC) if day == date.max else _midnight(day + timedelta(days=1))
    return _midnight(day), end


def _midnight(day: date) -> datetime:
    if day == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time(), RIGA).astimezone(UTC)


def today() -> date:
    """Return the day in Riga now."""
    return datetime.now(RIGA).date()
