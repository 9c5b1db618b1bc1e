"""The terms of a word: in a text of a given language, and in a query."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import chain
from pathlib import Path

import snowballstemmer

from crawler.config import Language
from index.analysis.forms import FieldTerms, QueryForms, Terms, unpack
from index.analysis.latvian.lemmatizer import STEM, Lemmatizer
from index.analysis.latvian.letters import fold, fold_word
from index.analysis.latvian.stemmer import stem
from index.analysis.latvian.tokenizer import TokenKind, acronym, clean, read

_CYRILLIC = re.compile("[а-яё]")
# A Latvian name in an English text may be queried in any case: Uldim finds Uldis. Names are rarely shorter.
_MAY_BE_NAME = re.compile("[A-Z][a-z]{3,}").fullmatch
# Longer ones in capitals are ordinary words, unless the dictionary knows them: VARAM is not the verb.
_SHORT_ACRONYM = 3


class WordTerms:
    """Finds the terms of words with the Hunspell dictionary at *dictionary*.

    *peek* returns the packed terms of a recently analysed word, else None.
    """

    def __init__(self, dictionary: Path, peek: Callable[[Language, str], bytes | None]) -> None:
        self._dictionary = dictionary
        self._peek = peek
        self.lemmatizer = Lemmatizer(dictionary)  # at once, so that a bad dictionary fails early

    @cached_property
    def lemmatizer(self) -> Lemmatizer:
        """The lemmatizer; loaded again after ``release``."""
        return Lemmatizer(self._dictionary)

    def release(self) -> None:
        """Free the memory of the dictionary until it is needed again."""
        self.__dict__.pop("lemmatizer", None)

    def in_text(self, language: Language, word: str) -> FieldTerms:
        """Return the terms of *word* in a text in *language*."""
        kind, terms = read(word)
        if kind not in ("word", "compound"):
            return _terms_without_inflection(kind, terms)
        mark = _acronym_marks(word)
        if kind == "word":
            lemmas, stems = self._lemmas_and_stems(terms[0], language, is_acronym=bool(mark))
            if language == "en" and _MAY_BE_NAME(word):
                lemmas = _unique(lemmas, self.lemmatizer.of_text(terms[0]))
        else:
            inflected = [self._lemmas_and_stems(term, language, is_acronym=bool(mark)) for term in terms]
            lemmas, stems = (_unique(*parts) for parts in zip(*inflected, strict=True))
        folded = (fold_word(terms[0]),) if len(terms) == 1 else _unique(map(fold, terms))
        return mark + lemmas, stems, mark + terms, folded

    def _lemmas_and_stems(self, term: str, language: Language, *, is_acronym: bool) -> tuple[Terms, Terms]:
        """Return the lemmas and the stems of a lower-case *term* in a text in *language*."""
        # It may be cached already: as a lower-case word of its own, or as a part of another compound.
        packed = self._peek(language, term) if term.isalpha() and not is_acronym else None
        if packed is not None:
            lemmas, stems, _, _ = unpack(packed)
            return lemmas, stems
        if term.isdigit():
            return (term,), (term,)
        if _CYRILLIC.search(term):
            return (russian := (_snowball("russian", term),)), russian
        if language != "en":
            return self.lemmatizer.of_text(term, is_acronym=is_acronym), (stem(term),)
        if not term.isascii():  # a Latvian name in an English release
            return self.lemmatizer.of_text(term), (stem(term),)
        english = (_snowball("english", term),)
        return english, english

    def in_query(self, word: str) -> QueryForms:
        """Return the terms that may match *word* of a query in any language, the best first."""
        kind, terms = read(word)
        term = terms[0] if terms else ""
        if kind not in ("word", "compound"):
            lemma, stems, exact, folded = _terms_without_inflection(kind, terms[:1])
            return QueryForms(lemma=lemma, stem=stems, exact=exact, fold=folded)
        if _CYRILLIC.search(term):
            russian = (_snowball("russian", term),)
            return QueryForms(lemma=russian, stem=russian, exact=(term,), fold=(fold(term),))
        mark = _acronym_mark(word)
        lemmas = self.lemmatizer.of_query(term, is_capitalized=word[:1].isupper())
        english = (_snowball("english", term),) if term.isascii() else ()
        is_known = lemmas.is_known or any(not lemma.startswith(STEM) for lemma in lemmas.unaccented)
        is_acronym = len(term) <= _SHORT_ACRONYM or lemmas.is_known
        return QueryForms(
            lemma=_unique(mark, lemmas.typed, english),
            unaccented=() if mark else lemmas.unaccented,
            # In Latvian releases, an English stem is rare, so for a Latvian word it would score too much.
            stem=_unique(_query_stems(term), () if is_known else english),
            exact=(*mark, term),
            fold=(fold(term),),
            acronym=mark if is_acronym else (),
            is_known=is_known,
        )

    def accented_beginning(self, word: str) -> str:
        """Return the common beginning of all forms of the Latvian *word*, up to its last diacritic, or ""."""
        kind, terms = read(word)
        return self.lemmatizer.accented_beginning(terms[0]) if kind == "word" else ""


def _terms_without_inflection(kind: TokenKind, terms: Terms) -> FieldTerms:
    """Return the terms of a number, address or initial.

    An initial has no lemma, so it is not scored. Nor has an address: its words lack their diacritics and must
    not count as words of the text.
    """
    folded = tuple(map(fold, terms))
    return () if kind in ("initial", "url") else terms, folded, terms, folded


def _query_stems(word: str) -> Terms:
    """Return the stem; for a possible debitive (jāmaksā), also that of the spelling with the other vowel."""
    if word.startswith(("jā", "ja")):
        return stem(word), stem("ja" + word[2:]), stem("jā" + word[2:])
    return (stem(word),)


def _acronym_mark(word: str) -> Terms:
    term = acronym(word)
    return (term,) if term else ()


def _acronym_marks(word: str) -> Terms:
    """Return the marks of the acronyms in *word*: `COVID` in COVID-19, too."""
    if word.islower():  # true for most words
        return ()
    if "-" not in (text := clean(word)):
        return _acronym_mark(word)
    return tuple(chain.from_iterable(map(_acronym_mark, text.split("-"))))


def _unique(*terms: Iterable[str]) -> Terms:
    return tuple(dict.fromkeys(chain.from_iterable(terms)))


def _snowball(language: str, word: str) -> str:
    # A stemmer object holds the word it works on, so threads must not share one.
    stemmed: str = snowballstemmer.stemmer(language).stemWord(fold(word))
    return stemmed
