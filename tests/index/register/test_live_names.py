from pathlib import Path

import pytest

from index.analysis import default_analyzer
from index.register import NAMES_FILE, LiveNames

HIDE = 'hide = ["Zane Slēptā", "Agra Lepzare"]\n[[same]]\nname = "Agra Lepzare"\nalso = ["Agra Kalve"]\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAMES_FILE


@pytest.mark.parametrize(
    ("text", "is_hidden"),
    [
        ("Agra Lepzare", True),
        ("agra lepzare", True),
        ("Agrai Lepzarei", True),
        ("ministre agra lepzare piešķir", True),
        ("Zane Slēptā", True),
        ("Agra Kalve", True),
        ("Agra", False),
        ("Lepzare", False),
        ("Agra Ozola", False),
        ("", False),
    ],
)
def test_a_hidden_name_is_found_in_any_case(path: Path, text: str, *, is_hidden: bool) -> None:
    path.write_text(HIDE, encoding="utf-8")
    assert LiveNames(path, default_analyzer()).hides(text) == is_hidden


def test_an_edit_counts_at_once_and_an_invalid_one_is_logged(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = LiveNames(path, default_analyzer())
    assert not names.hides("Agra Lepzare")
    path.write_text(HIDE, encoding="utf-8")
    assert names.hides("Agra Lepzare")
    path.write_text("hide = [", encoding="utf-8")
    assert names.hides("Agra Lepzare")
    assert "the last valid names stay in use" in caplog.text
    path.unlink()
    assert not names.hides("Agra Lepzare")
