"""Words that an edit only spelled otherwise: a typing error mended or made."""

import re
from collections.abc import Sequence

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.edits.fact_words import (
    DAY_NAME,
    MODALS,
    MONEY,
    MONTH,
    MULTIPLIERS,
    NEGATIONS,
    NUMBER_WORDS,
    PERCENT,
    conditionals,
)

_SHORTEST = 5
_TELLING = NEGATIONS | MODALS | frozenset(NUMBER_WORDS)
_UNIT = re.compile("|".join((MONTH, DAY_NAME, *(words for words, _ in MULTIPLIERS), PERCENT, MONEY)))


def is_respelled(older: str, newer: str, analyzer: Analyzer) -> bool:
    """Return whether two words are one, spelled otherwise.

    One letter may be missing, doubled, swapped with the next or, unless in a name, another; words of a
    dictionary are other words, unless a slip of the pen turned a number, a month or the like into one.

    >>> from index.analysis import default_analyzer
    >>> analyzer = default_analyzer()
    >>> is_respelled("ministija", "ministrija", analyzer), is_respelled("Anna", "Inna", analyzer)
    (True, False)
    """
    one, other = older.lower(), newer.lower()
    if one == other:
        return True
    if _TELLING.issuperset((one, other)) or any(map(str.isdigit, one + other)):
        return False
    is_known, is_other_known = (word in _TELLING or analyzer.is_in_dictionary(word) for word in (one, other))
    if is_known and is_other_known:
        return _is_one_word(one, other, analyzer) or _is_slip(one, other, analyzer)
    if fold(one) == fold(other):
        return True
    if min(len(one), len(other)) < _SHORTEST - 1 or not _are_one_step_apart(one, other):
        return False
    is_name = older[0].isupper() and newer[0].isupper()
    return not (is_name and len(one) == len(other) and sorted(one) != sorted(other))


def _is_one_word(one: str, other: str, analyzer: Analyzer) -> bool:
    """Return whether two words of the dictionary are one but for diacritics, or a letter lost after *ne-*."""
    lemmas, others = _lemmas(one, analyzer), _lemmas(other, analyzer)
    if len(one) == len(other) or not _are_one_step_apart(one, other):
        return fold(one) == fold(other) and not lemmas.isdisjoint(others)
    return one[:2] == other[:2] == "ne" and _is_denial(one, lemmas) is not _is_denial(other, others)


def _is_slip(one: str, other: str, analyzer: Analyzer) -> bool:
    """Return whether a letter too few, too many or misplaced made another word of one that tells a fact.

    Two facts are two facts: *piecas* is not *sešas*, nor *jūnijs* *jūlijs*; but a denial stays one. With a
    letter less, *liktu* (would) is *liku* (I did): no edit turns one into the other, but a slip does.
    """
    is_other_letter = len(one) == len(other) and sorted(one) != sorted(other)
    if is_other_letter or min(len(one), len(other)) < _SHORTEST - 1 or not _are_one_step_apart(one, other):
        return False
    lemmas, others = _lemmas(one, analyzer), _lemmas(other, analyzer)
    if not lemmas.isdisjoint(others):
        return _is_conditional(one, lemmas) is not _is_conditional(other, others) and _end_alike(one, other)
    if _is_denial(one, lemmas) and _is_denial(other, others):
        return True
    return _tells(one, lemmas) is not _tells(other, others)


def _tells(word: str, lemmas: frozenset[str]) -> bool:
    """Return whether a word is a number, a unit, a month, a day, or says what may, must or would be."""
    is_listed = not _TELLING.isdisjoint((word, *lemmas)) or _UNIT.fullmatch(word) is not None
    return is_listed or _is_conditional(word, lemmas)


def _is_conditional(word: str, lemmas: frozenset[str]) -> bool:
    return any(map(word.endswith, conditionals(lemmas)))


def _end_alike(one: str, other: str) -> bool:
    """Return whether both have the ending of a conditional, which is that of *I* as well."""
    return any(one.endswith(ending) and other.endswith(ending) for ending in ("u", "os"))


def _is_denial(word: str, lemmas: frozenset[str]) -> bool:
    """Return whether *word* is a verb with *ne-*, as *neaudz* is, which lost a letter of *nedaudz*."""
    return word.startswith("ne") and not any(lemma.lstrip("~^").startswith("ne") for lemma in lemmas)


def _lemmas(word: str, analyzer: Analyzer) -> frozenset[str]:
    return frozenset(analyzer.forms(word).lemma)


def _are_one_step_apart(one: str, other: str) -> bool:
    """Return whether one letter is added, removed, replaced, or swapped with the next."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = _common(one, other)
    end = _common(one[start:][::-1], other[start:][::-1])
    mine, theirs = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(mine), len(theirs)) <= 1 or (len(mine) == len(theirs) == 2 and mine == theirs[::-1])


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the common beginning."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
