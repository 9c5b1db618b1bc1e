from datetime import date

from tests.mutants.rooms import ROOT, own_tests, rooms
from tests.mutants.rota import DOCUMENT, HEAD, Score, next_room, read_scores, with_scores

OLD, NEW = Score(date(2026, 11, 1), 60, 54), Score(date(2026, 11, 30), 3, 0)
TEXT = f"Before.\n\n{HEAD}| a | not yet | | |\n\nAfter.\n"


def test_table_is_read_as_it_was_written() -> None:
    scores = {"b": OLD, "c/d": NEW, "a": None}
    text = with_scores(TEXT, scores)
    assert read_scores(text) == scores
    assert "| b | 2026-11-01 | 60 | 54 (90%) |\n" in text
    assert text.startswith("Before.\n")
    assert text.endswith("|\n\nAfter.\n")


def test_room_never_measured_is_next_and_then_the_oldest() -> None:
    assert next_room(["a", "b", "c"], {"a": NEW, "c": OLD}) == "b"
    assert next_room(["a", "b", "c"], {"a": NEW, "b": OLD, "c": NEW}) == "b"


def test_document_lists_every_room() -> None:
    assert [*read_scores(DOCUMENT.read_text(encoding="utf-8"))] == [*rooms()]


def test_every_room_has_tests() -> None:
    files = {name for modules in rooms().values() for name in own_tests(modules)}
    assert [name for name in files if not (ROOT / name).exists()] == []
