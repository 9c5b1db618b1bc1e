from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from index.query import parse
from index.suggest import Suggestion, did_you_mean
from tests.index.conftest import Save

Suggest = Callable[[str], Suggestion | None]


@pytest.fixture
def suggest(engine: WhooshEngine, count: Callable[[str], int]) -> Suggest:
    return lambda text: did_you_mean(text, engine.suggester(), count)


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
    ],
)
def test_suggests_nothing_that_finds_no_more(suggest: Suggest, typed: str) -> None:
    assert suggest(typed) is None


def test_the_correction_with_more_hits_beside_the_other_words_wins(
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


def test_a_suggestion_lists_the_changed_words(suggest: Suggest) -> None:
    suggestion = suggest("Nodokļu reorma")
    assert suggestion is not None
    assert suggestion.changed == (("reorma", "reforma"),)
