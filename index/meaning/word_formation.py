"""Word formation: what an unknown Latvian word may be formed from, as a compound or a derived word."""

from collections.abc import Iterator, Sequence

from index.analysis.latvian.lemmatizer import STEM
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stemmer import stem

# Each verb may have a word with each of these endings, the longest first: peldēt, peldēšana, peldētājs.
_OF_VERBS = ("šanās", "šana", "tājs", "tāja", "jums", "ties", "t")
# Likewise nouns and adjectives: pārvalde, pārvaldnieks; arods, arodnieks, arodniecība.
_OF_NOUNS = ("niecība", "nieks", "niece", "isks", "ība")
_NOUN_ENDINGS = ("a", "e", "s", "is", "ija", "ika")
# Agents of the first conjugation have the consonant of the present tense: braucējs, braukt.
_AGENTS = ("ējs", "ēja")
_SOFTENED = {"c": "k", "dz": "g"}

# No longer word is formed from two that are listed. Strangers send longer ones, with as many ends as letters.
_CHARS_MAX = 60
_ROOT_MIN = 4
_HEAD_MIN, _TAIL_MIN, _STEM_TAIL_MIN = 3, 6, 5
_SUFFIXES = ("ēšana", "ošana", "īšana", "šanās", "ējums", "ājums", "ināšana")
"""The ends of derived words that are words too, ēšana (eating), or look like compounds."""


def base_words(lemma: str) -> Iterator[str]:
    """Yield what *lemma* may be formed from, likeliest first; most are no words, and must be looked up.

    >>> list(base_words("peldētājs"))[:3]
    ['peldēt', 'peldēties', 'peldējums']
    >>> "satiksme" in base_words("aviosatiksme")
    True

    Of a word that the dictionary does not know, the lemma is a stem, and so is what is yielded.

    >>> list(base_words("~kalnbezdarbniek"))[1]
    '~bezdarbniek'
    """
    if len(lemma) > _CHARS_MAX:
        return
    if lemma.startswith(STEM):
        yield from (STEM + tail for tail in _tails(fold(lemma.lstrip(STEM)), _STEM_TAIL_MIN))
        return
    yield from _derived(lemma, _OF_VERBS, _OF_VERBS[::-1])
    yield from _derived(lemma, _OF_NOUNS, (*_NOUN_ENDINGS, *_OF_NOUNS))
    for root in _roots(lemma, _AGENTS):
        yield f"{root}t"
        yield from (
            f"{root.removesuffix(soft)}{hard}t" for soft, hard in _SOFTENED.items() if root.endswith(soft)
        )
    yield from (tail for tail in _tails(lemma, _TAIL_MIN) if not tail.startswith(_SUFFIXES))


def _tails(word: str, chars_min: int) -> Iterator[str]:
    """Yield the ends of *word* that may be the second part of a compound, longest first."""
    return (word[start:] for start in range(_HEAD_MIN, len(word) - chars_min + 1))


def stem_lemma(word: str) -> str:
    """Return what `base_words` yields of an unknown compound that ends in a form of *word*."""
    return STEM + stem(word)


def _derived(lemma: str, endings: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    for root in _roots(lemma, endings):
        yield from (root + other for other in others if root + other != lemma)


def _roots(lemma: str, endings: Sequence[str]) -> Iterator[str]:
    """Yield *lemma* without the first of *endings* that it has."""
    for ending in endings:
        if lemma.endswith(ending) and len(lemma) - len(ending) >= _ROOT_MIN:
            yield lemma.removesuffix(ending)
            return
