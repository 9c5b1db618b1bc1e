"""What else names an institution: its names in other languages, its acronyms, and the ids of its sites."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from index.analysis.latvian.letters import fold
from index.indexing.abbreviations import name_key
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


def short_names(
    names: Sequence[str], *, expansions: Mapping[str, Sequence[str]], sites: Mapping[str, str]
) -> Mapping[str, Sequence[str]]:
    """Return the institutions among *names* that each acronym or id means, in lower case.

    A folded acronym (`am` for `ĀM`) means them too, unless it is another acronym.

    *expansions* are the full names of abbreviations, in any case; *sites* is the institution of each site.

    >>> short_names(["Finanšu ministrija"], expansions={"FM": ["Finanšu ministrijas"]}, sites={"vid": "VID"})
    {'fm': ['Finanšu ministrija']}
    """
    by_key: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_key[name_key(name)].append(name)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for short, longs in expansions.items():
        for long in longs:
            found[short.lower()].update(dict.fromkeys(by_key.get(name_key(long), ())))
    for site, name in sites.items():
        if name in names:
            found[site][name] = None
    exact = {short: list(meant) for short, meant in found.items() if meant}
    return {fold(short): meant for short, meant in exact.items()} | exact
