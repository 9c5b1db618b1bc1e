"""Baselines for our analysis: Lucene's Latvian chain, and no stemming.

The rules are those of Lucene's LatvianStemmer (after K. Kreslins, PhD thesis, 1996): nouns and adjectives, no
folding. Tokens and stop words are ours, which favours Lucene: its tokenizer reads `D.Trofimovs` as one word.
"""

from collections.abc import Callable

from crawler.config import Language
from index.analysis import Analyzer, Forms, QueryForms
from index.analysis.forms import pack
from index.analysis.latvian.tokenizer import read

_VOWELS = frozenset("aāeēiīouū")
# Longest first: the first ending that fits is removed.
_ENDINGS = (
    # ending, vowels required besides its own, palatalizes
    ("ajiem", 3, False), ("ajai", 3, False), ("ajam", 2, False), ("ajām", 2, False), ("ajos", 2, False),
    ("ajās", 2, False), ("iem", 2, True), ("ajā", 2, False), ("ais", 2, False), ("ai", 2, False),
    ("ei", 2, False), ("ām", 1, False), ("am", 1, False), ("ēm", 1, False), ("īm", 1, False),
    ("im", 1, False), ("um", 1, False), ("us", 1, True), ("as", 1, False), ("ās", 1, False),
    ("es", 1, False), ("os", 1, True), ("ij", 1, False), ("īs", 1, False), ("ēs", 1, False),
    ("is", 1, False), ("ie", 1, False), ("u", 1, True), ("a", 1, True), ("i", 1, True), ("e", 1, False),
    ("ā", 1, False), ("ē", 1, False), ("ī", 1, False), ("ū", 1, False), ("o", 1, False), ("s", 0, False),
    ("š", 0, False),
)  # fmt: skip
_GENITIVE = (("kš", "kst"), ("ņņ", "nn"))
_SOFT = (
    ("pj", "p"), ("bj", "b"), ("mj", "m"), ("vj", "v"), ("šņ", "sn"), ("žņ", "zn"), ("šļ", "sl"),
    ("žļ", "zl"), ("ļņ", "ln"), ("ļļ", "ll"), ("č", "c"), ("ļ", "l"), ("ņ", "n"),
)  # fmt: skip


def stem(word: str) -> str:
    """Return Lucene's stem of *word*, which is in lower case.

    >>> [stem(word) for word in ("ministrijas", "lāčiem", "pūšu", "drošību")]
    ['ministrij', 'lāc', 'pūš', 'drošīb']
    """
    vowels = sum(letter in _VOWELS for letter in word)
    for ending, least, palatalizes in _ENDINGS:
        if vowels > least and len(word) >= len(ending) + 3 and word.endswith(ending):
            rest = word.removesuffix(ending)
            return _harden(rest, ending) if palatalizes else rest
    return word


def _harden(rest: str, ending: str) -> str:
    rules = (*_GENITIVE, *_SOFT) if ending == "u" else _SOFT
    return next((rest.removesuffix(soft) + hard for soft, hard in rules if rest.endswith(soft)), rest)


class OneTermAnalyzer(Analyzer):
    """Maps every word to a single term, which *of* returns, in all fields."""

    def __init__(self, of: Callable[[str], str]) -> None:
        super().__init__()
        self._of = of

    def fingerprint(self) -> str:
        """Return what tells this analysis from ours and from other stems: what ours made must not be used."""
        return f"{super().fingerprint()} {self._of.__qualname__}"

    def query_forms(self, word: str) -> QueryForms:
        """Return the term of *word*."""
        terms = tuple(map(self._of, read(word).terms[:1]))
        return QueryForms(lemma=terms, stem=terms, exact=terms, fold=terms)

    def _look_up(self, language: Language, word: str) -> bytes:  # noqa: ARG002  # one chain for all languages
        return pack(self._all(tuple(map(self._of, read(word).terms))).terms)

    def _all(self, terms: tuple[str, ...]) -> Forms:
        return Forms(terms, terms, terms, terms)
