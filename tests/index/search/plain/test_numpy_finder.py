"""Every kind of clause matches and scores like brute force, on all documents and on subsets."""

import random
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from index import deadline
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    Everything,
    Filters,
    Fuzzy,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Query,
    Related,
    Wildcard,
    Word,
)
from index.search import IndexReader, Searcher
from index.search.core import open_finder
from index.search.ranking import FIELD_WEIGHTS
from index.search.top_k import Scores
from index.segment.doc_lists import Docs
from tests.support import oracle
from tests.support.corpora import TEXTS, WORDS, index_of, word_by
from tests.support.dense_search import DenseSearcher
from tests.support.oracle import Doc

each_searcher = pytest.mark.parametrize("of", [Searcher, DenseSearcher])
FIELDS = (
    ("lemma", "stem", "exact"),
    ("lemma",),
    ("stem",),
    ("exact",),
    ("fold",),
    ("lemma", "stem", "exact", "fold"),
)
BUDGET, INFLECTED, ROAD, ES, AND, POWER, SCHOOL = (WORDS[at] for at in (0, 1, 3, 7, 9, 10, 11))


def documents(count: int) -> list[Doc]:
    chosen = random.Random(3)
    return [
        Doc(
            id=f"iem-{number:02}",
            ministry="iem",
            language="lv",
            published=date(2020, 1, 1),
            cluster=f"iem-{number:02}",
            parts={
                part: chosen.choices(WORDS, k=chosen.randint(0, most)) if number else []
                for part, most in TEXTS.items()
            },
        )
        for number in range(count)
    ]


DOCS = documents(18)
GONE = {"iem-03", "iem-09"}
LIVE = [doc for doc in DOCS if doc.id not in GONE]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    """Three segments, two of them with a deleted document."""
    ix = index_of(tmp_path_factory.mktemp("index"), DOCS[:5], DOCS[5:12], DOCS[12:])
    writer = ix.writer()
    for name in sorted(GONE):
        writer.delete_by_term("id", name)
    writer.commit(merge=False)
    return IndexReader(ix)


def word(
    forms: object, fields: Sequence[str] = FIELDS[0], part: str | None = None, *, scored: bool = True
) -> Word:
    return word_by(forms, fields, part, scored)  # type: ignore[arg-type]  # forms of the table above


def phrase(*words: object, slop: int = 0, part: str | None = None) -> Phrase:
    return Phrase(words=tuple(map(word, words)), slop=slop, part=part)  # type: ignore[arg-type]  # all are parts


NOWHERE = Word(text="nav", lemma=("nav",), stem=("nav",), exact=("nav",))
# A word that no document has, with the stem of another that some have.
RELATIVE = replace(NOWHERE, stem=BUDGET.stem)
B, C, E, S = word(BUDGET), word(ROAD), word(ES), word(SCHOOL)
CLAUSES: list[Clause] = [
    *(word(forms, fields) for forms in WORDS for fields in FIELDS),
    *(word(forms, part=part) for forms in (BUDGET, ROAD, AND) for part in TEXTS),
    word(BUDGET, scored=False),
    NOWHERE,
    # Phrases: adjacent, with slop, and in a part
    *(phrase(one, other, slop=slop) for one in WORDS[1:8:3] for other in WORDS[7::2] for slop in (0, 2)),
    *(phrase(BUDGET, AND, slop=slop, part=part) for slop in (0, 1, 4000) for part in TEXTS),
    phrase(BUDGET),
    phrase(BUDGET, AND, ES, slop=3),
    Phrase(words=(word(BUDGET, part="body"), word(AND)), slop=2),
    *(Phrase(words=(word(BUDGET, part=part), word(AND))) for part in TEXTS),
    Phrase(words=(B, NOWHERE)),
    # Prefixes and fuzzy words
    *(Prefix(text=text, part=part) for text in ("b", "cel", "e", "x") for part in (None, "title", "body")),
    *(Fuzzy(text="cela", distance=far, part=part) for far in (0, 1, 2) for part in (None, "lead")),
    Fuzzy(text="budzet", distance=1),
    *(
        Wildcard(text=text, part=part)
        for text in ("*a", "c?l*", "b*ts", "?s", "s*", "x*y")
        for part in (None, "title", "body")
    ),
    # Related words: less weight, and as rare as all of them together
    replace(B, weight=0.5),
    *(
        Word(text="", lemma=("skola", "vara"), stem=("skol", "var"), pooled=pooled, weight=0.25)
        for pooled in (True, False)
    ),
    *(Related(pair) for pair in ((B, S), (NOWHERE,), (phrase(BUDGET, AND), RELATIVE))),
    Related((C, Wildcard(text="*a"))),
    *(kind((Related((S, E)), C)) for kind in (AllOf, AnyOf, MostOf)),
    # Trees
    Everything(),
    *(Not(one) for one in (B, NOWHERE, Everything(), phrase(BUDGET, AND), Not(B))),
    *(kind(pair) for kind in (AllOf, AnyOf, MostOf) for pair in ((B, C), (B, NOWHERE), (E, S), (B, Not(C)))),
    *(kind((B, C, E, S)) for kind in (AllOf, AnyOf, MostOf)),
    *(kind((B,)) for kind in (AllOf, AnyOf, MostOf)),
    MostOf(tuple(map(word, WORDS))),
    *(kind((word(BUDGET, part="title"), C)) for kind in (AnyOf, MostOf)),
    *(kind((RELATIVE, C)) for kind in (AnyOf, MostOf)),
    AllOf((Not(B), Not(C))),
    AllOf((B, Not(C), E)),
    AllOf((Not(C), B)),
    AllOf((Everything(), Not(B))),
    AllOf((AnyOf((B, C)), AnyOf((E, S)))),
    AnyOf((AllOf((B, C)), AllOf((E, S)), Prefix(text="un"))),
    MostOf((phrase(BUDGET, AND), Prefix(text="cel"), S, NOWHERE)),
    MostOf((NOWHERE, NOWHERE)),
    *(MostOf((*found, NOWHERE, NOWHERE)) for found in ((B,), (B, C), (B, C, E, S))),
    AnyOf((NOWHERE, NOWHERE)),
    AllOf((B, phrase(ES, AND, slop=2), Prefix(text="c"))),
]  # fmt: skip


def ids_of(reader: IndexReader, docs: Sequence[int]) -> list[str]:
    return [reader.id(doc).decode() for doc in docs]


@cache
def brute_force_scores(clause: Clause) -> dict[str, float]:
    scores = {doc.id: oracle.evaluate(clause, doc, LIVE) for doc in LIVE}
    return {name: score for name, score in scores.items() if score is not None}


@each_searcher
@pytest.mark.oracle
@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: repr(clause)[:60])
def test_clause_matches_and_scores_like_brute_force(
    reader: IndexReader, of: type[Searcher], clause: Clause
) -> None:
    expected = brute_force_scores(clause)
    core = of(reader).core
    for _ in range(2):  # what was found is kept
        docs, scores = found_by(core, clause)
        assert ids_of(reader, docs.tolist()) == sorted(expected)
        assert scores == pytest.approx([expected[name] for name in sorted(expected)])
    assert [ids_of(reader, core.matching_among(clause, reader.live[::2]).tolist())] == [
        [name for name in ids_of(reader, reader.live[::2].tolist()) if name in expected]
    ]


@pytest.mark.oracle
@pytest.mark.parametrize(
    "clause",
    [clause for clause in CLAUSES if not re.search("Prefix|Fuzzy|Wildcard", repr(clause))],
    ids=lambda clause: repr(clause)[:60],
)
def test_given_lists_match_and_score_like_brute_force(reader: IndexReader, clause: Clause) -> None:
    expected, finder = brute_force_scores(clause), open_finder(reader)
    docs = finder.matching(clause)
    assert ids_of(reader, docs.tolist()) == sorted(expected)
    assert finder.scores(clause, docs) == pytest.approx([expected[name] for name in sorted(expected)])


@pytest.mark.sweep
def test_corpus_distinguishes_the_clauses() -> None:
    sizes = {len(brute_force_scores(clause)) for clause in CLAUSES}
    assert {0, 1, len(LIVE)} <= sizes
    assert len(sizes) > 8


@each_searcher
@pytest.mark.parametrize(
    "clause",
    [
        AllOf((B, S)),
        AnyOf((B, Prefix(text="c"))),
        phrase(BUDGET, AND, slop=2),
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
    at, alone = found_by(of(reader).core, word(BUDGET, (field,)))
    rows = docs.searchsorted(at)
    assert double[rows] == pytest.approx(2 * usual[rows])
    assert alone == pytest.approx(FIELD_WEIGHTS[field] * usual[rows])


@each_searcher
def test_field_without_weight_is_not_scored(reader: IndexReader, of: type[Searcher]) -> None:
    assert not found_by(of(reader, {"lemma": 0.0}).core, B)[1].any()


@each_searcher
def test_order_of_clauses_changes_nothing(reader: IndexReader, of: type[Searcher]) -> None:
    parts = [B, phrase(ES, AND, slop=2), Prefix(text="c"), AnyOf((C, S)), Not(E)]
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
        (Related((E, word(POWER))), Related((E, word(AND)))),
    ],
    ids=["word", "related"],
)
def test_kept_matches_are_not_those_of_a_clause_that_begins_alike(
    reader: IndexReader, kept: Clause, clause: Clause
) -> None:
    expected = sorted(brute_force_scores(clause))
    assert expected != sorted(brute_force_scores(kept))
    core = Searcher(reader).core
    found_by(core, kept)
    assert ids_of(reader, found_by(core, clause)[0].tolist()) == expected


@pytest.mark.oracle
def test_what_is_kept_changes_no_later_match(reader: IndexReader) -> None:
    core, among = Searcher(reader).core, reader.live[1::2]
    shuffled = random.Random(5).sample(CLAUSES, len(CLAUSES))
    for clause in (*shuffled, *reversed(shuffled)):
        expected = sorted(brute_force_scores(clause))
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
    lemmas = sorted((BUDGET.lemma[0], SCHOOL.lemma[0]), key=lambda text: reader.size("lemma", text))
    core = of(reader, {"lemma": 1.0}).core
    docs = found_by(core, Word(text="", lemma=(lemmas[0],)))[0][:1]
    single, pooled = (
        core.score_parts(Word(text="", lemma=tuple(lemmas), pooled=is_pooled), docs)[1][0]
        for is_pooled in (False, True)
    )
    assert pooled < single


@each_searcher
def test_related_clauses_that_match_nothing_exclude_all(reader: IndexReader, of: type[Searcher]) -> None:
    assert not len(found_by(of(reader).core, AllOf((word(BUDGET), Related(()))))[0])


@each_searcher
def test_the_weight_of_a_word_scales_its_score(reader: IndexReader, of: type[Searcher]) -> None:
    (_, scores), (_, halved) = (
        found_by(of(reader).core, replace(word(BUDGET), weight=weight)) for weight in (1.0, 0.5)
    )
    assert halved == pytest.approx(scores / 2)


def found_by(core: Any, clause: Clause) -> tuple[Docs, Scores]:
    docs = core.matching(clause, Filters())
    return docs, core.score_parts(clause, docs)[1]
