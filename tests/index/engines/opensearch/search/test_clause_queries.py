"""Clauses as queries of a cluster: the queries in full, given the words that the index has."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from index.engines.opensearch.connection import Json
from index.engines.opensearch.search import clause_queries
from index.engines.opensearch.search.clause_queries import ClauseQuery, ClauseTranslator
from index.engines.opensearch.search.match_lists import MatchLists
from index.engines.opensearch.search.pseudo_words import leaf_name
from index.engines.opensearch.search.vocabulary import ClusterVocabulary
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    Everything,
    Fuzzy,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Related,
    Wildcard,
    Word,
)
from index.search.index_reader import idf
from tests.support.answering_server import Answering, Prepared
from tests.support.cluster_answers import asked_of, counted, facts, snapshot_of, words

# The words of the index: one with the lemma a, two with b, one with both.
INDEXED = words((1, {"lemma": ["a"]}), (2, {"lemma": ["b"]}), (3, {"lemma": ["b", "a"]}))
KEYS = {"a": [f"{1:016x}", f"{3:016x}"], "b": [f"{2:016x}", f"{3:016x}"]}
A, B = (Word(text=text, lemma=(text,)) for text in "ab")
C, D, E = (Word(text=text, lemma=(text,), scored=False) for text in "cde")
PARTS = ("title", "lead", "date", "body", "attachment")


class Counts(MatchLists):
    """Counts by a function, and lists nothing."""

    def __init__(self, count: Callable[[Sequence[Json]], list[int]]) -> None:
        self.count = count  # type: ignore[method-assign]  # as the tests count


class Translator(ClauseTranslator):
    """A translator that keeps what it counts and finds."""

    def __init__(self, vocabulary: ClusterVocabulary, hits: int) -> None:
        self.counted: list[Sequence[Json]] = []
        self.found: list[ClauseQuery] = []
        self.hits = hits
        super().__init__(vocabulary, Counts(self.count_all), self.find_all)

    def count_all(self, queries: Sequence[Json]) -> list[int]:
        self.counted.append(queries)
        return [self.hits - row if row < self.hits else 0 for row in range(len(queries))]

    def find_all(self, query: ClauseQuery) -> list[int]:
        self.found.append(query)
        return [7, 9]


@contextmanager
def translator(*answers: Prepared, hits: int = 2) -> Iterator[tuple[Translator, Answering]]:
    with snapshot_of(*(answers or [INDEXED])) as (snapshot, serving):
        yield Translator(ClusterVocabulary(snapshot), hits), serving


def translated(clause: Clause, *answers: Prepared) -> ClauseQuery:
    with translator(*answers) as (made, _):
        return made.translate(clause)


def matching(clause: Clause) -> Json:
    return translated(clause).matching


def lemma(*texts: str) -> Json:
    return {"terms": {"lemma": list(texts)}}


def spans(part: str, text: str) -> Json:
    return {"span_or": {"clauses": [{"span_term": {f"{part}_words": key}} for key in KEYS[text]]}}


def near(part: str, *texts: str, slop: int = 0) -> Json:
    clauses = [spans(part, text) for text in texts]
    return {"span_near": {"clauses": clauses, "slop": slop, "in_order": True}}


def some(*queries: Json) -> Json:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def named(number: int, query: Json) -> Json:
    return {"bool": {"filter": [query], "_name": f"leaf{number}"}}


FUZZY = {
    "fuzzy": {
        "fold": {"value": "x", "fuzziness": 2, "transpositions": False, "rewrite": "constant_score"},
    }
}
PREFIX = {"prefix": {"fold": {"value": "x"}}}


@pytest.mark.parametrize(
    ("clause", "query"),
    [
        (A, lemma("a")),
        (Word(text="w", lemma=("a", "b"), exact=("e",)), some(lemma("a", "b"), {"terms": {"exact": ["e"]}})),
        (Word(text="w", lemma=("a",), stem=("s",)), lemma("a")),  # a stem only scores
        (
            Word(text="w", lemma=("a",), stem=("s",), stem_matches=True),
            some(lemma("a"), {"terms": {"stem": ["s"]}}),
        ),
        (Word(text="w"), {"match_none": {}}),
        (
            Word(text="w", lemma=("a",), part="lead"),
            {"terms": {"lead_words": KEYS["a"]}},
        ),
        (Word(text="w", lemma=("x",), part="lead"), {"match_none": {}}),  # no word has it
        (Everything(), {"match_all": {}}),
        (Not(A), {"bool": {"must_not": [lemma("a")]}}),
        (AllOf((A, Not(B))), {"bool": {"filter": [lemma("a"), {"bool": {"must_not": [lemma("b")]}}]}}),
        (AnyOf((A, B)), lemma("a", "b")),
        (Related((A, Phrase(words=(A, B), part="body"))), some(lemma("a"), near("body", "a", "b"))),
        (Prefix(text="x"), named(0, PREFIX)),
        (Wildcard(text="x*y"), named(0, {"wildcard": {"fold": {"value": "x*y"}}})),
        (Fuzzy(text="x", distance=2), named(0, FUZZY)),
        (
            Prefix(text="x", part="title"),
            named(0, {"terms": {"title_words": [f"{n:016x}" for n in (1, 2, 3)]}}),
        ),
        (
            AllOf((Prefix(text="x"), Fuzzy(text="x", distance=2), Prefix(text="x"))),
            {"bool": {"filter": [named(0, PREFIX), named(1, FUZZY), named(0, PREFIX)]}},
        ),
        (Phrase(words=(A, B), slop=3, part="title"), near("title", "a", "b", slop=3)),
        (Phrase(words=(A,), part="title"), spans("title", "a")),
        (Phrase(words=(A, B)), some(*(near(part, "a", "b") for part in PARTS))),
        (Phrase(words=()), {"match_none": {}}),
        (Phrase(words=(A, C)), {"match_none": {}}),  # no word has c
        # Only in the part of its words.
        (Phrase(words=(A, Word(text="b", lemma=("b",), part="lead"))), near("lead", "a", "b")),
    ],
    ids=str,
)
def test_a_clause_matches_by_its_query(clause: Clause, query: Json) -> None:
    assert matching(clause) == query


def test_a_word_that_one_word_of_the_index_has_is_a_single_span() -> None:
    with translator(words((1, {"lemma": ["a"]}))) as (made, _):
        query = made.translate(Phrase(words=(A,), part="body")).matching
    assert query == {"span_term": {"body_words": KEYS["a"][0]}}


def test_the_words_of_a_clause_are_looked_up_at_once_with_their_stems() -> None:
    word = Word(text="w", lemma=("a",), stem=("s",), part="body")
    with translator() as (made, serving):
        made.translate(AllOf((word, Phrase(words=(B, A), part="body"))))
        ((search,),) = asked_of(serving)
    assert search["query"]["bool"]["should"] == [lemma("a", "b"), {"terms": {"stem": ["s"]}}]


@pytest.mark.parametrize(
    ("clauses", "hits", "least"),
    [(3, 3, 2), (3, 2, 1), (3, 1, 1), (3, 0, 1), (4, 4, 2), (5, 5, 3), (5, 2, 1)],
)
def test_most_of_some_clauses_is_nearly_as_many_as_the_best_release_has(
    clauses: int, hits: int, least: int
) -> None:
    inner = tuple(Word(text=text, lemma=(text,)) for text in "abcde"[:clauses])
    with translator(hits=hits) as (made, _):
        query = made.translate(MostOf(inner)).matching
    should = [lemma(word.text) for word in inner]
    assert query == {"bool": {"should": should, "minimum_should_match": least}}
    assert made.counted == [
        [{"bool": {"should": should, "minimum_should_match": number}} for number in range(1, clauses + 1)]
    ]


def test_a_phrase_of_very_many_words_is_a_list_of_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clause_queries, "QUERIES_MAX", 3)
    phrase = Phrase(words=(A, B))
    with translator() as (made, _):
        assert made.translate(phrase).matching == {"terms": {"number": [7, 9]}}
    (asked,) = made.found
    assert (asked.clause, asked.local, asked.scoring) == (phrase, phrase, [])
    assert asked.matching == {"bool": {"filter": [lemma("a"), lemma("b")]}}
    monkeypatch.setattr(clause_queries, "QUERIES_MAX", 40)
    assert "bool" in matching(phrase)


def test_wildcards_become_words_that_only_their_hits_have() -> None:
    clause = AllOf((A, Prefix(text="x"), Not(Related((Fuzzy(text="x", distance=2), B))), Prefix(text="x")))
    query = translated(clause)
    leaves = [Word(text="", fold=(leaf_name(number),), scored=False) for number in range(2)]
    assert query.local == AllOf((A, leaves[0], Not(AnyOf((leaves[1], B))), leaves[0]))
    assert (query.clause, query.leaves) == (clause, 3)
    assert leaf_name(12) == "leaf12"


# --- Scoring ---


def term(field: str, text: str, boost: float) -> Json:
    return {"term": {field: {"value": text, "boost": pytest.approx(boost)}}}


def best(*terms: Json) -> Json:
    return {"dis_max": {"queries": list(terms)}}


def scoring(clause: Clause) -> list[Json]:
    return translated(clause).scoring


A_SCORE, B_SCORE = (best(term("lemma", text, 2.2)) for text in "ab")


@pytest.mark.parametrize(
    ("clause", "scores"),
    [
        (A, [A_SCORE]),
        (C, []),
        (Everything(), []),
        (Not(A), []),
        (Prefix(text="x"), []),
        (
            Word(text="w", lemma=("a", "b"), stem=("s",), exact=("e",), fold=("f",), weight=0.5),
            [
                best(term("lemma", "a", 1.1), term("lemma", "b", 1.1)),
                best(term("stem", "s", 0.55)),
                best(term("exact", "e", 0.11)),
            ],
        ),
        (AllOf((A, C, B)), [A_SCORE, B_SCORE]),
        (Phrase(words=(A, B)), [A_SCORE, B_SCORE]),
        (AnyOf((A, B)), [A_SCORE, B_SCORE]),
        (AnyOf((A, AnyOf((B, C)))), [A_SCORE, B_SCORE]),
        # A phrase scores where it matches, words of which all must match score so by themselves.
        (
            AnyOf((A, Phrase(words=(B,), part="body"))),
            [A_SCORE, {"bool": {"filter": [spans("body", "b")], "should": [B_SCORE]}}],
        ),
        (AnyOf((AllOf((A, B)), C)), [{"bool": {"must": [A_SCORE, B_SCORE]}}]),
        (
            AnyOf((AllOf((A, C)),)),
            [{"bool": {"filter": [{"bool": {"filter": [lemma("a"), lemma("c")]}}], "should": [A_SCORE]}}],
        ),
        # The names of wildcards are only in what matches.
        (
            AnyOf((AllOf((A, Prefix(text="x"))),)),
            [
                {
                    "bool": {
                        "filter": [{"bool": {"filter": [lemma("a"), {"bool": {"filter": [PREFIX]}}]}}],
                        "should": [A_SCORE],
                    }
                }
            ],
        ),
        (
            AnyOf((Word(text="w", lemma=("a",), part="body"),)),
            [{"bool": {"filter": [{"terms": {"body_words": KEYS["a"]}}], "should": [A_SCORE]}}],
        ),
    ],
    ids=str,
)
def test_a_clause_scores_by_its_queries(clause: Clause, scores: list[Json]) -> None:
    assert scoring(clause) == scores


def test_part_of_the_clauses_scores_by_the_square_of_their_share() -> None:
    shares = [{"filter": lemma(text), "weight": 0.5} for text in "ab"]
    scored: Json = {"bool": {"should": [A_SCORE, B_SCORE]}}
    for _ in range(2):
        scored = {
            "function_score": {
                "query": scored,
                "functions": shares,
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }
    assert scoring(MostOf((A, B))) == [scored]
    assert scoring(MostOf((C, D))) == []


def test_pooled_terms_score_as_one_that_occurs_wherever_any_does() -> None:
    word = Word(text="w", lemma=("a", "b"), pooled=True, weight=0.5)
    answers = INDEXED, counted(20, 10, 15), facts(100, newest=0, length=0)
    (scored,) = translated(word, *answers).scoring
    boosts = [one["term"]["lemma"]["boost"] for one in scored["dis_max"]["queries"]]
    rarity = {size: idf(100, size) for size in (20, 10, 15)}
    assert boosts == [pytest.approx(2.2 * 0.5 * rarity[20] / rarity[size]) for size in (10, 15)]
    single = Word(text="w", lemma=("a",), pooled=True, weight=0.5)
    assert scoring(single) == [best(term("lemma", "a", 1.1))]


@pytest.mark.parametrize(("most", "is_brief", "scored"), [(7, False, 4), (6, True, 4), (5, True, 3)])
def test_long_scoring_is_rougher_and_cut_to_what_a_cluster_takes(
    monkeypatch: pytest.MonkeyPatch, most: int, scored: int, *, is_brief: bool
) -> None:
    monkeypatch.setattr(clause_queries, "QUERIES_MAX", most)
    both = Word(text="w", lemma=("a", "b"), weight=0.5)
    clause = AnyOf((A, B, Related((both, B, Prefix(text="x", part="date")))))
    answers = INDEXED, INDEXED, counted(20), facts(100, newest=0, length=0), counted(10)
    with translator(*answers) as (made, _):
        query = made.translate(clause)
        rarity = [made._vocabulary.idf(size) for size in (20, 10)] if is_brief else [0, 0]
    whole = [best(term("lemma", "a", 1.1), term("lemma", "b", 1.1)), B_SCORE]
    rough = [
        {"terms": {"lemma": list(texts), "boost": pytest.approx(share * idf)}}
        for texts, share, idf in zip((("a", "b"), ("b",)), (0.5, 1), rarity, strict=True)
    ]
    assert query.is_brief == is_brief
    assert query.scoring == [A_SCORE, B_SCORE, *(rough if is_brief else whole)][:scored]


def test_adjacent_words_boost_if_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    clause = AllOf((A, B, A))
    boosts = translated(clause).boosts
    assert [boost["weight"] for boost in boosts] == [0.1, 0.1]
    assert boosts[1]["filter"] == some(*(near(part, "b", "a") for part in PARTS))
    # Three terms match and three score; the pairs are twenty spans each.
    for most, count in ((46, 2), (45, 0)):
        monkeypatch.setattr(clause_queries, "QUERIES_MAX", most)
        assert len(translated(clause).boosts) == count


def test_a_ranked_query_is_boosted_by_neighbours_and_age() -> None:
    def boosted(query: Json, *functions: Json) -> Json:
        return {
            "function_score": {
                "query": query,
                "functions": [{"weight": 1.0}, *functions],
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }

    filters = [{"term": {"language": "lv"}}]
    query = ClauseQuery(A, lemma("a"), [A_SCORE], A, boosts=[{"filter": lemma("a"), "weight": 0.2}])
    recent: dict[str, Any] = {
        "filter": {"exists": {"field": "day"}},
        "weight": 0.1,
        "exp": {"day": {"origin": 700_000, "scale": 1095, "decay": 0.5}},
    }
    matched = {"bool": {"filter": [lemma("a"), *filters], "should": [A_SCORE]}}
    assert query.ranked(filters, 700_000) == boosted(boosted(matched, *query.boosts), recent)
    query.boosts = []
    assert query.ranked(filters, 700_000) == boosted(matched, recent)
    query.scoring = []
    assert query.ranked(filters, 700_000) == {"bool": {"filter": [lemma("a"), *filters], "should": []}}


def test_what_is_no_clause_is_refused() -> None:
    with translator() as (made, _), pytest.raises(TypeError, match="5 is not a clause"):
        made._match(5, [])  # type: ignore[arg-type]
