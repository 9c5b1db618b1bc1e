"""The regular forms of an English word, which match it alone: a stem would match other words, too."""

import re
from functools import lru_cache

_SIBILANT = re.compile(r"(s|x|z|ch|sh)$").search
_CONSONANT_Y = re.compile(r"[^aeiou]y$").search


@lru_cache(10_000)
def english_forms(word: str) -> tuple[str, ...]:
    """Return *word* in lower case with its plural and the forms of a regular verb; some may not exist.

    A compound is one word, as in the index.

    >>> english_forms("Hospital")
    ('hospital', 'hospitaled', 'hospitaling', 'hospitals')
    >>> english_forms("subsidy")
    ('subsidied', 'subsidies', 'subsidy', 'subsidying')
    >>> english_forms("e-bus")
    ('ebus', 'ebused', 'ebuses', 'ebusing')
    """
    word = word.lower().replace("-", "")
    if _CONSONANT_Y(word):
        forms = {f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing"}
    elif word.endswith("e"):
        forms = {f"{word}s", f"{word}d", f"{word[:-1]}ing"}
    else:
        forms = {f"{word}{'es' if _SIBILANT(word) else 's'}", f"{word}ed", f"{word}ing"}
    return tuple(sorted({word, *forms}))
