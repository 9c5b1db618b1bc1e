"""Text to tokens: what both engines are fed, and what a query is matched by."""

import hashlib
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from importlib.metadata import version
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import NamedTuple, get_args

import snowballstemmer

from crawler.config import Language
from index.analysis.latvian.hunspell import DICTIONARY
from index.analysis.latvian.lemmatizer import HOMOGRAPHS, Lemmatizer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.repair import repair
from index.analysis.latvian.stemmer import stem
from index.analysis.latvian.tokenizer import SURFACE_CHARS, TOKEN, Kind, acronym, apart, read
from index.versions import ANALYSIS

# So many distinct words are kept packed, some 40 MB; then those that are not met again soon are forgotten.
VOCABULARY_MAX = 150_000
# And so many as objects, which take three times as much.
FORMS_MAX = 150_000

Terms = tuple[str, ...]
Fields = tuple[Terms, Terms, Terms, Terms]
"""The terms of a word in each of the fields of ``Forms``."""

# Between the terms of a field and between the fields of a packed word. They are blanks, so no word has them.
TERM_END, FIELD_END = "\x1f", "\x1e"
# Between the words and the languages of a vocabulary that is written.
_WORD_END, _LANGUAGE_END = "\x1d", "\x1c"

_CYRILLIC = re.compile("[а-яё]")
# A Latvian name in an English text, asked for in any case: Uldim finds Uldis. Shorter ones are hardly names.
_MAY_BE_NAME = re.compile("[A-Z][a-z]{3,}").fullmatch


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """The terms of one word, by index field; all stand at the word's position.

    Compared by identity, which costs a bulk indexer least.
    """

    lemma: Terms
    stem: Terms
    exact: Terms
    fold: Terms

    @property
    def terms(self) -> Fields:
        """The terms of all fields: what makes two words the same."""
        return self.lemma, self.stem, self.exact, self.fold


class Token(NamedTuple):
    """One word of a text; ``start`` and ``end`` are characters of the original, half-open.

    ``forms`` is one shared object for each distinct word.
    """

    start: int
    end: int
    forms: Forms


class Columns(NamedTuple):
    """The tokens of a text, column by column: what a bulk indexer takes, since no object is made for each."""

    starts: Sequence[int]
    ends: Sequence[int]
    forms: Sequence[Forms]

    @classmethod
    def of(cls, tokens: Iterable[Token]) -> "Columns":
        """Return *tokens* as columns."""
        starts, ends, forms = tuple(zip(*tokens, strict=True)) or ((), (), ())
        return cls(starts, ends, forms)


class Pieces(NamedTuple):
    """A text to be read in pieces; a bulk indexer meets most of them again and again."""

    text: str
    reader: "PieceReader"
    """One object for each language."""


class PieceReader:
    """Reads the pieces of texts; *packed* are the terms of a word."""

    def __init__(self, packed: Callable[[str], bytes]) -> None:
        self._packed = packed

    def tokens(self, piece: str) -> list[tuple[int, int, bytes]]:
        """Return where the tokens of *piece* begin and end, and the terms of each, packed."""
        if piece.isalpha():  # as most are
            return [(0, len(piece), self._packed(piece))]
        return [(*found.span(), self._packed(found[0])) for found in TOKEN.finditer(piece)]


def pack(terms: Iterable[Sequence[str]]) -> bytes:
    """Return the terms of a word, field by field, as one byte string."""
    return FIELD_END.join(map(TERM_END.join, terms)).encode()


class Analyzer:
    """Analyses texts and query words by the Hunspell dictionary at *dictionary*; remembers every word it met.

    Safe to share between threads.
    """

    def __init__(self, dictionary: Path = DICTIONARY) -> None:
        self._dictionary = dictionary
        self._lemmatizer = Lemmatizer(dictionary)  # now, so that what is wrong with it is said at once
        self._vocabularies: dict[Language, _Vocabulary] = {
            language: _Vocabulary(partial(self._packed_in_text, language)) for language in get_args(Language)
        }
        self._forms = {language: _Forms(vocabulary) for language, vocabulary in self._vocabularies.items()}
        self._readers = {
            language: PieceReader(vocabulary.__getitem__)
            for language, vocabulary in self._vocabularies.items()
        }
        self._cached_query_forms = lru_cache(10_000)(self._query_forms)

    @cached_property
    def _lemmatizer(self) -> Lemmatizer:
        return Lemmatizer(self._dictionary)

    def analyze(self, text: str, language: Language = "lv") -> list[Token]:
        """Return the tokens of *text* in reading order.

        >>> [token.forms.lemma for token in Analyzer().analyze("27.novembrī ES ministriem")]
        [('27',), ('novembris',), ('^es', 'es'), ('ministrs',)]
        """
        return list(map(Token, *self.columns(text, language)))

    def columns(self, text: str, language: Language = "lv", *, most: int | None = None) -> Columns:
        """Return the tokens of *text* in reading order, as columns; at most the first *most*."""
        repaired = repair(text)
        read = text if repaired is None else repaired.text
        edges, words = _cut(read) if most is None or len(read) <= most else _cut_first(read, most)
        if repaired is not None:
            edges = [repaired.starts[edge] for edge in edges]
        return Columns(edges[::2], edges[1::2], list(map(self._forms[language].__getitem__, words)))

    def pieces(self, text: str, language: Language = "lv") -> Pieces | None:
        """Return *text* to be read in pieces; None where it must be repaired."""
        return Pieces(text, self._readers[language]) if repair(text) is None else None

    def forms(self, word: str, language: Language = "lv") -> Forms:
        """Return the terms of *word*, one token of a text."""
        return self._forms[language][word]

    def query_forms(self, word: str) -> Forms:
        """Return the terms to look for *word* by, a token of a query in any language; best first."""
        return self._cached_query_forms(word)

    def accented(self, word: str) -> str:
        """Return how all forms of the Latvian *word* begin, up to the last diacritic there; or nothing.

        >>> Analyzer().accented("Rīgā"), Analyzer().accented("Valmierā")
        ('rī', '')
        """
        if word.isascii():
            return ""
        kind, terms = read(word)
        return self._lemmatizer.accented(terms[0]) if kind == "word" else ""

    def nominative(self, name: str) -> str:
        """Return the Latvian *name* in the nominative, if that is sure.

        >>> Analyzer().nominative("Zāļu valsts aģentūrai")
        'Zāļu valsts aģentūra'
        """
        return self._lemmatizer.nominative(name)

    def _packed_in_text(self, language: Language, word: str) -> bytes:
        if language != "en" and _is_capitalized(word):
            return self._vocabularies[language][word.lower()]
        return pack(self._terms_in_text(language, word))

    def _terms_in_text(self, language: Language, word: str) -> Fields:
        kind, terms = read(word)
        if kind not in ("word", "compound"):
            return _plain(kind, terms)
        mark = _mark(word)
        if kind == "word":
            lemmas, stems = self._readings_in_text(terms[0], language)
            if language == "en" and _MAY_BE_NAME(word):
                lemmas = _unique(lemmas, self._lemmatizer.of_text(terms[0]))
        else:
            readings = [self._readings_in_text(term, language) for term in terms]
            lemmas, stems = (_unique(*found) for found in zip(*readings, strict=True))
        folded = (fold(terms[0]),) if len(terms) == 1 else _unique(map(fold, terms))
        return mark + lemmas, stems, mark + terms, folded

    def _readings_in_text(self, term: str, language: Language) -> tuple[Terms, Terms]:
        """The lemmas and the stems of a word that a text in *language* holds."""
        # The same in small letters, or a part of a compound.
        met = self._vocabularies[language].met(term) if term.isalpha() else None
        if met is not None:
            lemmas, stems, _, _ = unpack(met)
            return lemmas, stems
        if term.isdigit():
            return (term,), (term,)
        if _CYRILLIC.search(term):
            return (russian := (_snowball("russian", term),)), russian
        if language != "en":
            return self._lemmatizer.of_text(term), (stem(term),)
        english = _snowball("english", term)
        if term.isascii():
            return (english,), (english,)
        # A Latvian name in an English release.
        return _unique((english,), self._lemmatizer.of_text(term)), _unique((english,), (stem(term),))

    def _query_forms(self, word: str) -> Forms:
        kind, terms = read(word)
        term = terms[0] if terms else ""
        if kind not in ("word", "compound"):
            return Forms(*_plain(kind, terms[:1]))
        mark = _mark(word)
        stems: Terms
        if _CYRILLIC.search(term):
            lemmas = stems = (_snowball("russian", term),)
        else:
            english = (_snowball("english", term),) if term.isascii() else ()
            latvian = self._lemmatizer.of_query(term)
            lemmas = (*latvian, *english)
            # A stem that is rare in Latvian releases would put the English ones first for a Latvian word.
            is_latvian = latvian != (stem(term),)
            stems = _query_stems(term) if is_latvian else (*_query_stems(term), *english)
        return Forms(_unique(mark, lemmas), _unique(stems), (*mark, term), (fold(term),))

    # --- What outlives the process ---------------------------------------------------------------

    def fingerprint(self) -> str:
        """Changes whenever a text might be analysed otherwise: with the version, the dictionary, the data."""
        return _fingerprint(self._dictionary)

    def save_vocabulary(self, path: Path) -> None:
        """Write the words met so far to *path*, so that ``load_vocabulary`` spares looking them up again."""
        languages = (
            _WORD_END.join(map(FIELD_END.join, vocabulary.written()))
            for vocabulary in self._vocabularies.values()
        )
        written = _LANGUAGE_END.join(languages).encode()
        path.write_bytes(self._seal(written) + b"\n" + written)

    def load_vocabulary(self, path: Path) -> bool:
        """Take in the words at *path*; False where it is absent, damaged or of another analysis."""
        written = self._unsealed(path)
        if written is None:
            return False
        for vocabulary, rows in zip(
            self._vocabularies.values(), written.decode().split(_LANGUAGE_END), strict=True
        ):
            vocabulary.recall(rows.split(_WORD_END) if rows else ())
        return True

    def forget(self) -> None:
        """Let go of the words met so far and of the dictionary, which is read again if need be."""
        self.__dict__.pop("_lemmatizer", None)
        for vocabulary in self._vocabularies.values():
            vocabulary.forget()
        for forms in self._forms.values():
            forms.forget()

    def can_load(self, path: Path) -> bool:
        """Whether ``load_vocabulary`` would take in the words at *path*."""
        return self._unsealed(path) is not None

    def _unsealed(self, path: Path) -> bytes | None:
        try:
            seal, _, written = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        return written if seal == self._seal(written) else None

    def _seal(self, written: bytes) -> bytes:
        return f"{self.fingerprint()} {hashlib.sha256(written).hexdigest()}".encode()


class _Vocabulary(dict[str, bytes]):
    """Words and their terms, packed, looked up once."""

    def __init__(self, look_up: Callable[[str], bytes]) -> None:
        super().__init__()
        self._look_up = look_up
        self._recalled: dict[str, str] = {}
        """Words of an earlier run that were not met in this one."""
        self._older: dict[str, bytes] = {}
        """Words that were not met lately."""

    def __missing__(self, word: str) -> bytes:
        if len(word) > SURFACE_CHARS:
            return self[word[:SURFACE_CHARS]]  # which is all that is read of it
        packed = self._older.get(word) or self._new(word)
        if len(self) >= VOCABULARY_MAX:
            self._older = dict(self)
            self.clear()
        return self.setdefault(word, packed)

    def _new(self, word: str) -> bytes:
        recalled = self._recalled.pop(word, None)
        return self._look_up(word) if recalled is None else recalled.encode()

    def met(self, word: str) -> bytes | None:
        """Return the terms of *word*, if it was looked up lately."""
        return self.get(word) or self._older.get(word)

    def forget(self) -> None:
        """Let go of all words."""
        self.clear()
        self._older, self._recalled = {}, {}

    def written(self) -> Iterator[tuple[str, str]]:
        """Yield the words met and their terms."""
        return ((word, packed.decode()) for word, packed in (self._older | self).items())

    def recall(self, rows: Iterable[str]) -> None:
        """Take in what ``written`` yielded, a row for each word."""
        self._recalled |= dict(row.split(FIELD_END, 1) for row in rows)


class _Forms(dict[str, Forms]):
    """Words and their forms: what the vocabulary holds packed, as objects."""

    def __init__(self, vocabulary: _Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._shared: dict[Terms, Terms] = {}
        """Equal terms as one object: the forms of a word share its lemma."""

    def __missing__(self, word: str) -> Forms:
        if len(word) > SURFACE_CHARS:
            return self[word[:SURFACE_CHARS]]
        if len(self) >= FORMS_MAX:
            self.forget()
        forms = Forms(*(self._shared.setdefault(terms, terms) for terms in unpack(self._vocabulary[word])))
        return self.setdefault(word, forms)

    def forget(self) -> None:
        """Let go of all words."""
        self.clear()
        self._shared.clear()


def _cut(text: str) -> tuple[Sequence[int], Iterable[str]]:
    """Return where each token of *text* begins and ends, one after another, and the tokens."""
    cut = apart(text)
    return list(accumulate(map(len, cut)))[:-1], cut[1::2]


def _cut_first(text: str, most: int) -> tuple[Sequence[int], Iterable[str]]:
    """Return the same of the first *most* tokens, in less memory where many follow."""
    edges = array("I")
    for found in islice(TOKEN.finditer(text), most):
        edges.extend(found.span())
    return edges, (text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def unpack(packed: bytes) -> Fields:
    """Return the terms that were packed."""
    lemma, stem_, exact, fold_ = (
        tuple(terms.split(TERM_END)) if terms else () for terms in packed.decode().split(FIELD_END)
    )
    return lemma, stem_, exact, fold_


def _plain(kind: Kind, terms: Terms) -> Fields:
    """The terms of what is not inflected. An initial stands there, but is no word to be scored."""
    folded = tuple(map(fold, terms))
    return () if kind == "initial" else terms, folded, terms, folded


def _query_stems(word: str) -> Terms:
    """The stem; and that of the other spelling where the prefix of jāmaksā is told by its mark."""
    if word.startswith(("jā", "ja")):
        return stem(word), stem("ja" + word[2:]), stem("jā" + word[2:])
    return (stem(word),)


def _is_capitalized(word: str) -> bool:
    """Whether *word* is one in Latin letters, of which the first is a capital: the word in small letters."""
    return word[1:].islower() and word[0].isupper() and word.isalpha() and max(word) < "\u0250"


def _mark(word: str) -> Terms:
    term = acronym(word)
    return (term,) if term else ()


def _unique(*terms: Iterable[str]) -> Terms:
    return tuple(dict.fromkeys(chain.from_iterable(terms)))


def _snowball(language: str, word: str) -> str:
    # A stemmer holds the word it works on, so threads must not share one.
    stemmed: str = snowballstemmer.stemmer(language).stemWord(fold(word))
    return stemmed


@cache
def _fingerprint(dictionary: Path) -> str:
    digest = hashlib.sha256(f"{ANALYSIS} {version('snowballstemmer')}".encode())
    # Stop words are left out of queries only.
    for path in (dictionary, dictionary.with_suffix(".dic"), HOMOGRAPHS):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
def default_analyzer() -> Analyzer:
    """Return the analyzer with the dictionary that we ship, made at the first call."""
    return Analyzer()


def analyze(text: str, language: Language = "lv") -> list[Token]:
    """Return the tokens of *text*, by the dictionary that we ship.

    >>> [(token.start, token.end, token.forms.exact) for token in analyze("D.Trofimovs, IeM")]
    [(0, 1, ('d',)), (2, 11, ('trofimovs',)), (13, 16, ('^iem', 'iem'))]
    """
    return default_analyzer().analyze(text, language)
