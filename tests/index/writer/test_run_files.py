from pathlib import Path

import numpy as np
import pytest

from index.analysis import TokenColumns
from index.writer.piece_cache import PieceTable
from index.writer.run_files import RunFiles
from index.writer.token_buffer import DocumentPart, TokenBuffer
from index.writer.vocabulary import Vocabulary
from tests.support.corpora import WORDS


def filled_buffer(docnum: int) -> TokenBuffer:
    vocabulary = Vocabulary()
    tokens = TokenBuffer(PieceTable(vocabulary))
    tokens.add(docnum, DocumentPart(0, 4, TokenColumns([0, 6], [5, 11], WORDS[:2])), vocabulary)
    tokens.read(vocabulary)
    return tokens


def files_in(folder: Path) -> RunFiles:
    return RunFiles(lambda number: folder / f"run{number}")


def test_each_file_has_a_number_of_its_own(tmp_path: Path) -> None:
    files = files_in(tmp_path)
    for docnum in (0, 1):
        files.sort(filled_buffer(docnum), {0: 4})
    files.wait()
    assert files.runs == [tmp_path / "run0", tmp_path / "run2"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run0", "run1", "run2", "run3"]
    files.remove()


def test_texts_are_read_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    files = files_in(tmp_path)
    for words in ([3, 1], [2]):
        spans = tuple(np.array(words, np.uint8) + field for field in range(4))
        files.add_text(np.array(words, np.uint32), spans)
    assert [words.tolist() for words in files.read_texts("words")] == [[3, 1], [2]]
    assert [codes.tolist() for codes in files.read_texts("gaps")] == [[5, 3], [4]]
    files.remove()


def test_error_of_the_thread_is_raised_once_by_the_next_call(tmp_path: Path) -> None:
    files = files_in(tmp_path / "absent")
    files.sort(filled_buffer(0), {0: 4})
    with pytest.raises(FileNotFoundError, match="absent"):
        files.sort(filled_buffer(1), {0: 4})
    files.wait()  # the second buffer was not begun
    files.remove()


def test_partial_file_is_removed_too(tmp_path: Path) -> None:
    files = files_in(tmp_path)
    files.sort(filled_buffer(0), {0: 4})
    files.wait()
    (tmp_path / "run1").unlink()
    (tmp_path / "kept").touch()
    files.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert not files.runs
    assert not list(files.read_texts("words"))
