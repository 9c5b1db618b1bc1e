"""How specific is what a query asks for? By the frequency of its words in ordinary language."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from index.query.ast import AllOf, AnyOf, Clause, MostOf, Phrase, Related, Word

WORDS = Path(__file__).parent / "data" / "ordinary" / "words.tsv"
"""Written by benchmarks/ordinary_words.py; CC BY-SA 4.0, with its licence beside it."""
ZIPF_MIN = 4.0
"""Rarer words are not listed. A Zipf value is the logarithm of the occurrences per 1,000 million words."""
# From this frequency on, a word says too little to stand for another: valsts, gads, būt.
_COMMON = 6.3
# A word says _MOST less its Zipf value, but at least _LEAST; one that is not listed counts as _RARE. So none
# weighs more than 13 times as much as another.
_RARE, _MOST = 3.8, 7.0
_LEAST = 0.25
# A year says as much as the commonest of the table, whose texts are older than most releases.
_YEAR = 5.3
_IS_YEAR = re.compile(r"(19|20)\d\d").fullmatch


@cache
def zipfs() -> Mapping[str, float]:
    """Return the Zipf values of the lemmas of ordinary language."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {lemma: int(tenths) / 10 for lemma, tenths in rows}


def is_common(lemma: str) -> bool:
    """Return whether *lemma* says nothing by itself: one of the commonest words, or a number.

    >>> is_common("valsts"), is_common("2"), is_common("robeža")
    (True, True, False)
    """
    return lemma.isdigit() or zipfs().get(lemma, 0) >= _COMMON


def specificity(clause: Clause) -> float:
    """Return how much *clause* says: 0.25 for the commonest word, 3.2 for a rare one, for phrases their sum.

    Initials and the like say nothing; related words do not change what a word says.
    """
    match clause:
        case Word(scored=False):
            return 0
        case Word():
            return max(_LEAST, _MOST - max(map(_zipf, _terms(clause))))
        case Phrase(words=parts) | AllOf(clauses=parts):
            return sum(map(specificity, parts))
        case AnyOf(clauses=parts) | MostOf(clauses=parts):
            typed: Sequence[Clause] = [part for part in parts if not isinstance(part, Related)]
            return max(map(specificity, typed), default=_LEAST)
    return _MOST - _RARE


def _terms(word: Word) -> Sequence[str]:
    """Return what *word* may be: an abbreviation, else its lemmas, else the word as typed."""
    return (word.acronym,) if word.acronym else word.lemmas or (word.text.lower(),)


def _zipf(lemma: str) -> float:
    return _YEAR if _IS_YEAR(lemma) else zipfs().get(lemma, _RARE)
