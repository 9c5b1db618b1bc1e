from datetime import date
from pathlib import Path

import pytest

from index.analysis import Analyzer
from index.best_bets import BestBets, load_bets

DAY = date(2026, 11, 26)
BETS = """
[[bet]]
queries = ["pensiju indeksācija", "kad būs indeksācija pensijām"]
release = "pensijas"
[[bet]]
queries = ["72 stundas", "Kā sagatavoties krīzei?"]
release = "krīze"
[[bet]]
queries = ["pensiju indeksācija", "VID"]
release = "otra"
[[bet]]
queries = ["pensiju indeksācija"]
release = "vecā"
until = 2026-11-25
[[bet]]
queries = ["par un pie"]
release = "vārdi"
"""


@pytest.fixture
def bets(tmp_path: Path, analyzer: Analyzer) -> BestBets:
    path = tmp_path / "best_bets.toml"
    path.write_text(BETS, encoding="utf-8")
    return BestBets(load_bets(path), analyzer)


@pytest.mark.parametrize(
    ("text", "releases"),
    [
        ("pensiju indeksācija", ["pensijas", "otra"]),
        ("PENSIJAS INDEKSĀCIJU", ["pensijas", "otra"]),
        ("indeksācija pensijai", ["pensijas", "otra"]),
        ("pensiju indeksacija", ["pensijas", "otra"]),
        ('"pensiju indeksācija"', ["pensijas", "otra"]),
        ("kas ir pensiju indeksācija?", ["pensijas", "otra"]),
        ("sagatavošanās krīzei", []),
        ("sagatavoties krīzēm", ["krīze"]),
        ("72 stundām", ["krīze"]),
        ("vid", ["otra"]),
        ("pensijas", []),
        ("pensiju indeksācija 2026", []),
        ("pensiju pensiju indeksācija", []),
        ("par un pie", ["vārdi"]),
        ("", []),
        ("?!", []),
        ("pensiju " * 5000, []),
    ],
)
def test_bets_are_found_by_their_words(bets: BestBets, text: str, releases: list[str]) -> None:
    assert [bet.release for bet in bets.answering(text, DAY)] == releases


def test_a_bet_is_found_only_in_its_time(bets: BestBets) -> None:
    found = bets.answering("pensiju indeksācija", date(2026, 11, 25))
    assert [bet.release for bet in found] == ["pensijas", "otra", "vecā"]
