"""Tells marks of related words from those of typed ones."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from msgspec.structs import replace

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.tokenizer import TOKEN
from index.query import Clause, Expansion, Phrase, Word
from index.results import Hit, Passage
from index.search.match_offsets import leaves

Span = tuple[int, int]


class MarkKinds:
    """Finds which marks are of related words: of terms of *expansions* that are not in *clause*, as typed."""

    def __init__(self, expansions: Sequence[Expansion], clause: Clause, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._typed = frozenset(term for word in _words(clause) for term in _terms(word))
        self._related = {
            lemma: expansion.text
            for expansion in reversed(expansions)
            for term in expansion.terms
            for lemmas in term.words
            for lemma in lemmas
        }

    def tell(self, hit: Hit) -> Hit:
        """Return *hit*, whose passages say which of their marks are of related words."""
        return replace(
            hit,
            title=self.tell_in(hit.title, hit.language),
            passages=tuple(self.tell_in(passage, hit.language) for passage in hit.passages),
        )

    def tell_in(self, passage: Passage, language: Language) -> Passage:
        """Return *passage*, in *language*, which says which of its marks are of related words."""
        runs = [run for mark in passage.marks for run in self._runs(passage.text, mark, language)]
        if not any(related_to for _, related_to in runs):
            return passage
        marks, related_to = zip(*runs, strict=True)
        return replace(passage, marks=marks, related_to=related_to)

    def _runs(self, text: str, mark: Span, language: Language) -> Iterator[tuple[Span, str]]:
        """Yield the parts of a mark with the words to which they are related, "" for typed ones."""
        tokens = [
            (match.span(), self._typed_words(match[0], language)) for match in TOKEN.finditer(text, *mark)
        ]
        groups = [[*group] for _, group in groupby(tokens, key=itemgetter(1))]
        if len(groups) < 2:
            yield mark, tokens[0][1] if tokens else ""
            return
        for group in groups:
            (first, related_to), (last, _) = group[0], group[-1]
            yield (first[0], last[1]), related_to

    def _typed_words(self, token: str, language: Language) -> str:
        forms = self._analyzer.forms(token, language)
        if not self._typed.isdisjoint((*forms.lemma, *forms.stem, *forms.exact, *forms.fold)):
            return ""
        return next((self._related[lemma] for lemma in forms.lemma if lemma in self._related), "")


def _words(clause: Clause) -> Iterator[Word]:
    for leaf in leaves(clause):
        yield from leaf.words if isinstance(leaf, Phrase) else (leaf,) if isinstance(leaf, Word) else ()


def _terms(word: Word) -> Iterable[str]:
    return *word.lemma, *word.unaccented, *word.stem, *word.exact, *word.fold, word.acronym
