"""Every kind of clause matches and scores like brute force, on all documents and on subsets."""

import random
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from index import deadline
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    Filters,
    Fuzzy,
    Not,
    Prefix,
    Query,
    Related,
    Word,
)
from index.search import IndexReader, Searcher
from index.search.ranking import FIELD_WEIGHTS
from index.search.top_k import Scores
from index.segment.doc_lists import Docs
from tests.support.corpora import WORDS, index_of
from tests.support.dense_search import DenseSearcher
from tests.support.every_clause import CLAUSES, LIVE, ids_of, indexed, phrase, right_scores, word

B, C, E, S = (word(WORDS[at]) for at in (0, 3, 7, 11))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    return indexed(tmp_path_factory.mktemp("index"))


each_searcher = pytest.mark.parametrize("of", [Searcher, DenseSearcher])


@each_searcher
@pytest.mark.oracle
@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: repr(clause)[:60])
def test_clause_matches_and_scores_like_brute_force(
    reader: IndexReader, of: type[Searcher], clause: Clause
) -> None:
    expected = right_scores(clause)
    core = of(reader).core
    for _ in range(2):  # what was found is kept
        docs, scores = found_by(core, clause)
        assert ids_of(reader, docs.tolist()) == sorted(expected)
        assert scores == pytest.approx([expected[name] for name in sorted(expected)])
    assert [ids_of(reader, core.matching_among(clause, reader.live[::2]).tolist())] == [
        [name for name in ids_of(reader, reader.live[::2].tolist()) if name in expected]
    ]


@pytest.mark.sweep
def test_corpus_distinguishes_the_clauses() -> None:
    sizes = {len(right_scores(clause)) for clause in CLAUSES}
    assert {0, 1, len(LIVE)} <= sizes
    assert len(sizes) > 8


@each_searcher
@pytest.mark.parametrize(
    "clause",
    [
        AllOf((B, S)),
        AnyOf((B, Prefix(text="c"))),
        phrase(WORDS[0], WORDS[9], slop=2),
        Prefix(text="c"),
        Fuzzy(text="cela", distance=1),
    ],
    ids=lambda clause: type(clause).__name__,
)
def test_search_stops_at_the_deadline(reader: IndexReader, of: type[Searcher], clause: Clause) -> None:
    searcher = of(reader)
    with pytest.raises(deadline.DeadlineError), deadline.at_most(-1):
        searcher.search(Query(text="", clause=clause, reading=""))


@each_searcher
def test_other_object_than_a_clause_is_refused(reader: IndexReader, of: type[Searcher]) -> None:
    with pytest.raises(TypeError, match="5 is not a clause"):
        found_by(of(reader).core, 5)  # type: ignore[arg-type]  # deliberately wrong


@each_searcher
@pytest.mark.parametrize("field", FIELD_WEIGHTS)
def test_field_weight_scales_the_score(reader: IndexReader, of: type[Searcher], field: str) -> None:
    (docs, usual), (_, double) = (found_by(of(reader, {field: weight}).core, B) for weight in (1.0, 2.0))
    at, alone = found_by(of(reader).core, word(WORDS[0], (field,)))
    rows = docs.searchsorted(at)
    assert double[rows] == pytest.approx(2 * usual[rows])
    assert alone == pytest.approx(FIELD_WEIGHTS[field] * usual[rows])


@each_searcher
def test_field_without_weight_is_not_scored(reader: IndexReader, of: type[Searcher]) -> None:
    assert not found_by(of(reader, {"lemma": 0.0}).core, B)[1].any()


@each_searcher
def test_order_of_clauses_changes_nothing(reader: IndexReader, of: type[Searcher]) -> None:
    parts: list[Clause] = [B, phrase(WORDS[7], WORDS[9], slop=2), Prefix(text="c"), AnyOf((C, S)), Not(E)]
    results = []
    for seed in range(6):
        random.Random(seed).shuffle(parts)
        docs, scores = found_by(of(reader).core, AllOf(tuple(parts)))
        results.append((docs.tolist(), scores.round(9).tolist()))
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize(
    ("kept", "clause"),
    [
        (Word(text="", lemma=("vara", "es")), Word(text="", lemma=("vara", "un"))),
        (Related((E, word(WORDS[10]))), Related((E, word(WORDS[9])))),
    ],
    ids=["word", "related"],
)
def test_kept_matches_are_not_those_of_a_clause_that_begins_alike(
    reader: IndexReader, kept: Clause, clause: Clause
) -> None:
    expected = sorted(right_scores(clause))
    assert expected != sorted(right_scores(kept))
    core = Searcher(reader).core
    found_by(core, kept)
    assert ids_of(reader, found_by(core, clause)[0].tolist()) == expected


@pytest.mark.oracle
def test_what_is_kept_changes_no_later_match(reader: IndexReader) -> None:
    core, among = Searcher(reader).core, reader.live[1::2]
    shuffled = random.Random(5).sample(CLAUSES, len(CLAUSES))
    for clause in (*shuffled, *reversed(shuffled)):
        expected = sorted(right_scores(clause))
        assert ids_of(reader, found_by(core, clause)[0].tolist()) == expected
        chosen = set(expected) & set(ids_of(reader, among.tolist()))
        assert ids_of(reader, core.matching_among(clause, among).tolist()) == sorted(chosen)


@each_searcher
def test_one_segment_gives_the_results_of_three(
    reader: IndexReader, of: type[Searcher], tmp_path: Path
) -> None:
    whole = IndexReader(index_of(tmp_path, LIVE))
    one, three = of(whole).core, of(reader).core
    for clause in CLAUSES[::7]:
        (single, scores), (triple, others) = found_by(one, clause), found_by(three, clause)
        assert ids_of(whole, single.tolist()) == ids_of(reader, triple.tolist())
        assert scores == pytest.approx(others)


@each_searcher
def test_pooled_terms_score_as_one_that_occurs_wherever_any_does(
    reader: IndexReader, of: type[Searcher]
) -> None:
    lemmas = sorted((B.lemma[0], S.lemma[0]), key=lambda text: reader.size("lemma", text))
    core = of(reader, {"lemma": 1.0}).core
    docs = found_by(core, Word(text="", lemma=(lemmas[0],)))[0][:1]
    single, pooled = (
        core.score_parts(Word(text="", lemma=tuple(lemmas), pooled=is_pooled), docs)[1][0]
        for is_pooled in (False, True)
    )
    assert pooled < single


@each_searcher
def test_related_clauses_that_match_nothing_exclude_all(reader: IndexReader, of: type[Searcher]) -> None:
    assert not len(found_by(of(reader).core, AllOf((word(WORDS[0]), Related(()))))[0])


@each_searcher
def test_the_weight_of_a_word_scales_its_score(reader: IndexReader, of: type[Searcher]) -> None:
    (_, scores), (_, halved) = (
        found_by(of(reader).core, replace(word(WORDS[0]), weight=weight)) for weight in (1.0, 0.5)
    )
    assert halved == pytest.approx(scores / 2)


def found_by(core: Any, clause: Clause) -> tuple[Docs, Scores]:
    docs = core.matching(clause, Filters())
    return docs, core.score_parts(clause, docs)[1]
