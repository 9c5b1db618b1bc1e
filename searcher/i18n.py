"""Texts of the interface, from the .po catalogues in translations/."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

DEFAULT = "lv"
LANGUAGES = {"lv": "Latviski", "en": "English"}
"""The languages of the interface, and how a link to the page in each is labelled."""


@dataclass(frozen=True, slots=True)
class Interface:
    """The interface in one language."""

    language: str
    translations: Translations

    def text(self, key: str) -> str:
        """Return the text for *key*, the English text."""
        return self.translations.gettext(key)

    def count(self, singular: str, plural: str, number: int) -> str:
        """Return the text with *number* filled in, in the plural form of the language."""
        return self.translations.ngettext(singular, plural, number) % {"num": self.number(number)}

    def number(self, number: int) -> str:
        """Return *number* with digits grouped as in the language."""
        return numbers.format_decimal(number, locale=Locale(self.language))

    def decimal(self, number: float) -> str:
        """Return *number* with at most two decimal places."""
        return numbers.format_decimal(number, "#,##0.##", locale=Locale(self.language))

    def month(self, day: date) -> str:
        """Return the name of the month of *day*."""
        return dates.format_date(day, "LLLL", locale=Locale(self.language))

    def typed(self, day: date) -> str:
        """Return *day* in the format of the form fields: 27.11.2017."""
        return f"{day.day:02}.{day.month:02}.{day.year:04}."

    def days(self, first: date, last: date) -> str:
        """Return the days from *first* to *last* in the format of lists."""
        return self.date(first) if first == last else f"{self.date(first)} – {self.date(last)}"

    def date(self, day: date | None) -> str:
        """Return *day* in the format of lists: 27.11.2017. or 27 Nov 2017."""
        if day is None:
            return self.text("date unknown")
        pattern = "dd.MM.yyyy." if self.language == "lv" else "d MMM yyyy"
        return dates.format_date(day, pattern, locale=Locale(self.language))


def interfaces() -> Mapping[str, Interface]:
    """Return the interface by language."""
    folder = Path(__file__).parent / "translations"
    return {language: Interface(language, _translations(folder / f"{language}.po")) for language in LANGUAGES}


def _translations(path: Path) -> Translations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
