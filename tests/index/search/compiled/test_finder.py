"""The finder, compiled and interpreted: every kind of clause matches and scores like brute force."""

from collections.abc import Mapping
from itertools import combinations, pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from index import deadline
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    Everything,
    InOpening,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Related,
    Word,
)
from index.search.index_reader import IndexReader
from index.search.ranking import FIELD_WEIGHTS
from tests.support import oracle
from tests.support.corpora import WORDS, index_of
from tests.support.decoded import Load, terms_in_form
from tests.support.every_clause import CLAUSES, DOCS, LIVE, E, S, ids_of, indexed, phrase, right_scores, word
from tests.support.interpreted import each_form
from tests.support.oracle import Doc

FINDER = "index.search.compiled.finder"
BUDGET, ROAD, AND = (word(WORDS[at]) for at in (0, 3, 9))
each_clause = pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: repr(clause)[:60])
# A clause that is a list of words, one that is a tree, and one of leaves that are kept.
KINDS = (BUDGET, AllOf((BUDGET, AnyOf((ROAD, S)))), AllOf((phrase(WORDS[0], WORDS[9]), Prefix(text="c"))))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    return indexed(tmp_path_factory.mktemp("finder"))


def finder_of(load: Load, reader: IndexReader, weights: Mapping[str, float] = FIELD_WEIGHTS) -> Any:
    terms_in_form(load, reader)
    return load(FINDER).Finder(reader, weights, 1 << 20)


def found_by(finder: Any, clause: Clause, reader: IndexReader) -> dict[str, float]:
    """Return the score of each document that matches, by its id."""
    found = finder.find(clause)
    finder.score(clause, found)
    return dict(zip(ids_of(reader, found.array().tolist()), found.score_array().tolist(), strict=True))


@each_form
@each_clause
def test_clause_matches_and_scores_like_brute_force(load: Load, clause: Clause, reader: IndexReader) -> None:
    finder, expected = finder_of(load, reader), right_scores(clause)
    for _ in range(2):  # what was found is kept
        found = found_by(finder, clause, reader)
        assert [*found] == sorted(expected)
        assert found == pytest.approx(expected)


@each_form
def test_what_is_kept_of_a_clause_changes_no_other(load: Load, reader: IndexReader) -> None:
    finder = finder_of(load, reader)
    for clause in (*CLAUSES, *reversed(CLAUSES)):
        assert found_by(finder, clause, reader) == pytest.approx(right_scores(clause))


@each_form
def test_clause_is_scored_after_another_was_looked_for(load: Load, reader: IndexReader) -> None:
    finder, (_, tree, other) = finder_of(load, reader), KINDS
    found = finder.find(tree)
    finder.find(other)
    finder.score(tree, found)
    assert found.score_array().tolist() == pytest.approx([*right_scores(tree).values()])


@each_form
@pytest.mark.parametrize("field", FIELD_WEIGHTS)
def test_weight_of_a_field_scales_its_scores(load: Load, field: str, reader: IndexReader) -> None:
    once, twice = (
        found_by(finder_of(load, reader, {field: weight}), replace(BUDGET, accented=""), reader)
        for weight in (1.0, 2.0)
    )
    assert any(once.values())
    assert twice == pytest.approx({name: 2 * score for name, score in once.items()})


@each_form
def test_clause_as_a_tree_is_kept_while_it_is_asked_for(load: Load, reader: IndexReader) -> None:
    finder = finder_of(load, reader)
    tree = finder.tree_of(KINDS[1])
    assert finder.tree_of(AllOf(KINDS[1].clauses)) is tree
    assert finder.tree_of(KINDS[2]) is not tree


@each_form
def test_leaves_and_concepts_are_kept_for_other_clauses(load: Load, reader: IndexReader) -> None:
    finder, concept = finder_of(load, reader), Related((E, S))
    for kept in (phrase(WORDS[0], WORDS[9], slop=1), Prefix(text="c"), word(WORDS[0], part="title")):
        assert finder.plan(kept) is finder.plan(replace(kept))
    assert finder.plan(concept) is finder.plan(concept)
    assert finder.plan(AnyOf((E, S))) is finder.plan(AnyOf((E, S)))
    assert finder.plan(InOpening(concept)) is not finder.plan(concept)
    assert finder.plan(Everything()) is finder.plan(Everything())


@each_form
@pytest.mark.parametrize("clause", [5, AllOf((5, BUDGET)), Not(None)])  # type: ignore[arg-type]  # deliberately wrong
def test_other_object_than_a_clause_is_refused(load: Load, clause: Any, reader: IndexReader) -> None:
    with pytest.raises(TypeError, match="is not a clause"):
        finder_of(load, reader).find(clause)


@each_form
@pytest.mark.parametrize("clause", KINDS[1:])
def test_search_stops_at_the_deadline(load: Load, clause: Clause, reader: IndexReader) -> None:
    finder = finder_of(load, reader)
    with pytest.raises(deadline.DeadlineError), deadline.at_most(-1):
        finder.find(clause)


@each_form
def test_known_words_are_those_of_the_documents_asked_about(load: Load, reader: IndexReader) -> None:
    finder = finder_of(load, reader)
    assert finder.known_words(BUDGET, 0, [1]) is None
    finder.find(BUDGET)
    matching = {doc for doc, one in enumerate(DOCS) if one.id in right_scores(BUDGET)}
    for segment in reader.segments:
        words = [*segment.words_of((("lemma", "budzets"), ("exact", WORDS[0].exact[0])))]
        assert words
        for doc in range(segment.count):
            expected = words if segment.base + doc in matching else []
            assert finder.known_words(BUDGET, segment.base, [doc]) == expected
        every = [*range(segment.count)]
        assert finder.known_words(BUDGET, segment.base, every) == words
        assert finder.known_words(BUDGET, segment.base, []) == []


@each_form
def test_known_leaves_are_those_that_the_documents_asked_about_have(load: Load, reader: IndexReader) -> None:
    finder = finder_of(load, reader)
    loose = Phrase(words=(BUDGET, AND), slop=2)
    leaves = (BUDGET, loose, replace(loose, words=loose.words[::-1]), phrase(WORDS[9], WORDS[9]), ROAD)
    related = Related((BUDGET, AnyOf(leaves[1:3]), leaves[3], ROAD))
    assert finder.known_leaves(related, 0, [1]) is None
    finder.find(AnyOf((related, S)))
    for segment in reader.segments:
        for doc in range(segment.count):
            name = DOCS[segment.base + doc].id
            expected = [number for number, leaf in enumerate(leaves) if name in right_scores(leaf)]
            assert finder.known_leaves(related, segment.base, [doc]) == expected
        assert finder.known_leaves(related, segment.base, []) == []


@each_form
def test_any_leaf_may_be_of_what_matches_as_a_whole(load: Load, reader: IndexReader) -> None:
    finder, related = finder_of(load, reader), Related((AllOf((BUDGET, Not(ROAD), MostOf((S, E)))),))
    finder.find(AnyOf((related, S)))
    assert finder.known_leaves(related, 0, [0]) == [0, 1, 2]


def runs_in(load: Load, clause: Clause) -> list[list[str]]:
    return [[one.text for one in run] for run in load("index.search.compiled.proximity").find_runs(clause)]


A, B, C, D, F = (Word(text=letter) for letter in "abcdf")
RUNS = [
    (A, []),
    (AllOf(()), []),
    (AllOf((A,)), []),
    (AllOf((A, B)), ["ab"]),
    (MostOf((A, B, C)), ["abc"]),
    (AnyOf((A, B)), []),
    (Phrase(words=(A, B)), []),
    (Related((A, B)), []),
    (AllOf((A, B, Not(C), D, F)), ["ab", "df"]),
    (AllOf((A, Prefix(text="x"), B)), []),
    (AllOf((A, MostOf((B, C)), D)), ["bc"]),
    (AllOf((A, B, AllOf((C, D)))), ["ab", "cd"]),
    (AllOf((AllOf((A, B)), C, D)), ["ab", "cd"]),
    (MostOf((A, AnyOf((B, C)), D, F)), ["df"]),
]


@each_form
@pytest.mark.parametrize(("clause", "expected"), RUNS)
def test_runs_are_adjacent_words_of_which_more_are_asked(
    load: Load, clause: Clause, expected: list[str]
) -> None:
    assert runs_in(load, clause) == [[*run] for run in expected]


@each_form
@pytest.mark.parametrize(
    ("count", "runs"),
    [
        (29, [(0, 29)]),
        (30, [(0, 30)]),
        (31, [(0, 30), (29, 31)]),
        (59, [(0, 30), (29, 59)]),
        (60, [(0, 30), (29, 59), (58, 60)]),
    ],
)
def test_long_runs_are_cut_at_a_word_of_both(load: Load, count: int, runs: list[tuple[int, int]]) -> None:
    numbers = [str(number) for number in range(count)]
    clause = AllOf(tuple(Word(text=number) for number in numbers))
    assert runs_in(load, clause) == [numbers[first:end] for first, end in runs]


@each_form
def test_adjacent_words_are_counted_in_each_segment(load: Load, reader: IndexReader) -> None:
    run = [word(WORDS[at], ("lemma",)) for at in (3, 11, 7)]
    adjacent = finder_of(load, reader).adjacent(run)
    pairs = [right_scores(Phrase(words=(one, other))) for one, other in pairwise(run)]
    found = [adjacent.pairs(doc).bit_count() for doc in range(len(DOCS))]
    live = set(reader.live.tolist())
    assert found == [
        sum(one.id in pair for pair in pairs) if doc in live else found[doc] for doc, one in enumerate(DOCS)
    ]
    assert {0, 1, 2} <= {*found}


@each_form
def test_words_of_a_part_are_adjacent_only_there(load: Load, reader: IndexReader) -> None:
    run = [word(WORDS[at], ("lemma",)) for at in (0, 3)]
    anywhere, in_title = (
        [finder_of(load, reader).adjacent(words).pairs(doc) for doc in reader.live.tolist()]
        for words in (run, [replace(one, part="title") for one in run])
    )
    titled = right_scores(Phrase(words=tuple(run), part="title"))
    assert [doc.id for doc, pairs in zip(LIVE, in_title, strict=True) if pairs] == [*titled]
    assert 0 < sum(in_title) < sum(anywhere)


def sparse_docs() -> list[Doc]:
    """Return documents of two words each, which no two have."""
    return [
        Doc(f"d{at:02}", "fm", "lv", None, f"d{at:02}", {"body": [*pair]})
        for at, pair in enumerate(combinations(WORDS[:12:2], 2))
    ]


@each_form
def test_all_words_are_required_wherever_they_are_rarest(load: Load, tmp_path: Any) -> None:
    docs = sparse_docs()
    sparse = IndexReader(index_of(tmp_path, docs[:4], docs[4:]))
    finder, asked = finder_of(load, sparse), [word(forms) for forms in WORDS[:12:2]]
    for count in (2, 3):
        for words in combinations(asked, count):
            clause = AllOf(words)
            assert {*found_by(finder, clause, sparse)} == {*right_in(docs, clause)}


@each_form
def test_known_words_are_those_of_the_segment(load: Load, tmp_path: Any) -> None:
    docs = sparse_docs()
    sparse = IndexReader(index_of(tmp_path, docs[:5], docs[5:]))
    finder, asked = finder_of(load, sparse), word(WORDS[10])
    finder.find(asked)
    known = [finder.known_words(asked, segment.base, [*range(segment.count)]) for segment in sparse.segments]
    terms = tuple((field, text) for field in ("lemma", "exact") for text in getattr(asked, field))
    assert known == [[*segment.words_of(terms)] for segment in sparse.segments]
    assert known[0] != known[1]


def many(count: int) -> Phrase:
    return Phrase(words=(word(WORDS[0]),) * count)


@each_form
@pytest.mark.parametrize("length", [1, 2, 29, 30, 31, 40])
def test_phrase_of_many_words_is_found(load: Load, length: int, tmp_path: Any) -> None:
    """A phrase of more words than have bits is looked for in order."""
    docs = [
        Doc(f"d{count:02}", "fm", "lv", None, f"d{count:02}", {"body": [WORDS[0]] * count})
        for count in (1, 2, 28, 29, 30, 31, 40)
    ]
    few = IndexReader(index_of(tmp_path, docs[:3], docs[3:]))
    expected = [doc.id for doc in docs if len(doc.tokens) >= length]
    finder = finder_of(load, few)
    assert ids_of(few, finder.find(many(length)).array().tolist()) == expected
    assert ids_of(few, finder.find(Not(Not(many(length)))).array().tolist()) == expected


@each_form
def test_segment_without_words_has_no_match(load: Load, tmp_path: Any) -> None:
    bare = [Doc(f"x{number}", "fm", "lv", None, f"x{number}", {}) for number in range(3)]
    mixed = IndexReader(index_of(tmp_path, bare, DOCS[:5], bare[:0]))
    finder = finder_of(load, mixed)
    expected = {*right_in(DOCS[:5], BUDGET)}
    assert {*found_by(finder, BUDGET, mixed)} == expected
    for clause in (
        phrase(WORDS[0], WORDS[9]),
        phrase(WORDS[0], WORDS[9], slop=3),
        word(WORDS[0], part="body"),
        Prefix(text="b", part="body"),
    ):
        assert {*found_by(finder, clause, mixed)} == {*right_in(DOCS[:5], clause)}
    assert finder.adjacent([BUDGET, AND]).pairs(0) == 0
    assert len(finder.find(Everything()).array()) == 8


def right_in(docs: list[Doc], clause: Clause) -> list[str]:
    return [doc.id for doc in docs if oracle.evaluate(clause, doc, docs) is not None]


@each_form
def test_index_without_documents_matches_nothing(load: Load, tmp_path: Any) -> None:
    empty = IndexReader(index_of(tmp_path))
    finder = finder_of(load, empty)
    for clause in (*CLAUSES[::9], *KINDS):
        assert found_by(finder, clause, empty) == {}
