from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from index.query import parse
from index.suggest import Suggestion, did_you_mean, sure_correction
from tests.index.conftest import Save

Suggest = Callable[[str], Suggestion | None]


@pytest.fixture
def suggest(engine: WhooshEngine, count: Callable[[str], int]) -> Suggest:
    return lambda text: did_you_mean(text, engine.suggester(), count)


@pytest.fixture
def suggest_from_all(store: Store, analyzer: Analyzer, tmp_path: Path) -> Suggest:
    """Corrects by an index of all that the test has saved when it asks."""

    def suggest(text: str) -> Suggestion | None:
        folder = tmp_path / "all"
        folder.mkdir()
        build(folder, store, analyzer)
        engine = WhooshEngine(folder)
        return did_you_mean(
            text,
            engine.suggester(),
            lambda asked: engine.count(parse(asked, analyzer=analyzer, today=date(2026, 11, 25))),
        )

    return suggest


@pytest.mark.parametrize(
    ("typed", "is_sure"),
    [("pensjas", True), ("pensjas VAI robežsarzde", True), ("pensjas VAI xqzwqx", False)],
)
def test_a_correction_is_sure_only_if_it_corrects_every_word_without_hits(
    suggest: Suggest, typed: str, *, is_sure: bool
) -> None:
    suggestion = suggest(typed)
    assert suggestion is not None
    assert suggestion.is_sure is is_sure


@pytest.mark.parametrize(
    ("typed", "offered", "hits"),
    [
        ("nodokļu reorma", "nodokļu reforma", 1),
        ("pensjas", "pensijas", 2),
        ("nodokļu REFOOORMA", "nodokļu REFORMA", 1),
        ("ROBEŽSARZDE", "ROBEŽSARDZE", 1),
        ("robežsarzde žogs", "robežsardze žogs", 1),
        ("pensjas VAI žogs", "pensijas VAI žogs", 3),
        ("virsraksts:reofrma", "virsraksts:reforma", 1),
        ("patvēruma uzņemšna", "patvēruma uzņemšanu", 1),
        ("nodokļu reorma pensjas", "nodokļu reforma pensijas", 1),
        ("patvēruma meklētājeēms", "patvēruma meklētāju", 1),  # a slip in the ending of an unindexed form
    ],
)
def test_suggests_the_corrected_query_with_its_hits(
    suggest: Suggest, typed: str, offered: str, hits: int
) -> None:
    suggestion = suggest(typed)
    assert suggestion is not None
    assert (suggestion.text, suggestion.hits) == (offered, hits)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "pensijas",
        "pensijam",  # another form of an indexed word
        "nodoklu reforma",  # found as typed
        "pārrēķinās žogs",  # both words are indexed, but in different releases
        '"nodokļu reorma"',  # phrases are not corrected
        "=reorma",
        "reorm*",
        "qwertyuiop",
        "ežogs",  # the stem of žogs is too short
        "Pensjas",  # may be a name, and no name is near
        "PNSIJA",
    ],
)
def test_suggests_nothing_that_finds_no_more(suggest: Suggest, typed: str) -> None:
    assert suggest(typed) is None


def test_the_correction_with_more_hits_beside_the_other_words_wins(
    save: Save, suggest_from_all: Suggest
) -> None:
    save("d", title="Laiku laiki", body="Lauku atbalsta dienests.")
    for number in range(9):
        save(f"e{number}", title=f"Laiku maiņa {number}", body="Laiku ziņas.")
        save(f"f{number}", title=f"Atbalsts {number}", body="Lauku atbalsta dienests.")
    save("g", title="Atbalsta dienests", body="Laiku.")
    suggestion = suggest_from_all("laku atbalsta dienests")
    assert suggestion is not None
    assert suggestion.text == "lauku atbalsta dienests"


def test_a_suggestion_lists_the_changed_words(suggest: Suggest) -> None:
    suggestion = suggest("nodokļu reorma")
    assert suggestion is not None
    assert suggestion.changed == (("reorma", "reforma"),)


def test_a_name_is_corrected_to_a_name(save: Save, suggest_from_all: Suggest) -> None:
    save("d", title="Lēmums", body="Pensijas sola ministre Lelde Kalnkrasta.")
    suggestion = suggest_from_all("Kalnkrsta")
    assert suggestion is not None
    assert (suggestion.text, suggestion.is_sure) == ("Kalnkrasta", False)


@pytest.mark.parametrize(
    ("typed", "is_sure"),
    [
        ("nodokļu reorma", True),
        ("nodoklu reorma", True),
        ("patvēruma uzņemšna", True),
        ("nodokļu reorma pensjas", True),
        ("pensjas VAI žogs", False),  # finds something as it is
        ("nodokļu REFOOORMA", False),  # capitals may be meant
        ("žogz", False),  # short words resemble too many others
        ("patvēruma meklētājeēms", False),  # only its stem is near
    ],
)
def test_only_one_slip_in_an_unknown_word_is_sure(suggest: Suggest, typed: str, is_sure: bool) -> None:
    suggestion = suggest(typed)
    assert suggestion is not None
    assert suggestion.is_sure == is_sure


def test_a_word_of_the_dictionary_is_not_surely_wrong(
    engine: WhooshEngine, count: Callable[[str], int], analyzer: Analyzer
) -> None:
    for is_word, is_sure in ((lambda _: True, False), (analyzer.is_in_dictionary, True)):
        suggestion = did_you_mean("pensjas", engine.suggester(), count, is_word)
        assert suggestion is not None
        assert suggestion.is_sure == is_sure


def test_a_rival_makes_a_correction_unsure(save: Save, suggest_from_all: Suggest) -> None:
    save("d", body="Lauku ceļi.")
    save("e", body="Laiku ziņas.")
    suggestion = suggest_from_all("lakku")
    assert suggestion is not None
    assert not suggestion.is_sure


def test_a_sure_correction_needs_no_common_hits(
    engine: WhooshEngine, count: Callable[[str], int], analyzer: Analyzer
) -> None:
    correction = sure_correction("reorma žogs", engine.suggester(), count, analyzer.is_in_dictionary)
    assert correction is not None
    assert (correction.text, correction.hits) == ("reforma žogs", 0)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nodokļu reforma",
        "pensjas VAI žogs",
        "=reorma",
        '"nodokļu reorma"',
        "Reorma",
        "reorm*",
        "qwertyui",
    ],
)
def test_nothing_else_is_corrected_at_once(
    engine: WhooshEngine, count: Callable[[str], int], analyzer: Analyzer, typed: str
) -> None:
    assert sure_correction(typed, engine.suggester(), count, analyzer.is_in_dictionary) is None
