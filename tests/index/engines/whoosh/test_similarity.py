from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.similar import find_neighbours, load_releases, measure
from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from index.engines.whoosh.similarity import characteristic_terms
from tests.index.conftest import SEEN, Save

Open = Callable[[], WhooshEngine]
FLOOD = "Plūdu dēļ evakuē iedzīvotājus, ugunsdzēsēji sūknē ūdeni no pagrabiem."


@pytest.fixture
def opened(store: Store, analyzer: Analyzer, tmp_path: Path) -> Open:
    def open_engine() -> WhooshEngine:
        (tmp_path / "index").mkdir()
        build(tmp_path / "index", store, analyzer)
        return WhooshEngine(tmp_path / "index", analyzer)

    return open_engine


def titles(engine: WhooshEngine, id_: str, limit: int = 5) -> list[str]:
    return [hit.title.text for hit in engine.similar(id_, limit=limit)]


def test_words_that_no_other_release_has_do_not_hide_its_neighbours(save: Save, opened: Open) -> None:
    words = (
        "Aaviņa Bbviņa Ccviņa Ddviņa Eeviņa Ffviņa Ggviņa Hhviņa Iiviņa Jjviņa Kkviņa Llviņa Mmviņa Nnviņa"
    )
    id_ = save("a", title="Plūdi Jēkabpilī", body=f"{FLOOD} {words}")
    save("b", title="Plūdi Ogrē", body=FLOOD)
    assert titles(opened(), id_) == ["Plūdi Ogrē"]


def test_copies_of_a_release_are_not_its_neighbours_and_copies_of_one_are_one(
    save: Save, store: Store, opened: Open
) -> None:
    ids = [save(name, title=f"Plūdi {name}", body=FLOOD) for name in ("a", "b", "c", "d", "e")]
    for one, other in ((1, 0), (3, 2)):
        store.set_cluster(ids[one], ids[other], seen=SEEN)
    engine = opened()
    assert {*titles(engine, ids[0])} in ({"Plūdi c", "Plūdi e"}, {"Plūdi d", "Plūdi e"})
    assert len(titles(engine, ids[2])) == len(titles(engine, ids[3])) == 2
    assert len(titles(engine, ids[4])) == 2


def test_the_common_words_of_a_rare_language_are_no_likeness(save: Save, opened: Open) -> None:
    english = "and the of in for with that this was has been on from by about"
    id_ = save("a", title="Floods", body=f"Houses flooded {english}", language="en")
    for number in range(12):
        save(f"b{number}", title=f"Budget {number}", body=f"Taxes cut {english}", language="en")
        save(f"c{number}", title=f"Budžets {number}", body="Nodokļi samazināti.")
    save("d", title="More floods", body=f"Houses flooded again {english}", language="en")
    assert titles(opened(), id_) == ["More floods"]


def test_translations_and_copies_are_left_out(save: Save, opened: Open, store: Store) -> None:
    save("b", title="Plūdi Ogrē", body=FLOOD)
    id_ = save("a", title="Plūdi", body=FLOOD, translations=("b",))
    assert titles(opened(), id_) == []


def test_the_limit_holds(save: Save, opened: Open) -> None:
    id_ = save("a", title="Plūdi", body=FLOOD)
    for number in range(5):
        save(f"b{number}", title=f"Plūdi {number}", body=FLOOD)
    assert len(titles(opened(), id_, limit=3)) == 3


def test_an_unknown_release_has_none(save: Save, opened: Open) -> None:
    save("a", title="Plūdi", body=FLOOD)
    assert titles(opened(), "nav") == []


@pytest.mark.sweep
def test_graded_neighbours_are_found(tmp_path: Path) -> None:
    judged = load_releases()
    measured = measure(judged.releases, find_neighbours(tmp_path, judged.releases))
    assert measured.mean_ndcg >= judged.floor
    assert measured.has_none <= 0.05


# --- The terms that are compared ---


def terms_of(engine: WhooshEngine, id_: str, *frequencies: tuple[str, float]) -> list[str]:
    searcher = engine._searcher
    doc = searcher.find(id_)
    assert doc is not None
    return [term for term, _ in characteristic_terms(searcher.reader, doc, dict(frequencies))]


def test_terms_in_others_that_are_rare_in_the_language_are_compared(save: Save, opened: Open) -> None:
    ids = [
        save(f"r{number}", title=f"Ziņa {number}", body=body, language=language)
        for number, (language, body) in enumerate(
            [("lv", "Mežs un pļava."), ("lv", "Pļava un osta."), ("en", "Mežs, osta.")]
            + [("lv", "Jūra.")] * 11
            + [("en", "Jūra.")] * 2
        )
    ]
    engine, every = opened(), [(term, 1.0) for term in ("mežs", "pļava", "osta", "jūra", "nav")]
    # The rarest in the language first; of equal ones, the last by the alphabet.
    assert terms_of(engine, ids[0], *every) == ["osta", "mežs", "pļava"]
    assert terms_of(engine, ids[2], *every) == ["pļava", "osta", "mežs", "jūra"]
    assert terms_of(engine, ids[0], ("osta", 1.0), ("pļava", 5.0)) == ["pļava", "osta"]


@pytest.mark.parametrize(("documents", "terms"), [(1, []), (2, ["osta"]), (10, ["osta"]), (11, [])])
def test_a_term_in_one_release_or_in_many_is_not_compared(
    save: Save, opened: Open, documents: int, terms: list[str]
) -> None:
    ids = [save(f"r{number}", title=f"Ziņa {number}", body="Osta.") for number in range(documents)]
    assert terms_of(opened(), ids[0], ("osta", 1.0)) == terms


@pytest.mark.parametrize(("limit", "titles"), [(1, ["A"]), (2, ["A", "B"]), (9, ["A", "B", "C"])])
def test_equal_neighbours_are_in_the_order_of_the_index(
    save: Save, opened: Open, limit: int, titles: list[str]
) -> None:
    id_ = save("x", title="Sākums", body=FLOOD)
    for title in "ABC":
        save(title.lower(), title=title, body=FLOOD)
    engine = opened()
    assert [hit.title.text for hit in engine.similar(id_, limit=limit)] == titles
    assert engine.similar("nowhere") == ()


def test_similar_releases_have_positive_scores_and_leave_out_translations(save: Save, opened: Open) -> None:
    id_ = save("x", title="Sākums", body=FLOOD, translations=("y",))
    save("y", title="Tulkojums", body=FLOOD)
    save("z", title="Cits", body=FLOOD)
    (hit,) = opened().similar(id_)
    assert (hit.title.text, hit.score > 0) == ("Cits", True)
