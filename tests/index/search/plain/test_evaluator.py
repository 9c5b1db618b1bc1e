"""Every kind of clause matches and scores like brute force, on all documents and on subsets."""

import math
import random
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from index import deadline
from index.codec import create_in
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
    Related,
    Wildcard,
    Word,
)
from index.search import IndexReader, Searcher
from index.search.core import CompiledSearcher, open_finder
from index.search.plain.evaluator import Evaluator
from index.search.plain.scoring import Match
from index.search.ranking import FIELD_WEIGHTS
from index.segment.doc_lists import Docs
from tests.support import oracle
from tests.support.corpora import SCHEMA, TEXTS, WORDS, _word, index_of
from tests.support.oracle import Doc

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
    return _word(forms, fields, part, scored)  # type: ignore[arg-type]  # forms of the table above


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


@pytest.mark.oracle
@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: repr(clause)[:60])
def test_clause_matches_and_scores_like_brute_force(reader: IndexReader, clause: Clause) -> None:
    expected = brute_force_scores(clause)
    evaluator = Evaluator(reader)
    match = evaluator.match(clause)
    assert ids_of(reader, match.docs.tolist()) == sorted(expected)
    assert match.scores(match.docs) == pytest.approx([expected[name] for name in sorted(expected)])
    assert match.most >= max(expected.values(), default=0.0) - 1e-7
    if match.scoring is not None:
        rough, exact = match.scoring.rough(match.docs), match.scoring.exact(match.docs)
        assert rough.dtype == np.float32
        assert exact.dtype == np.float64
        assert np.abs(rough - exact).max(initial=0) <= match.scoring.slack + 1e-12
    # On a subset: with a warm cache and with a cold one.
    among = reader.live[::2]
    for evaluator_on_subset in (evaluator, Evaluator(reader)):
        subset = evaluator_on_subset.match(clause, among)
        subset_ids = set(ids_of(reader, among.tolist()))
        assert ids_of(reader, subset.docs.tolist()) == [
            name for name in sorted(expected) if name in subset_ids
        ]
        assert subset.scores(subset.docs) == pytest.approx(
            [expected[name] for name in sorted(expected) if name in subset_ids]
        )


@pytest.mark.oracle
@pytest.mark.skipif(CompiledSearcher is None, reason="the search core is not compiled")
@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: repr(clause)[:60])
def test_core_matches_and_scores_like_brute_force(reader: IndexReader, clause: Clause) -> None:
    expected = brute_force_scores(clause)
    core = Searcher(reader).core
    for _ in range(2):  # what was found is kept
        docs = core.matching(clause, Filters())
        assert ids_of(reader, docs.tolist()) == sorted(expected)
        _, scores, _ = core.score_parts(clause, docs)
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


@pytest.mark.parametrize(
    "clause",
    [B, phrase(BUDGET, AND), phrase(BUDGET, AND, slop=2), Prefix(text="c"), Fuzzy(text="cela", distance=1)],
    ids=lambda clause: type(clause).__name__,
)
def test_every_clause_stops_at_the_deadline(reader: IndexReader, clause: Clause) -> None:
    evaluator = Evaluator(reader)
    with pytest.raises(deadline.DeadlineError), deadline.at_most(-1):
        evaluator.match(clause)


def test_scoring_and_positions_stop_at_the_deadline(reader: IndexReader) -> None:
    evaluator = Evaluator(reader)
    match = evaluator.match(B)
    for work in (lambda: match.scores(match.docs), lambda: evaluator.rows_with(phrase(BUDGET), match.docs)):
        with pytest.raises(deadline.DeadlineError), deadline.at_most(-1):
            work()


def test_empty_phrase_matches_nothing(reader: IndexReader) -> None:
    assert not len(Evaluator(reader).match(Phrase(words=())).docs)


def test_other_object_than_a_clause_is_refused(reader: IndexReader) -> None:
    with pytest.raises(TypeError, match="5 is not a clause"):
        Evaluator(reader).match(5)  # type: ignore[arg-type]  # deliberately wrong


@pytest.mark.parametrize("field", FIELD_WEIGHTS)
def test_field_weight_scales_the_score(reader: IndexReader, field: str) -> None:
    usual, double = (Evaluator(reader, {field: weight}).match(B) for weight in (1.0, 2.0))
    alone = Evaluator(reader).match(word(BUDGET, (field,)))
    at = alone.docs
    assert double.scores(at) == pytest.approx(2 * usual.scores(at))
    assert alone.scores(at) == pytest.approx(FIELD_WEIGHTS[field] * usual.scores(at))


def test_field_without_weight_is_not_scored(reader: IndexReader) -> None:
    match = Evaluator(reader, {"lemma": 0.0}).match(B)
    assert not match.scores(match.docs).any()
    assert match.most == 0


def test_order_of_clauses_changes_nothing(reader: IndexReader) -> None:
    parts = [B, phrase(ES, AND, slop=2), Prefix(text="c"), AnyOf((C, S)), Not(E)]
    results = []
    for seed in range(6):
        random.Random(seed).shuffle(parts)
        match = Evaluator(reader).match(AllOf(tuple(parts)))
        results.append((match.docs.tolist(), match.scores(match.docs).round(9).tolist()))
    assert all(result == results[0] for result in results)


def test_rarest_clause_is_evaluated_first(reader: IndexReader) -> None:
    size = Evaluator(reader)._size
    assert size(NOWHERE) == 0
    assert size(AllOf((B, NOWHERE))) == size(phrase(BUDGET, BUDGET)) - size(B) == 0
    assert (
        size(AnyOf((B, C)))
        == size(MostOf((B, C)))
        == size(B) + size(C)
        > size(B)
        >= len(brute_force_scores(B))
    )
    assert size(Prefix(text="x")) == size(Everything()) == len(DOCS)
    assert size(AllOf(())) == 0


class NotingEvaluator(Evaluator):
    """Notes each clause that is evaluated, and the number of documents among which it is looked for."""

    def __init__(self, reader: IndexReader) -> None:
        super().__init__(reader)
        self.seen: list[tuple[Clause, int | None]] = []

    def match(self, clause: Clause, among: Docs | None = None) -> Match:
        self.seen.append((clause, None if among is None else len(among)))
        return super().match(clause, among)


def test_each_clause_is_evaluated_among_the_matches_of_rarer_ones_and_exclusions_last(
    reader: IndexReader,
) -> None:
    size = Evaluator(reader)._size
    rare, middle, common = sorted((word(AND), word(ES), Prefix(text="")), key=size)
    assert size(rare) < size(middle) < size(common)
    both = AllOf((rare, middle))
    counts = [len(brute_force_scores(clause)) for clause in (rare, both, both)]
    assert counts[0] > counts[1] > 0
    for clauses in ((Not(B), common, middle, rare), (rare, common, Not(B), middle)):
        evaluator = NotingEvaluator(reader)
        evaluator.match(AllOf(clauses))
        order = [rare, middle, common, B]
        assert evaluator.seen[1:] == list(zip(order, [None, *counts], strict=True))


def test_phrase_is_looked_for_where_all_of_its_words_are(reader: IndexReader) -> None:
    rare, common = sorted((word(SCHOOL), B), key=Evaluator(reader)._size)
    evaluator = NotingEvaluator(reader)
    evaluator.match(Phrase(words=(common, rare)))
    assert evaluator.seen[1:] == [(rare, None), (common, len(brute_force_scores(rare)))]


def test_clauses_after_one_without_matches_are_not_evaluated(reader: IndexReader) -> None:
    evaluator = NotingEvaluator(reader)
    assert not len(evaluator.match(AllOf((B, Not(C), NOWHERE))).docs)
    assert evaluator.seen[1:] == [(NOWHERE, None)]


def test_matches_of_related_and_of_inflected_words_are_kept(reader: IndexReader) -> None:
    evaluator, related = NotingEvaluator(reader), Related((B, S))
    for _ in range(3):
        evaluator.match(related)
    assert [clause for clause, _ in evaluator.seen] == [related, B, S, related, related]
    inflected = Word(text="", lemma=("budzets", "skola"))  # no other term has all documents of both
    assert evaluator.match(inflected).docs is evaluator.match(inflected).docs


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
    expected, among = sorted(brute_force_scores(clause)), reader.live[::2]
    assert expected != sorted(brute_force_scores(kept))
    evaluator = Evaluator(reader)
    evaluator.match(kept)
    chosen = set(ids_of(reader, among.tolist()))
    assert ids_of(reader, evaluator.match(clause, among).docs.tolist()) == sorted(chosen & set(expected))
    assert ids_of(reader, evaluator.match(clause).docs.tolist()) == expected


def test_fewer_clauses_do_not_suffice_where_the_best_document_is_left_out(reader: IndexReader) -> None:
    evaluator, clauses = Evaluator(reader), (B, C, E, S)
    best = evaluator.match(AllOf(clauses)).docs
    others = np.setdiff1d(reader.live, best)
    found = evaluator.match(MostOf(clauses), others).docs
    assert found.tolist() == np.setdiff1d(evaluator.match(MostOf(clauses)).docs, best).tolist()


@pytest.mark.oracle
def test_what_is_kept_changes_no_later_match(reader: IndexReader) -> None:
    evaluator, among = Evaluator(reader), reader.live[1::2]
    shuffled = random.Random(5).sample(CLAUSES, len(CLAUSES))
    for clause in (*shuffled, *reversed(shuffled)):
        expected = sorted(brute_force_scores(clause))
        assert ids_of(reader, evaluator.match(clause).docs.tolist()) == expected
        chosen = set(expected) & set(ids_of(reader, among.tolist()))
        assert ids_of(reader, evaluator.match(clause, among).docs.tolist()) == sorted(chosen)


def test_one_segment_gives_the_results_of_three(reader: IndexReader, tmp_path: Path) -> None:
    whole = IndexReader(index_of(tmp_path, LIVE))
    for clause in CLAUSES[::7]:
        single, triple = Evaluator(whole).match(clause), Evaluator(reader).match(clause)
        assert ids_of(whole, single.docs.tolist()) == ids_of(reader, triple.docs.tolist())
        assert single.scores(single.docs) == pytest.approx(triple.scores(triple.docs))


def test_related_clauses_match_and_score_as_alternatives(reader: IndexReader) -> None:
    evaluator, clauses = Evaluator(reader), (word(BUDGET), AllOf((word(ROAD), word(SCHOOL))))
    related = Related(clauses)
    expected = evaluator.match(AnyOf(clauses))
    for among in (None, expected.docs[::2], None):  # the last time from the cache
        match = evaluator.match(related, among)
        docs = expected.docs if among is None else among
        assert match.docs.tolist() == docs.tolist()
        assert match.scores(docs) == pytest.approx(expected.scores(docs), rel=1e-6)


def test_pooled_terms_score_as_one_that_occurs_wherever_any_does(reader: IndexReader) -> None:
    lemmas = sorted((BUDGET.lemma[0], SCHOOL.lemma[0]), key=lambda text: reader.size("lemma", text))
    evaluator = Evaluator(reader, {"lemma": 1.0})
    docs = evaluator.match(Word(text="", lemma=(lemmas[0],))).docs[:1]
    single, pooled = (
        evaluator.match(Word(text="", lemma=tuple(lemmas), pooled=is_pooled), docs).scores(docs)[0]
        for is_pooled in (False, True)
    )
    assert pooled < single


def test_related_clauses_that_match_nothing_exclude_all(reader: IndexReader) -> None:
    assert not len(Evaluator(reader).match(AllOf((word(BUDGET), Related(())))).docs)


@pytest.mark.parametrize("field", FIELD_WEIGHTS)
def test_each_field_is_scored_by_its_own_length(tmp_path: Path, field: str) -> None:
    """Ordinary fields of Whoosh, whose lengths differ; the term has the same postings in all of them."""
    ix = create_in(tmp_path, SCHEMA)
    writer = ix.writer()
    for number, longer in enumerate((1, 5, 9)):
        texts = {name: "jūra" + " cits" * (longer if name == field else 2) for name in FIELD_WEIGHTS}
        writer.add_document(id=str(number), title="", **texts)
    writer.commit()
    match = Evaluator(IndexReader(ix)).match(Word(text="", lemma=("jūra",), stem=("jūra",), exact=("jūra",)))
    idf, average = math.log(1 + 0.5 / 3.5), 6
    expected = [
        sum(
            weight * idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * ((1 + longer) / average if name == field else 1)))
            for name, weight in FIELD_WEIGHTS.items()
        )
        for longer in (1, 5, 9)
    ]
    for scores in (match.scores(match.docs), match.scoring and match.scoring.rough(match.docs)):
        assert scores == pytest.approx(expected)
    assert match.most == pytest.approx(sum(FIELD_WEIGHTS.values()) * idf * 2.2)  # at any frequency


def test_the_weight_of_a_word_scales_its_score(reader: IndexReader) -> None:
    evaluator = Evaluator(reader)
    match = evaluator.match(word(BUDGET))
    halved = evaluator.match(replace(word(BUDGET), weight=0.5))
    assert halved.scores(match.docs) == pytest.approx(match.scores(match.docs) / 2)
