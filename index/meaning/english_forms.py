"""The regular forms of an English word, which match it alone: a stem would match other words, too."""

import re
from functools import lru_cache

_SIBILANT = re.compile(r"(s|x|z|ch|sh)$").search
_CONSONANT_Y = re.compile(r"[^aeiou]y$").search
_VERB_ENDING = re.compile(r"(ed|ing)$")
_DOUBLED = re.compile(r"([bdfglmnprstz])\1$")
_ROOT_MIN = 2


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


@lru_cache(10_000)
def english_bases(word: str) -> frozenset[str]:
    """Return what *word* may be a regular form of, itself included; some may not exist.

    >>> sorted(english_bases("planned"))
    ['plan', 'plann', 'planne', 'planned']
    >>> sorted(english_bases("policies"))
    ['policie', 'policies', 'policy']
    """
    word = word.lower().replace("-", "")
    bases = {word}
    if word.endswith(("ies", "ied")):
        bases |= {f"{word[:-3]}y", word[:-1]}
    elif word.endswith("s") and not word.endswith("ss"):
        bases |= {word[:-1]} | ({word[:-2]} if word.endswith("es") and _SIBILANT(word[:-2]) else set())
    elif (root := _VERB_ENDING.sub("", word)) != word and len(root) >= _ROOT_MIN:
        bases |= {root, f"{root}e", _DOUBLED.sub(r"\1", root)}
    return frozenset(bases)
