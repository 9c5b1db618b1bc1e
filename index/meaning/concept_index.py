"""The concepts by the words of their terms: which concepts the words of a query express."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from itertools import chain, product
from typing import Self

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN, read
from index.meaning.concepts import Concept, ConceptTerm
from index.meaning.word_concepts import read_words
from index.meaning.word_formation import base_words, stem_lemma
from index.meaning.word_kinship import closeness
from index.query import RelatedTerm, Word
from index.query.words import is_typed_as_name

Lemmas = frozenset[str]
WordLemmas = tuple[str, ...]
"""The lemmas of a word. A tuple of strings is nothing for the garbage collector to visit; a set would be."""
Span = frozenset[int]
"""The numbers of some words of a query."""

_GAP = 2
"""The most other words of a query that may be among the words of a term: māju *lielā* siltināšana."""
# Shorter abbreviations in lower case are ordinary words: es, it, ap.
_LOWER_CASE_MIN = 4
_NEGATION = "ne"
# The stemmer keeps the vowel that other forms lack: беженец, беженцы.
_FLEETING_VOWEL = re.compile(r"[её]([кц])$")


class Term(RelatedTerm, frozen=True, kw_only=True, gc=False):
    """A term of the concept with a number."""

    concept: int
    is_weak: bool = False
    """As of ``ConceptTerm``."""
    is_negated: bool = False
    """Whether it is one word with *ne-* that its lemmas lack: who types *lietot* does not mean *nelietot*."""

    @property
    def is_foreign_word(self) -> bool:
        """Whether it is one English or Russian word, and no abbreviation."""
        return self.language != "lv" and len(self.words) == 1 and not self.text.isupper()

    @property
    def is_name(self) -> bool:
        """Whether it is written as a name: Liepāja, Covid."""
        return self.text[:1].isupper()

    def has_only(self, lemmas: Lemmas) -> bool:
        """Return whether each word of the term has one of *lemmas*."""
        first, *others = self.words  # mostly the first has none
        return not lemmas.isdisjoint(first) and not any(map(lemmas.isdisjoint, others))

    def has_none(self, lemmas: Lemmas) -> bool:
        """Return whether no word of the term has one of *lemmas*."""
        return all(lemmas.isdisjoint(word) for word in self.words)

    def span(self, words: Sequence[Word], at: int) -> Span | None:
        """Return the places of the words of this term, its first word at *at*; None if one is missing."""
        first = max(0, at - len(self.words) - _GAP + 1)
        near = range(first, min(len(words), at + len(self.words) + _GAP))
        places = {at}
        for lemmas in self.words[1:]:
            place = next((i for i in near if i not in places and _has_any(words[i], lemmas)), None)
            if place is None:
                return None
            places.add(place)
        is_near = max(places) - min(places) < len(self.words) + _GAP
        return frozenset(places) if is_near else None


Terms = tuple[tuple[Term, ...], ...]
"""The terms of each concept."""
Names = tuple[str, ...]
"""The first term of each concept, by which others name it; empty if that is weak."""
TermsByLemma = Mapping[str, Sequence[Term]]


def _has_any(word: Word, lemmas: Sequence[str]) -> bool:
    return any(map(lemmas.__contains__, word.lemmas))


class ConceptIndex:
    """Concepts by lemma, with the *names* and the *terms* of each; threads may share it."""

    def __init__(self, names: Names, terms: Terms) -> None:
        self.names, self.terms = names, terms

    @classmethod
    def of(cls, concepts: Sequence[Concept], analyzer: Analyzer) -> Self:
        """Look up the words of the terms of *concepts*, which takes seconds."""
        names = tuple("" if concept[0].is_weak else concept[0].text for concept in concepts)
        return cls(names, _look_up(concepts, analyzer))

    @cached_property
    def _lemmas_in(self) -> Mapping[Language, set[str]]:
        """The lemmas of the terms in each language."""
        lemmas: dict[Language, set[str]] = defaultdict(set)
        for term in chain.from_iterable(self.terms):
            lemmas[term.language].update(*term.words)
        return lemmas

    @cached_property
    def _latvian_lemmas(self) -> Sequence[Lemmas]:
        """The lemmas of the Latvian terms of each concept."""
        return [
            frozenset(
                lemma for term in terms if term.language == "lv" for word in term.words for lemma in word
            )
            for terms in self.terms
        ]

    @cached_property
    def _by_lemma(self) -> TermsByLemma:
        """The terms that begin with a lemma, without weak ones."""
        return _group(term for term in chain.from_iterable(self.terms) if not term.is_weak)

    @cached_property
    def _weak_by_lemma(self) -> TermsByLemma:
        """The weak terms that begin with a lemma."""
        return _group(term for term in chain.from_iterable(self.terms) if term.is_weak)

    @cached_property
    def _closest(self) -> Mapping[str, int]:
        """By lemma that no concept lists: the number of the concept closest to it."""
        numbers = {name: number for number, name in enumerate(self.names) if name}
        return {lemma: numbers[name] for lemma, name in read_words() if name in numbers}

    @cached_property
    def _by_latvian_word(self) -> Mapping[str, Sequence[int]]:
        """The concepts of each Latvian term that is one word, by its lemmas and its stem."""
        concepts: dict[str, dict[int, None]] = defaultdict(dict)
        for term in chain.from_iterable(self.terms):
            if term.language == "lv" and len(term.words) == 1 and not (term.is_weak or term.is_negated):
                for lemma in (*term.words[0], stem_lemma(term.text)):
                    concepts[lemma][term.concept] = None
        return {lemma: tuple(numbers) for lemma, numbers in concepts.items()}

    def load(self) -> None:
        """Look up the words of all concepts now, which the first query would have to wait for."""
        _ = self._by_lemma, self._weak_by_lemma, self._by_latvian_word, self._closest, self._lemmas_in
        _ = self._latvian_lemmas

    def has(self, lemma: str) -> bool:
        """Return whether a term begins with *lemma*, or a concept is known to be close to it."""
        return lemma in self._by_lemma or lemma in self._closest

    def has_in(self, language: Language, lemmas: Iterable[str]) -> bool:
        """Return whether a term in *language* has one of *lemmas*."""
        return not self._lemmas_in.get(language, set()).isdisjoint(lemmas)

    def concepts_in(self, words: Sequence[Word]) -> dict[Span, set[int]]:
        """Return the concepts that *words* express, by the words that make up a term of them."""
        found = self._find(words, is_weak=False)
        return {span: self._meant(span, found) for span in found}

    def _meant(self, span: Span, found: Mapping[Span, set[int]]) -> set[int]:
        """Return the concepts of *span* in *found* that share a Latvian word with a phrase around it.

        All of them if none does. The fires of forest fires are no dismissals.
        """
        around = [number for other, numbers in found.items() if span < other for number in numbers]
        if not around or len(found[span]) == 1:
            return found[span]
        said = frozenset().union(*map(self._latvian_lemmas.__getitem__, around))
        meant = {number for number in found[span] if not said.isdisjoint(self._latvian_lemmas[number])}
        return meant or found[span]

    def closest_concepts(self, words: Sequence[Word], listed: Iterable[Span]) -> dict[Span, set[int]]:
        """Return the concepts closest to those of *words* that are in none of *listed*, names left out."""
        named = _names(words).union(*listed)
        found = ((at, self._concepts_closest_to(word)) for at, word in enumerate(words) if at not in named)
        return {frozenset((at,)): closest for at, closest in found if closest}

    def weak_concepts_in(self, words: Sequence[Word]) -> dict[Span, set[int]]:
        """Return the concepts of which *words* express a weak term, by the words that make it up."""
        return self._find(words, is_weak=True)

    def _find(self, words: Sequence[Word], *, is_weak: bool) -> dict[Span, set[int]]:
        """Return the concepts of the terms that *words* make up, by the words of each."""
        found: dict[Span, set[int]] = defaultdict(set)
        names = _names(words)
        typed = frozenset(chain.from_iterable(word.lemmas for word in words))
        # A word that is typed often is looked up once.
        begun = {word: _closest_terms(word.text, self._begun(word)) for word in {*words}}
        for at, word in enumerate(words):
            for term in begun[word]:
                span = term.span(words, at) if term.is_weak == is_weak and term.has_only(typed) else None
                if span and (len(span) > 1 or at not in names or term.is_name):
                    found[span].add(term.concept)
        return dict(found)

    def _begun(self, word: Word) -> Iterator[Term]:
        """Yield the terms that begin with *word*, weak ones too, and negated ones only if it is."""
        for lemma, by_lemma in product(word.lemmas, (self._by_lemma, self._weak_by_lemma)):
            for term in by_lemma.get(lemma, ()):
                if not term.is_negated or word.text.lower().startswith(_NEGATION):
                    yield term

    def terms_of_only(self, lemmas: Lemmas) -> Mapping[int, Term]:
        """Return the terms of which each word has one of *lemmas*, by their identity: few of a concept."""
        begun = (
            by_lemma.get(lemma, ()) for lemma in lemmas for by_lemma in (self._by_lemma, self._weak_by_lemma)
        )
        return {id(term): term for term in chain.from_iterable(begun) if term.has_only(lemmas)}

    def _concepts_closest_to(self, word: Word) -> set[int]:
        """Return the concepts closest to a word that none lists, or else those of what it is formed from."""
        if is_typed_as_name(word.text):
            return set()
        closest = {self._closest[lemma] for lemma in word.lemmas if lemma in self._closest}
        if closest:
            return closest
        bases = chain.from_iterable(map(base_words, word.lemmas))
        return set(next((self._by_latvian_word[base] for base in bases if base in self._by_latvian_word), ()))


def _group(terms: Iterable[Term]) -> TermsByLemma:
    by_lemma: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        for lemma in term.words[0]:
            by_lemma[lemma].append(term)
    return {lemma: tuple(terms) for lemma, terms in by_lemma.items()}


def _closest_terms(typed: str, terms: Iterable[Term]) -> list[Term]:
    """Return *terms* without the foreign words that only share a stem with *typed*, or are less close.

    A stem is that of other words, too: hospital, hospitality; виза, визит.
    """
    kept = list(terms)
    degrees = {id(term): closeness(typed, term.text, term.language) for term in kept if term.is_foreign_word}
    best = max(degrees.values(), default=0)
    return [term for term in kept if id(term) not in degrees or 0 < degrees[id(term)] == best]


def _names(words: Sequence[Word]) -> Span:
    """Return the places of the words that are typed as names: capitalised, and not just as the first word."""
    places = [at for at, word in enumerate(words) if is_typed_as_name(word.text)]
    return frozenset(at for at in places if at or 1 in places)


def _look_up(concepts: Sequence[Concept], analyzer: Analyzer) -> Terms:
    """Return the terms of each concept."""
    lemmas_of = cache(partial(_lemmas, analyzer))  # most words are in several terms
    return tuple(
        tuple(
            Term(
                concept=number,
                text=term.text,
                language=term.language,
                words=words,
                is_weak=term.is_weak,
                slop=_count_stop_words(term.text),
                is_negated=_is_negated(term, words),
            )
            for term in concept
            if (words := _words(term, lemmas_of))
        )
        for number, concept in enumerate(concepts)
    )


def _words(term: ConceptTerm, lemmas_of: Callable[[str, Language], WordLemmas]) -> tuple[WordLemmas, ...]:
    tokens = [match[0] for match in TOKEN.finditer(term.text)]
    content = [token for token in tokens if token.lower() not in stop_words()] or tokens
    return tuple(filter(None, [lemmas_of(token, term.language) for token in content]))


def _is_negated(term: ConceptTerm, words: Sequence[WordLemmas]) -> bool:
    if term.language != "lv" or len(words) != 1 or not term.text.startswith(_NEGATION) or " " in term.text:
        return False
    return not any(lemma.lstrip("~").startswith(_NEGATION) for lemma in words[0])


def _count_stop_words(text: str) -> int:
    tokens = [match[0].lower() for match in TOKEN.finditer(text)]
    stops = sum(token in stop_words() for token in tokens)
    return stops if stops < len(tokens) else 0


def _lemmas(analyzer: Analyzer, token: str, language: Language) -> WordLemmas:
    """Return the lemmas by which *token* is known: itself, if it is one, and is no form of another word.

    Of a compound those of the whole: e-lieta is no *lieta*. Of a short abbreviation only the one with its
    mark.
    """
    lemmas = analyzer.forms(token, language).lemma
    if read(token).kind == "compound":
        whole = analyzer.query_forms(token).lemma
        return tuple(lemma for lemma in lemmas if lemma in whole) or whole
    if language == "lv" and token in lemmas:
        return (token,)
    if lemmas[:1] and lemmas[0].startswith("^") and len(token) < _LOWER_CASE_MIN:
        return lemmas[:1]
    if language == "ru" and (plural := _FLEETING_VOWEL.sub(r"\1", token)) != token:
        lemmas += analyzer.forms(plural, language).lemma
    return tuple(dict.fromkeys(lemmas))
