"""Tells marks of related words from those of typed ones."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import chain, groupby
from operator import itemgetter

from msgspec.structs import replace

from crawler.config import Language
from index.analysis import Analyzer
from index.engines.answers.marked_terms import Tokens, lemmas_by, marked_tokens, tokens_of
from index.query import Clause, Expansion, Phrase, RelatedTerm, Word
from index.results import Hit, Passage
from index.search.match_offsets import leaves

Span = tuple[int, int]
Kinds = dict[Span, str | None]
"""By token: the typed words to which it is related, "" if it was typed itself, None if neither."""


class MarkKinds:
    """Finds which marks are of related words: of terms of *expansions* that are not in *clause*, as typed.

    A mark that is neither is taken away: a word of a phrase that does not stand there as a whole, or a word
    that is written like a foreign one.
    """

    def __init__(self, expansions: Sequence[Expansion], clause: Clause, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        typed = frozenset(term for word in _words(clause) for term in _terms(word))
        # The marks of an answer are of few different words.
        self._is_typed = cache(partial(_is_of, typed, analyzer))
        self._related: dict[str, list[tuple[RelatedTerm, str]]] = {}
        for expansion in expansions:
            for term in expansion.terms:
                for lemma in term.words[0]:
                    self._related.setdefault(lemma, []).append((term, expansion.text))

    def tell(self, hit: Hit, marked: Sequence[Tokens]) -> Hit:
        """Return *hit*, whose passages say which of their *marked* tokens are of related words."""
        title, *passages = (
            self._tell(passage, tokens, hit.language)
            for passage, tokens in zip((hit.title, *hit.passages), marked, strict=True)
        )
        return replace(hit, title=title, passages=tuple(passages))

    def tell_in(self, passage: Passage, language: Language) -> Passage:
        """Return *passage*, in *language*, which says which of its marks are of related words."""
        return self._tell(passage, marked_tokens(passage, language, lemmas_by(self._analyzer)), language)

    def _tell(self, passage: Passage, tokens: Tokens, language: Language) -> Passage:
        kinds = self._kinds(passage.text, tokens, language)
        if all(kind == "" for kind in kinds.values()):
            return passage
        runs = [run for mark in passage.marks for run in _runs(mark, kinds)]
        kept = [(mark, related_to) for mark, related_to in runs if related_to is not None]
        related_to = tuple(related_to for _, related_to in kept)
        return replace(
            passage,
            marks=tuple(mark for mark, _ in kept),
            related_to=related_to if any(related_to) else (),
        )

    def _kinds(self, text: str, tokens: Tokens, language: Language) -> Kinds:
        """Return, for each of the marked *tokens*, the words to which it is related, "" for a typed one."""
        kinds: Kinds = {
            (token.start, token.end): "" if self._is_typed(text[token.start : token.end], language) else None
            for token in tokens
        }
        if None not in kinds.values():
            return kinds
        # In one order: that of a set changes from process to process.
        lemmas = dict.fromkeys(chain.from_iterable(sorted(token.lemmas) for token in tokens))
        for term, typed in chain.from_iterable(self._related.get(lemma, ()) for lemma in lemmas):
            for token in tokens_of(term, tokens):
                if kinds[token.start, token.end] is None:
                    kinds[token.start, token.end] = typed
        return kinds


def _is_of(terms: frozenset[str], analyzer: Analyzer, token: str, language: Language) -> bool:
    """Return whether any form of *token*, of a text in *language*, is among *terms*."""
    forms = analyzer.forms(token, language)
    return not terms.isdisjoint((*forms.lemma, *forms.stem, *forms.exact, *forms.fold))


def _runs(mark: Span, kinds: Kinds) -> Iterator[tuple[Span, str | None]]:
    """Yield the parts of a mark with the words to which they are related."""
    tokens = [(span, kind) for span, kind in kinds.items() if mark[0] <= span[0] < mark[1]]
    groups = [[*group] for _, group in groupby(tokens, key=itemgetter(1))]
    if len(groups) < 2:
        yield mark, tokens[0][1] if tokens else ""
        return
    for group in groups:
        (first, related_to), (last, _) = group[0], group[-1]
        yield (first[0], last[1]), related_to


def _words(clause: Clause) -> Iterator[Word]:
    for leaf in leaves(clause):
        yield from leaf.words if isinstance(leaf, Phrase) else (leaf,) if isinstance(leaf, Word) else ()


def _terms(word: Word) -> Iterable[str]:
    return *word.lemma, *word.unaccented, *word.stem, *word.exact, *word.fold, word.acronym
