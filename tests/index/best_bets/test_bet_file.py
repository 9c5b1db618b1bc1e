"""Tests of the file of best bets. All texts are invented."""

from datetime import date
from pathlib import Path

import pytest

from index.best_bets import load_bets
from index.config import ConfigError

VALID = """\
# Ieteiktās atbildes.
[[bet]]
queries = ["pensiju indeksācija", "kad indeksē pensijas"]
release = "https://lm.example/lv/jaunums/pensijas"
from = 2026-09-01
until = 2026-10-31

  [[ bet ]]
queries = ["112"]
url = "https://112.example/"
title = "Glābēju tālrunis"
text = "Zvaniet, ja kāds ir briesmās."
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "best_bets.toml"


def test_bets_are_read_with_their_lines(path: Path) -> None:
    path.write_text(VALID, encoding="utf-8")
    pensions, rescue = load_bets(path)
    assert (pensions.line, pensions.release, pensions.from_, pensions.until) == (
        2,
        "https://lm.example/lv/jaunums/pensijas",
        date(2026, 9, 1),
        date(2026, 10, 31),
    )
    assert (rescue.line, rescue.url, rescue.title) == (8, "https://112.example/", "Glābēju tālrunis")


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 8, 31), False),
        (date(2026, 9, 1), True),
        (date(2026, 10, 31), True),
        (date(2026, 11, 1), False),
    ],
)
def test_a_bet_has_its_time(path: Path, day: date, *, due: bool) -> None:
    path.write_text(VALID, encoding="utf-8")
    pensions, rescue = load_bets(path)
    assert pensions.is_due(day) is due
    assert rescue.is_due(day)


def test_a_bet_may_be_for_one_day(path: Path) -> None:
    path.write_text(VALID.replace("2026-09-01", "2026-10-31"), encoding="utf-8")
    days = (date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1))
    assert [load_bets(path)[0].is_due(day) for day in days] == [False, True, False]


def test_without_a_file_there_are_no_bets(path: Path) -> None:
    assert load_bets(path) == ()
    path.write_text("", encoding="utf-8")
    assert load_bets(path) == ()


BET = '[[bet]]\nqueries = ["a"]\n'


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[[bet]\n", 1, "not TOML: Expected"),
        ("[[bet]]\nqueries = [", 2, "not TOML: Invalid value (at end of document)"),
        ("[[bets]]\n", 1, "bets: Extra inputs are not permitted"),
        (f'{BET}release = "x"\n\n[[bet]]\nrelease = "y"\n', 5, "bet.queries: Field required"),
        (f'{BET}release = "x"\n\n[[bet]]\nqueries = []\nrelease = "y"', 6, "bet.queries: Tuple should have"),
        (
            '[[bet]]\nrelease = "x"\nqueries = ["a", "?!"]',
            3,
            "bet.queries: '?!' has no words; 1 to 12 are allowed",
        ),
        (f'[[bet]]\nqueries = ["{"a " * 13}"]', 2, f"bet.queries: '{'a ' * 13}' has 13 words"),
        (BET, 1, "bet: needs either release or url"),
        (f'{BET}release = "x"\nurl = "https://a.example"', 1, "bet: needs either release or url"),
        (f'{BET}url = "https://a.example"', 1, "bet: url needs a title"),
        (f'{BET}title = "A"\nurl = "javascript:alert(1)"', 4, "bet.url: not an address that begins with"),
        (f'{BET}release = "x"\nfrom = "soon"', 4, "bet.from: Input should be a valid date"),
        (
            f'{BET}release = "x"\nfrom = 2026-02-01\nuntil = 2026-01-01',
            1,
            "bet: until 2026-01-01 is before from 2026-02-01",
        ),
        (f'{BET}release = "x"\nweight = 3', 4, "bet.weight: Extra inputs are not permitted"),
        (f'{BET}release = "x"\nline = 3', 4, "bet.line: Extra inputs are not permitted"),
    ],
)
def test_an_error_names_file_line_and_key(path: Path, text: str, line: int, reason: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_bets(path)
    assert str(caught.value).startswith(f"{path}:{line}: {reason}")


def test_a_file_that_is_no_text_is_rejected(path: Path) -> None:
    path.write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="not UTF-8: invalid start byte at byte 0"):
        load_bets(path)


def test_an_error_in_a_list_on_one_line_is_of_the_file(path: Path) -> None:
    path.write_text('\nbet = [{queries = ["a"], url = 3}]\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_bets(path)
    assert str(caught.value).startswith(f"{path}:1: bet.")
