"""The names of public bodies in the languages of the pages, of those that we know."""

from collections.abc import Mapping
from functools import cache

from index.mentions.bodies import BODIES, read_bodies
from index.mentions.inflected_names import nominative_of

FILTERS_BY_INSTITUTION = ("ministry", "mentions")
"""The filters whose values are institutions."""
_LANGUAGES = ("lv", "en", "ru")
"""Of the columns of the names, in order."""


@cache
def institution_names() -> Mapping[str, Mapping[str, str]]:
    """Return the names by language, by the Latvian name.

    >>> institution_names()["Finanšu ministrija"]["en"]
    'Ministry of Finance'
    """
    rows = read_bodies(BODIES.read_text(encoding="utf-8"))
    named = (tuple(map(nominative_of, row.names)) for row in rows)
    return {names[0]: dict(zip(_LANGUAGES, names, strict=False)) for names in named}


def translated_names(names: tuple[str, ...]) -> Mapping[str, str]:
    """Return the institution among *names* that each of its names in other languages means."""
    known = institution_names()
    return {
        other: name for name in names for language, other in known.get(name, {}).items() if language != "lv"
    }
