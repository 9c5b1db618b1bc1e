"""Text to tokens: what both engines are fed, and what a query is matched by."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.metadata import version
from itertools import accumulate, chain
from pathlib import Path
from typing import NamedTuple, get_args

import snowballstemmer

from crawler.config import Language
from index.latvian.lemmatizer import Lemmatizer
from index.latvian.letters import fold
from index.latvian.lexicon import DICTIONARY
from index.latvian.repair import repair
from index.latvian.stemmer import stem
from index.latvian.tokenizer import Kind, acronym, apart, read

# So many distinct words, some 70 MB; then those that are not met again soon are forgotten.
VOCABULARY_MAX = 150_000

Terms = tuple[str, ...]

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
    def terms(self) -> tuple[Terms, ...]:
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

    def first(self, count: int) -> "Columns":
        """Return the first *count* tokens."""
        if len(self.forms) <= count:
            return self
        return Columns(self.starts[:count], self.ends[:count], self.forms[:count])


class Analyzer:
    """Analyses texts and query words by the Hunspell dictionary at *dictionary*; remembers every word it met.

    Safe to share between threads.
    """

    def __init__(self, dictionary: Path = DICTIONARY) -> None:
        self._dictionary = dictionary
        self._lemmatizer = Lemmatizer(dictionary)
        self._vocabularies: dict[Language, _Vocabulary] = {
            language: _Vocabulary(partial(self._forms_in_text, language), self._once)
            for language in get_args(Language)
        }
        self._shared: dict[Terms, Terms] = {}
        self._cached_query_forms = lru_cache(10_000)(self._query_forms)

    def analyze(self, text: str, language: Language = "lv") -> list[Token]:
        """Return the tokens of *text* in reading order.

        >>> [token.forms.lemma for token in Analyzer().analyze("27.novembrī ES ministriem")]
        [('27',), ('novembris',), ('^es', 'es'), ('ministrs',)]
        """
        return list(map(Token, *self.columns(text, language)))

    def columns(self, text: str, language: Language = "lv") -> Columns:
        """Return the tokens of *text* in reading order, as columns."""
        repaired = repair(text)
        pieces = apart(text if repaired is None else repaired.text)
        edges = list(accumulate(map(len, pieces)))
        if repaired is not None:
            edges = [repaired.starts[edge] for edge in edges]
        forms = list(map(self._vocabularies[language].__getitem__, pieces[1::2]))
        return Columns(edges[:-1:2], edges[1::2], forms)

    def forms(self, word: str, language: Language = "lv") -> Forms:
        """Return the terms of *word*, one token of a text."""
        return self._vocabularies[language][word]

    def query_forms(self, word: str) -> Forms:
        """Return the terms to look for *word* by, a token of a query in any language; best first."""
        return self._cached_query_forms(word)

    def accented(self, word: str) -> str:
        """Return how all forms of the Latvian *word* begin, up to the last diacritic there; or nothing.

        >>> Analyzer().accented("Rīgā"), Analyzer().accented("Valmierā")
        ('rīg', '')
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

    def _forms_in_text(self, language: Language, word: str) -> Forms:
        kind, terms = read(word)
        if kind not in ("word", "compound"):
            return _plain(kind, terms)
        if terms == (word,):
            terms = (word,)  # the object that the vocabulary has anyway
        mark = _mark(word)
        if kind == "word":
            lemmas, stems = self._readings_in_text(terms[0], language)
            if language == "en" and _MAY_BE_NAME(word):
                lemmas = _unique(lemmas, self._lemmatizer.of_text(terms[0]))
        else:
            readings = [self._readings_in_text(term, language) for term in terms]
            lemmas, stems = (_unique(*found) for found in zip(*readings, strict=True))
        folded = tuple(dict.fromkeys(map(fold, terms)))
        return Forms(
            self._once(mark + lemmas), self._once(stems), mark + terms, terms if folded == terms else folded
        )

    def _once(self, terms: Terms) -> Terms:
        """Equal terms as one object: the forms of a word share its lemma."""
        if len(self._shared) >= VOCABULARY_MAX:
            self._shared.clear()
        return self._shared.setdefault(terms, terms)

    def _readings_in_text(self, term: str, language: Language) -> tuple[Terms, Terms]:
        """The lemmas and the stems of a word that a text in *language* holds."""
        # The same in small letters, or a part of a compound.
        met = self._vocabularies[language].get(term) if term.isalpha() else None
        if met is not None:
            return met.lemma, met.stem
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
            return _plain(kind, terms[:1])
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
        """Changes whenever a text might be analysed otherwise: with the code, the dictionary, the data."""
        return _fingerprint(self._dictionary)

    def save_vocabulary(self, path: Path) -> None:
        """Write the words met so far to *path*, so that ``load_vocabulary`` spares looking them up again."""
        rows = {language: vocabulary.packed() for language, vocabulary in self._vocabularies.items()}
        written = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
        path.write_bytes(self._seal(written) + b"\n" + written)

    def load_vocabulary(self, path: Path) -> bool:
        """Take in the words at *path*; False where it is absent, damaged or of another analysis."""
        written = self._unsealed(path)
        if written is None:
            return False
        for language, packed in json.loads(written).items():
            self._vocabularies[language].unpack(packed)
        return True

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


class _Vocabulary(dict[str, Forms]):
    """Words and their forms, looked up once."""

    def __init__(self, look_up: Callable[[str], Forms], once: Callable[[Terms], Terms]) -> None:
        super().__init__()
        self._look_up, self._once = look_up, once
        self._packed: dict[str, str] = {}
        """Words of an earlier run that were not met in this one."""
        self._older: dict[str, Forms] = {}
        """Words that were not met lately."""

    def __missing__(self, word: str) -> Forms:
        forms = self._older.get(word) or self._new(word)
        if len(self) >= VOCABULARY_MAX:
            self._older = dict(self)
            self.clear()
        return self.setdefault(word, forms)

    def _new(self, word: str) -> Forms:
        packed = self._packed.pop(word, None)
        return self._look_up(word) if packed is None else self._unpacked(packed)

    def _unpacked(self, packed: str) -> Forms:
        return Forms(*(self._once(tuple(terms.split())) for terms in packed.split("\t")))

    def packed(self) -> dict[str, str]:
        """Return the words met and their terms: a space between two, a tab between two fields."""
        met = self._older | self
        return {word: "\t".join(map(" ".join, forms.terms)) for word, forms in met.items()}

    def unpack(self, packed: dict[str, str]) -> None:
        """Take in what ``packed`` returned."""
        self._packed |= packed


def _plain(kind: Kind, terms: Terms) -> Forms:
    """The forms of what is not inflected. An initial stands there, but is no word to be scored."""
    folded = tuple(map(fold, terms))
    return Forms(() if kind == "initial" else terms, folded, terms, folded)


def _query_stems(word: str) -> Terms:
    """The stem; and that of the other spelling where the prefix of jāmaksā is told by its mark."""
    if word.startswith(("jā", "ja")):
        return stem(word), stem("ja" + word[2:]), stem("jā" + word[2:])
    return (stem(word),)


def _mark(word: str) -> Terms:
    term = acronym(word)
    return (term,) if term else ()


def _unique(*terms: Terms) -> Terms:
    return tuple(dict.fromkeys(chain.from_iterable(terms)))


def _snowball(language: str, word: str) -> str:
    # A stemmer holds the word it works on, so threads must not share one.
    stemmed: str = snowballstemmer.stemmer(language).stemWord(fold(word))
    return stemmed


@cache
def _fingerprint(dictionary: Path) -> str:
    here = Path(__file__)
    parts = (here, *sorted((here.parent / "latvian").rglob("*")), dictionary, dictionary.with_suffix(".dic"))
    digest = hashlib.sha256(version("snowballstemmer").encode())
    for path in parts:
        if path.suffix in (".py", ".tsv", ".aff", ".dic"):
            digest.update(path.read_bytes())
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
