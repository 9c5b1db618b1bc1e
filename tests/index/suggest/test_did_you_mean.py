from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from index.query import Filters, parse
from index.suggest import Relaxation, Suggestion, did_you_mean, relaxations
from tests.index.conftest import Save

Meant = Callable[[str], Suggestion | None]
NO_FILTERS = Filters()
Relaxed = Callable[..., tuple[Relaxation, ...]]


@pytest.fixture
def engine(store: Store, save: Save, analyzer: Analyzer, tmp_path: Path) -> WhooshEngine:
    save("a", title="Nodokļu reforma", body="Pensijas pārrēķinās pavasarī.", published=date(2017, 7, 28))
    save("b", title="Pensiju indeksācija", body="Pensijas pieaugs.", ministry="Labklājības ministrija")
    save("c", title="Robežsardze ceļ žogu", body="Patvēruma meklētāju uzņemšanu sāks rudenī.")
    (tmp_path / "index").mkdir()
    build(tmp_path / "index", store, analyzer)
    return WhooshEngine(tmp_path / "index")


@pytest.fixture
def count(engine: WhooshEngine, analyzer: Analyzer) -> Callable[..., int]:
    def counted(text: str, filters: Filters = NO_FILTERS) -> int:
        return engine.count(parse(text, analyzer=analyzer, today=date(2026, 11, 25), filters=filters))

    return counted


@pytest.fixture
def meant(engine: WhooshEngine, count: Callable[[str], int]) -> Meant:
    return lambda text: did_you_mean(text, engine.suggester(), count)


@pytest.fixture
def relaxed(count: Callable[..., int]) -> Relaxed:
    return lambda text, filters=NO_FILTERS: relaxations(text, filters, count)


# --- Did you mean --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "offered", "hits"),
    [
        ("nodokļu reorma", "nodokļu reforma", 1),
        ("Pensjas", "Pensijas", 2),
        ("nodokļu REFOOORMA", "nodokļu REFORMA", 1),
        ("ROBEŽSARZDE", "ROBEŽSARDZE", 1),
        ("robežsarzde žogs", "robežsardze žogs", 1),
        ("pensjas VAI žogs", "pensijas VAI žogs", 3),
        ("virsraksts:reofrma", "virsraksts:reforma", 1),
        ("patvēruma uzņemšna", "patvēruma uzņemšanu", 1),
        ("nodokļu reorma pensjas", "nodokļu reforma pensijas", 1),
        ("patvēruma meklētājeēms", "patvēruma meklētāju", 1),  # a slip in an ending that is not in the index
    ],
)
def test_what_was_meant_is_offered_with_its_hits(meant: Meant, typed: str, offered: str, hits: int) -> None:
    suggestion = meant(typed)
    assert suggestion is not None
    assert (suggestion.text, suggestion.hits) == (offered, hits)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "pensijas",
        "pensijam",  # another form of a word that is there
        "nodoklu reforma",  # found as it is
        "pārrēķinās žogs",  # two words that are there, but in no release together
        '"nodokļu reorma"',  # a phrase is meant as it stands
        "=reorma",
        "reorm*",
        "qwertyuiop",
        "ežogs",  # the stem of žogs is too short to be told by
    ],
)
def test_nothing_is_offered_where_it_does_not_help(meant: Meant, typed: str) -> None:
    assert meant(typed) is None


def test_of_two_corrections_that_are_near_the_one_found_with_the_other_words_comes_first(
    save: Save, store: Store, analyzer: Analyzer, tmp_path: Path
) -> None:
    save("d", title="Laiku laiki", body="Lauku atbalsta dienests.")
    for number in range(9):
        save(f"e{number}", title=f"Laiku maiņa {number}", body="Laiku ziņas.")
        save(f"f{number}", title=f"Atbalsts {number}", body="Lauku atbalsta dienests.")
    save("g", title="Atbalsta dienests", body="Laiku.")
    (tmp_path / "more").mkdir()
    build(tmp_path / "more", store, analyzer)
    more = WhooshEngine(tmp_path / "more")
    suggestion = did_you_mean(
        "laku atbalsta dienests",
        more.suggester(),
        lambda text: more.count(parse(text, analyzer=analyzer, today=date(2026, 11, 25))),
    )
    assert suggestion is not None
    assert suggestion.text == "lauku atbalsta dienests"


def test_what_was_changed_is_told(meant: Meant) -> None:
    suggestion = meant("Nodokļu reorma")
    assert suggestion is not None
    assert suggestion.changed == (("reorma", "reforma"),)


# --- At zero hits --------------------------------------------------------------------------------


def test_the_word_to_leave_out_is_named(relaxed: Relaxed) -> None:
    assert [(one.left_out, one.text, one.hits) for one in relaxed("pensijas žogs")] == [
        ("pensijas", "žogs", 1),
        ("žogs", "pensijas", 2),
    ]


def test_the_filter_to_leave_out_is_named(relaxed: Relaxed) -> None:
    filters = Filters(ministries=("Labklājības ministrija",), published_from=date(2017, 1, 1))
    assert [(one.left_out, one.filters.ministries) for one in relaxed("žogs", filters)] == [("ministry", ())]


def test_a_filter_that_was_typed_can_be_left_out(relaxed: Relaxed) -> None:
    assert [(one.left_out, one.text) for one in relaxed("reforma gads:2011")] == [("gads:2011", "reforma")]


def test_the_part_that_a_word_must_be_in_can_be_left_out(relaxed: Relaxed) -> None:
    assert [(one.left_out, one.text, one.hits) for one in relaxed("virsraksts:patvēruma")] == [
        ("virsraksts:", "patvēruma", 1)
    ]


def test_what_is_left_out_leaves_no_punctuation_behind(relaxed: Relaxed) -> None:
    assert [one.text for one in relaxed("qwertyuiop.žogs")] == ["žogs"]


def test_where_no_single_word_is_in_the_way_any_will_do(relaxed: Relaxed) -> None:
    (only,) = relaxed("reforma žogs indeksācija")
    assert (only.left_out, only.text, only.hits) == ("", "reforma VAI žogs VAI indeksācija", 3)


@pytest.mark.parametrize("text", ["", "qwertyuiop", "-pensijas", "((", '"', "a " * 500])
def test_where_nothing_helps_nothing_is_offered(relaxed: Relaxed, text: str) -> None:
    assert all(one.hits for one in relaxed(text))
