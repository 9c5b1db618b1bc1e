"""Analysis: from text to tokens, for the indexer and the query parser."""

import hashlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import accumulate, islice
from pathlib import Path
from typing import NamedTuple

from crawler.config import Language
from index.analysis.forms import Forms, QueryForms, pack
from index.analysis.latvian.hunspell import DICTIONARY
from index.analysis.latvian.lemmatizer import HOMOGRAPHS
from index.analysis.latvian.repair import repair
from index.analysis.latvian.tokenizer import TOKEN, split_tokens
from index.analysis.vocabulary_cache import VocabularyCache, can_load
from index.analysis.word_cache import for_length
from index.analysis.word_terms import WordTerms
from index.versions import ANALYSIS


class Token(NamedTuple):
    """One word of a text; ``start`` and ``end`` are characters of the original, half-open.

    ``forms`` is one shared object per distinct word.
    """

    start: int
    end: int
    forms: Forms


class TokenColumns(NamedTuple):
    """The tokens of a text as columns, which saves a bulk indexer one object per token."""

    starts: Sequence[int]
    ends: Sequence[int]
    forms: Sequence[Forms]

    @classmethod
    def of(cls, tokens: Iterable[Token]) -> "TokenColumns":
        """Return *tokens* as columns."""
        starts, ends, forms = tuple(zip(*tokens, strict=True)) or ((), (), ())
        return cls(starts, ends, forms)


class Pieces(NamedTuple):
    """A text to be analysed in pieces; most pieces recur, so a bulk indexer caches their tokens."""

    text: str
    reader: "PieceReader"
    """One object per language."""


class PieceReader:
    """Analyses pieces of text; *packed* returns the packed terms of a word."""

    def __init__(self, packed: Callable[[str], bytes]) -> None:
        self._packed = packed

    def tokens(self, piece: str) -> list[tuple[int, int, bytes]]:
        """Return the start, the end and the packed terms of each token of *piece*."""
        if piece.isalpha():  # true for most pieces
            return [(0, len(piece), self._packed(piece))]
        return [(*match.span(), self._packed(match[0])) for match in TOKEN.finditer(piece)]


class Analyzer:
    """Analyses texts and query words with the Hunspell dictionary at *dictionary*; caches the words it sees.

    Threads may share it.
    """

    def __init__(self, dictionary: Path = DICTIONARY) -> None:
        self._dictionary = dictionary
        self._vocabulary = VocabularyCache(self._look_up)
        packed = self._vocabulary.packed
        self._words = WordTerms(dictionary, lambda language, word: packed[language].peek(word))
        self._readers = {language: PieceReader(words.__getitem__) for language, words in packed.items()}
        self._cached_query_forms = lru_cache(10_000)(self._words.in_query)
        self._cached_beginnings = lru_cache(10_000)(self._words.accented_beginning)
        self._cached_is_known = lru_cache(10_000)(self._is_known)
        self._cached_is_name = lru_cache(10_000)(self._is_name)

    def analyze(self, text: str, language: Language = "lv") -> list[Token]:
        """Return the tokens of *text* in reading order.

        >>> [token.forms.lemma for token in Analyzer().analyze("27.novembrī ES ministriem")]
        [('27',), ('novembris',), ('^es', 'es'), ('ministrs',)]
        """
        return list(map(Token, *self.columns(text, language)))

    def columns(self, text: str, language: Language = "lv", *, most: int | None = None) -> TokenColumns:
        """Return the tokens of *text* in reading order, as columns; at most the first *most*."""
        repaired = repair(text)
        read = text if repaired is None else repaired.text
        edges, words = _split(read) if most is None or len(read) <= most else _split_first(read, most)
        if repaired is not None:
            edges = [repaired.starts[edge] for edge in edges]
        forms = self._vocabulary.forms[language]
        return TokenColumns(edges[::2], edges[1::2], list(map(forms.__getitem__, words)))

    def pieces(self, text: str, language: Language = "lv") -> Pieces | None:
        """Return *text* for analysis in pieces; None if it needs repair, which spans pieces."""
        return Pieces(text, self._readers[language]) if repair(text) is None else None

    def forms(self, word: str, language: Language = "lv") -> Forms:
        """Return the terms of *word*, a token of a text."""
        return self._vocabulary.forms[language][word]

    def query_forms(self, word: str) -> QueryForms:
        """Return the terms that may match *word*, a token of a query in any language, best first."""
        return for_length(self._cached_query_forms, len(word))(word)

    def accented_beginning(self, word: str) -> str:
        """Return the common beginning of all forms of the Latvian *word*, up to its last diacritic, or "".

        >>> Analyzer().accented_beginning("Rīgā"), Analyzer().accented_beginning("Valmierā")
        ('rī', '')
        """
        return "" if word.isascii() else for_length(self._cached_beginnings, len(word))(word)

    def nominative(self, name: str) -> str:
        """Return the Latvian *name* in the nominative, or unchanged if that is uncertain.

        >>> Analyzer().nominative("Zāļu valsts aģentūrai")
        'Zāļu valsts aģentūra'
        """
        return self._words.lemmatizer.nominative(name)

    def is_in_dictionary(self, word: str) -> bool:
        """Return whether the Latvian dictionary has *word* in some form.

        >>> Analyzer().is_in_dictionary("siltumsūkņiem"), Analyzer().is_in_dictionary("siltumsūkņeim")
        (True, False)
        """
        return for_length(self._cached_is_known, len(word))(word.lower())

    def is_name(self, word: str) -> bool:
        """Return whether the Latvian dictionary has *word* as a form of a name.

        >>> Analyzer().is_name("Igaunijas"), Analyzer().is_name("Iekšlietu")
        (True, False)
        """
        return for_length(self._cached_is_name, len(word))(word.lower())

    def _is_known(self, word: str) -> bool:
        return self._words.lemmatizer.is_in_dictionary(word)

    def _is_name(self, word: str) -> bool:
        return self._words.lemmatizer.is_name(word)

    def _look_up(self, language: Language, word: str) -> bytes:
        if language != "en" and _is_capitalized(word):
            return self._vocabulary.packed[language][word.lower()]
        return pack(self._words.in_text(language, word))

    # --- Across processes ------------------------------------------------------------------------

    def fingerprint(self) -> str:
        """Return a digest of everything on which the terms of a text depend: version, dictionary, data."""
        return _fingerprint(self._dictionary)

    def save_vocabulary(self, path: Path) -> None:
        """Write the words seen so far to *path*, so that another process need not analyse them again."""
        self._vocabulary.save(path, self.fingerprint())

    def load_vocabulary(self, path: Path) -> bool:
        """Load the words at *path*; return False if the file is missing, damaged or of another analysis."""
        return self._vocabulary.load(path, self.fingerprint())

    def can_load(self, path: Path) -> bool:
        """Return whether ``load_vocabulary`` would accept *path*."""
        return can_load(path, self.fingerprint())

    def forget(self) -> None:
        """Free the memory of the cached words and the dictionary; both are loaded again when needed."""
        self._words.release()
        self._vocabulary.clear()


def _split(text: str) -> tuple[Sequence[int], Iterable[str]]:
    """Return the start and end of each token of *text* in one sequence, and the tokens."""
    pieces = split_tokens(text)
    return list(accumulate(map(len, pieces)))[:-1], pieces[1::2]


def _split_first(text: str, most: int) -> tuple[Sequence[int], Iterable[str]]:
    """Return what `_split` does, for the first *most* tokens only; needs less memory if many follow."""
    edges = array("I")
    for match in islice(TOKEN.finditer(text), most):
        edges.extend(match.span())
    return edges, (text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _is_capitalized(word: str) -> bool:
    """Return whether *word* has only Latin letters, the first a capital and all others small."""
    return word[1:].islower() and word[0].isupper() and word.isalpha() and max(word) < "\u0250"


@cache
def _fingerprint(dictionary: Path) -> str:
    digest = hashlib.sha256(f"{ANALYSIS} {version('snowballstemmer')}".encode())
    # Without the stop words, which only queries omit: `indexing.fingerprint` has them.
    for path in (dictionary, dictionary.with_suffix(".dic"), HOMOGRAPHS):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
def default_analyzer() -> Analyzer:
    """Return the analyzer with the dictionary that we ship, made on the first call."""
    return Analyzer()


def analyze(text: str, language: Language = "lv") -> list[Token]:
    """Return the tokens of *text*, by the dictionary that we ship.

    >>> [(token.start, token.end, token.forms.exact) for token in analyze("D.Trofimovs, IeM")]
    [(0, 1, ('d',)), (2, 11, ('trofimovs',)), (13, 16, ('^iem', 'iem'))]
    """
    return default_analyzer().analyze(text, language)
