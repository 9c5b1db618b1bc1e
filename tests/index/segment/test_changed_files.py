"""A file that was written to is told from one that was removed or replaced, without reading it."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.segment import ArrayFile
from index.segment.array_file import write_arrays


def cut(path: Path) -> None:
    os.truncate(path, 10)


def overwrite(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(bytes(len(content)))


def touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"x")
    other.replace(path)


def leave(_: Path) -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    ("change", "has_changed", "is_harmed"),
    [
        (leave, False, False),
        (touch, True, False),
        (cut, True, True),
        (overwrite, True, True),
        (remove, False, False),
        (replace, False, False),
    ],
)
def test_only_what_is_written_to_the_mapped_file_counts(
    tmp_path: Path, change: Callable[[Path], None], *, has_changed: bool, is_harmed: bool
) -> None:
    path = tmp_path / "arrays"
    write_arrays(path, {"numbers": np.arange(1000)})
    file = ArrayFile(path)
    change(path)
    assert (file.has_changed(), file.is_harmed()) == (has_changed, is_harmed)


def test_a_verified_change_is_no_longer_new(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    write_arrays(path, {"numbers": np.arange(1000)})
    file = ArrayFile(path)
    touch(path)
    file.verify_on_disk()
    assert not file.has_changed()
