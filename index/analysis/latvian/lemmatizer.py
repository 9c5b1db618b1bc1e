"""Lemmas of words, in lower case and with their diacritics."""

import re
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from index.analysis.latvian.hunspell import DICTIONARY, Lexicon, is_verb, open_lexicon
from index.analysis.latvian.letters import fold, fold_word
from index.analysis.latvian.nominative import nominative
from index.analysis.latvian.stemmer import stem

HOMOGRAPHS = Path(__file__).parent / "data" / "homographs" / "homographs-lv.tsv"
"""Written by benchmarks/homographs.py from the Latvian treebank; CC BY-SA 4.0."""

# Verbal nouns are separate words: mazināšana is not mazināt, and tikšanās is not tikties.
_VERBAL_NOUN = re.compile(r"(?<=.{3})šan(?:a|as|ai|u|ā|ām|(?P<either>ās)|(?P<reflexive>os))$")
_VERBAL_NOUN_FOLDED = re.compile(r"(?<=.{3})san(?:a|ai|u|am|(?P<either>as)|(?P<reflexive>os))$")

# Forms that the dictionary lists apart from their word, with its lemma. It knows only some forms of vajadzēt,
# so all of them get the stem vajag.
_IRREGULAR = {
    "ir": "būt",
    "nav": "būt",
    "būtu": "būt",
    "nebūtu": "būt",
    "jābūt": "būt",
    "esošs": "būt",
    "neesošs": "būt",
    "nevajag": "vajag",
    "vajadzētu": "vajag",
    "nevajadzētu": "vajag",
    "tūkt": "tūkstotis",
    "tūkstoš": "tūkstotis",
}

# The dictionary wrongly declines this pronoun like a noun: eu, ea, us.
_FORMS_OF_ES = frozenset(("es", "man", "mani", "manis", "manī"))


STEM = "~"
"""Begins the lemma of a word that the dictionary does not know: its stem, with long vowels."""
BARE_STEM = "~~"
"""Begins another lemma of such a word if its stem has long vowels: the stem without them."""


class QueryLemmas(NamedTuple):
    """The lemmas of a word in a query."""

    typed: tuple[str, ...]
    """The lemmas of the word as typed; its stem if the dictionary does not know it."""
    unaccented: tuple[str, ...]
    """Other lemmas, if some of its diacritics were not typed."""
    is_known: bool
    """Whether the dictionary knows the word as typed."""


class Lemmatizer:
    """Finds lemmas with the Hunspell dictionary at *dictionary*."""

    def __init__(self, dictionary: Path = DICTIONARY) -> None:
        self._lexicon = open_lexicon(dictionary)
        self._folded_lexicon = open_lexicon(dictionary, folded=True)
        table = _usual_lemmas()
        self._uninflected = {fold(word): word for word, lemmas in table.items() if lemmas == ("=",)}
        """By spelling without diacritics: words that the dictionary takes for a form of another one."""
        self._usual = {word: lemmas for word, lemmas in table.items() if lemmas != ("=",)}

    def of_text(self, word: str, *, is_acronym: bool = False) -> tuple[str, ...]:
        """Return the lemmas of *word* (lower case, NFC) in a text; for homographs, the usual ones.

        A word may lack its diacritics; an acronym does not.

        >>> Lemmatizer().of_text("drošības"), Lemmatizer().of_text("mazināšanas")
        (('drošība',), ('mazināšana',))
        >>> Lemmatizer().of_text("riga"), Lemmatizer().of_text("trofimovam")
        (('rīga',), ('~trofimov',))
        >>> Lemmatizer().of_text("kopā"), Lemmatizer().of_text("kopas")
        (('kopā',), ('kopa',))
        """
        if self._uninflected.get(fold_word(word)) == word:
            return (word,)
        lemmas = self.possible(word, is_acronym=is_acronym)
        usual = self._usual.get(word)
        return lemmas if usual is None else tuple(lemma for lemma in lemmas if fold(lemma) in usual) or lemmas

    def possible(self, word: str, *, is_acronym: bool = False) -> tuple[str, ...]:
        """Return all lemmas of *word* in a text, including unusual ones."""
        lemmas = self._of_spelling(word)
        if not lemmas and word.isascii() and not is_acronym:
            lemmas = self._dictionary_lemmas(word, self._folded_lexicon)
        return lemmas or _stem_lemmas(word)

    def of_query(self, word: str, *, is_capitalized: bool = False) -> QueryLemmas:
        """Return all lemmas of *word* in a query, where diacritics may be missing.

        A capitalised name of the dictionary lacks none.

        >>> Lemmatizer().of_query("tiesa")
        QueryLemmas(typed=('tiesa',), unaccented=('tiešs', 'tiesāt'), is_known=True)
        """
        uninflected = self._uninflected.get(fold(word))
        spelled = self._of_spelling(word)
        typed = (word,) if uninflected == word else spelled
        is_name = is_capitalized and any(map(self._lexicon.is_name, typed))
        may_lack_some = (word.isascii() and not is_name) or not typed
        unaccented = self._of_unaccented(word) if may_lack_some else ()
        if may_lack_some and uninflected is not None and _has_diacritics_of(word, uninflected):
            unaccented = (uninflected, *unaccented)
        if typed:
            others = tuple(lemma for lemma in unaccented if lemma not in (*typed, *spelled))
            return QueryLemmas(typed, others, is_known=True)
        stem_lemma, *bare = _stem_lemmas(word)
        # A query may lack long vowels that texts have, or have some that texts lack.
        if bare:
            unaccented += (f"{STEM}{stem(word)}",)
        elif word.isascii():
            unaccented += (f"{BARE_STEM}{stem(word)}",)
        return QueryLemmas((stem_lemma,), unaccented, is_known=False)

    def _of_spelling(self, word: str) -> tuple[str, ...]:
        """Return the lemmas of *word* as it is spelled; none if the dictionary does not know it."""
        nouns = _verbal_nouns(_VERBAL_NOUN.search(word)) if "šan" in word else ()
        return nouns or self._dictionary_lemmas(word, self._lexicon)

    def _of_unaccented(self, word: str) -> tuple[str, ...]:
        """Return the lemmas of *word* that have all its diacritics, and perhaps more."""
        folded = fold(word)
        lemmas = self._dictionary_lemmas(folded, self._folded_lexicon)
        match = _VERBAL_NOUN_FOLDED.search(folded)
        if match and any(is_verb(lemma) or fold(lemma) in _verbal_nouns(match) for lemma in lemmas):
            roots = dict.fromkeys(lemma[: match.start()] for lemma in lemmas)
            lemmas = tuple(
                noun
                for root in roots
                if fold(root) == folded[: match.start()]
                for noun in _verbal_nouns(match, root)
            )
        return tuple(lemma for lemma in lemmas if _has_diacritics_of(word, lemma))

    def accented_beginning(self, word: str) -> str:
        """Return the common beginning of all forms of *word*, up to its last diacritic, or "".

        The ž of brieža does not count, because other forms lack it.

        >>> [Lemmatizer().accented_beginning(word) for word in ("ēnas", "pārmaiņām", "brieža")]
        ['ē', 'pārmaiņ', '']
        """
        lemmas = [lemma.lower() for lemma in self._lexicon.lemmas(word)] or [word[: len(stem(word)) - 1]]
        common = "".join(letters[0] for letters in takewhile(_are_equal, zip(word, *lemmas, strict=False)))
        length = max((at for at, letter in enumerate(common, 1) if not letter.isascii()), default=0)
        return common[:length]

    def nominative(self, name: str) -> str:
        """Return *name* in the nominative, or unchanged if that is uncertain."""
        return nominative(name, self._lexicon)

    def is_in_dictionary(self, word: str) -> bool:
        """Return whether *word* (lower case) is a form in the dictionary."""
        return bool(self._lexicon.lemmas(word))

    def is_name(self, word: str) -> bool:
        """Return whether *word* (lower case) is a form of a name in the dictionary."""
        return any(map(self._lexicon.is_name, self._lexicon.lemmas(word)))

    def _dictionary_lemmas(self, word: str, lexicon: Lexicon) -> tuple[str, ...]:
        lemmas_of_dictionary = lexicon.lemmas(word)
        if not lemmas_of_dictionary:
            return ()
        lemmas = [lemma for lemma in lemmas_of_dictionary if lemma != "es" or word in _FORMS_OF_ES]
        if word.endswith("tos"):  # gribētos: the dictionary lacks most reflexive conditionals
            lemmas.extend(f"{lemma}ies" for lemma in lemmas if fold(word).endswith(f"{fold(lemma)}os"))
        lemmas.extend(_IRREGULAR[lemma] for lemma in lemmas if lemma in _IRREGULAR)
        return tuple(dict.fromkeys(lemmas))


def _verbal_nouns(match: re.Match[str] | None, root: str = "") -> tuple[str, ...]:
    """Return the lemmas of a verbal noun; *root* is what comes before its suffix, as it is spelled."""
    if not match:
        return ()
    root = root or match.string[: match.start()]
    if match["either"]:  # vēlēšanās, tikšanās
        return f"{root}šana", f"{root}šanās"
    return (f"{root}šanās",) if match["reflexive"] else (f"{root}šana",)


def _has_diacritics_of(word: str, lemma: str) -> bool:
    """Return whether *lemma* has every diacritic of *word*, up to the first letter in which they differ."""
    for letter, other in zip(word, lemma, strict=False):
        if fold(letter) != fold(other):
            return True
        if not letter.isascii() and letter != other:
            return False
    return True


_SHORT_VOWELS = dict(zip("āēīōū", "aeiou", strict=True))
"""The short vowel of each long one."""


def _stem_lemmas(word: str) -> tuple[str, ...]:
    """Return the lemmas of an unknown *word*: its stem with long vowels, and if it has some, without.

    Declension may change consonants, but never long vowels.

    >>> _stem_lemmas("kariņam"), _stem_lemmas("karīnai")
    (('~karin',), ('~karīn', '~~karin'))
    """
    stemmed = stem(word)
    if _SHORT_VOWELS.keys().isdisjoint(word):
        return (STEM + stemmed,)
    folded = fold_word(word)
    start = max(0, folded.find(stemmed[:2]))
    letters = (
        letter if _SHORT_VOWELS.get(letter) == plain else plain
        for letter, plain in zip(word[start:], stemmed, strict=False)
    )
    spelled = "".join(letters)
    if spelled == stemmed[: len(spelled)]:
        return (STEM + stemmed,)
    return STEM + spelled + stemmed[len(spelled) :], BARE_STEM + stemmed


def _are_equal(letters: tuple[str, ...]) -> bool:
    return len(set(letters)) == 1


def _usual_lemmas() -> dict[str, tuple[str, ...]]:
    """Return the usual lemmas of each form that has other, very rare lemmas in the dictionary."""
    lines = HOMOGRAPHS.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {form: tuple(lemmas.split()) for form, lemmas in rows}
