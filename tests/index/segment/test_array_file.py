import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.errors import DamagedError
from index.segment import Array, ArrayFile, ArrayWriter, array_file
from index.segment.array_file import shrink, smallest_type
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


@pytest.mark.parametrize(
    ("chunks", "size"), [([0, 0, 0], 0), ([0, 0, 7], 192), ([7, 0, 0], 192), ([0, 7, 0], 192), ([], 0)]
)
def test_zeros_take_no_room(tmp_path: Path, chunks: list[int], size: int) -> None:
    with (tmp_path / "file").open("wb") as opened:
        out = ArrayWriter(opened, tmp_path / "file")
        out.add("zeros", [np.full(32, number, np.uint16) for number in chunks])
        out.add("next", ARRAYS["a"])
        out.close()
    file = ArrayFile(tmp_path / "file")
    file.verify()
    assert file["zeros"].tolist() == [number for number in chunks for _ in range(32)]
    assert file["next"].tolist() == [0, 1, 2]
    assert not file["zeros"].flags.writeable
    assert file.entries["zeros"].end - file.entries["zeros"].offset == size


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


# --- Damage, and files that change ---


def damaged(path: Path, change: Callable[[bytearray], object]) -> str:
    """Change a sound file; return why it cannot be opened."""
    write_arrays(path, ARRAYS)
    content = bytearray(path.read_bytes())
    change(content)
    path.unlink()
    path.write_bytes(content)
    with pytest.raises(DamagedError) as raised:
        ArrayFile(path)
    return str(raised.value).removeprefix(f"{path}: ")


def flip(place: int) -> Callable[[bytearray], object]:
    return lambda content: content.__setitem__(place, content[place] ^ 1)


def cut(first: int, last: int | None = None) -> Callable[[bytearray], object]:
    return lambda content: content.__delitem__(slice(first, last))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (cut(0), "empty"),
        (cut(87), "too short"),
        (cut(88), "truncated, or damaged at its end"),
        (flip(0), "not an array file of version 7"),
        (flip(8), "not an array file of version 7"),
        (flip(15), "not an array file of version 7"),
        (flip(63), "not an array file of version 7"),
        (cut(-1), "truncated, or damaged at its end"),
        (cut(64, 128), "truncated, or damaged at its end"),
        (flip(-1), "truncated, or damaged at its end"),
        (flip(-24), "truncated, or damaged at its end"),
        (flip(-16), "truncated, or damaged at its end"),
        (flip(-10), "directory damaged"),
        (flip(-30), "directory damaged"),
    ],
)
def test_a_damaged_file_is_not_opened(
    tmp_path: Path, change: Callable[[bytearray], object], message: str
) -> None:
    assert damaged(tmp_path / "file", change) == message


def test_each_array_begins_at_a_multiple_of_64(tmp_path: Path) -> None:
    file = write_arrays(
        tmp_path / "file", {"a": np.ones(64, np.uint8), "b": np.ones(65, np.uint8), "c": ARRAYS["b"]}
    )
    extents = {
        name: (entry.dtype, entry.count, entry.offset, entry.end) for name, entry in file.entries.items()
    }
    assert extents == {"a": ("|u1", 64, 64, 128), "b": ("|u1", 65, 128, 256), "c": ("<f8", 2, 256, 320)}
    assert (len(file), "a" in file, "d" in file) == (3, True, False)
    assert file.size == (tmp_path / "file").stat().st_size
    assert file["a"] is file["a"]


@pytest.mark.parametrize("place", [64, 66, 127])
def test_a_wrong_byte_of_an_array_or_its_padding_is_found(tmp_path: Path, place: int) -> None:
    path = tmp_path / "file"
    write_arrays(path, ARRAYS)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.unlink()
    path.write_bytes(content)
    file = ArrayFile(path)
    file.verify("b")
    for check in (file.verify, lambda: file.verify("a"), file.verify_on_disk):
        with pytest.raises(DamagedError, match="array 'a' damaged"):
            check()
    assert file.is_harmed()


def touch(path: Path) -> None:
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def test_a_file_that_was_written_to_has_changed_until_it_is_verified(tmp_path: Path) -> None:
    file = write_arrays(tmp_path / "file", ARRAYS)
    assert (file.has_changed(), file.is_harmed()) == (False, False)
    touch(tmp_path / "file")
    assert file.has_changed()
    file.verify_on_disk()
    assert not file.has_changed()
    touch(tmp_path / "file")
    assert not file.is_harmed()  # verifies it
    assert not file.has_changed()


def test_a_file_that_was_removed_or_replaced_is_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "file"
    file = write_arrays(path, ARRAYS)
    write_arrays(tmp_path / "other", {"a": ARRAYS["b"]})
    (tmp_path / "other").replace(path)
    assert (file.has_changed(), file.is_harmed()) == (False, False)
    path.unlink()
    assert (file.has_changed(), file.is_harmed()) == (False, False)
    with pytest.raises(FileNotFoundError):
        file.verify_on_disk()


def test_a_file_of_another_size_is_harmed(tmp_path: Path) -> None:
    file = write_arrays(tmp_path / "file", ARRAYS)
    with (tmp_path / "file").open("ab") as more:
        more.write(b"x")
    assert (file.has_changed(), file.is_harmed()) == (True, True)
    with pytest.raises(DamagedError, match="truncated, or damaged at its end"):
        file.verify_on_disk()


def test_a_file_in_memory_never_changes(tmp_path: Path) -> None:
    write_arrays(tmp_path / "file", ARRAYS)
    in_memory = ArrayFile(tmp_path / "file", (tmp_path / "file").read_bytes())
    in_memory.forget()
    assert (in_memory.has_changed(), in_memory.is_harmed()) == (False, False)


@pytest.mark.parametrize(
    ("chunk", "message"),
    [(np.array([1 + 2j]), "<c16"), (np.array([True]), r"\|b1"), (np.array([1.5], np.float16), "<f2")],
)
def test_other_types_are_refused(tmp_path: Path, chunk: Array, message: str) -> None:
    with (tmp_path / "file").open("wb") as file:
        out = ArrayWriter(file, tmp_path / "file")
        with pytest.raises(ValueError, match=f"a: a chunk of type {message} does not fit this array"):
            out.add("a", chunk)


def test_an_empty_chunk_has_no_type_yet(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        out = ArrayWriter(file, tmp_path / "file")
        out.add("a", (np.zeros(0, np.uint8), np.array([300]), np.array([-1])))
        out.add("b", np.arange(6).reshape(2, 3)[:, 1])
        out.close()
    written = ArrayFile(tmp_path / "file")
    assert (written["a"].tolist(), written["b"].tolist()) == ([300, -1], [1, 4])


@pytest.mark.parametrize("place", [0, 10, array_file.SPOOL_BYTES, array_file.SPOOL_BYTES + 1])
def test_a_temporary_file_is_read_where_it_was_written(tmp_path: Path, place: int) -> None:
    beside = tmp_path / "file"
    temp_file = array_file.TempFile(beside)
    temp_file.seek(place)
    temp_file.write(np.array([7, 8], np.uint16))
    temp_file.write(np.zeros(0))
    temp_file.seek(place)
    assert (temp_file.read(3), temp_file.read(9)) == (b"\7\0\10", b"\0")
    temp_file.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("top", "size"),
    [
        (0, 1),
        (255, 1),
        (256, 2),
        (65_535, 2),
        (65_536, 4),
        ((1 << 32) - 1, 4),
        (1 << 32, 8),
        ((1 << 64) - 1, 8),
    ],
)
def test_the_smallest_type_takes_the_largest_number(top: int, size: int) -> None:
    assert smallest_type(top).itemsize == size
    assert shrink(np.array([0, top], np.uint64)).dtype == smallest_type(top)
