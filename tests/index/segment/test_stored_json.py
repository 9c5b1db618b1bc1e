from collections.abc import Sequence
from pathlib import Path

import pytest

from index.segment import ArrayFile, ArrayWriter
from index.segment.stored_json import DICTIONARY_BYTES, StoredJson, StoredJsonWriter

# Invented texts; the first five fill a dictionary.
TEXTS = [f"{number}. relīze. ".encode() * 250 for number in range(10)]


def stored(path: Path, texts: Sequence[bytes], *copied: tuple[StoredJson, int]) -> StoredJson:
    """Write *texts*, and all documents of other segments, each with its number of documents."""
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        writer = StoredJsonWriter(out)
        for text in texts:
            writer.add(text)
        for other, count in copied:
            if not len(writer):
                writer.adopt_dictionary(other)
            for docnum in range(count):
                writer.copy(other, docnum)
        writer.close()
        out.close()
    return StoredJson(ArrayFile(path))


@pytest.mark.parametrize("count", [0, 1, 4, 5, 10])
def test_each_document_is_read_alone(tmp_path: Path, count: int) -> None:
    read = stored(tmp_path / "docs", TEXTS[:count])
    assert [read[docnum] for docnum in reversed(range(count))] == TEXTS[:count][::-1]
    assert read.dictionary == b"".join(TEXTS[:count])[:DICTIONARY_BYTES]


@pytest.mark.parametrize("first", [0, 1, 4, 6])
def test_a_merge_equals_a_build(tmp_path: Path, first: int) -> None:
    parts = [
        (stored(tmp_path / "first", TEXTS[:first]), first),
        (stored(tmp_path / "second", TEXTS[first:]), len(TEXTS) - first),
    ]
    stored(tmp_path / "merged", [], *parts)
    stored(tmp_path / "built", TEXTS)
    assert (tmp_path / "merged").read_bytes() == (tmp_path / "built").read_bytes()


def test_a_text_like_an_earlier_one_takes_little_room(tmp_path: Path) -> None:
    like = b"Cits sakums. " + TEXTS[0][:200]
    assert len(stored(tmp_path / "docs", [*TEXTS, like]).packed(len(TEXTS))) < 50
