"""A word that was only spelled otherwise is told from another word."""

import pytest

from index.analysis import Analyzer
from index.edits.spelling import is_respelled


@pytest.mark.parametrize(
    ("older", "newer", "is_same"),
    [
        ("ministija", "ministrija", True),
        ("Anna", "Inna", False),
        ("Sēde", "SĒDE", True),
        ("sede", "sēde", True),
        ("nav", "ir", False),
        ("trīs", "tris", True),
        ("trīs", "četri", False),
        ("10a", "11a", False),
        ("2024", "2042", False),
        ("vai", "voi", False),
        ("abcd", "abce", True),
        ("abc", "abd", False),
        ("ministriaj", "ministrija", True),
        ("ministrijja", "ministrija", True),
        ("mnistrja", "ministrija", False),
        ("Vinkele", "Viņķele", True),
        ("Vinkels", "Vinkelis", True),
        ("Kalnims", "Kalnimz", False),
        ("Kalnmis", "Kalnims", True),
        ("kalnims", "kalnimz", True),
        ("nedaudz", "neaudz", True),
        ("skola", "skolu", False),
        ("drīkst", "drikst", True),
        ("jāiet", "jaiet", True),
        ("nedrīkst", "drīkst", False),
        ("nevar", "nēvar", True),
        ("liktu", "liku", True),
        ("nāktos", "nākos", True),
        ("liktu", "lika", False),
        ("pieņemtu", "pieņemt", False),
        ("mācītos", "mācījos", False),
        ("valsts", "Valsts", True),
        ("kāzas", "kazas", False),
        ("sēdē", "sēde", True),
        ("teiktaj", "teiktai", True),
        ("xqzw", "xqzwv", True),
        ("xqzwa", "xqz", False),
    ],
)
def test_a_typing_error_is_told_from_another_word(
    analyzer: Analyzer, older: str, newer: str, is_same: bool
) -> None:
    assert is_respelled(older, newer, analyzer) == is_respelled(newer, older, analyzer) == is_same
