"""Where a text may name a time: the words and figures without which it names none."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from crawler.config import Language
from index.mentions.annotated_text import AnnotatedText
from index.query.times.lexicon import TimeLexicon

_NAMING = frozenset(
    "MONTH THEN NEXT SEASON THIS_SEASON WEEKDAY ON_DAY QUARTER HALF_YEAR WEEKEND TURN TURN_OF_YEARS".split()
)
"""Kinds of words of which one is in each time to come, besides units and figures."""
_UNITS: Mapping[Language, frozenset[str]] = MappingProxyType(
    {
        # A Latvian unit names a time only with another word: `šajā gadā`, `gada beigās`.
        "lv": frozenset(("gada", "gadu", "mēneša", "nedēļas", "šajā", "šai", "aprīļa", "aprīļu")),
        "en": frozenset(("year", "month", "week", "half")),
        "ru": frozenset(("год", "года", "году", "годом", "месяца", "месяце", "недели", "неделе")),
    }
)
_FIGURES = re.compile(
    r"\d(?:\.[ \u00a0]?(?P<ordinal>[^\W\d]+)|\.\d{1,2}\.|[–/-]\d|\d{3,}(?:[\s,;]*(?P<after>[^\W\d_]+))?)"
)
_YEAR = re.compile(r"(?:19|20|21)\d\d(?!\d)")


@lru_cache(8)
def _naming_words(language: Language, lexicon: TimeLexicon) -> frozenset[str]:
    past = (word for word in lexicon.words_of({"THEN"}) if _is_past(lexicon.value(word, "THEN")))
    return (lexicon.words_of(_NAMING) | _UNITS[language]) - frozenset(past)


def _is_past(offset: object) -> bool:
    return isinstance(offset, tuple) and offset[1] < 0


def find_hints(annotated: AnnotatedText, lexicon: TimeLexicon) -> list[int]:
    """Return the places of such words and figures in order; *lexicon* has the words of that language."""
    words = (word.start for word in annotated.places_of(_naming_words(annotated.language, lexicon)))
    figures = (match.start() for match in _FIGURES.finditer(annotated.text) if _names_time(match, lexicon))
    return sorted((*words, *figures))


def _names_time(figures: re.Match[str], lexicon: TimeLexicon) -> bool:
    """Return whether *figures* may name a time: not `5. vieta`, nor `1500 vietas`."""
    word = figures["ordinal"] or figures["after"]
    if word is None:
        return not figures[0].isdecimal() or _YEAR.match(figures[0]) is not None
    if lexicon.is_known(word):
        return True
    return figures["after"] is not None and _YEAR.match(figures[0]) is not None
