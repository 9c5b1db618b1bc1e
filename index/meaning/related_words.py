"""Query expansion by meaning: each word may be replaced by related words, which score less."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.tokenizer import TOKEN
from index.meaning.concepts import CONCEPTS, ConceptTerm, read_concepts
from index.meaning.word_concepts import read_words
from index.query import AllOf, AnyOf, Clause, Expansion, Query, Related, Word
from index.query.rewrite import restrict

# The score of a related word, as a share of the score of a lemma. Chosen on the judged queries.
_WEIGHT = 0.75
# A phrase is asked for as a whole; its words on their own say less.
_PART_SHARE = 0.6
_LONGEST = 5
"""The most words of a term that are looked up in a query."""
_SHOWN = 4
"""The most related words that are shown for a word."""
# Shorter abbreviations in lower case are ordinary words: es, it, ap.
_LOWER_CASE_MIN = 4
# The stemmer keeps the vowel that other forms lack: беженец, беженцы.
_FLEETING_VOWEL = re.compile(r"[её]([кц])$")

Lemmas = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of a concept, with the lemmas of each of its words."""

    concept: int
    text: str
    language: Language
    words: tuple[Lemmas, ...]

    def begins(self, words: Sequence[Word]) -> bool:
        """Return whether *words* begin with the term."""
        return len(self.words) <= len(words) and all(
            not lemmas.isdisjoint(word.lemmas) for word, lemmas in zip(words, self.words, strict=False)
        )

    def has_only(self, lemmas: Lemmas) -> bool:
        """Return whether each word of the term has one of *lemmas*."""
        return not any(lemmas.isdisjoint(word) for word in self.words)

    def has_none(self, lemmas: Lemmas) -> bool:
        """Return whether no word of the term has one of *lemmas*."""
        return all(lemmas.isdisjoint(word) for word in self.words)


class RelatedWords:
    """Expands queries by the concepts at *path*; threads may share it.

    Raises:
        ConfigError: the file is missing or malformed.
    """

    def __init__(self, analyzer: Analyzer, path: Path = CONCEPTS) -> None:
        self._analyzer = analyzer
        self._concepts = read_concepts(path)
        self._numbers = {concept[0].text: number for number, concept in enumerate(self._concepts)}
        self._cached_related = lru_cache(10_000)(self._related)

    @cached_property
    def _terms(self) -> tuple[tuple[_Term, ...], ...]:
        """The terms of each concept."""
        return tuple(
            tuple(
                _Term(number, term.text, term.language, words)
                for term in concept
                if (words := _words(term, self._analyzer))
            )
            for number, concept in enumerate(self._concepts)
        )

    @cached_property
    def _by_lemma(self) -> Mapping[str, Sequence[_Term]]:
        """The terms of all concepts, by the lemmas of their first word."""
        by_lemma: dict[str, list[_Term]] = defaultdict(list)
        for concept in self._terms:
            for term in concept:
                for lemma in term.words[0]:
                    by_lemma[lemma].append(term)
        return dict(by_lemma)

    @cached_property
    def _closest(self) -> Mapping[str, str]:
        """The first term of the closest concept, by lemma, for lemmas that no concept lists."""
        return dict(read_words())

    def load(self) -> None:
        """Look up the words of all concepts now, so that the first query need not wait."""
        _ = self._by_lemma, self._closest

    def has(self, word: str) -> bool:
        """Return whether *word* has related words, in any form: then it is no typo."""
        forms = self._analyzer.query_forms(word)
        lemmas = (*forms.lemma, *forms.unaccented)
        return any(lemma in self._by_lemma or lemma in self._closest for lemma in lemmas)

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
                return next(self._expand_run((clause,), expansions))
            case AllOf(clauses):
                return AllOf(tuple(self._expand_run(clauses, expansions)))
            case AnyOf(clauses):
                return AnyOf(tuple(self._expand(inner, expansions) for inner in clauses))
        return clause

    def _expand_run(self, clauses: Sequence[Clause], expansions: dict[Expansion, None]) -> Iterator[Clause]:
        at = 0
        while at < len(clauses):
            words = tuple(_leading_words(clauses[at : at + _LONGEST]))
            if not words:
                yield self._expand(clauses[at], expansions)
                at += 1
                continue
            terms = self._longest_terms(words)
            words = words[: len(terms[0].words) if terms else 1]
            yield from self._expand_words(words, terms, expansions) if terms else words
            at += len(words)

    def _longest_terms(self, words: Sequence[Word]) -> list[_Term]:
        """Return the longest terms with which *words* begin."""
        found = [
            term for lemma in words[0].lemmas for term in self._by_lemma.get(lemma, ()) if term.begins(words)
        ]
        length = max((len(term.words) for term in found), default=0)
        return [term for term in found if len(term.words) == length] or self._closest_terms(words[0])

    def _closest_terms(self, word: Word) -> list[_Term]:
        """Return a term for a word that no concept lists, with the concept to which it is closest."""
        return [
            _Term(self._numbers[name], word.text, "lv", (frozenset(word.lemmas),))
            for lemma in word.lemmas
            if (name := self._closest.get(lemma)) in self._numbers
        ][:1]

    def _expand_words(
        self, words: tuple[Word, ...], terms: Sequence[_Term], expansions: dict[Expansion, None]
    ) -> Iterator[Clause]:
        """Yield *words* as one clause that also matches what means the same as *terms*."""
        # A word of several concepts means one of them, so the others must not outweigh what was typed.
        weights = {term.concept: _WEIGHT / math.sqrt(len(terms)) for term in terms}
        for word in words if len(words) > 1 else ():
            for term in self._longest_terms((word,)):
                weights.setdefault(term.concept, _WEIGHT * _PART_SHARE)
        typed = frozenset(lemma for word in words for lemma in word.lemmas)
        related = [self._cached_related(concept, weight, typed) for concept, weight in weights.items()]
        expansions[self._expansion(words, typed, weights)] = None
        part = words[0].part
        yield AnyOf(
            (
                words[0] if len(words) == 1 else AllOf(words),
                *(restrict(clause, part) if part else clause for clause in related),
            )
        )

    def _expansion(self, words: Sequence[Word], typed: Lemmas, concepts: Iterable[int]) -> Expansion:
        others = [term for concept in concepts for term in self._terms[concept] if not term.has_only(typed)]
        shown = [term for term in others if term.language == "lv"] or others
        texts = tuple(dict.fromkeys(term.text for term in shown))[:_SHOWN]
        return Expansion(" ".join(word.text for word in words), texts)

    def _related(self, concept: int, weight: float, typed: Lemmas) -> Related:
        """Return the clause that matches the terms of *concept* without a word in *typed*.

        All words are one clause: the best of them counts.
        """
        terms = self._terms[concept]
        words = frozenset(lemma for term in terms if len(term.words) == 1 for lemma in term.words[0])
        word = Word(text=terms[0].text, lemma=tuple(sorted(words - typed)), weight=weight)
        # A phrase with a word that is searched by itself would add little but time.
        phrases = (term for term in terms if len(term.words) > 1 and term.has_none(words))
        return Related(
            (
                *((word,) if word.lemma else ()),
                *(_all_words(term, weight) for term in phrases if not term.has_only(typed)),
            )
        )


def _leading_words(clauses: Sequence[Clause]) -> Iterator[Word]:
    for clause in clauses:
        if not isinstance(clause, Word):
            return
        yield clause


def _words(term: ConceptTerm, analyzer: Analyzer) -> tuple[Lemmas, ...]:
    tokens = [match[0] for match in TOKEN.finditer(term.text)]
    return tuple(filter(None, (_lemmas(token, term, analyzer) for token in tokens)))


def _lemmas(token: str, term: ConceptTerm, analyzer: Analyzer) -> Lemmas:
    """Return the lemmas of *token*; of a short abbreviation, only that of the abbreviation."""
    lemmas = analyzer.forms(token, term.language).lemma
    if lemmas[:1] and lemmas[0].startswith("^") and len(token) < _LOWER_CASE_MIN:
        return frozenset(lemmas[:1])
    plural = _FLEETING_VOWEL.sub(r"\1", token) if term.language == "ru" else token
    return frozenset((*lemmas, *analyzer.forms(plural, term.language).lemma))


def _all_words(term: _Term, weight: float) -> AllOf:
    """Return a clause for the words of *term* anywhere in a release; texts are short, so they are near."""
    share = weight / len(term.words)
    return AllOf(
        tuple(Word(text=term.text, lemma=tuple(sorted(lemmas)), weight=share) for lemmas in term.words)
    )
