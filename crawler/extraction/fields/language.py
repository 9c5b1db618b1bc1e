"""Detects Latvian, English and Russian."""

import re
from urllib.parse import urlsplit

from crawler.config import Language

# Number of characters read; more would only take time.
READ_CHARS = 500
# A shorter text is a name or number as often as a sentence.
ENOUGH_LETTERS = 60
# A lead of one word may be a name in another language.
SURE_WORDS = 2

_CYRILLIC = re.compile("[а-я]")
_WORD = re.compile(r"[^\W\d_]+")
# Function words. A model of a hundred languages was no more accurate on the sentences of FLORES, and took 90
# MB per process.
_LATVIAN = frozenset(
    "aiz ap ar arī bet bez bija būs būt caur dēļ es gada gadā gadu gan ir ja jau jo kad kas kā ko ka kura"
    " kurā kuri kurš lai latvijas līdz ļoti mēs nav ne no notiks par pēc pie pirms pret savu sava starp šī šo"
    " tas tā tie to tiek tika tikai un uz vai vairāk valsts viņa viņi viņš".split()
)
_LATVIAN_LETTERS = frozenset("āčēģīķļņšūž")
_ENGLISH = frozenset(
    "a all also an and are as at be been by can for from had has have he i in is it its more not of on or our"
    " she than that the their they this to was we were which who will with would you".split()
)


def language_of(text: str, *, declared: Language | None = None) -> Language:
    """Return the language of *text*; the *declared* one if the text is short or ambiguous.

    >>> language_of("Министерство внутренних дел")
    'ru'
    """
    beginning = text[:READ_CHARS].lower()
    letters = sum(map(str.isalpha, beginning))
    if len(_CYRILLIC.findall(beginning)) * 2 > letters:
        return "ru"
    if letters < ENOUGH_LETTERS and declared:
        return declared
    words = _WORD.findall(beginning)
    latvian = sum(word in _LATVIAN or not _LATVIAN_LETTERS.isdisjoint(word) for word in words)
    english = sum(word in _ENGLISH for word in words)
    if abs(latvian - english) < SURE_WORDS and declared:
        return declared
    return "en" if english > latvian else "lv"


def declared_language(url: str, html_lang: str | None) -> Language | None:
    """Return the language that a page declares by its URL (``/en/…``), else by its ``lang`` attribute."""
    for tag in (*urlsplit(url).path.lower().split("/")[1:3], (html_lang or "").lower()[:2]):
        for language, spellings in _TAGS.items():
            if tag in spellings:
                return language
    return None


_TAGS: dict[Language, tuple[str, ...]] = {
    "lv": ("lv", "lat"),
    "en": ("en", "eng"),
    "ru": ("ru", "rus"),
}
