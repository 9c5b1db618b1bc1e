import random
import tomllib
from collections import Counter

import pytest

from benchmarks.reader_measures import unexplained_marks
from benchmarks.relevance import (
    FLOORS,
    SETS,
    SampleCorpus,
    fingerprint,
    load_judged,
    load_queries,
    query_runner,
)
from benchmarks.robustness import Inflector, same_first_hits
from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.evaluation.judged_queries import Judged, JudgedQuery
from index.evaluation.relevance import (
    MEASURES,
    QueryRunner,
    QueryScores,
    RankedAnswer,
    ShownAnswer,
    means,
    scores,
    scores_by_kind,
    shortfalls,
)
from samples.content import HERE, load_releases, load_sites

sweep = pytest.mark.sweep


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> QueryRunner:
    return query_runner(SampleCorpus(tmp_path_factory.mktemp("relevance")), "ours", Analyzer())


@pytest.fixture(scope="module")
def answers(ours: QueryRunner) -> dict[str, ShownAnswer]:
    return {judged.text: ours.run(judged) for name in SETS for judged in load_queries(name)}


@pytest.fixture(scope="module")
def measured(answers: dict[str, ShownAnswer]) -> dict[str, QueryScores]:
    sets = {name: load_queries(name) for name in SETS}
    queries = [judged for of_set in sets.values() for judged in of_set]
    values = scores(queries, answers)
    return {name: {judged.text: values[judged.text] for judged in sets[name]} for name in SETS}


@sweep
def test_the_floors_belong_to_these_queries_and_releases() -> None:
    assert tomllib.loads(FLOORS.read_text(encoding="utf-8"))["fingerprint"] == fingerprint(), (
        "look at what changed, then `python -m benchmarks.relevance --pin`"
    )


@sweep
@pytest.mark.parametrize("name", SETS)
def test_relevance_is_above_its_floors(measured: dict[str, QueryScores], name: str) -> None:
    assert list(shortfalls(load_queries(name), measured[name], load_judged(name))) == []


@sweep
@pytest.mark.parametrize("name", SETS)
def test_every_mark_is_of_what_was_typed_or_of_what_the_page_names(
    answers: dict[str, ShownAnswer], name: str
) -> None:
    analyzer = Analyzer()
    marked = [
        (judged.text, word)
        for judged in load_queries(name)
        for word in unexplained_marks(answers[judged.text].query, answers[judged.text].results, analyzer)
    ]
    assert len(marked) > 500
    unexplained = [(text, word) for text, word in marked if word]
    assert len(unexplained) <= 0.005 * len(marked), unexplained


@sweep
def test_a_mean_falls_short_only_below_its_floor(measured: dict[str, QueryScores]) -> None:
    values = means(measured["known"])
    for more, named in ((0, []), (0.001, list(values))):
        floors = {name: value + more for name, value in values.items()}
        judged = load_judged("known").model_copy(update={"floors": floors, "floors_by_kind": {}})
        assert [text.partition(" ")[0] for text in shortfalls((), measured["known"], judged)] == named


@sweep
@pytest.mark.parametrize("name", SETS)
def test_every_measure_and_kind_has_a_floor(name: str) -> None:
    judged = load_judged(name)
    assert set(judged.floors) == set(MEASURES)
    assert set(judged.floors_by_kind) == {query.kind for query in judged.queries}


@sweep
def test_every_known_query_finds_something_relevant(measured: dict[str, QueryScores]) -> None:
    assert [text for text, values in measured["known"].items() if values["MRR"] == 0] == []


@sweep
@pytest.mark.parametrize("name", SETS)
def test_judgements_name_sample_releases(name: str) -> None:
    judged = {release for query in load_queries(name) for release in query.judgements}
    sites = load_sites().sites
    assert judged <= {
        f"{site.id}/{file}" for site in sites for file in load_releases(HERE / "releases" / site.id)
    }


@sweep
def test_no_query_is_in_two_sets() -> None:
    texts = [judged.text for name in SETS for judged in load_queries(name)]
    assert [text for text, count in Counter(texts).items() if count > 1] == []


@sweep
@pytest.mark.parametrize("name", SETS)
def test_there_are_many_queries_of_every_kind(name: str) -> None:
    kinds = [judged.kind for judged in load_queries(name)]
    queries, of_a_kind = (38, 4) if name in {"readers", "line", "persons"} else (80, 8)
    assert len(kinds) >= queries
    assert min(kinds.count(kind) for kind in set(kinds)) >= of_a_kind


@sweep
def test_queries_without_diacritics_mostly_keep_their_first_hit(ours: QueryRunner) -> None:
    same = same_first_hits(load_queries(), ours, fold)
    assert sum(same.values()) / len(same) >= 0.95


@sweep
def test_inflected_queries_without_diacritics_mostly_keep_their_first_hit(ours: QueryRunner) -> None:
    inflector = Inflector(random.Random(2026))
    same = same_first_hits(load_queries(), ours, lambda text: fold(inflector.text(text)))
    assert sum(same.values()) / len(same) >= 0.95


def test_answers_are_scored_by_rank_and_grade() -> None:
    queries = [
        JudgedQuery(text=text, kind=kind, judgements={"a": 3, "b": 1})
        for text, kind in (("best", "x"), ("second", "x"), ("deep", "y"), ("none", "y"), ("unanswered", "y"))
    ]
    deep = [f"other {number}" for number in range(50)]
    measured = scores(
        queries,
        {
            "best": RankedAnswer(["a", "b"]),
            "second": RankedAnswer(["c", "a"]),
            "deep": RankedAnswer([*deep[:49], "a", "b"]),
            "none": RankedAnswer([]),
        },
    )
    assert {text: (values["MRR"], values["recall@50"]) for text, values in measured.items()} == {
        "best": (1, 1),
        "second": (0.5, 0.5),
        "deep": (0.02, 0.5),
        "none": (0, 0),
        "unanswered": (0, 0),
    }
    assert [measured[text]["nDCG@10"] for text in ("best", "deep", "none")] == [1, 0, 0]
    assert 0 < measured["second"]["nDCG@10"] < 1
    assert means(measured)["recall@50"] == 0.4
    assert {kind: list(of_kind) for kind, of_kind in scores_by_kind(queries, measured).items()} == {
        "x": ["best", "second"],
        "y": ["deep", "none", "unanswered"],
    }


def scored(**ndcg: float) -> QueryScores:
    return {text: {"nDCG@10": value, "MRR": 1.0, "recall@50": value / 2} for text, value in ndcg.items()}


@pytest.mark.parametrize(
    ("floors", "by_kind", "messages"),
    [
        ({}, {}, []),
        ({"nDCG@10": 0.4, "MRR": 1, "recall@50": 0.2}, {"x": 0.3, "y": 0.5}, []),
        ({"MRR": 0.5}, {"z": 1}, []),
        (
            {"nDCG@10": 0.41},
            {},
            ["nDCG@10 is 0.400, below its floor of 0.410; worst: d (0.10), b (0.20), e (0.40)"],
        ),
        (
            {"recall@50": 0.9},
            {},
            ["recall@50 is 0.200, below its floor of 0.900; worst: d (0.05), b (0.10), e (0.20)"],
        ),
        (
            {},
            {"x": 0.31, "y": 0.6},
            [
                "nDCG@10 of kind y is 0.500, below its floor of 0.600; worst: a (0.50)",
                "nDCG@10 of kind x is 0.300, below its floor of 0.310; worst: b (0.20), e (0.40)",
            ],
        ),
        ({}, {"": 1}, ["nDCG@10 of kind  is 0.450, below its floor of 1.000; worst: d (0.10), c (0.80)"]),
    ],
)
def test_a_mean_below_its_floor_is_named_with_the_worst_queries(
    floors: dict[str, float], by_kind: dict[str, float], messages: list[str]
) -> None:
    kinds = {"a": "y", "b": "x", "c": "", "d": "", "e": "x"}
    queries = tuple(JudgedQuery(text=text, kind=kind, judgements={"1": 1}) for text, kind in kinds.items())
    asked = Judged.model_construct(queries=queries, floors=floors, floors_by_kind=by_kind)
    measured = scored(a=0.5, b=0.2, c=0.8, d=0.1, e=0.4)
    assert list(shortfalls(queries, measured, asked)) == messages
    assert means(measured) == {"nDCG@10": pytest.approx(0.4), "MRR": 1, "recall@50": pytest.approx(0.2)}
