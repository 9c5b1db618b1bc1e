"""Every dictionary form a word may have, without diacritics: what the index and a query are matched by."""

import re
from pathlib import Path

from index.latvian.letters import fold
from index.latvian.lexicon import DICTIONARY, Lexicon
from index.latvian.stemmer import stem

# The nouns of verbs keep their own lemma: mazināšana is not mazināt.
_VERBAL_NOUN = re.compile(r"(?<=.{3})šan(?:a|as|ai|u|ā|ām|ās)$")
_VERBAL_NOUN_FOLDED = re.compile(r"(?<=.{3})san(?:a|as|ai|u|am)$")


class Lemmatizer:
    """Lemmas by the Hunspell dictionary at *dictionary*; a word it does not know gets its stem."""

    def __init__(self, dictionary: Path = DICTIONARY) -> None:
        self._lexicon = Lexicon(dictionary)
        self._folded_lexicon = Lexicon(dictionary, folded=True)

    def of_text(self, word: str) -> tuple[str, ...]:
        """Return the lemmas of *word*, lower case and NFC, as a text holds it.

        >>> Lemmatizer().of_text("drošības"), Lemmatizer().of_text("mazināšanas")
        (('drosiba',), ('mazinasana',))
        """
        if _VERBAL_NOUN.search(word):
            return (fold(_VERBAL_NOUN.sub("šana", word)),)
        lemmas = self._lexicon.lemmas(word)
        if lemmas:
            return tuple(dict.fromkeys(map(fold, lemmas)))
        return (word.isascii() and self._folded_lexicon.lemmas(word)) or (stem(word),)

    def of_query(self, word: str) -> tuple[str, ...]:
        """Return the lemmas of *word* as it is typed, perhaps without its diacritics.

        >>> Lemmatizer().of_query("drosibai")
        ('drosiba',)
        """
        if not word.isascii():
            return self.of_text(word)
        folded = self._folded_lexicon.lemmas(word)
        if _VERBAL_NOUN_FOLDED.search(word) and any(lemma.endswith("t") for lemma in folded):
            return (_VERBAL_NOUN_FOLDED.sub("sana", word),)
        lemmas = (*map(fold, self._lexicon.lemmas(word)), *folded)
        return tuple(dict.fromkeys(lemmas)) or (stem(word),)
