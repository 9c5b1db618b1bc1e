"""The Latvian analysis as Whoosh components, to be joined by ``|`` with any others.

A word may give several terms at one position, so a field that is searched through Whoosh's own query parser
needs ``multitoken_query="or"``:

>>> from whoosh.fields import TEXT, Schema
>>> schema = Schema(body=TEXT(analyzer=lemma_analyzer(), multitoken_query="or"))
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import CompositeAnalyzer
from whoosh.analysis.filters import Filter
from whoosh.analysis.tokenizers import Tokenizer

from index.analysis.latvian.hunspell import DICTIONARY
from index.analysis.latvian.lemmatizer import Lemmatizer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.repair import repair
from index.analysis.latvian.stemmer import stem
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN, acronym, read


class LatvianTokenizer(Tokenizer):
    """Words, numbers, dates and addresses as press releases write them, lower case, NFC.

    The parts of a compound stand at its position; with *acronyms* so does ``^es`` beside ``es`` for `ES`.

    >>> [token.text for token in LatvianTokenizer()("D.Trofimovs 27.novembrī, e-pasts")]
    ['d', 'trofimovs', '27', 'novembrī', 'epasts', 'pasts']
    >>> [token.text for token in LatvianTokenizer(acronyms=True)("ES un es")]
    ['^es', 'es', 'un', 'es']
    """

    def __init__(self, *, acronyms: bool = False) -> None:
        self.acronyms = acronyms

    def __call__(  # noqa: PLR0917  # Whoosh's signature
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,
        mode: str = "",
        **kwargs: object,
    ) -> Iterator[Token]:
        """Yield one token object again and again, as Whoosh wants it."""
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        if not tokenize:
            spans: Iterable[tuple[int, int, str]] = [(0, len(value), value)]
        else:
            spans = _spans(value)
        for position, (start, end, surface) in enumerate(spans, start_pos):
            if positions:
                token.pos = position
            if chars:
                token.startchar, token.endchar = start_char + start, start_char + end
            if keeporiginal:
                token.original = surface  # type: ignore[attr-defined]  # set only when asked for
            for term in self._terms(surface) if tokenize else (surface,):
                token.text, token.stopped, token.boost = term, False, 1.0
                yield token

    def _terms(self, surface: str) -> tuple[str, ...]:
        mark = acronym(surface) if self.acronyms else None
        terms = read(surface).terms
        return (mark, *terms) if mark else terms


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    repaired = repair(text)
    if not repaired:
        return ((*match.span(), match[0]) for match in TOKEN.finditer(text))
    starts = repaired.starts
    matches = TOKEN.finditer(repaired.text)
    return ((starts[match.start()], starts[match.end()], match[0]) for match in matches)


class _Terms(Filter):
    """Puts other terms, none or several, for each term, at the same position."""

    def terms(self, token: Token) -> Iterable[str]:
        raise NotImplementedError

    def __call__(  # type: ignore[override]  # Whoosh's two base classes disagree
        self, tokens: Iterable[Token]
    ) -> Iterator[Token]:
        for token in tokens:
            for term in self.terms(token):
                token.text = term
                yield token


class FoldFilter(_Terms):
    """Takes the diacritics off.

    >>> [token.text for token in (LatvianTokenizer() | FoldFilter())("Ķegums, Йога")]
    ['kegums', 'йога']
    """

    def terms(self, token: Token) -> Iterable[str]:
        """Return the text without its marks."""
        return (fold(token.text),)


class LatvianStemFilter(_Terms):
    """Leaves the stem, without diacritics.

    >>> [token.text for token in (LatvianTokenizer() | LatvianStemFilter())("drošības drosibai")]
    ['drosib', 'drosib']
    """

    is_morph = True

    def terms(self, token: Token) -> Iterable[str]:
        """Return the stem of the text."""
        return (stem(token.text),)


class LemmaFilter(_Terms):
    """Puts the dictionary forms, without diacritics, for each word; of *dictionary*, a Hunspell .aff file.

    A word of a query without diacritics stands for all that are spelt so without them.

    >>> [token.text for token in (LatvianTokenizer() | LemmaFilter())("ministrijai un ministriem")]
    ['ministrija', 'un', 'ministrs']
    """

    is_morph = True

    def __init__(self, dictionary: Path = DICTIONARY) -> None:
        self.dictionary = dictionary

    def terms(self, token: Token) -> Iterable[str]:
        """Return the lemmas of the text."""
        lemmatizer = _lemmatizer(self.dictionary)
        return lemmatizer.of_query(token.text) if token.mode == "query" else lemmatizer.of_text(token.text)


class LatvianStopFilter(_Terms):
    """Leaves out function words in queries, compared with their diacritics; texts keep them, for phrases.

    >>> chain = LatvianTokenizer() | LatvianStopFilter()
    >>> [token.text for token in chain("par drošību", mode="query")]
    ['drošību']
    >>> [token.text for token in chain("par drošību")]
    ['par', 'drošību']
    """

    def terms(self, token: Token) -> Iterable[str]:
        """Return the text, if it says something."""
        return () if token.mode == "query" and token.text in stop_words() else (token.text,)


@cache
def _lemmatizer(dictionary: Path) -> Lemmatizer:
    return Lemmatizer(dictionary)


def exact_analyzer() -> CompositeAnalyzer:
    """Return the words as they stand, lower case."""
    return LatvianTokenizer(acronyms=True) | LatvianStopFilter()


def fold_analyzer() -> CompositeAnalyzer:
    """Return the words without diacritics."""
    return LatvianTokenizer() | LatvianStopFilter() | FoldFilter()


def stem_analyzer() -> CompositeAnalyzer:
    """Return the stems: no dictionary needed.

    >>> [token.text for token in stem_analyzer()("Iekšlietu ministrijas valsts sekretārs")]
    ['ieksliet', 'ministrij', 'vals', 'sekretar']
    """
    return LatvianTokenizer() | LatvianStopFilter() | LatvianStemFilter()


def lemma_analyzer(dictionary: Path = DICTIONARY) -> CompositeAnalyzer:
    """Return the dictionary forms.

    >>> [token.text for token in lemma_analyzer()("Iekšlietu ministrijas valsts sekretārs")]
    ['iekslietas', 'ministrija', 'valsts', 'sekretars']
    """
    return LatvianTokenizer() | LatvianStopFilter() | LemmaFilter(dictionary)
