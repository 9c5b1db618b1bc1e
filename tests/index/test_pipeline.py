"""The steps of `reindex` without the command; `test_reindex.py` runs them with it."""

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.store import Store, StoreError
from index.analysis.latvian.hunspell import DICTIONARY
from index.config import IndexConfig
from index.engines.whoosh import WhooshBuilder
from index.errors import EngineError
from index.evaluation import LossError
from index.pipeline import IndexPipeline
from tests.index.conftest import SEEN, Save


@pytest.fixture
def pipeline(data: Path) -> IndexPipeline:
    return IndexPipeline(
        builder=WhooshBuilder(data / "index", dictionary=DICTIONARY, processes=1),
        store_path=data / "releases.sqlite3",
        settings=IndexConfig(dictionary=DICTIONARY),
        judged=None,
    )


def test_the_first_run_builds_and_later_ones_update(pipeline: IndexPipeline, save: Save) -> None:
    save("a")
    reports = [pipeline.reindex(full=False)]
    reports.append(pipeline.reindex(full=False))
    save("b")
    reports += [pipeline.reindex(full=full) for full in (False, True)]
    assert [(report.did, report.because, report.documents) for report in reports] == [
        ("rebuilt", "there is no index yet", 1),
        ("nothing", "", 1),
        ("updated", "", 2),
        ("rebuilt", "requested", 2),
    ]


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
    assert allowed.reindex(full=False).documents == 2


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
