import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.codec import create_in
from index.engines.whoosh import engine as engine_module
from index.engines.whoosh.engine import WhooshEngine, _find_some
from index.engines.whoosh.indexer import update
from index.engines.whoosh.schema import schema
from index.errors import DamagedIndexError, EngineError
from index.indexing import fingerprint
from index.query import Everything, Query
from tests.index.conftest import Save
from tests.index.engines.whoosh.conftest import Publish

EVERYTHING = Query(text="", clause=Everything(), reading="")


def test_an_index_opens_while_a_commit_removes_its_files(
    build_generation: Publish, store: Store, analyzer: Analyzer, save: Save
) -> None:
    save("one", title="Vecs")
    folder = build_generation()
    since = store.last_number()
    save("one", title="Jauns")
    waiting = [folder]

    def commit(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and str(details[0]).endswith(".docs") and waiting:
            update(waiting.pop(), store, analyzer, since=since)

    sys.addaudithook(commit)  # cannot be removed, but does nothing more
    assert [hit.title.text for hit in WhooshEngine(folder, analyzer).search(EVERYTHING).hits] == ["Jauns"]


# --- One commit ---


@pytest.fixture
def folder(build_generation: Publish, save: Save) -> Path:
    save("a", title="Meži deg", body="Meži deg pavasarī.", published=date(2020, 1, 2))
    save(
        "b", title="Pļavas", body="Pļavas zaļo.", ministry="Zemkopības ministrija", published=date(2020, 1, 1)
    )
    return build_generation()


def test_facts_are_those_of_the_commit(folder: Path, store: Store, analyzer: Analyzer) -> None:
    engine = WhooshEngine(folder, analyzer)
    info = engine.info()
    assert (info.generation, info.documents, info.number) == (folder.name, 2, store.last_number())
    assert info.fingerprint == fingerprint(analyzer)
    assert len(engine.ids()) == 2
    assert engine._commit == f"{folder.name}.1"


def test_an_index_without_an_origin_has_none(tmp_path: Path) -> None:
    create_in(tmp_path, schema())
    info = WhooshEngine(tmp_path).info()
    assert (info.documents, info.number, info.fingerprint) == (0, 0, "")


def test_releases_may_be_taken_out_of_an_engine(folder: Path, store: Store, analyzer: Analyzer) -> None:
    engine = WhooshEngine(folder, analyzer)
    first, second = (found.id for name in "ab" if (found := store.find(f"https://iem.example/{name}")))
    fewer = engine.without([first, "nowhere"])
    assert (fewer.ids(), fewer.info().documents, fewer.info().generation) == ({second}, 1, folder.name)
    assert [hit.id for hit in fewer.search(EVERYTHING).hits] == [second]
    assert len({one._commit for one in (engine, fewer, engine.without([second]))}) == 3
    assert fewer._given_analyzer is analyzer
    assert engine.without(["nowhere"]) is engine
    assert len(engine.ids()) == 2
    assert fewer.without([first]) is fewer
    assert fewer.suggester().knows("pļavas")
    assert not fewer.suggester().knows("pavasarī")


@pytest.mark.parametrize(
    ("most", "places"), [(5, [0, 1, 2, 3, 4]), (4, [0, 2, 4]), (3, [0, 2, 4]), (2, [0, 3]), (1, [0])]
)
def test_an_even_sample_of_the_documents_completes_a_word(
    monkeypatch: pytest.MonkeyPatch,
    build_generation: Publish,
    analyzer: Analyzer,
    most: int,
    places: list[int],
) -> None:
    engine = WhooshEngine(build_generation(*"abcde"), analyzer)
    monkeypatch.setattr(engine_module, "_CONTEXT_DOCS", most)
    assert _find_some(engine._searcher, engine._broadening, analyzer, "ziņa").tolist() == places


def test_completions_match_all_of_the_text_and_know_the_institutions(
    folder: Path, analyzer: Analyzer
) -> None:
    engine = WhooshEngine(folder, analyzer)
    assert len(_find_some(engine._searcher, engine._broadening, analyzer, "meži pļavas")) == 0
    assert len(_find_some(engine._searcher, engine._broadening, analyzer, "meži pavasarī")) == 1
    assert engine.completer() is engine.completer()
    completions = engine.completer().complete("zemk")
    assert [(one.kind, one.text) for one in completions] == [("institution", "Zemkopības ministrija")]


def test_a_warm_engine_answers_as_before(folder: Path, analyzer: Analyzer) -> None:
    engine = WhooshEngine(folder, analyzer)
    before = [hit.id for hit in engine.search(EVERYTHING).hits]
    engine.warm()
    assert [hit.id for hit in engine.search(EVERYTHING).hits] == before
    assert "_completer" in vars(engine)
    assert "_coverage" in vars(engine)


def array_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in {".posts", ".docs", ".hints"})


def test_all_files_of_an_index_are_known_as_unchanged(folder: Path, analyzer: Analyzer) -> None:
    engine = WhooshEngine(folder, analyzer)
    paths = array_files(folder)
    assert len(paths) == 3
    assert engine.unchanged_files == {*paths}
    for path in paths:
        assert not engine.has_changed()
        os.utime(path, ns=(0, 0))
        assert engine.has_changed()
        assert engine.unchanged_files == {*paths} - {path}
        assert not engine.is_harmed()  # verifies all
    engine.verify_on_disk()


@pytest.mark.parametrize("place", range(3))
def test_a_wrong_byte_in_any_file_is_damage_unless_it_is_known_to_be_sound(
    folder: Path, analyzer: Analyzer, place: int
) -> None:
    path = array_files(folder)[place]
    content = bytearray(path.read_bytes())
    content[70] ^= 1
    path.write_bytes(content)
    engine = WhooshEngine(folder, analyzer)
    for check in (engine.verify, engine.verify_on_disk, lambda: engine.verify(sound=[folder / "other"])):
        with pytest.raises(
            DamagedIndexError, match=rf"{path.name}: array '.*' damaged; run `reindex --full`"
        ):
            check()
    engine.verify(sound=[path])
    assert engine.is_harmed()


def test_a_later_commit_may_remove_the_files(
    folder: Path, store: Store, analyzer: Analyzer, save: Save
) -> None:
    engine = WhooshEngine(folder, analyzer)
    (folder / "_MAIN_1.toc").rename(folder / "_MAIN_2.toc")
    engine.verify_on_disk()
    (folder / "_MAIN_2.toc").unlink()
    with pytest.raises(DamagedIndexError, match="no index"):
        engine.verify_on_disk()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda folder: (folder / "_MAIN_1.toc").unlink(), EngineError, "no index; run `reindex`"),
        (
            lambda folder: (folder / "_MAIN_1.toc").write_bytes(b"x"),
            DamagedIndexError,
            "damaged; run `reindex --full`",
        ),
        (
            lambda folder: array_files(folder)[0].write_bytes(b""),
            DamagedIndexError,
            "empty; run `reindex --full`",
        ),
        (
            lambda folder: array_files(folder)[1].unlink(),
            DamagedIndexError,
            "No such file or directory.*; run `reindex --full`",
        ),
    ],
)
def test_what_cannot_be_opened_says_what_to_do(
    folder: Path, change: Callable[[Path], object], error: type[Exception], message: str
) -> None:
    change(folder)
    with pytest.raises(error, match=message):
        WhooshEngine(folder)
