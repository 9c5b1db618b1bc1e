"""Short names of institutions, for the filter `ministrija:`: their acronyms, and the ids of their sites."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from index.analysis.latvian.letters import fold
from index.indexing.abbreviations import name_key


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
