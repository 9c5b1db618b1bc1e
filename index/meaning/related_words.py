"""Query expansion by meaning: each word may be replaced by related words, which score less."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import get_args

from msgspec.structs import replace

from crawler.config import Language
from index.analysis import Analyzer
from index.meaning.concept_index import ConceptFile, Lemmas, Span, Term, open_concepts
from index.meaning.concepts import CONCEPTS
from index.query import AllOf, AnyOf, Clause, Expansion, Query, Related, Word
from index.query.rewrite import restrict

# The score of a related word, as a share of the score of a lemma. Chosen on the judged queries.
_WEIGHT = 0.85
# Most releases are in Latvian, and who asks in Latvian seeks them rather than their translations.
_FOREIGN_SHARE = 0.5
# A phrase is asked for as a whole; its words on their own say less.
_PART_SHARE = 0.6
# The share of a concept to which a word leads weakly; the weight of its own concepts stays.
_WEAK_SHARE = 0.25
Languages = frozenset[Language]


class RelatedWords:
    """Expands queries by the concepts at *path*; threads may share it.

    Raises:
        ConfigError: the file is missing or malformed.
    """

    def __init__(self, analyzer: Analyzer, path: Path = CONCEPTS) -> None:
        self._analyzer = analyzer
        self._index = open_concepts(ConceptFile.at(path, analyzer))
        self._cached_related = lru_cache(10_000)(self._related)

    def load(self) -> None:
        """Look up the words of all concepts now, which the first query would have to wait for."""
        self._index.load()

    def has(self, word: str) -> bool:
        """Return whether *word* has related words, in any form: then it is no typo."""
        forms = self._analyzer.query_forms(word)
        return any(map(self._index.has, (*forms.lemma, *forms.unaccented)))

    def expand(self, query: Query) -> Query:
        """Return *query* with ``related``, its clause expanded; unchanged if no word has related words.

        Quoted phrases, exact words, prefixes and exclusions are not expanded.
        """
        expansions: dict[Expansion, None] = {}
        clause = self._expand(query.clause, expansions)
        return replace(query, related=clause, expansions=tuple(expansions)) if expansions else query

    def _expand(self, clause: Clause, expansions: dict[Expansion, None]) -> Clause:
        match clause:
            case Word():
                return next(self._expand_words((clause,), expansions))
            case AllOf(clauses):
                return AllOf(tuple(self._expand_all(clauses, expansions)))
            case AnyOf(clauses):
                return AnyOf(tuple(self._expand(inner, expansions) for inner in clauses))
        return clause

    def _expand_all(self, clauses: Sequence[Clause], expansions: dict[Expansion, None]) -> Iterator[Clause]:
        for is_word, run in groupby(clauses, lambda clause: isinstance(clause, Word)):
            if is_word:
                words = tuple(clause for clause in run if isinstance(clause, Word))
                yield from self._expand_words(words, expansions)
            else:
                yield from (self._expand(clause, expansions) for clause in run)

    def _expand_words(self, words: Sequence[Word], expansions: dict[Expansion, None]) -> Iterator[Clause]:
        """Yield *words*, each as a clause that also matches what means the same.

        A release with a concept that several words express together matches each of them.
        """
        concepts, weak = self._index.concepts_in(words), self._index.weak_concepts_in(words)
        both = {span: concepts.get(span, set()) | weak.get(span, set()) for span in {**concepts, **weak}}
        asked = self._asked_languages(words, both)
        related: list[dict[int, Related]] = [{} for _ in words]
        self._relate(words, concepts, 1, asked, related)
        self._relate(words, weak, _WEAK_SHARE, asked, related)
        expansions.update(dict.fromkeys(self._expansions(words, both)))
        for word, others in zip(words, related, strict=True):
            clauses = (restrict(clause, word.part) if word.part else clause for clause in others.values())
            yield AnyOf((word, *clauses)) if others else word

    def _relate(
        self,
        words: Sequence[Word],
        concepts: Mapping[Span, set[int]],
        share: float,
        asked: Languages,
        related: Sequence[dict[int, Related]],
    ) -> None:
        """Add to *related*, by word, the clauses of *concepts* that it lacks, at *share* of their weight."""
        for span in sorted(concepts, key=lambda span: (-len(span), min(span))):
            typed = _lemmas(words, span)
            weight = share * _weight(span, concepts)
            for concept in sorted(concepts[span]):
                for at in span:
                    related[at].setdefault(concept, self._cached_related(concept, weight, typed, asked))

    def _expansions(self, words: Sequence[Word], concepts: Mapping[Span, set[int]]) -> Iterator[Expansion]:
        """Yield the related terms of *words*, in reading order, those of a phrase together."""
        for span in _groups(concepts):
            inside = sorted((other for other in concepts if other <= span), key=lambda other: -len(other))
            numbers = [number for other in inside for number in sorted(concepts[other])]
            typed = self._index.terms_of_only(_lemmas(words, span))
            others = [
                term for number in numbers for term in self._index.terms[number] if id(term) not in typed
            ]
            yield Expansion(" ".join([words[at].text for at in sorted(span)]), tuple(others))

    def _asked_languages(self, words: Sequence[Word], concepts: Mapping[Span, set[int]]) -> Languages:
        """Return Latvian and the languages in which *words* are terms, Latvian if a word is so in several.

        All languages if no concept lists a word.
        """
        asked: set[Language] = set()
        for span in concepts:
            typed = self._index.terms_of_only(_lemmas(words, span)).values()
            languages = {term.language for term in typed if term.concept in concepts[span]}
            asked |= {"lv"} if "lv" in languages else languages
        return frozenset(asked | {"lv"} if asked else get_args(Language))

    def _related(self, concept: int, weight: float, typed: Lemmas, asked: Languages) -> Related:
        """Return the clause that matches the terms of *concept* without a word in *typed*.

        All words in the languages *asked* are one clause, the best of which counts; others score less.
        """
        terms = self._index.terms[concept]
        words, near = _single_words(terms), _single_words(term for term in terms if term.language in asked)
        pools = ((near - typed, weight), (words - near - typed, _FOREIGN_SHARE * weight))
        # A phrase with a word that is searched by itself would add little but time.
        phrases = (term for term in terms if len(term.words) > 1 and term.has_none(words))
        return Related(
            (
                *(_any_word(terms[0].text, lemmas, share) for lemmas, share in pools if lemmas),
                *(
                    _all_words(term, weight if term.language in asked else _FOREIGN_SHARE * weight)
                    for term in phrases
                    if not term.has_only(typed)
                ),
            )
        )


def _lemmas(words: Sequence[Word], span: Span) -> Lemmas:
    return frozenset(lemma for at in span for lemma in words[at].lemmas)


def _single_words(terms: Iterable[Term]) -> Lemmas:
    """Return the lemmas of those of *terms* that are a word."""
    return frozenset(lemma for term in terms if len(term.words) == 1 for lemma in term.words[0])


def _weight(span: Span, concepts: Mapping[Span, set[int]]) -> float:
    """Return the weight of each concept of *span* in the clause of each of its words.

    Words with several meanings have one of them, so the others must not outweigh what was typed.
    """
    is_part = any(span < other for other in concepts)
    share = _PART_SHARE if is_part else 1
    return _WEIGHT * share / math.sqrt(len(concepts[span])) / len(span)


def _groups(concepts: Iterable[Span]) -> list[Span]:
    """Return the longest of the spans *concepts* that do not overlap, in reading order."""
    groups: list[Span] = []
    for span in sorted(concepts, key=lambda span: (-len(span), min(span))):
        if all(span.isdisjoint(other) for other in groups):
            groups.append(span)
    return sorted(groups, key=min)


def _any_word(text: str, lemmas: Lemmas, weight: float) -> Word:
    """Return a clause for the words *lemmas* of the concept that begins with *text*."""
    return Word(text=text, lemma=tuple(sorted(lemmas)), weight=weight, pooled=True)


def _all_words(term: Term, weight: float) -> AllOf:
    """Return a clause for the words of *term* anywhere in a release; texts are short, so they are near."""
    share = weight / len(term.words)
    return AllOf(
        tuple(Word(text=term.text, lemma=tuple(sorted(lemmas)), weight=share) for lemmas in term.words)
    )
