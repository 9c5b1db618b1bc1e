"""Lemmas of words, without diacritics."""

import re
from itertools import takewhile
from pathlib import Path

from index.analysis.latvian.hunspell import DICTIONARY, Lexicon, is_verb, open_lexicon
from index.analysis.latvian.letters import fold
from index.analysis.latvian.nominative import nominative
from index.analysis.latvian.stemmer import stem

HOMOGRAPHS = Path(__file__).parent / "data" / "homographs" / "homographs-lv.tsv"
"""Written by benchmarks/homographs.py from the Latvian treebank; CC BY-SA 4.0."""

# Verbal nouns are separate words: mazināšana is not mazināt, and tikšanās is not tikties.
_VERBAL_NOUN = re.compile(r"(?<=.{3})šan(?:a|as|ai|u|ā|ām|(?P<either>ās)|(?P<reflexive>os))$")
_VERBAL_NOUN_FOLDED = re.compile(r"(?<=.{3})san(?:a|ai|u|am|(?P<either>as)|(?P<reflexive>os))$")

# Forms that the dictionary lists apart from their word; folded lemma -> lemma of the word. It knows only some
# forms of vajadzēt, so all of them get the stem vajag.
_IRREGULAR = {
    "ir": "but",
    "nav": "but",
    "butu": "but",
    "nebutu": "but",
    "jabut": "but",
    "esoss": "but",
    "neesoss": "but",
    "nevajag": "vajag",
    "vajadzetu": "vajag",
    "nevajadzetu": "vajag",
    "tukt": "tukstotis",
    "tukstos": "tukstotis",
}

# The dictionary wrongly declines this pronoun like a noun: eu, ea, us.
_FORMS_OF_ES = frozenset(("es", "man", "mani", "manis", "manī"))


class Lemmatizer:
    """Finds lemmas with the Hunspell dictionary at *dictionary*; the lemma of an unknown word is its stem."""

    def __init__(self, dictionary: Path = DICTIONARY) -> None:
        self._lexicon = open_lexicon(dictionary)
        self._folded_lexicon = open_lexicon(dictionary, folded=True)
        self._usual = _usual_lemmas()

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the lemmas of *word* (lower case, NFC) in a text; for homographs, the usual ones.

        >>> Lemmatizer().of_text("drošības"), Lemmatizer().of_text("mazināšanas")
        (('drosiba',), ('mazinasana',))
        """
        lemmas = self.possible(word)
        usual = self._usual.get(word)
        return lemmas if usual is None else tuple(lemma for lemma in lemmas if lemma in usual) or lemmas

    def possible(self, word: str) -> tuple[str, ...]:
        """Return all lemmas of *word* in a text, including unusual ones."""
        nouns = _verbal_nouns(_VERBAL_NOUN.search(word)) if "šan" in word else ()
        if nouns:
            return nouns
        lemmas = self._dictionary_lemmas(word, self._lexicon)
        if not lemmas and word.isascii():
            lemmas = self._dictionary_lemmas(word, self._folded_lexicon)
        return lemmas or (stem(word),)

    def of_query(self, word: str) -> tuple[str, ...]:
        """Return all lemmas of *word* in a query, where diacritics may be missing.

        >>> Lemmatizer().of_query("drosibai")
        ('drosiba',)
        """
        if not word.isascii():
            return self.possible(word)
        folded = self._dictionary_lemmas(word, self._folded_lexicon)
        nouns = _verbal_nouns(_VERBAL_NOUN_FOLDED.search(word))
        if nouns and (not folded or any(lemma in nouns or is_verb(lemma) for lemma in folded)):
            return nouns
        return tuple(dict.fromkeys((*self._dictionary_lemmas(word, self._lexicon), *folded))) or (stem(word),)

    def accented(self, word: str) -> str:
        """Return the common beginning of all forms of *word*, up to its last diacritic, or "".

        The ž of brieža does not count, because other forms lack it.

        >>> [Lemmatizer().accented(word) for word in ("ēnas", "pārmaiņām", "brieža")]
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

    def _dictionary_lemmas(self, word: str, lexicon: Lexicon) -> tuple[str, ...]:
        lemmas_of_dictionary = lexicon.lemmas(word)
        if not lemmas_of_dictionary:
            return ()
        lemmas = [fold(lemma) for lemma in lemmas_of_dictionary if lemma != "es" or word in _FORMS_OF_ES]
        if word.endswith("tos"):  # gribētos: the dictionary lacks most reflexive conditionals
            lemmas.extend(f"{lemma}ies" for lemma in lemmas if fold(word).endswith(f"{lemma}os"))
        lemmas.extend(_IRREGULAR[lemma] for lemma in lemmas if lemma in _IRREGULAR)
        return tuple(dict.fromkeys(lemmas))


def _verbal_nouns(match: re.Match[str] | None) -> tuple[str, ...]:
    if not match:
        return ()
    root = fold(match.string[: match.start()])
    if match["either"]:  # vēlēšanās, tikšanās
        return f"{root}sana", f"{root}sanas"
    return (f"{root}sanas",) if match["reflexive"] else (f"{root}sana",)


def _are_equal(letters: tuple[str, ...]) -> bool:
    return len(set(letters)) == 1


def _usual_lemmas() -> dict[str, tuple[str, ...]]:
    """Return the usual lemmas of each form that has other, very rare lemmas in the dictionary."""
    lines = HOMOGRAPHS.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {form: tuple(lemmas.split()) for form, lemmas in rows}
