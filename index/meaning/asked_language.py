"""The language in which a query is typed, where that is certain."""

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.lemmatizer import STEM
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN
from index.meaning.concept_index import ConceptIndex

_CYRILLIC = range(0x400, 0x500)
_LATVIAN_LETTERS = frozenset("āčēģīķļņšūž")
_LETTERS_MIN = 3
"""Shorter words are often words of several languages: *to*, *no*, *a*."""


def asked_language(text: str, analyzer: Analyzer, concepts: ConceptIndex) -> Language | None:
    """Return the language of which all telling words of *text* are; None if none is, or they differ.

    Cyrillic letters are Russian. Names and abbreviations are of any language: words in small letters tell.
    """
    words = (match[0] for match in TOKEN.finditer(text))
    found = {language for word in words if (language := _language_of(word, analyzer, concepts))}
    return found.pop() if len(found) == 1 else None


def _language_of(word: str, analyzer: Analyzer, concepts: ConceptIndex) -> Language | None:
    """Return the language of *word* if it is of one only."""
    if any(ord(letter) in _CYRILLIC for letter in word):
        return "ru"
    if not word.islower() or len(word) < _LETTERS_MIN:
        return None
    if not _LATVIAN_LETTERS.isdisjoint(word):
        return "lv"
    forms = analyzer.query_forms(word)
    is_latvian = (
        analyzer.is_in_dictionary(word)
        or any(not lemma.startswith(STEM) for lemma in forms.unaccented)
        or concepts.has_in("lv", forms.lemma)
    )
    # Of the stop words, those that no Latvian dictionary knows are English.
    is_english = concepts.has_in("en", forms.lemma) or (word in stop_words() and not is_latvian)
    if is_latvian == is_english:
        return None
    return "lv" if is_latvian else "en"
