from pathlib import Path

import pytest

from preses_relizes.admin.publication.log_copy import copy_log
from tests.support.kept_log import KeptLog, invented, keep_log
from tests.support.logs import load_verifier


@pytest.fixture
def kept(tmp_path: Path) -> KeptLog:
    return keep_log(tmp_path / "data")


def copy(kept: KeptLog, folder: Path) -> dict[str, bytes]:
    with kept.open() as store:
        copy_log(store, kept.folder, folder)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_copy_has_all_files_and_is_right(kept: KeptLog, tmp_path: Path) -> None:
    kept.save(*invented(260))
    kept.extend()
    files = copy(kept, tmp_path / "log")
    assert files == kept.files()
    assert load_verifier().verify_log(files["vkey"].decode(), files.__getitem__, []) == 260


def test_a_partial_tile_stays_until_it_is_full(kept: KeptLog, tmp_path: Path) -> None:
    kept.save(*invented(200))
    kept.extend()
    copy(kept, tmp_path / "log")
    kept.save(*invented(10, first=200))
    kept.extend()
    assert {"tile/0/000.p/200", "tile/0/000.p/210"} <= {*copy(kept, tmp_path / "log")}
    kept.save(*invented(46, first=210))
    kept.extend()
    assert copy(kept, tmp_path / "log") == kept.files()


def test_what_is_copied_is_not_written_again(kept: KeptLog, tmp_path: Path) -> None:
    kept.save(*invented(1))
    kept.extend()
    copy(kept, tmp_path / "log")
    (tmp_path / "log" / "tile" / "0" / "000.p" / "1").write_bytes(b"kept")
    assert copy(kept, tmp_path / "log")["tile/0/000.p/1"] == b"kept"


def test_an_empty_log_is_a_checkpoint_and_a_key(kept: KeptLog, tmp_path: Path) -> None:
    assert copy(kept, tmp_path / "log").keys() == {"checkpoint", "vkey"}
