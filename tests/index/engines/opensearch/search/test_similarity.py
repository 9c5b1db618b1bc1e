"""Similar releases in a cluster, by words whose rarity is prepared."""

from math import log
from typing import Any

import pytest

from index.engines.opensearch.search.similarity import similar_docs
from index.engines.opensearch.search.vocabulary import ClusterVocabulary
from tests.support.cluster_answers import asked_of, counted, facts, found, hit, snapshot_of, walked, words

# Words 1 to 3 are the lemmas a to c.
INDEXED = words(*((key, {"lemma": [text], "exact": [text]}) for key, text in enumerate("abc", 1)))
FACTS = facts(1_000, newest=0, length=3_000)
STORED = {"number": 5, "shown": {"language": "lv"}}
FREQUENCIES = {"a": 4.0, "b": 1.0, "c": 1.0}
OWN = hit(5, {"body": [1, 2, 3]})
# In the whole index, then in the language of the release: all, and those with each term.
SIZES = counted(5, 5, 5), counted(1_000, 5, 5, 5)


def scored(
    *hits: dict[str, Any], excluded: tuple[int, ...] = (), limit: int = 5, sizes: Any = SIZES
) -> list[tuple[int, float]]:
    with snapshot_of(*sizes, found(*hits), facts=FACTS, words=INDEXED) as (snapshot, _):
        vocabulary = ClusterVocabulary(snapshot)
        return similar_docs(snapshot, vocabulary, STORED, FREQUENCIES, excluded=excluded, limit=limit)


def similar(*hits: dict[str, Any], excluded: tuple[int, ...] = (), limit: int = 5) -> list[int]:
    found_docs = scored(*hits, excluded=excluded, limit=limit)
    assert [score for _, score in found_docs] == sorted((score for _, score in found_docs), reverse=True)
    return [doc for doc, _ in found_docs]


def test_the_score_is_the_sum_of_the_weights_of_shared_words() -> None:
    (_, most), (_, same), (_, less) = scored(
        OWN, hit(6, {"body": [1, 2, 3]}), hit(7, {"body": [3, 2, 1]}), hit(8, {"body": [2, 3, 9]})
    )
    # The word `a`, four times in the release, weighs 1 + log 4; the two others 1.
    assert (most, less) == (same, pytest.approx(most * 2 / (3 + log(4))))
    assert most > 0


def test_the_best_come_first_and_equal_ones_by_number() -> None:
    most, some = {"body": [1, 2, 3]}, {"body": [2, 3, 9]}
    assert similar(hit(9, some), OWN, hit(8, most), hit(7, some)) == [8, 7, 9]


@pytest.mark.parametrize(("limit", "docs"), [(1, [6]), (2, [6, 7]), (9, [6, 7, 8])])
def test_there_are_at_most_so_many(limit: int, docs: list[int]) -> None:
    assert similar(OWN, *(hit(number, {"body": [1, 2, 3]}) for number in (8, 7, 6)), limit=limit) == docs


def test_the_own_cluster_and_excluded_releases_are_left_out() -> None:
    parts = {"body": [1, 2, 3]}
    own = hit(5, parts, cluster="own")
    assert similar(own, hit(6, parts, cluster="own"), hit(7, parts), hit(8, parts), excluded=(8,)) == [7]


def test_of_another_cluster_only_the_best_is_returned() -> None:
    better, worse = {"body": [1, 2, 3]}, {"body": [1, 2, 3, 9]}
    assert similar(OWN, hit(6, worse, cluster="a"), hit(7, better, cluster="a")) == [7]


def test_a_small_share_is_not_similar() -> None:
    far = {"body": [2] + [9] * 30}
    assert similar(OWN, hit(6, far)) == []  # of its own score
    near = {"body": [2] + [9] * 3}
    assert similar(OWN, hit(6, near)) == [6]
    assert similar(OWN, hit(6, near), hit(7, {"title": [1, 2, 3]})) == [7]  # of the best score


def test_a_release_that_is_not_among_the_candidates_has_none() -> None:
    assert similar(hit(6, {"body": [1, 2, 3]})) == []


def terms_of(search: dict[str, Any]) -> list[str]:
    should = search["query"]["bool"]["should"]
    return [one["term"]["lemma"]["value"] for one in should if "lemma" in one["term"]]


@pytest.mark.parametrize(
    ("whole", "language", "compared"),
    [
        ((2, 2, 2), (1_000, 2, 2, 2), ["a", "c", "b"]),  # the most frequent first
        ((2, 2, 2), (1_000, 90, 2, 2), ["c", "b", "a"]),  # or rather the rarest
        ((1, 2, 2), (1_000, 2, 2), ["c", "b"]),  # in no other release
        ((500, 2, 2), (1_000, 200, 2, 2), ["c", "b", "a"]),  # in a fifth
        ((500, 2, 2), (1_000, 201, 2, 2), ["c", "b"]),  # in more
        ((500, 2, 2), (20, 10, 2, 2), ["c", "b", "a"]),  # in ten of few
        ((500, 2, 2), (20, 11, 2, 2), ["c", "b"]),
    ],
)
def test_terms_that_are_rare_in_the_language_are_compared(
    whole: tuple[int, ...], language: tuple[int, ...], compared: list[str]
) -> None:
    answers = counted(*whole), counted(*language), found()
    with snapshot_of(*answers, facts=FACTS, words=INDEXED) as (snapshot, serving):
        similar_docs(snapshot, ClusterVocabulary(snapshot), STORED, FREQUENCIES, excluded=(), limit=5)
        (search,) = walked(serving)
        same = asked_of(serving)[1][0]["query"]
    assert terms_of(search) == compared
    assert same == {"term": {"language": "lv"}}
    assert search["query"]["bool"]["should"][-1] == {"term": {"number": {"value": 5, "boost": 1e6}}}
    assert search["size"] == 200
