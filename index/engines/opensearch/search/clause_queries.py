"""Clauses as queries of the cluster: one that matches exactly what the clause does, and one that scores."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import TypeVar

from crawler.config import Language
from index.engines.opensearch.connection import Json
from index.engines.opensearch.documents import term_key, write_key
from index.engines.opensearch.mappings import PARTS, words_field
from index.engines.opensearch.search.match_lists import MatchLists
from index.engines.opensearch.search.pseudo_words import leaf_name, with_pseudo_words, without_openings
from index.engines.opensearch.search.query_limit import (
    NOTHING,
    QUERIES_MAX,
    TERMS_MAX,
    any_of,
    count_queries,
    fit_all,
    listed,
    with_numbers,
)
from index.engines.opensearch.search.query_limit import Find as FindQuery
from index.engines.opensearch.search.vocabulary import ClusterVocabulary, words_of
from index.layout import Stream
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
    Everything,
    Fuzzy,
    MostOf,
    Not,
    Part,
    Phrase,
    Prefix,
    Related,
    Wildcard,
    Word,
)
from index.search.proximity import neighbours
from index.search.ranking import (
    COVERAGE_POWER,
    FIELD_WEIGHTS,
    FOREIGN_SHARE,
    K1,
    PROXIMITY_BOOST,
    RECENCY_BOOST,
    RECENCY_HALF_LIFE_DAYS,
)
from index.search.segment_reader import terms_of

EVERYTHING: Json = {"match_all": {}}
# The most single queries by which a part of a long query says that it scores; others are listed.
_BRIEF_MATCH_MAX = 10

Find = Callable[["ClauseQuery"], Sequence[int]]
"""Returns the numbers of the documents that match a query, and by their words its clause, too."""
Shortened = TypeVar("Shortened")


@dataclass(slots=True)
class ClauseQuery:
    """A clause as the queries that match and score it, and as the clause that scores a page of candidates."""

    clause: Clause
    """The clause as settled."""
    matching: Json
    """Matches exactly what the clause does."""
    scoring: list[Json]
    """Score roughly as our ranking does; empty if every document scores 0."""
    local: Clause
    """The clause with pseudo-words in place of wildcards; the cluster reports which hits match each."""
    leaves: int = 0
    """The number of such pseudo-words."""
    boosts: list[Json] = field(default_factory=list)
    """Functions that raise the score of documents with adjacent words."""
    is_brief: bool = False
    """Whether the scoring is rougher because the clause is long."""

    def ranked(self, filters: Sequence[Json], newest: int, own_language: Language | None = None) -> Json:
        """Return the query for the documents that match and pass *filters*, scored roughly.

        Those in *own_language*, if it is given, come first.
        """
        matched = {"bool": {"filter": [self.matching, *filters], "should": self.scoring}}
        if not self.scoring:
            return matched
        whole = {"weight": 1.0}
        age = {"exp": {"day": {"origin": newest, "scale": RECENCY_HALF_LIFE_DAYS, "decay": 0.5}}}
        recent = {"filter": {"exists": {"field": "day"}}, "weight": RECENCY_BOOST, **age}
        near = _boosted(matched, [whole, *self.boosts]) if self.boosts else matched
        aged = _boosted(near, [whole, recent])
        if own_language is None:
            return aged
        own = {"filter": {"term": {"language": own_language}}, "weight": 1 - FOREIGN_SHARE}
        return _boosted(aged, [{"weight": FOREIGN_SHARE}, own])


def _boosted(query: Json, functions: Sequence[Json]) -> Json:
    return {
        "function_score": {
            "query": query,
            "functions": list(functions),
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


class ClauseTranslator:
    """Translates clauses for an index with *vocabulary*; *lists* and *find* search the same state of it."""

    def __init__(self, vocabulary: ClusterVocabulary, lists: MatchLists, find: Find) -> None:
        self._vocabulary, self._lists, self._find = vocabulary, lists, find

    def translate(self, clause: Clause) -> ClauseQuery:
        """Return the queries of a settled *clause*."""
        settled, clause = clause, without_openings(clause)
        self._vocabulary.look_up_words(
            term for word in words_of(clause) for term in terms_of(word, stems=True)
        )
        named: list[Clause] = []
        self._vocabulary.look_up_sizes(_terms_to_weigh(clause))
        (matching,) = self._fit([self._match(clause, named)])
        scoring, boosts, is_brief = self._score_within(QUERIES_MAX - count_queries(matching), clause)
        return ClauseQuery(
            clause=settled,
            matching=matching,
            scoring=scoring,
            local=with_pseudo_words(clause, named),
            leaves=len(named),
            boosts=boosts,
            is_brief=is_brief,
        )

    def _score_within(self, most: int, clause: Clause) -> tuple[list[Json], list[Json], bool]:
        """Return the scoring of *clause* and its boosts, of at most *most* queries.

        Also return whether it is rougher because *clause* is long.
        """
        pairs = list(neighbours(clause))
        boosts: list[Json] = [
            {"filter": self._match(pair, []), "weight": PROXIMITY_BOOST / len(pairs)} for pair in pairs
        ]
        scoring = self._score(clause)
        is_brief = count_queries(scoring) > most
        if is_brief:
            scoring = self._score(clause, is_brief=True)
        while len(scoring) > 1 and count_queries(scoring) > most:
            scoring.pop()
        return scoring, boosts if count_queries([scoring, boosts]) <= most else [], is_brief

    # --- Matching ----------------------------------------------------------------------------

    @singledispatchmethod
    def _match(self, clause: Clause, named: list[Clause]) -> Json:
        raise TypeError(f"{clause!r} is not a clause")

    @_match.register
    def _word(self, word: Word, named: list[Clause]) -> Json:
        if word.part:
            return _with_any(word.part, self._keys(word))
        by_field: dict[str, list[str]] = {}
        for name, text in terms_of(word):
            by_field.setdefault(name, []).append(term_key(text))
        return any_of([{"terms": {name: texts}} for name, texts in by_field.items()])

    @_match.register
    def _phrase(self, phrase: Phrase, named: list[Clause]) -> Json:
        keys = [self._keys(word) for word in phrase.words]
        if not keys or not all(keys):
            return NOTHING
        if sum(map(len, keys)) > QUERIES_MAX:
            return self._list_phrase(phrase)
        parts: Sequence[Stream] = (phrase.part,) if phrase.part else PARTS
        return any_of([_phrase_in(part, phrase, keys) for part in parts])

    def _list_phrase(self, phrase: Phrase) -> Json:
        """Return the list of the documents with a phrase: those with all its words, by the order of these."""
        has_words = self._match(AllOf(phrase.words), [])
        return with_numbers(self._find(ClauseQuery(phrase, has_words, [], phrase)))

    def _fit(self, queries: list[Json]) -> list[Json]:
        """Return *queries* as no more single ones than a cluster takes; lists are asked for at once."""
        if count_queries(queries) <= QUERIES_MAX:
            return queries
        return self._with_lists(lambda find: fit_all(queries, QUERIES_MAX, find))

    def _with_lists(self, shorten: Callable[[FindQuery], Shortened]) -> Shortened:
        """Return what *shorten* does, of which all lists are asked for at once."""
        wanted: list[Json] = []

        def note(query: Json) -> Sequence[int]:
            wanted.append(query)
            return (0,)

        shorten(note)
        self._lists.look_up(wanted)
        return shorten(self._lists.find)

    @_match.register
    def _prefix(self, prefix: Prefix, named: list[Clause]) -> Json:
        return self._open({"prefix": {"fold": {"value": prefix.text}}}, prefix, named)

    @_match.register
    def _wildcard(self, wildcard: Wildcard, named: list[Clause]) -> Json:
        return self._open({"wildcard": {"fold": {"value": wildcard.text}}}, wildcard, named)

    @_match.register
    def _fuzzy(self, fuzzy: Fuzzy, named: list[Clause]) -> Json:
        options = {"fuzziness": fuzzy.distance, "transpositions": False, "rewrite": "constant_score"}
        return self._open({"fuzzy": {"fold": {"value": fuzzy.text, **options}}}, fuzzy, named)

    def _open(self, query: Json, leaf: Prefix | Wildcard | Fuzzy, named: list[Clause]) -> Json:
        """Return the query for a wildcard; a hit that matches it is returned with the name of the query."""
        if leaf.part:
            query = _with_any(leaf.part, self._vocabulary.keys_matching(query))
        named.append(leaf)
        return {"bool": {"filter": [query], "_name": leaf_name(named.index(leaf))}}

    @_match.register
    def _everything(self, clause: Everything, named: list[Clause]) -> Json:
        return EVERYTHING

    @_match.register
    def _not(self, clause: Not, named: list[Clause]) -> Json:
        return {"bool": {"must_not": [self._match(clause.clause, named)]}}

    @_match.register
    def _all(self, clause: AllOf, named: list[Clause]) -> Json:
        return _all_of([self._match(inner, named) for inner in clause.clauses])

    @_match.register(AnyOf)
    @_match.register(Related)
    def _some(self, clause: AnyOf | Related, named: list[Clause]) -> Json:
        return any_of([self._match(inner, named) for inner in clause.clauses])

    @_match.register
    def _most(self, clause: MostOf, named: list[Clause]) -> Json:
        inner = self._fit([self._match(each, named) for each in clause.clauses])
        at_least = [
            {"bool": {"should": inner, "minimum_should_match": number}} for number in range(1, len(inner) + 1)
        ]
        most = sum(count > 0 for count in self._lists.count(at_least))
        return at_least[max(1, most - clause.missing_max) - 1]

    @_match.register
    def _enough(self, clause: EnoughOf, named: list[Clause]) -> Json:
        inner = [self._match(each, named) for each in clause.clauses]
        return clause.combine(inner, _all_of, any_of)

    def _keys(self, word: Word) -> list[str]:
        """Return the numbers of the words of the index that match *word*."""
        words = (found for term in terms_of(word) for found in self._vocabulary.words(*term))
        return [write_key(key) for key in sorted({found.key for found in words})]

    def _match_unnamed(self, clause: Clause) -> Json:
        """Return the query for *clause* without names: hits report only those of the matching query."""
        return _without_names(self._match(clause, []))

    # --- Scoring -----------------------------------------------------------------------------

    def _score(self, clause: Clause, *, is_brief: bool = False) -> list[Json]:
        """Return queries whose scores add up to that of a document that matches *clause*.

        With *is_brief*, related words score by whether any occurs, and partial matches as full ones.
        """
        match clause:
            case Word() | Phrase():
                words = clause.words if isinstance(clause, Phrase) else (clause,)
                return [score for word in words for score in self._word_scores(word)]
            case AllOf(inner):
                return [score for each in inner for score in self._score(each, is_brief=is_brief)]
            case Related(inner) if is_brief:
                return [self._any_scores(word) for word in inner if isinstance(word, Word) and word.lemma]
            case MostOf(inner) if not is_brief:
                return self._scores_by_share(inner)
            case AnyOf(inner) | MostOf(inner) | Related(inner):
                return [score for each in inner for score in self._score_if_matched(each, is_brief=is_brief)]
        return []

    def _scores_by_share(self, clauses: Sequence[Clause]) -> list[Json]:
        """Return the scores of *clauses*, multiplied by the square of the share that match."""
        scores = self._score(AnyOf(tuple(clauses)))
        shares = [{"filter": self._match_unnamed(each), "weight": 1 / len(clauses)} for each in clauses]
        scored: Json = {"bool": {"should": scores}}
        for _ in range(COVERAGE_POWER):
            scored = _boosted(scored, shares)
        return [scored] if scores else []

    def _score_if_matched(self, clause: Clause, *, is_brief: bool) -> list[Json]:
        """Return such queries for documents that need not match *clause*; words also score by their stem."""
        scores = self._score(clause, is_brief=is_brief)
        if not scores or (isinstance(clause, Word) and not clause.part):
            return scores
        if isinstance(clause, AnyOf | MostOf | Related):
            return scores  # only a stem adds to the score without a match
        if isinstance(clause, AllOf) and all(map(_scores_what_matches, clause.clauses)):
            return [{"bool": {"must": scores}}]
        match = self._match_unnamed(clause)
        if is_brief and count_queries(match) > _BRIEF_MATCH_MAX:
            match = self._with_lists(lambda find: listed(match, QUERIES_MAX, find))
        return [{"bool": {"filter": [match], "should": scores}}]

    def _any_scores(self, word: Word) -> Json:
        """Return a query that scores a document by whether it has any lemma of *word*."""
        idf = self._vocabulary.idf(self._vocabulary.size("lemma", *word.lemma))
        boost = FIELD_WEIGHTS["lemma"] * word.weight * idf
        return {"terms": {"lemma": list(map(term_key, word.lemma)), "boost": boost}}

    def _word_scores(self, word: Word) -> list[Json]:
        """Return a query for each field of a word: the score of its best term there."""
        if not word.scored:
            return []
        fields = (("lemma", word.lemma), ("stem", word.stem), ("exact", word.exact))
        return [
            {"dis_max": {"queries": [_term_score(name, *term) for term in self._weigh(name, texts, word)]}}
            for name, texts in fields
            if texts
        ]

    def _weigh(self, field: str, texts: Sequence[str], word: Word) -> list[tuple[str, float]]:
        """Return the terms *texts* of a word in a field, each with its weight, as `IndexReader` does."""
        if not word.pooled or len(texts) == 1:
            return [(text, word.weight) for text in texts]
        sizes, idf = self._vocabulary.size, self._vocabulary.idf
        pooled = word.weight * idf(sizes(field, *texts))
        return [(text, pooled / idf(sizes(field, text))) for text in texts]


def _terms_to_weigh(clause: Clause) -> Iterator[tuple[str, ...]]:
    """Yield the terms whose sizes weigh the words of *clause*: those that score as one, and each alone."""
    for word in words_of(clause):
        for name, texts in (("lemma", word.lemma), ("stem", word.stem), ("exact", word.exact)):
            if word.scored and word.pooled and len(texts) > 1:
                yield (name, *texts)
                yield from ((name, text) for text in texts)


def _all_of(queries: Sequence[Json]) -> Json:
    return {"bool": {"filter": [*queries]}}


def _without_names(query: Json) -> Json:
    """Return *query* without the names in it."""
    return {key: _strip_names(inner) for key, inner in query.items() if key != "_name"}


def _strip_names(inner: object) -> object:
    if isinstance(inner, list):
        return list(map(_strip_names, inner))
    return _without_names(inner) if isinstance(inner, dict) else inner


def _scores_what_matches(clause: Clause) -> bool:
    """Return whether a clause is a word that scores by its lemmas where they match, and by nothing else."""
    return (
        isinstance(clause, Word)
        and clause.scored
        and not (clause.part or clause.stem or clause.exact)
        and set(terms_of(clause)) == {("lemma", text) for text in clause.lemma} != set()
    )


def _term_score(name: str, text: str, weight: float) -> Json:
    boost = FIELD_WEIGHTS[name] * weight * (K1 + 1)
    return {"term": {name: {"value": term_key(text), "boost": boost}}}


def _phrase_in(part: Stream, phrase: Phrase, keys: Sequence[Sequence[str]]) -> Json:
    """Return the query for a phrase in a part; each of its words is any of those numbered *keys*."""
    if any(word.part not in (None, part) for word in phrase.words):
        return NOTHING
    words = [_any_span(words_field(part), some) for some in keys]
    if len(words) == 1:
        return words[0]
    return {"span_near": {"clauses": words, "slop": phrase.slop, "in_order": True}}


def _any_span(field: str, keys: Sequence[str]) -> Json:
    spans = [{"span_term": {field: key}} for key in keys]
    return {"span_or": {"clauses": spans}} if len(spans) > 1 else spans[0]


def _with_any(part: Part, keys: Sequence[str]) -> Json:
    """Return the query for documents that contain any of the words *keys* in a part."""
    slices = (keys[first : first + TERMS_MAX] for first in range(0, len(keys), TERMS_MAX))
    return any_of([{"terms": {words_field(part): list(some)}} for some in slices])
