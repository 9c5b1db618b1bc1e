"""`reindex` with judged queries, as its users run it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import Generations
from index.evaluation import UNJUDGED, Judged, RelevanceVerdict, judge, judged_queries
from index.evaluation.judged_queries import JudgedQuery
from index.reindex import app
from tests.index.conftest import SEEN, Save
from tests.support.few_concepts import FEW_CONCEPTS, FEW_CONCEPTS_FILE

Reindex = Callable[..., Result]
SITE = "https://iem.example/"


@pytest.fixture
def reindex(data: Path) -> Reindex:
    settings = data.parent / "config.toml"
    index = f'{FEW_CONCEPTS}judged = "judged.toml"\n'
    settings.write_text(f'data_dir = "data"\n{index}', encoding="utf-8")
    return lambda *options: CliRunner().invoke(app, ["--config", str(settings), *options])


def write_judged(data: Path, judgements: dict[str, int], *, floor: float = 0.9) -> None:
    grades = "".join(f'"{name}" = {grade}\n' for name, grade in judgements.items())
    (data.parent / "judged.toml").write_text(
        f'[floors]\nMRR = {floor}\n[[query]]\ntext = "budžetam"\n[query.judgements]\n{grades}',
        encoding="utf-8",
    )


def test_an_index_above_the_floors_is_used_and_reported(reindex: Reindex, data: Path, save: Save) -> None:
    save("a", title="Valsts budžets")
    write_judged(data, {f"{SITE}a": 3})
    result = reindex("--json")
    assert json.loads(result.stdout)["relevance"] == {"nDCG@10": 1.0, "MRR": 1.0, "recall@50": 1.0}


def test_an_index_below_a_floor_is_refused_with_the_reason(reindex: Reindex, data: Path, save: Save) -> None:
    save("a", title="Valsts budžets")
    save("b", title="Robežsardze")
    write_judged(data, {f"{SITE}b": 3})
    result = reindex()
    assert result.exit_code == 1
    assert "MRR is 0.000, below its floor of 0.900; worst: budžetam (0.00)" in result.stderr
    assert Generations(data / "index").current() is None
    assert list((data / "index").glob("*.draft")) == []


def test_an_index_below_the_floor_of_a_kind_is_refused(reindex: Reindex, data: Path, save: Save) -> None:
    save("a", title="Valsts budžets")
    save("b", title="Robežsardze")
    (data.parent / "judged.toml").write_text(
        "[floors]\nMRR = 0.5\n[floors_by_kind]\nquestion = 0.9\n"
        f'[[query]]\ntext = "budžetam"\njudgements = {{"{SITE}a" = 3}}\n'
        f'[[query]]\ntext = "kas ir budžets"\nkind = "question"\njudgements = {{"{SITE}b" = 3}}\n',
        encoding="utf-8",
    )
    result = reindex()
    assert result.exit_code == 1
    assert "nDCG@10 of kind question is 0.000, below its floor of 0.900; worst: kas ir" in result.stderr


def test_a_refused_index_leaves_the_one_in_use(reindex: Reindex, data: Path, save: Save) -> None:
    save("a", title="Valsts budžets")
    write_judged(data, {f"{SITE}a": 3})
    reindex()
    before = Generations(data / "index").current()
    save("b", title="Robežsardze")
    write_judged(data, {f"{SITE}b": 3})
    assert reindex("--full").exit_code == 1
    assert Generations(data / "index").current() == before


def test_accept_relevance_overrides_the_floors(reindex: Reindex, data: Path, save: Save) -> None:
    save("b", title="Robežsardze")
    write_judged(data, {f"{SITE}b": 3})
    assert reindex("--accept-relevance").exit_code == 0
    assert Generations(data / "index").current() is not None


def test_check_measures_the_index_in_use(reindex: Reindex, data: Path, save: Save) -> None:
    save("a", title="Valsts budžets")
    write_judged(data, {f"{SITE}a": 3})
    reindex()
    assert "nDCG@10 1.000, MRR 1.000" in reindex("--check").stdout
    save("b", title="Robežsardze")
    write_judged(data, {f"{SITE}b": 3})
    assert reindex("--check").exit_code == 1


def test_check_measures_each_kind_of_query(reindex: Reindex, data: Path, save: Save) -> None:
    save("a", title="Valsts budžets")
    (data.parent / "judged.toml").write_text(
        f'[[query]]\ntext = "budžetam"\nkind = "word"\njudgements = {{"{SITE}a" = 3}}\n', encoding="utf-8"
    )
    reindex()
    assert json.loads(reindex("--check", "--json").stdout)["relevance_by_kind"] == {"word": 1.0}


def test_judgements_name_a_release_by_any_spelling_of_its_url_or_by_id(
    reindex: Reindex, data: Path, save: Save
) -> None:
    id_ = save("a", title="Valsts budžets")
    for name in ("http://www.iem.example/a/", id_):
        write_judged(data, {name: 3})
        assert reindex("--full").exit_code == 0


def test_a_missing_judged_release_is_reported_and_not_expected(
    reindex: Reindex, data: Path, save: Save, store: Store
) -> None:
    save("a", title="Valsts budžets")
    save("b", title="Cits budžets")
    store.hide("https://iem.example/b", seen=SEEN)
    write_judged(data, {f"{SITE}a": 3, f"{SITE}b": 3, f"{SITE}c": 3})
    result = reindex("--json")
    assert f"not in the store, so not expected: {SITE}b, {SITE}c" in result.stderr
    assert json.loads(result.stdout)["relevance"]["recall@50"] == 1.0


def test_an_index_without_any_judged_release_is_refused(reindex: Reindex, data: Path, save: Save) -> None:
    save("a")
    write_judged(data, {f"{SITE}other": 3})
    result = reindex()
    assert (result.exit_code, "none of the judged releases is in the store" in result.stderr) == (1, True)


def test_near_duplicates_are_judged_as_one_hit(
    reindex: Reindex, data: Path, save: Save, store: Store
) -> None:
    first = save("a", title="Valsts budžets")
    copy = save("b", title="Valsts budžets")
    store.set_cluster(copy, first, seen=SEEN)
    write_judged(data, {f"{SITE}a": 3, f"{SITE}b": 3})
    assert json.loads(reindex("--json").stdout)["relevance"]["recall@50"] == 1.0


@pytest.mark.parametrize(("text", "kind"), [("budžtes", "typo"), ("infrastruktūar", "word")])
def test_a_misspelt_query_runs_as_corrected(
    reindex: Reindex, data: Path, save: Save, text: str, kind: str
) -> None:
    save("a", title="Valsts budžets infrastruktūrai")
    (data.parent / "judged.toml").write_text(
        f'[floors]\nMRR = 1\n[[query]]\ntext = "{text}"\nkind = "{kind}"\njudgements = {{"{SITE}a" = 3}}\n',
        encoding="utf-8",
    )
    assert reindex().exit_code == 0


def test_reindex_stops_if_the_judged_queries_are_missing(reindex: Reindex, save: Save) -> None:
    save("a")
    result = reindex()
    assert (result.exit_code, "index.judged = 'judged.toml': there is no file" in result.stderr) == (2, True)


# --- The verdict itself ---

Judging = Callable[..., RelevanceVerdict]


@pytest.fixture
def judging(
    store: Store, save: Save, analyzer: Analyzer, read_only_index: Callable[[], WhooshEngine]
) -> Judging:
    """Return what judges an index of three releases, the first two of which are one; the last is hidden."""
    first = save("a", title="Valsts budžets")
    store.set_cluster(save("b", title="Valsts budžets"), first, seen=SEEN)
    save("c", title="Robežsardze")
    save("d", title="Cits budžets")
    store.hide(f"{SITE}d", seen=SEEN)

    def judge_queries(*queries: JudgedQuery, **floors: Mapping[str, float]) -> RelevanceVerdict:
        judged = Judged.model_construct(**{"queries": queries, "floors": {}, "floors_by_kind": {}, **floors})
        return judge(read_only_index(), store, analyzer, judged, {}, concepts=FEW_CONCEPTS_FILE)

    return judge_queries


def about(text: str, kind: str = "", **grades: int) -> JudgedQuery:
    judgements = {f"{SITE}{name}": grade for name, grade in grades.items()}
    return JudgedQuery(text=text, kind=kind, judgements=judgements)


@pytest.mark.parametrize(
    ("queries", "floors", "expected"),
    [
        # Copies have the best of their grades, in any order; what is hidden or absent is not expected.
        ([about("budžets", "w", a=1, b=3)], {}, (1, {"w": 1}, (), ())),
        ([about("budžets", "w", b=3, a=0)], {}, (1, {"w": 1}, (), ())),
        ([about("budžets", a=3, d=3, x=3)], {}, (1, {}, (), ("d", "x"))),
        ([about("budžets", c=3), about("robežsardze", x=2, c=3)], {}, (0.5, {}, (), ("x",))),
        ([about("budžets", "w", c=3), about("robežsardze", "v", c=3)], {}, (0.5, {"w": 0, "v": 1}, (), ())),
        # Without anything to expect, only floors are missed.
        ([about("budžets", x=3, d=3)], {}, (None, {}, (), ("x", "d"))),
        ([about("budžets", a=0)], {}, (None, {}, (), ())),
        (
            [about("budžets", x=3)],
            {"floors": {"MRR": 0}},
            (None, {}, ("none of the judged releases is in the store",), ("x",)),
        ),
        (
            [about("budžets", x=3)],
            {"floors_by_kind": {"": 0}},
            (None, {}, ("none of the judged releases is in the store",), ("x",)),
        ),
        (
            [about("budžets", c=3)],
            {"floors": {"MRR": 0.1}},
            (0, {}, ("MRR is 0.000, below its floor of 0.100; worst: budžets (0.00)",), ()),
        ),
    ],
)
def test_a_verdict_is_about_the_releases_of_the_store(
    judging: Judging,
    queries: list[JudgedQuery],
    floors: dict[str, Mapping[str, float]],
    expected: tuple[float | None, Mapping[str, float], tuple[str, ...], tuple[str, ...]],
) -> None:
    verdict = judging(*queries, **floors)
    ndcg, by_kind, shortfalls, unknown = expected
    assert verdict.relevance.get("nDCG@10") == ndcg
    assert verdict.by_kind == by_kind
    assert (verdict.shortfalls, verdict.unknown) == (shortfalls, tuple(f"{SITE}{name}" for name in unknown))


def test_without_judged_queries_there_is_no_verdict(
    store: Store, analyzer: Analyzer, read_only_index: Callable[[], WhooshEngine]
) -> None:
    assert judge(read_only_index(), store, analyzer, None, {}) is UNJUDGED
    assert (UNJUDGED.relevance, UNJUDGED.shortfalls, UNJUDGED.unknown) == ({}, (), ())
    assert judged_queries(Path()) is None
