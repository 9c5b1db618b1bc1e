from pathlib import Path

import pytest

from index.analysis import Analyzer


def test_a_saved_vocabulary_is_loaded_by_another_analyzer(tmp_path: Path) -> None:
    before, after = Analyzer(), Analyzer()
    texts = [("Drošība minis-\ntrija “ES” 10 000", "lv"), ("Ministers A", "en")]
    forms = [[token.forms.terms for token in before.analyze(*text)] for text in texts]
    before.save_vocabulary(tmp_path / "vocabulary")
    assert after.load_vocabulary(tmp_path / "vocabulary")
    assert [[token.forms.terms for token in after.analyze(*text)] for text in texts] == forms


def test_words_are_analysed_again_after_forget() -> None:
    analyzer = Analyzer()
    before = [token.forms.terms for token in analyzer.analyze("Drošības ministriem")]
    analyzer.forget()
    assert [token.forms.terms for token in analyzer.analyze("Drošības ministriem")] == before


@pytest.mark.parametrize("damage", [b"", b"0000\n", b'["lv"', b"\xff\xff", b'["lv", "a"]\n', b"null\n"])
def test_a_damaged_vocabulary_is_not_loaded(tmp_path: Path, damage: bytes) -> None:
    analyzer = Analyzer()
    analyzer.save_vocabulary(tmp_path / "vocabulary")
    head = (tmp_path / "vocabulary").read_bytes() if len(damage) > 5 else b""
    (tmp_path / "vocabulary").write_bytes(head + damage)
    assert not analyzer.load_vocabulary(tmp_path / "vocabulary")


def test_a_missing_vocabulary_is_not_loaded(tmp_path: Path) -> None:
    assert not Analyzer().load_vocabulary(tmp_path / "nothing")
