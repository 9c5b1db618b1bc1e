from pathlib import Path

import pytest

from index.analysis import TokenColumns
from index.segment import ArrayWriter
from index.writer import DocumentPart, TextWriter, text_writer
from tests.support.corpora import WORDS, index_of
from tests.support.oracle import Doc


def test_part_keeps_its_weight() -> None:
    writer = TextWriter(lambda number: Path(f"run{number}"))
    tokens = TokenColumns.of([])
    writer.check([DocumentPart(0, 4, tokens)])
    with pytest.raises(ValueError, match="the part at 0 has weight 4, not 2"):
        writer.check([DocumentPart(0, 2, tokens)])


def test_an_error_of_the_thread_is_raised(tmp_path: Path) -> None:
    writer = TextWriter(lambda number: tmp_path / "absent" / f"run{number}")
    parts = [DocumentPart(0, 4, TokenColumns([0, 5], [4, 9], WORDS[:2]))]
    writer.check(parts)
    writer.collect(0, parts)
    assert writer.lengths(1).tolist() == [8]  # the thread has begun
    with (tmp_path / "postings").open("wb") as file, pytest.raises(FileNotFoundError, match="absent"):
        writer.write(ArrayWriter(file, tmp_path / "postings"), 1)
    writer.remove()


def test_runs_are_removed_after_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_writer, "RUN_TOKENS", 2)
    index_of(tmp_path, [Doc(name, "fm", "lv", None, name, {"body": list(WORDS)}) for name in ("a", "b")])
    assert not list(tmp_path.glob("*.run*"))
