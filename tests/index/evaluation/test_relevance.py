import random
import tomllib

import pytest

from benchmarks.relevance import FLOORS, SampleCorpus, fingerprint, load_queries, query_runner, run_ours
from benchmarks.robustness import Inflector, same_first_hits
from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.evaluation.judged_queries import Measure
from index.evaluation.relevance import MEASURES, QueryRunner, QueryScores, means, scores

pytestmark = pytest.mark.sweep


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> QueryScores:
    queries = load_queries()
    return scores(queries, run_ours(tmp_path_factory.mktemp("relevance"), queries))


@pytest.fixture(scope="module")
def pinned() -> dict[str, object]:
    return tomllib.loads(FLOORS.read_text(encoding="utf-8"))


def test_the_floors_belong_to_these_queries_and_releases(pinned: dict[str, object]) -> None:
    assert pinned["fingerprint"] == fingerprint(), (
        "look at what changed, then `python -m benchmarks.relevance --pin`"
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_relevance_is_above_its_floor(
    measured: QueryScores, pinned: dict[str, dict[str, float]], measure: Measure
) -> None:
    assert means(measured)[measure] >= pinned["floors"][measure]


def test_every_judged_query_finds_something_relevant(measured: QueryScores) -> None:
    assert [text for text, values in measured.items() if values["MRR"] == 0] == []


def test_there_are_many_queries_of_every_kind() -> None:
    kinds = [judged.kind for judged in load_queries()]
    assert len(kinds) >= 80
    assert min(kinds.count(kind) for kind in set(kinds)) >= 8


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> QueryRunner:
    return query_runner(SampleCorpus(tmp_path_factory.mktemp("robustness")), "ours", Analyzer())


def test_queries_without_diacritics_mostly_keep_their_first_hit(ours: QueryRunner) -> None:
    same = same_first_hits(load_queries(), ours, fold)
    assert sum(same.values()) / len(same) >= 0.95


def test_inflected_queries_without_diacritics_mostly_keep_their_first_hit(ours: QueryRunner) -> None:
    inflector = Inflector(random.Random(2026))
    same = same_first_hits(load_queries(), ours, lambda text: fold(inflector.text(text)))
    assert sum(same.values()) / len(same) >= 0.95
