"""Texts of the interface, from the .po catalogues in translations/."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from index.institution_names import FILTERS_BY_INSTITUTION, institution_names
from index.query import COMPLETED, Filter, InterfaceText
from preses_relizes.shared.calendar import RIGA, riga_day

DEFAULT = "lv"
LANGUAGES = {"lv": "Latviski", "en": "English", "ru": "По-русски"}
"""The languages of the interface, and how a link to the page in each is labelled."""


NBSP = "\u00a0"
_DATES = {"lv": "dd.MM.yyyy.", "en": "d MMM yyyy", "ru": "dd.MM.yyyy"}
_MONTHS = {"lv": "y. 'gada' LLLL", "en": "MMMM y", "ru": "LLLL y 'г'."}
_SHORT = {"year": "y", "quarter": "QQQ y", "month": "LLL"}
_LATIN_UNITS = {1: "B", 10**3: "KB", 10**6: "MB", 10**9: "GB"}
_UNITS = {"ru": {1: "Б", 10**3: "КБ", 10**6: "МБ", 10**9: "ГБ"}}
_DAY = timedelta(1)

Day = date | None


@dataclass(frozen=True, slots=True)
class Interface:
    """The interface in one language."""

    language: str
    translations: Translations

    def text(self, key: str) -> str:
        """Return the text for *key*, the English text."""
        return self.translations.gettext(key)

    def of(self, texts: InterfaceText) -> str:
        """Return the one of *texts* in this language."""
        text: str = getattr(texts, self.language)
        return text

    def value(self, one: Filter, value: str) -> str:
        """Return the label of *value* of the filter *one*; as it is if institutions name it."""
        label = one.labels.get(value)
        return (
            self.of(label)
            if label
            else self.institution(value)
            if one.name in FILTERS_BY_INSTITUTION
            else value
        )

    def institution(self, name: str) -> str:
        """Return the *name* of an institution in this language, if it is one of those that we know."""
        return institution_names().get(name, {}).get(self.language, name)

    def completion_kinds(self) -> dict[str, str]:
        """Return what the page calls the kinds of completions, but for words."""
        return {kind: self.of(label) for kind, label in COMPLETED.values()} | {
            kind: self.text(kind) for kind in ("name", "title")
        }

    def count(self, singular: str, plural: str, number: int) -> str:
        """Return the text with *number* filled in, in the plural form of the language."""
        return self.translations.ngettext(singular, plural, number) % {"num": self.number(number)}

    def counts(self, singular: str, plural: str, *, up_to: int) -> tuple[str, ...]:
        """Return the texts of `count` for 0, 1, ... *up_to*."""
        return tuple(self.count(singular, plural, number) for number in range(up_to + 1))

    def number(self, number: int) -> str:
        """Return *number* with digits grouped as in the language."""
        return _group_digits(number, self.language)

    def decimal(self, number: float) -> str:
        """Return *number* with at most two decimal places."""
        return numbers.format_decimal(number, "#,##0.##", locale=Locale(self.language))

    def percent(self, share: float) -> str:
        """Return *share*, of 1, in percent with at most two decimal places."""
        return f"{self.decimal(100 * share)}{'%' if self.language == 'en' else NBSP + '%'}"

    def size(self, size: int) -> str:
        """Return *size*, in bytes, in the largest unit of which it has one."""
        unit = next((unit for unit in (10**9, 10**6, 10**3) if size >= unit), 1)
        return f"{self.decimal(round(size / unit, 1))} {_UNITS.get(self.language, _LATIN_UNITS)[unit]}"

    def month(self, day: date) -> str:
        """Return the name of the month of *day*."""
        return _format_day(day, "LLLL", self.language)

    def short_period(self, first: date, unit: Literal["year", "quarter", "month"]) -> str:
        """Return how a chart names the period that begins on *first*: 2017, Q1 2017 or Jan."""
        return _format_day(first, _SHORT[unit], self.language)

    def typed(self, day: date) -> str:
        """Return *day* in the format of the form fields: 27.11.2017."""
        return f"{day.day:02}.{day.month:02}.{day.year:04}."

    def days(self, first: date, last: date) -> str:
        """Return the days from *first* to *last* in the format of lists."""
        return self.date(first) if first == last else f"{self.date(first)} – {self.date(last)}"

    def date(self, day: Day) -> str:
        """Return *day* in the format of lists: 27.11.2017. or 27 Nov 2017."""
        if day is None:
            return self.text("date unknown")
        return _format_day(day, _DATES[self.language], self.language)

    def moment(self, moment: datetime) -> str:
        """Return day and time of *moment* in Riga: 27.11.2017. plkst. 9:05."""
        local = moment.astimezone(RIGA)
        return self.text("%(date)s at %(time)s") % {"date": self.date(local.date()), "time": f"{local:%H:%M}"}

    def moments(self, first: datetime, last: datetime) -> tuple[str, str]:
        """Return the days of two moments in Riga; with their times if it is the same day."""
        days = riga_day(first), riga_day(last)
        if days[0] == days[1]:
            return self.moment(first), self.moment(last)
        return self.date(days[0]), self.date(days[1])

    def period(self, first: Day, last: Day) -> str:
        """Return a period in words: a year, a month, a day, or two days; either end may be open."""
        if first is None or last is None:
            text = self.text("since %(date)s") if first else self.text("until %(date)s")
            return text % {"date": self.date(first or last)}
        if (first.day, first.month, last.day, last.month) == (1, 1, 31, 12):
            return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
        is_month = (
            first.day == 1 and (last + _DAY).day == 1 and (first.year, first.month) == (last.year, last.month)
        )
        if is_month:
            return _format_day(first, _MONTHS[self.language], self.language)
        return self.date(first) if first == last else f"{self.date(first)} – {self.date(last)}"


@lru_cache(4096)  # a page has some fifty numbers, most of them small
def _group_digits(number: int, language: str) -> str:
    return numbers.format_decimal(number, locale=Locale(language))


@lru_cache(4096)  # a page has some twenty days
def _format_day(day: date, pattern: str, language: str) -> str:
    return dates.format_date(day, pattern, locale=Locale(language))


def interfaces() -> Mapping[str, Interface]:
    """Return the interface by language."""
    folder = Path(__file__).parent / "translations"
    return {language: Interface(language, _translations(folder / f"{language}.po")) for language in LANGUAGES}


@cache  # a process may make several apps
def _translations(path: Path) -> Translations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
