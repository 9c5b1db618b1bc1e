"""The steps of `reindex` without the command; `test_reindex.py` runs them with it."""

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.store import Store, StoreError
from index.analysis.latvian.hunspell import DICTIONARY
from index.config import IndexConfig
from index.engines.whoosh import WhooshBuilder
from index.errors import DamagedIndexError, EngineError
from index.evaluation import Judged, LossError
from index.evaluation.judged_queries import JudgedQuery
from index.pipeline import IndexPipeline, UnsoundError
from tests.index.conftest import SEEN, Save
from tests.support.few_concepts import FEW_CONCEPTS_FILE
from tests.support.new_store import new_store
from tests.support.reindexing import release, use_small_dictionary


@pytest.fixture
def pipeline(data: Path) -> IndexPipeline:
    return IndexPipeline(
        builder=WhooshBuilder(data / "index", dictionary=DICTIONARY, processes=1),
        store_path=data / "releases.sqlite3",
        settings=IndexConfig(dictionary=DICTIONARY, concepts=FEW_CONCEPTS_FILE),
        judged=None,
    )


def test_the_first_run_builds_and_later_ones_update(pipeline: IndexPipeline, save: Save) -> None:
    save("a")
    reports = [pipeline.reindex(full=False)]
    reports.append(pipeline.reindex(full=False))
    save("b")
    reports += [pipeline.reindex(full=full) for full in (False, True)]
    assert [(report.did, report.because, report.documents, report.number) for report in reports] == [
        ("rebuilt", "there is no index yet", 1, 1),
        ("nothing", "", 1, 1),
        ("updated", "", 2, 2),
        ("rebuilt", "requested", 2, 2),
    ]
    assert [(report.changes, report.added, report.removed) for report in reports] == [
        (1, 1, 0),
        (0, 0, 0),
        (1, 1, 0),
        (2, 2, 0),
    ]
    generations = [report.generation for report in reports]
    assert generations[0] == generations[1] == generations[2] < generations[3]
    assert all(0 < report.seconds < 600 and report.seconds == round(report.seconds, 2) for report in reports)
    back = pipeline.roll_back()
    assert (back.did, back.because, back.documents, back.number) == ("rolled back", "requested", 2, 2)
    assert (back.generation, back.seconds) == (generations[0], 0)


def test_old_generations_are_kept_as_the_settings_say(pipeline: IndexPipeline, save: Save) -> None:
    save("a")
    kept_one = replace(pipeline, settings=pipeline.settings.model_copy(update={"generations_kept": 1}))
    names = [kept_one.reindex(full=True).generation for _ in range(3)]
    assert kept_one.roll_back().generation == names[1]
    with pytest.raises(EngineError, match="no earlier generation"):
        kept_one.roll_back()


def test_definitions_are_written_beside_the_store(pipeline: IndexPipeline, save: Save, data: Path) -> None:
    save("a", body="Valsts ieņēmumu dienests (VID) informē.")
    pipeline.reindex(full=False)
    save("b", body="Veselības ministrija (VM) informē.")
    pipeline.reindex(full=False)
    lines = (data / "acronyms.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[1] for line in lines if not line.startswith("#")] == ["VID", "VM"]


def test_a_loss_is_refused_until_it_is_allowed(pipeline: IndexPipeline, save: Save, store: Store) -> None:
    for name in "abcd":
        save(name)
    pipeline.reindex(full=False)
    for name in "ab":
        store.hide(f"https://iem.example/{name}", seen=SEEN)
    for full in (False, True):
        with pytest.raises(LossError, match="2 of the 4 releases"):
            pipeline.reindex(full=full)
    allowed = replace(pipeline, settings=pipeline.settings.model_copy(update={"loss_share": 1.0}))
    report = allowed.reindex(full=False)
    assert (report.documents, report.changes, report.added, report.removed) == (2, 2, 0, 2)


def use_store(pipeline: IndexPipeline, path: Path, names: str) -> IndexPipeline:
    """Return the pipeline with another store, whose loss it allows, and which has releases of these names."""
    with new_store(path) as store:
        for name in names:
            store.save(release(name), seen=SEEN)
    settings = pipeline.settings.model_copy(update={"loss_share": 1.0})
    return replace(pipeline, store_path=path, settings=settings)


@pytest.mark.parametrize(
    ("names", "did", "because"),
    [
        ("ab", "nothing", ""),
        ("a", "rebuilt", "the store is older than the index"),
        ("ac", "rebuilt", "1 releases in the index are not in the store"),
        ("cde", "rebuilt", "2 releases in the index are not in the store"),
        ("cab", "rebuilt", "the index held 2 releases, the store 3"),
        ("abc", "updated", ""),
    ],
)
def test_index_of_another_store_is_built_anew(
    pipeline: IndexPipeline, save: Save, tmp_path: Path, *, names: str, did: str, because: str
) -> None:
    for name in "ab":
        save(name)
    pipeline.reindex(full=False)
    other = use_store(pipeline, tmp_path / "other.sqlite3", names)
    (tmp_path / "acronyms.tsv").unlink(missing_ok=True)
    faults = other.check(tmp_path).faults
    location = other.builder.state().location  # type: ignore[union-attr]
    expected = because if "are not" in because or "older" in because else ""
    assert faults == ((f"{location}: {expected}; run `reindex`",) if expected else ())
    report = other.reindex(full=False)
    assert (report.did, report.because, report.documents) == (did, because, len(names))
    assert (tmp_path / "acronyms.tsv").exists() == (did != "nothing")


def test_another_analysis_needs_another_index(pipeline: IndexPipeline, save: Save, data: Path) -> None:
    save("a")
    pipeline.reindex(full=False)
    use_small_dictionary(data)
    small = data.parent / "small.aff"
    settings = pipeline.settings.model_copy(update={"dictionary": small})
    builder = WhooshBuilder(data / "index", dictionary=small, processes=1)
    other = replace(pipeline, settings=settings, builder=builder)
    (fault,) = other.check(data / "index").faults
    assert fault.endswith(": the analysis, the schema or the names changed; run `reindex`")
    assert other.reindex(full=False).because == "the analysis, the schema or the names changed"


def test_damaged_index_is_rebuilt_only_on_request(pipeline: IndexPipeline, save: Save, data: Path) -> None:
    save("a")
    generation = pipeline.reindex(full=False).generation
    (path,) = (data / "index" / generation).glob("*.docs")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedIndexError, match=path.name):
        pipeline.reindex(full=False)
    report = pipeline.check(data / "index")
    assert (report.location, len(report.faults), path.name in report.faults[0]) == (
        str(data / "index"),
        1,
        True,
    )
    assert pipeline.reindex(full=True).documents == 1


def test_index_below_a_floor_is_not_used(
    pipeline: IndexPipeline, save: Save, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("a", title="Valsts budžets")
    save("b", title="Robežsardze")

    def judging(floor: float, **judgements: int) -> IndexPipeline:
        grades = {f"https://iem.example/{name}": grade for name, grade in judgements.items()}
        query = JudgedQuery(text="budžetam", kind="word", judgements=grades)
        settings = pipeline.settings.model_copy(update={"concepts": FEW_CONCEPTS_FILE})
        return replace(pipeline, settings=settings, judged=Judged(queries=(query,), floors={"MRR": floor}))

    with pytest.raises(UnsoundError, match=r"MRR is 0.000, .*; to accept that, give --accept-relevance"):
        judging(0.5, b=3).reindex(full=False)
    assert (pipeline.builder.state(), (data / "acronyms.tsv").exists()) == (None, False)
    capsys.readouterr()
    relevance = {"nDCG@10": 1.0, "MRR": 1.0, "recall@50": 1.0}
    assert judging(1, a=3, c=1).reindex(full=False).relevance == relevance
    assert capsys.readouterr().err.splitlines()[1:] == [
        "not in the store, so not expected: https://iem.example/c"
    ]
    report = judging(1, a=3).check(data / "index")
    assert (report.faults, report.relevance, report.relevance_by_kind) == ((), relevance, {"word": 1.0})
    report = judging(0.5, b=3).check(data / "index")
    assert (report.relevance["MRR"], report.best_bets) == (0, ())
    assert report.faults == ("MRR is 0.000, below its floor of 0.500; worst: budžetam (0.00)",)


def test_a_check_reports_and_changes_nothing(pipeline: IndexPipeline, save: Save, data: Path) -> None:
    save("a")
    (fault,) = pipeline.check(data / "index").faults
    assert fault == f"{data / 'index'}: no index; run `reindex`"
    assert not (data / "index").exists()
    generation = pipeline.reindex(full=False).generation
    checked = pipeline.check(data / "index")
    assert (checked.location, checked.faults) == (str(data / "index" / generation), ())


def test_without_a_store_there_is_nothing_to_index(pipeline: IndexPipeline) -> None:
    with pytest.raises(StoreError, match="run `crawl` first"):
        pipeline.reindex(full=False)


def test_a_check_names_bets_that_point_to_nothing(pipeline: IndexPipeline, save: Save, data: Path) -> None:
    id_ = save("a")
    pipeline.reindex(full=False)
    path = data / "best_bets.toml"
    bets = (f'[[bet]]\nqueries = ["x"]\nrelease = "{name}"\n' for name in (id_, "iem-0000000000"))
    path.write_text("".join(bets), encoding="utf-8")
    report = pipeline.check(data / "index")
    assert (report.faults, report.best_bets) == (
        (),
        (f"{path}:4: bet.release = 'iem-0000000000': no such release in the index",),
    )
    path.write_text("[[bet]]\n", encoding="utf-8")
    assert pipeline.check(data / "index").best_bets == (f"{path}:1: bet.queries: Field required",)
