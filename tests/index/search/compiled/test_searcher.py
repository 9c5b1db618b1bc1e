"""The searcher, compiled and interpreted: pages of every kind are those of brute force."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from index import deadline
from index.codec import ArrayIndex
from index.query import TRAITS, AllOf, AnyOf, Clause, Everything, Filters, MostOf, Phrase, Prefix, Query, Word
from index.search import Searcher
from index.search.cursor import START
from index.search.ranking import FIELD_WEIGHTS, DocFactors, recency
from tests.support import oracle
from tests.support.comparison import check, check_world
from tests.support.corpora import WORDS, index_of
from tests.support.decoded import Load, terms_in_form
from tests.support.every_clause import word
from tests.support.interpreted import each_form
from tests.support.oracle import Doc

SEARCHER = "index.search.compiled.searcher"
BUDGET, SCHOOL, AND, ES = (word(WORDS[at]) for at in (0, 11, 9, 8))
BOTH = AllOf((BUDGET, SCHOOL))
DATED = Filters(published_from=date(2020, 1, 3), published_to=date(2020, 2, 9))
MINISTRY = Filters(ministries=("fm",))
MIXED = Filters(ministries=("fm",), published_from=date(2020, 1, 3), traits=TRAITS[:1])
SMALL_WORLDS = (1, 2, 3)


def documents(count: int) -> list[Doc]:
    """Return documents whose scores, days and clusters are often equal; every ninth has no date."""
    texts = [(0, 11), (0, 9, 11), (11,), (11, 0, 11), (9, 8), (0,)]
    names = [f"d{number * 7 % count:04}" for number in range(count)]
    return [
        Doc(
            id=name,
            ministry=("fm", "vm", "iem")[number % 3],
            language=("lv", "en")[number % 5 == 0],
            published=date(2020, 1, 1) + timedelta(days=number % 60) if number % 9 else None,
            cluster=names[number - number % 4] if number % 8 < 4 else name,
            parts={"body": [WORDS[at] for at in texts[number % len(texts)]]},
            traits=TRAITS[: number % 3],
        )
        for number, name in enumerate(names)
    ]


DOCS = documents(40)
GONE = [DOCS[number].id for number in (0, 13, 39)]
LIVE = [doc for doc in DOCS if doc.id not in GONE]


@pytest.fixture(scope="module")
def ix(tmp_path_factory: pytest.TempPathFactory) -> ArrayIndex:
    """Three segments, each of which lacks a deleted document."""
    made = index_of(tmp_path_factory.mktemp("searcher"), DOCS[:10], DOCS[10:30], DOCS[30:])
    writer = made.writer()
    for name in GONE:
        writer.delete_by_term("id", name)
    writer.commit(merge=False)
    return made


def class_of(load: Load) -> type[Searcher]:
    """Return a searcher whose core has a form."""

    class InForm(Searcher):
        @cached_property
        def core(self) -> Any:
            return core_of(load, self)

    return InForm


def core_of(load: Load, searcher: Searcher, **others: Any) -> Any:
    terms_in_form(load, searcher.reader)
    parts = {
        "reader": searcher.reader,
        "columns": searcher._columns,
        "clusters": searcher.clusters,
        "weights": searcher._weights,
        "factors": searcher._factors,
        "proximity": searcher._proximity,
    }
    return load(SEARCHER).CompiledSearcher(**parts | others, max_bytes=1 << 20)


def query(clause: Clause, per_page: int = 3, **options: Any) -> Query:
    return Query(text="", clause=clause, reading="", per_page=per_page, **options)


@each_form
@pytest.mark.parametrize(
    "clause", [BUDGET, BOTH, MostOf((BUDGET, SCHOOL, AND)), Phrase(words=(BUDGET, SCHOOL))]
)
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize(
    "filters", [Filters(), DATED, MINISTRY, MIXED], ids=["all", "days", "ministry", "mixed"]
)
def test_pages_are_those_of_brute_force(
    load: Load, clause: Clause, sort: Any, filters: Filters, ix: ArrayIndex
) -> None:
    searcher = class_of(load)(ix, recency=recency, proximity=0.5)
    for collapse, per_page in product((True, False), (1, 4)):
        asked = query(clause, per_page, sort=sort, filters=filters, histogram="month")
        check(searcher, LIVE, asked, collapse=collapse, most=0.5)
        check(searcher, LIVE, asked, collapse=collapse, most=0.5, excluded=[LIVE[3].id, LIVE[12].id])


@each_form
@pytest.mark.parametrize("seed", SMALL_WORLDS)
def test_queries_of_a_world_are_answered_like_brute_force(load: Load, seed: int, tmp_path: Path) -> None:
    check_world(tmp_path, seed, class_of(load))


@each_form
@pytest.mark.parametrize("factor", [0.0, 0.5])
def test_pages_chosen_one_by_one_and_by_sorting_are_alike(load: Load, factor: float, tmp_path: Path) -> None:
    docs = documents(180)
    searcher = class_of(load)(index_of(tmp_path, docs[:50], docs[50:]), recency=recency, proximity=factor)
    for per_page in (63, 64, 127, 128, 129, 200):
        check(searcher, docs, query(BOTH, per_page), collapse=False, most=factor)


@each_form
def test_facets_of_too_many_combinations_are_counted(
    load: Load, ix: ArrayIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load("index.search.compiled.facets"), "CELLS_MAX", 1)
    searcher = class_of(load)(ix, recency=recency)
    for filters, collapse in product((Filters(), DATED, MINISTRY), (True, False)):
        check(searcher, LIVE, query(SCHOOL, filters=filters), collapse=collapse)


@each_form
def test_facets_are_left_out_unless_they_are_asked_for(load: Load, ix: ArrayIndex) -> None:
    searcher = class_of(load)(ix)
    for filters in (Filters(), DATED, MINISTRY):
        counted, bare = (
            searcher.search(query(SCHOOL, filters=filters), faceted=faceted) for faceted in (True, False)
        )
        assert counted.facets
        assert bare == replace(counted, facets={})


@each_form
def test_documents_of_several_blocks_have_their_own_scores(load: Load, tmp_path: Path) -> None:
    docs = documents(800)  # 256 are scored at once
    searcher = class_of(load)(index_of(tmp_path, docs), recency=recency)
    for clause in (BOTH, AnyOf((BUDGET, SCHOOL))):
        check(searcher, docs, query(clause, 100), collapse=False)


@each_form
def test_answers_to_common_words_are_kept(load: Load, tmp_path: Path) -> None:
    docs = [
        Doc(f"d{at:03}", "fm", "lv", None, f"d{at:03}", {"body": [WORDS[0]] + [WORDS[11]] * (at < 256)})
        for at in range(257)
    ]
    searcher = class_of(load)(index_of(tmp_path, docs))
    common = query(BUDGET)
    kept = searcher.search(common)
    assert searcher.search(common) is kept
    for other in (
        query(SCHOOL),
        query(AllOf((BUDGET,))),
        query(BUDGET, cursor=START),
        query(BUDGET, histogram="year"),
        query(BUDGET, filters=Filters(languages=("lv",))),
    ):
        assert searcher.search(other) is not searcher.search(other)
    for options in ({"excluded": [0]}, {"faceted": False}):
        assert searcher.search(common, **options) is not searcher.search(common, **options)
    others = [
        query(BUDGET, 4),
        query(BUDGET, page=2),
        query(BUDGET, sort="newest"),
        query(replace(BUDGET, weight=0.5)),
    ]
    assert [searcher.search(other) == kept for other in others] == [False] * 4
    assert searcher.search(common, collapse=False) is not kept
    assert searcher.search(common, excluded=[0]).total == 256


@each_form
def test_clauses_are_matched_and_counted_with_filters(load: Load, ix: ArrayIndex) -> None:
    searcher = class_of(load)(ix)
    for clause, filters in product((BUDGET, BOTH, Everything()), (Filters(), DATED, MINISTRY, MIXED)):
        right = oracle.search(query(clause, filters=filters), LIVE, collapse=True)
        assert searcher.count(clause, filters) == right.total
        every = oracle.search(query(clause, filters=filters), LIVE, collapse=False)
        docs = searcher.matching(clause, filters).tolist()
        assert docs == sorted(docs)
        assert {searcher.stored(doc)["id"] for doc in docs} == {name for name, _ in every.hits}


@each_form
def test_parts_of_scores_multiply_to_them(load: Load, ix: ArrayIndex) -> None:
    searcher, core = (class_of(load)(ix, recency=recency, proximity=0.5) for _ in range(2))
    for clause in (BUDGET, BOTH, AnyOf((BUDGET, SCHOOL)), MostOf((SCHOOL, BUDGET, AND))):
        found = searcher.search(query(clause, 100), collapse=False)
        asked = searcher.reader.live[::2]
        matching, scores, boosts = core.core.score_parts(clause, asked)
        assert matching.tolist() == core.core.matching_among(clause, asked).tolist()
        by_doc = dict(zip(found.docs, found.scores, strict=True))
        assert matching.tolist() == [doc for doc in asked.tolist() if doc in by_doc]
        expected = [by_doc[doc] for doc in matching.tolist()]
        assert (scores * boosts * searcher._factors.of(None)[matching]).tolist() == pytest.approx(expected)
        is_boosted = not isinstance(clause, Word | AnyOf)
        assert ({*boosts.tolist()} != {1.0}) == is_boosted
    assert class_of(load)(ix).core.score_parts(BOTH, asked)[2].tolist() == [1.0] * len(
        class_of(load)(ix).core.matching_among(BOTH, asked)
    )


@each_form
def test_hits_fold_the_other_matches_of_their_cluster(load: Load, ix: ArrayIndex) -> None:
    searcher = class_of(load)(ix)
    found = searcher.search(query(SCHOOL, 100))
    folded = [doc for docs in found.folded for doc in docs]
    assert sorted((*found.docs, *folded)) == searcher.matching(SCHOOL).tolist()
    assert folded
    for first, others in zip(found.docs, found.folded, strict=True):
        cluster = {searcher.clusters.of[doc] for doc in (first, *others)}
        assert len(cluster) == 1
        assert [*others] == sorted(others)
    alone = searcher.search(query(SCHOOL, 100), collapse=False)
    assert {*alone.folded} == {()}


@each_form
def test_words_and_decoded_blocks_are_told(load: Load, ix: ArrayIndex) -> None:
    core = class_of(load)(ix).core
    assert core.blocks_decoded == 0
    assert core.known_words(BUDGET, 0, [1]) is None
    core.matching(BUDGET, Filters())
    decoded = core.blocks_decoded
    assert decoded > 0
    core.matching(BUDGET, Filters())
    assert core.blocks_decoded == decoded
    assert core.known_words(BUDGET, 0, [5])


class WithoutTexts:
    has_texts = False


@each_form
def test_parts_of_an_index_that_do_not_agree_are_refused(
    load: Load, ix: ArrayIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = class_of(load)(ix)
    with pytest.raises(ValueError, match="without the words of its texts"):
        core_of(load, searcher, reader=WithoutTexts())
    with pytest.raises(ValueError, match="recency factors of a wrong number"):
        DocFactors(40, np.ones(39), searcher._columns.is_in)
    monkeypatch.setattr(searcher._columns, "published", searcher._columns.published[:-1])
    with pytest.raises(ValueError, match="doc values with a wrong number"):
        core_of(load, searcher)
    monkeypatch.undo()
    monkeypatch.setattr(searcher.clusters, "of", searcher.clusters.of[:-1])
    with pytest.raises(ValueError, match="doc values with a wrong number"):
        core_of(load, searcher)


@each_form
def test_search_stops_at_the_deadline(load: Load, ix: ArrayIndex) -> None:
    core = class_of(load)(ix, proximity=0.5).core
    docs = np.arange(40)
    core.search(query(BUDGET), collapse=True)
    core.score_parts(BOTH, docs)
    with deadline.at_most(-1):
        for stops in (
            lambda: core.search(query(BUDGET), collapse=True),
            lambda: core.score_parts(BOTH, docs),
            lambda: core.matching(Prefix(text="b"), Filters()),
        ):
            with pytest.raises(deadline.DeadlineError):
                stops()


@each_form
def test_index_without_documents_answers_with_nothing(load: Load, tmp_path: Path) -> None:
    searcher = class_of(load)(index_of(tmp_path), recency=recency, proximity=0.5)
    none: Sequence[Doc] = ()
    for clause, sort in product((BUDGET, BOTH, Everything()), ("relevance", "newest")):
        check(searcher, none, query(clause, sort=sort, histogram="auto"), collapse=True, most=0.5)
    assert dict(FIELD_WEIGHTS) == dict(searcher._weights)
