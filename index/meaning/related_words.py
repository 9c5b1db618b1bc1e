"""Query expansion by meaning: each word may be replaced by related words, which score less."""

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby
from pathlib import Path
from typing import get_args

from msgspec.structs import replace

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN
from index.meaning.asked_language import asked_language
from index.meaning.concept_file import ConceptFile, open_concepts
from index.meaning.concept_index import Lemmas, Span, Term, WordLemmas
from index.meaning.concepts import CONCEPTS
from index.meaning.english_forms import english_forms
from index.query import AllOf, AnyOf, Clause, Expansion, Phrase, Query, Related, Word
from index.query.rewrite import restrict
from index.query.specificity import is_common, specificity
from index.query.words import EXACT_SHARE

# The score of a related word, as a share of the score of a lemma. Chosen on the judged queries.
_WEIGHT = 0.85
# Most releases are in Latvian, and who asks in Latvian seeks them rather than their translations.
_FOREIGN_SHARE = 0.5
# A phrase is asked for as a whole; its words on their own say less.
_PART_SHARE = 0.6
# The most other words in a phrase: sociālās *palīdzības un* rehabilitācijas; and if it is only near.
_PHRASE_SLOP, _DISTANT_SLOP = 3, 10
# A word that says much less than what was typed does not mean the same. At 0.4, of the first ten hits on
# tests/judged/unseen.toml 4 % fewer are relevant; at 0.7, 4 % more, but as many fewer relevant ones are hits.
_SPECIFIC_SHARE = 0.55
# The share of a concept to which a word leads weakly; the weight of its own concepts stays.
_WEAK_SHARE = 0.25
Languages = frozenset[Language]
Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Senses:
    """The concepts that some words express, by the words that make up a term."""

    listed: Mapping[Span, set[int]]
    closest: Mapping[Span, set[int]]
    weak: Mapping[Span, set[int]]
    asked: Languages = frozenset()
    without: frozenset[str] = frozenset()
    """Terms that are not searched, in lower case."""

    @property
    def all(self) -> Mapping[Span, set[int]]:
        """Those of all kinds together."""
        kinds = (self.listed, self.closest, self.weak)
        spans = dict.fromkeys(chain.from_iterable(kinds))
        return {span: set().union(*(kind.get(span, ()) for kind in kinds)) for span in spans}


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a query is expanded: the senses of its words that are known so far, and what is left out."""

    senses: dict[Words, _Senses]
    without: frozenset[str]
    is_distant: bool


class RelatedWords:
    """Expands queries by the concepts at *path*; threads may share it.

    The file *kept*, if there is one, has the lemmas of their terms.

    Raises:
        ConfigError: the file is missing or malformed.
    """

    def __init__(self, analyzer: Analyzer, path: Path = CONCEPTS, kept: Path = Path()) -> None:
        self._analyzer = analyzer
        self._index = open_concepts(ConceptFile.at(path, analyzer, kept))
        self._cached_related = lru_cache(10_000)(self._related)
        self._typed_terms = lru_cache(1_000)(self._index.terms_of_only)

    def load(self) -> None:
        """Look up the words of all concepts now, which the first query would have to wait for."""
        self._index.load()

    def has(self, word: str) -> bool:
        """Return whether *word* has related words, in any form: then it is no typo."""
        forms = self._analyzer.query_forms(word)
        return any(map(self._index.has, (*forms.lemma, *forms.unaccented)))

    def language_of(self, text: str) -> Language | None:
        """Return the language in which the query *text* is typed, None if that is uncertain."""
        return asked_language(text, self._analyzer, self._index)

    def expand(self, query: Query, without: Iterable[str] = ()) -> Query:
        """Return *query* with ``related``, its clause expanded; unchanged if no word has related words.

        Quoted phrases, exact words, prefixes and exclusions are not expanded. The terms *without*, in their
        dictionary form, are not searched.
        """
        reading = _Reading({}, frozenset(map(str.lower, without)), is_distant=True)
        distant = self._expand(query.clause, reading)
        expansions = dict.fromkeys(
            expansion
            for words, found in reading.senses.items()
            for expansion in self._expansions(words, found)
        )
        if not expansions:
            return query
        related = self._expand(query.clause, dataclasses.replace(reading, is_distant=False))
        return replace(query, related=related, distant=distant, expansions=tuple(expansions))

    def _expand(self, clause: Clause, reading: _Reading) -> Clause:
        match clause:
            case Word():
                return next(self._expand_words((clause,), reading))
            case AllOf(clauses):
                return AllOf(tuple(self._expand_all(clauses, reading)))
            case AnyOf(clauses):
                return AnyOf(tuple(self._expand(inner, reading) for inner in clauses))
        return clause

    def _expand_all(self, clauses: Sequence[Clause], reading: _Reading) -> Iterator[Clause]:
        for is_word, run in groupby(clauses, lambda clause: isinstance(clause, Word)):
            if is_word:
                words = tuple(clause for clause in run if isinstance(clause, Word))
                yield from self._expand_words(words, reading)
            else:
                yield from (self._expand(clause, reading) for clause in run)

    def _expand_words(self, words: Words, reading: _Reading) -> Iterator[Clause]:
        """Yield *words*, each as a clause that also matches what means the same.

        A release with a concept that several words express together matches each of them. If *reading* is
        distant, what is only akin matches, too: concepts to which a word leads weakly or is only close, and
        those of the single words of a phrase that has a concept.
        """
        if (found := reading.senses.get(words)) is None:
            found = reading.senses[words] = self._senses(words, reading.without)
        related: list[dict[int, Related]] = [{} for _ in words]
        if reading.is_distant:
            self._relate(words, found, {**found.listed, **found.closest}, 1, related, is_distant=True)
            self._relate(words, found, found.weak, _WEAK_SHARE, related, is_distant=True)
        else:
            self._relate(words, found, _whole(found.listed), 1, related, is_distant=False)
        for word, others in zip(words, related, strict=True):
            clauses = (restrict(clause, word.part) if word.part else clause for clause in others.values())
            yield AnyOf((word, *clauses)) if others else word

    def _senses(self, words: Words, without: frozenset[str]) -> _Senses:
        listed = self._index.concepts_in(words)
        found = _Senses(
            listed, self._index.closest_concepts(words, listed), self._index.weak_concepts_in(words)
        )
        asked = self._asked_languages(words, found.all)
        return dataclasses.replace(found, asked=asked, without=without)

    def _relate(
        self,
        words: Sequence[Word],
        found: _Senses,
        concepts: Mapping[Span, set[int]],
        share: float,
        related: Sequence[dict[int, Related]],
        *,
        is_distant: bool,
    ) -> None:
        """Add to *related*, by word, the clauses of *concepts* that it lacks, at *share* of their weight."""
        for span in sorted(concepts, key=lambda span: (-len(span), min(span))):
            typed = _lemmas(words, span)
            weight = share * _weight(span, concepts)
            least = None if is_distant else _SPECIFIC_SHARE * sum(specificity(words[at]) for at in span)
            for concept in sorted(concepts[span]):
                for at in span:
                    made = self._cached_related(concept, weight, typed, found.asked, found.without, least)
                    related[at].setdefault(concept, made)

    def _expansions(self, words: Sequence[Word], found: _Senses) -> Iterator[Expansion]:
        """Yield the related terms of *words*, in reading order, those of a phrase together."""
        concepts = found.all
        for span in _groups(concepts):
            inside = sorted((other for other in concepts if other <= span), key=lambda other: -len(other))
            numbers = [number for other in inside for number in sorted(concepts[other])]
            typed = self._typed_terms(_lemmas(words, span))
            others = [
                term
                for number in numbers
                for term in self._terms(number, found.without)
                if id(term) not in typed
            ]
            yield Expansion(" ".join([words[at].text for at in sorted(span)]), tuple(others))

    def _terms(self, concept: int, without: frozenset[str]) -> Sequence[Term]:
        """Return the terms of *concept* but those *without* and other forms of their words."""
        terms = self._index.terms[concept]
        gone = [term for term in terms if term.text.lower() in without]
        return [term for term in terms if not any(map(term.is_form_of, gone))] if gone else terms

    def _asked_languages(self, words: Sequence[Word], concepts: Mapping[Span, set[int]]) -> Languages:
        """Return Latvian and the languages in which *words* are terms, Latvian if a word is so in several.

        All languages if no concept lists a word.
        """
        asked: set[Language] = set()
        for span in concepts:
            typed = self._typed_terms(_lemmas(words, span)).values()
            languages = {term.language for term in typed if term.concept in concepts[span]}
            asked |= {"lv"} if "lv" in languages else languages
        return frozenset(asked | {"lv"} if asked else get_args(Language))

    def _related(  # noqa: PLR0917 - the key of a cache
        self,
        concept: int,
        weight: float,
        typed: Lemmas,
        asked: Languages,
        without: frozenset[str],
        least: float | None,
    ) -> Related:
        """Return the clause that matches the terms of *concept* without a word in *typed*.

        All words in the languages *asked* are one clause, the best of which counts; others score less.
        """
        said = self._typed_terms(typed)
        terms = [term for term in self._terms(concept, without) if id(term) not in said]
        words = [term for term in terms if len(term.words) == 1 and _says(*term.words) >= (least or 0)]
        searched = _single_words(words)
        # A phrase with a word that is searched by itself would add little but time.
        phrases = [term for term in terms if len(term.words) > 1 and term.has_none(searched)]
        clauses: list[Clause] = []
        for is_asked in (True, False):
            share = weight if is_asked else _FOREIGN_SHARE * weight
            some = [term for term in words if (term.language in asked) == is_asked]
            clauses += _any_word(self._index.terms[concept][0].text, some, typed, share)
        for term in phrases:
            share = weight if term.language in asked else _FOREIGN_SHARE * weight
            clauses.append(_phrase(term, share, is_distant=least is None))
        return Related(tuple(clauses))


def _lemmas(words: Sequence[Word], span: Span) -> Lemmas:
    return frozenset(lemma for at in span for lemma in words[at].lemmas)


def _single_words(terms: Iterable[Term]) -> Lemmas:
    """Return the lemmas of *terms*, each of which is one word."""
    return frozenset(lemma for term in terms for lemma in term.words[0])


def _weight(span: Span, concepts: Mapping[Span, set[int]]) -> float:
    """Return the weight of each concept of *span* in the clause of each of its words.

    Words with several meanings have one of them, so the others must not outweigh what was typed.
    """
    is_part = any(span < other for other in concepts)
    share = _PART_SHARE if is_part else 1
    return _WEIGHT * share / math.sqrt(len(concepts[span])) / len(span)


def _groups(concepts: Iterable[Span]) -> list[Span]:
    """Return those of the spans *concepts* that are within no other, in reading order."""
    spans = list(concepts)
    whole = [span for span in spans if not any(span < other for other in spans)]
    return sorted(whole, key=lambda span: (min(span), -len(span), sorted(span)))


@lru_cache(20_000)
def _says(lemmas: WordLemmas) -> float:
    """Return how specific a term of one word is, without the number in a name."""
    kept = tuple(lemma for lemma in lemmas if not lemma.isdigit()) or lemmas
    return specificity(Word(text="", lemma=kept))


def _whole(concepts: Mapping[Span, set[int]]) -> dict[Span, set[int]]:
    """Return *concepts* without those of a part of a phrase that has one as a whole."""
    return {span: found for span, found in concepts.items() if not any(span < other for other in concepts)}


def _any_word(text: str, terms: Sequence[Term], typed: Lemmas, weight: float) -> Iterator[Word]:
    """Yield clauses for those of *terms* that are one word, of the concept that begins with *text*."""
    inflected = _single_words(term for term in terms if not _is_english(term)) - typed
    lemmas = tuple(sorted(lemma for lemma in inflected if not is_common(lemma)))
    if lemmas:
        yield Word(text=text, lemma=lemmas, weight=weight, pooled=True)
    english = (
        form
        for term in terms
        if _is_english(term) and not any(map(is_common, term.words[0]))
        for form in english_forms(term.text)
    )
    if forms := tuple(sorted(set(english))):
        yield Word(text=text, exact=forms, weight=weight / EXACT_SHARE, pooled=True)


def _phrase(term: Term, weight: float, *, is_distant: bool) -> Clause:
    """Return a clause for the words of *term* in their order, with room for an adjective or its stop words.

    What one does with something is said in either order; with *is_distant*, anything is, and less near.
    """
    words = _phrase_words(term, weight / len(term.words))
    in_order = Phrase(words=words, slop=term.slop + (_DISTANT_SLOP if is_distant else _PHRASE_SLOP))
    if not (is_distant or term.has_verb):
        return in_order
    return AnyOf((in_order, replace(in_order, words=words[::-1])))


def _phrase_words(term: Term, weight: float) -> tuple[Word, ...]:
    if not _is_english(term):
        return tuple(Word(text=term.text, lemma=lemmas, weight=weight) for lemmas in term.words)
    return tuple(
        Word(text=term.text, exact=forms, weight=weight / EXACT_SHARE) for forms in _english_words(term.text)
    )


@lru_cache(20_000)
def _english_words(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the forms of each word of an English term, without stop words."""
    tokens = (match[0].lower() for match in TOKEN.finditer(text))
    return tuple(english_forms(token) for token in tokens if token not in stop_words())


def _is_english(term: Term) -> bool:
    """Return whether *term* is searched by its English forms, not by a stem, as an abbreviation is.

    A stem is that of other words, too: hospital, hospitality.
    """
    return term.language == "en" and not term.text.isupper()
