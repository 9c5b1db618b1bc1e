"""The candidates of a cluster, scored by our ranking: each score worked out by its formula."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import log
from typing import Any

import numpy as np
import pytest

from index.engines.opensearch.search.clause_queries import ClauseQuery
from index.engines.opensearch.search.head import Candidate, CandidateReader, Head
from index.engines.opensearch.search.vocabulary import ClusterVocabulary
from index.query import AllOf, AnyOf, Clause, Word
from index.results import Explanation
from tests.support.answering_server import Prepared
from tests.support.cluster_answers import counted, facts, hit, snapshot_of, words

FOREST, BURN, PLAIN = 1, 2, 3
# The third word lacks the diacritics of the first.
INDEXED = words(
    (FOREST, {"lemma": ["mežs"], "exact": ["mežs"]}),
    (BURN, {"lemma": ["degt"], "exact": ["deg"]}),
    (PLAIN, {"lemma": ["mežs"], "exact": ["mezs"]}),
)
RELEASES, AVERAGE, NEWEST = 100, 4.0, 737_000
FACTS = facts(RELEASES, newest=NEWEST, length=RELEASES * AVERAGE)
MEZS, DEGT = Word(text="mežs", lemma=("mežs",)), Word(text="deg", lemma=("degt",))


def bm25(frequency: float, length: int, documents: int) -> float:
    rarity = log(1 + (RELEASES - documents + 0.5) / (documents + 0.5))
    return rarity * 2.2 * frequency / (frequency + 1.2 * (0.25 + 0.75 * length / AVERAGE))


@contextmanager
def head_of(
    candidates: Sequence[dict[str, Any]], clause: Clause, *answers: Prepared, local: Clause | None = None
) -> Iterator[Head]:
    with snapshot_of(*answers, facts=FACTS, words=INDEXED) as (snapshot, _):
        vocabulary = ClusterVocabulary(snapshot)
        vocabulary.look_up_words([("lemma", "mežs"), ("lemma", "degt")])
        query = ClauseQuery(clause, {}, [], local or clause)
        yield Head([Candidate.of(one) for one in candidates], query, vocabulary, snapshot)


def test_a_candidate_has_the_columns_of_its_hit() -> None:
    shown = hit(7, {"title": [FOREST]}, day=5, cluster="c", score=2.5, leaves=("leaf0", "leaf3"))
    candidate = Candidate.of(shown)
    assert (candidate.number, candidate.id, candidate.day, candidate.cluster) == (7, "id7", 5, "c")
    assert (candidate.shared, candidate.length, candidate.ministry, candidate.rough) == (True, 4, "fm", 2.5)
    assert candidate.leaves == {"leaf0", "leaf3"}
    assert candidate.tokens == shown["fields"]["tokens"][0]


def test_a_candidate_may_lack_a_day_words_and_a_score() -> None:
    shown = hit(7)
    del shown["fields"]["tokens"]
    candidate = Candidate.of(shown)
    assert (candidate.day, candidate.tokens, candidate.rough) == (0, "", 0.0)
    assert (candidate.leaves, candidate.shared) == (frozenset(), False)


def test_a_word_scores_by_its_frequency_in_all_parts_and_the_length() -> None:
    candidates = [
        hit(1, {"title": [FOREST], "body": [BURN, FOREST]}),  # 4 + 1 of a length of 6
        hit(2, {"lead": [FOREST]}),  # 2 of 2
        hit(3, {"body": [BURN]}),
    ]
    with head_of(candidates, MEZS, counted(10)) as head:
        assert head.scores() == pytest.approx([bm25(5, 6, 10), bm25(2, 2, 10), 0])
        assert [candidate.number for candidate in head.matching()] == [1, 2]


@pytest.mark.parametrize(
    ("day", "factor"), [(NEWEST, 1.1), (NEWEST - 1095, 1.05), (NEWEST - 2190, 1.025), (0, 1.0)]
)
def test_newer_releases_score_more(day: int, factor: float) -> None:
    with head_of([hit(1, {"lead": [FOREST]}, day=day)], MEZS, counted(10)) as head:
        assert head.scores() == pytest.approx([factor * bm25(2, 2, 10)])


@pytest.mark.parametrize(
    ("part", "tokens", "factor"),
    [
        ("body", [FOREST, BURN], 1.2),
        ("body", [FOREST, BURN, FOREST, BURN], 1.2),
        ("body", [BURN, FOREST], 1.0),
        ("body", [FOREST, 9, BURN], 1.0),
    ],
)
def test_adjacent_words_score_more(part: str, tokens: list[int], factor: float) -> None:
    candidates = [hit(1, {part: tokens})]
    with head_of(candidates, AllOf((MEZS, DEGT)), counted(10), counted(30)) as head:
        plain = sum(bm25(tokens.count(word), len(tokens), size) for word, size in ((FOREST, 10), (BURN, 30)))
        assert head.scores() == pytest.approx([factor * plain])


def test_words_in_two_parts_are_not_adjacent() -> None:
    candidates = [hit(1, {"title": [FOREST], "lead": [BURN]})]
    with head_of(candidates, AllOf((MEZS, DEGT)), counted(10), counted(30)) as head:
        assert head.scores() == pytest.approx([bm25(4, 6, 10) + bm25(2, 6, 30)])


def test_half_of_the_neighbours_boost_by_half() -> None:
    candidates = [hit(1, {"body": [FOREST, BURN]})]
    clause = AllOf((MEZS, DEGT, MEZS))
    with head_of(candidates, clause, counted(10), counted(30)) as head:
        assert head.scores() == pytest.approx([1.1 * (2 * bm25(1, 2, 10) + bm25(1, 2, 30))])


def test_words_without_the_typed_diacritics_count_less() -> None:
    candidates = [hit(1, {"body": [FOREST]}), hit(2, {"body": [PLAIN]}), hit(3, {"body": [PLAIN, FOREST]})]
    typed = Word(text="mežs", lemma=("mežs",), accented="mez")
    with head_of(candidates, typed, counted(10)) as head:
        assert head.scores() == pytest.approx([bm25(1, 1, 10), bm25(0.875, 1, 10), bm25(1.875, 2, 10)])


def test_a_stem_without_the_typed_diacritics_does_not_count_at_all() -> None:
    stems = words(
        (FOREST, {"stem": ["mez"], "exact": ["mežs"]}), (PLAIN, {"stem": ["mez"], "exact": ["mezs"]})
    )
    with snapshot_of(counted(10), words=stems) as (snapshot, _):
        vocabulary = ClusterVocabulary(snapshot)
        candidates = [Candidate.of(hit(number, {"body": [word]})) for number, word in enumerate((1, 3))]
        reader = CandidateReader(candidates, vocabulary, _Facts())  # type: ignore[arg-type]  # only these facts are read
        postings = reader.find_accented_term("stem", "mez", "mez")
        assert (postings.docs.tolist(), len(postings)) == ([0], 10)
        exact = reader.find_accented_term("exact", "mez", "mez")  # no share: all count
        assert exact is reader.term("exact", "mez")


class _Facts:
    documents, average_length = RELEASES, AVERAGE


def test_a_wildcard_matches_the_hits_that_are_returned_with_its_name() -> None:
    candidates = [hit(1, leaves=("leaf0",)), hit(2, leaves=("leaf1",)), hit(3)]
    leaves = [Word(text="", fold=(f"leaf{number}",), scored=False) for number in range(2)]
    local = AnyOf((leaves[1], MEZS))
    with head_of(candidates, local, counted(10)) as head:
        assert [candidate.number for candidate in head.matching()] == [2]
    with head_of(candidates, AllOf(()), counted(10), local=leaves[0]) as head:
        assert [candidate.number for candidate in head.matching()] == [1]
        assert head.scores() == [0, 0, 0]


def test_positions_are_those_in_the_part() -> None:
    with snapshot_of(INDEXED) as (snapshot, _):
        vocabulary = ClusterVocabulary(snapshot)
        candidates = [
            Candidate.of(hit(1, {"title": [BURN, FOREST], "body": [PLAIN]})),
            Candidate.of(hit(2, {"lead": [BURN]})),
            Candidate.of(hit(3, {"lead": [FOREST]})),
        ]
        reader = CandidateReader(candidates, vocabulary, _Facts())  # type: ignore[arg-type]  # only these facts are read
        rows, positions = reader.positions([("lemma", "mežs")], np.array([0, 2]))
        assert sorted(zip(rows.tolist(), positions.tolist(), strict=True)) == [(0, 1), (0, 3_000), (1, 1_000)]


def test_a_score_is_explained_by_its_factors() -> None:
    candidates = [hit(5, {"body": [FOREST, BURN]}, day=NEWEST), hit(6, {"body": [9]})]
    with head_of(candidates, AllOf((MEZS, DEGT)), counted(10), counted(30)) as head:
        explained = head.explain()
        score = bm25(1, 2, 10) + bm25(1, 2, 30)
        assert head.scores() == pytest.approx([1.1 * 1.2 * score, 0])
    first, second = explained[5], explained[6]
    assert isinstance(first, Explanation)
    assert (first.recency, first.proximity, first.score) == pytest.approx((1.1, 1.2, 1.1 * 1.2 * score))
    assert [word.score for word in first.words] == pytest.approx([bm25(1, 2, 10), bm25(1, 2, 30)])
    assert (second.score, second.recency, second.proximity) == (0, 1, 1)
