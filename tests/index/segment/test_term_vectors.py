from pathlib import Path

from whoosh.formats import Frequency

from index.segment import ArrayFile, ArrayWriter
from index.segment.term_vectors import TermVectors, TermVectorWriter, VectorItem

ITEMS: dict[int, list[VectorItem]] = {1: [("ā", 2.0, b"\0"), ("b", 1.5, b"")], 4: [("c", 1.0, b"xy")]}


def test_vectors_are_read_as_written(tmp_path: Path) -> None:
    writer, path = TermVectorWriter(), tmp_path / "file"
    for doc in range(5):
        writer.add(doc, ITEMS.get(doc, []))
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        writer.write(out, "text")
        out.close()
    vectors = TermVectors(ArrayFile(path), "text")
    assert {doc: vectors.items(doc) for doc in range(6) if doc in vectors} == ITEMS
    assert vectors.items(0) == []
    assert list(vectors.matcher(1, Frequency()).all_ids()) == ["ā", "b"]
    matcher = vectors.matcher(1, Frequency())
    assert (matcher.id(), matcher.weight(), matcher.value()) == ("ā", 2.0, b"\0")
    matcher.next()
    assert (matcher.id(), matcher.weight(), matcher.value()) == ("b", 1.5, b"")
    assert not vectors.matcher(0, Frequency()).is_active()
