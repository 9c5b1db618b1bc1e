from pathlib import Path

import numpy as np
import pytest

from index.errors import DamagedError
from index.segment import ArrayFile, ArrayWriter
from index.segment.array_file import StringsBuilder, pack_bytes
from tests.support.array_files import write_arrays

ARRAYS = {"a": np.arange(3, dtype=np.uint8), "empty": np.zeros(0, np.int64), "b": np.array([0.5, -1.0])}


def test_arrays_and_meta_are_read_as_written(tmp_path: Path) -> None:
    file = write_arrays(tmp_path / "file", ARRAYS, answer=[1, "ā"])
    assert {name: file[name].tolist() for name in file} == {
        name: array.tolist() for name, array in ARRAYS.items()
    }
    assert file.meta == {"answer": [1, "ā"]}


def test_file_in_memory_equals_file_on_disk(tmp_path: Path) -> None:
    file = write_arrays(tmp_path / "file", ARRAYS)
    in_memory = ArrayFile(Path("nowhere"), (tmp_path / "file").read_bytes())
    in_memory.verify()
    assert in_memory["b"].tolist() == file["b"].tolist()


def test_name_is_written_once(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        out = ArrayWriter(file, tmp_path / "file")
        out.add("a", ARRAYS["a"])
        with pytest.raises(ValueError, match="a: written twice"):
            out.add("a", ARRAYS["a"])


def test_chunks_of_an_array_have_one_type(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file, pytest.raises(ValueError, match="a: a chunk of type <f8"):
        ArrayWriter(file, tmp_path / "file").add("a", (ARRAYS["a"], ARRAYS["b"]))


def test_missing_array_is_damage(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="no array 'c'"):
        write_arrays(tmp_path / "file", ARRAYS)["c"]


def test_verify_on_disk_detects_a_replaced_file(tmp_path: Path) -> None:
    file = write_arrays(tmp_path / "file", ARRAYS)
    file.verify_on_disk()
    write_arrays(tmp_path / "other", {"a": np.arange(4, dtype=np.uint8)})
    (tmp_path / "other").replace(tmp_path / "file")
    with pytest.raises(DamagedError, match="not the file that was opened"):
        file.verify_on_disk()


def test_spool_is_written_in_its_turn(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        out = ArrayWriter(file, tmp_path / "file")
        spool = out.spool("late", np.uint16)
        spool.append(np.array([1, 2]))
        out.add("early", np.array([7]))
        spool.append(np.array([3]))
        spool.write(np.uint8)
        out.close()
    written = ArrayFile(tmp_path / "file")
    assert (list(written), written["late"].tolist(), written["late"].dtype) == (
        ["early", "late"],
        [1, 2, 3],
        np.uint8,
    )


def test_builder_packs_like_pack_bytes() -> None:
    builder, values = StringsBuilder(), [b"a", b"", "ā".encode()]
    for value in values:
        builder.append(value)
    packed = [[array.tolist() for array in pair] for pair in (builder.pack(), pack_bytes(values))]
    assert packed[0] == packed[1]
