from pathlib import Path

import pytest
from whoosh.index import EmptyIndexError

from index.codec.codec import ArraySegment
from index.codec.toc import ArrayTOC, seal, unseal
from index.errors import DamagedError
from tests.support.corpora import SCHEMA, index_of


def test_sealed_values_are_read_back() -> None:
    assert unseal(seal({"a": ["ā", 1]}), Path("toc")) == {"a": ["ā", 1]}


def test_any_changed_byte_breaks_the_seal() -> None:
    sealed = seal({"a": 1})
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(DamagedError, match="toc: damaged"):
            unseal(changed, Path("toc"))


def test_newest_generation_counts_as_a_number(tmp_path: Path) -> None:
    for generation in (9, 10):
        (tmp_path / f"_MAIN_{generation}.toc").write_text("")
    assert ArrayTOC.newest(tmp_path, "MAIN") == 10
    assert ArrayTOC.newest(tmp_path / "missing", "MAIN") is None


def test_folder_without_an_index_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyIndexError, match="no index 'MAIN'"):
        ArrayTOC.latest(tmp_path, "MAIN", SCHEMA)


def test_table_under_another_generation_is_damage(tmp_path: Path) -> None:
    index_of(tmp_path)
    (tmp_path / "_MAIN_0.toc").rename(tmp_path / "_MAIN_7.toc")
    with pytest.raises(DamagedError, match="of version 1 and generation 7"):
        ArrayTOC.latest(tmp_path, "MAIN", SCHEMA)


def test_segment_is_described_by_json() -> None:
    segment = ArraySegment("MAIN")
    segment.set_doc_count(11)
    segment.delete_document(10)
    segment.delete_document(3)
    segment.delete_document(3, delete=False)
    again = ArraySegment.from_json("MAIN", segment.to_json())
    assert (again.segid, again.doc_count_all(), again.deleted_docs()) == (segment.segid, 11, {10})


def test_a_table_of_another_version_is_damage(tmp_path: Path) -> None:
    index_of(tmp_path)
    path = tmp_path / "_MAIN_0.toc"
    values = unseal(path.read_bytes(), path)
    path.write_bytes(seal({**values, "version": 2}))
    with pytest.raises(
        DamagedError, match=r"_MAIN_0\.toc: not a table of contents of version 1 and generation 0"
    ):
        ArrayTOC.latest(tmp_path, "MAIN", SCHEMA)


def test_the_newest_table_has_the_segments_and_the_values(tmp_path: Path) -> None:
    ix = index_of(tmp_path)
    segment = ArraySegment("MAIN")
    segment.set_doc_count(3)
    ArrayTOC(SCHEMA, [segment], 12, {"number": 5}).write(ix.storage, "MAIN")
    latest = ArrayTOC.latest(tmp_path, "MAIN", SCHEMA)
    assert (latest.generation, latest.meta, [one.segid for one in latest.segments]) == (
        12,
        {"number": 5},
        [segment.segid],
    )
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".draft"] == []
    assert ArrayTOC.newest(tmp_path, "OTHER") is None
