"""The analysis as Whoosh analyzers, one for each text field of the index.

The schema uses them, so Whoosh's own query parser and highlighter see the terms that we index.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import Analyzer as WhooshAnalyzer

from crawler.config import Language
from index.analysis.analyzer import analyze, default_analyzer
from index.analysis.forms import Terms
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN

TextField = Literal["lemma", "stem", "exact", "fold"]


class TermAnalyzer(WhooshAnalyzer):
    """Yields the terms of each word in *field*; the terms of one word share its position.

    A word may have several terms, so the Whoosh field needs ``multitoken_query="or"``.

    >>> [token.text for token in TermAnalyzer("lemma")("ministrijai un ministriem")]
    ['ministrija', 'un', 'ministrs']
    >>> [token.text for token in TermAnalyzer("fold")("Par drošību", mode="query")]
    ['par', 'drosibu']
    """

    def __init__(self, field: TextField, language: Language = "lv") -> None:
        self.field = field
        self.language = language

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
        """Yield the tokens, reusing one token object as Whoosh expects."""
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        for position, (start, end, terms) in enumerate(
            self._words(value, mode, tokenize=tokenize), start_pos
        ):
            if positions:
                token.pos = position
            if chars:
                token.startchar, token.endchar = start_char + start, start_char + end
            if keeporiginal:
                token.original = value[start:end]  # type: ignore[attr-defined]  # set only on request
            for term in terms:
                token.text, token.stopped, token.boost = term, False, 1.0
                yield token

    def has_morph(self) -> bool:
        """Return whether terms may differ from the words of the text."""
        return self.field in ("lemma", "stem")

    def _words(self, value: str, mode: str, *, tokenize: bool) -> Iterable[tuple[int, int, Terms]]:
        if not tokenize:
            return [(0, len(value), (value,))]
        if mode == "query":
            return ((*match.span(), self._query_terms(match[0])) for match in TOKEN.finditer(value))
        tokens = analyze(value, self.language)
        return ((token.start, token.end, getattr(token.forms, self.field)) for token in tokens)

    def _query_terms(self, word: str) -> Terms:
        forms = default_analyzer().query_forms(word)
        terms: Terms = getattr(forms, self.field) + (forms.unaccented if self.field == "lemma" else ())
        if not self.has_morph():
            # A phrase takes one term from each word, even a stop word: the last term, which is the plain
            # spelling; the mark of an acronym comes before it.
            return terms[-1:]
        return () if word.lower() in stop_words() else terms
