import stat

import pytest

from crawler.store.log.log_folder import LogFolder
from crawler.store.log.records import LogError
from tests.support.kept_log import KeptLog


def test_only_its_owner_can_read_the_key(kept: KeptLog) -> None:
    assert stat.S_IMODE(kept.folder.key_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.folder.vkey_path.stat().st_mode) & 0o044 == 0o044
    assert sorted(path.name for path in kept.folder.path.iterdir()) == ["checkpoint", "key", "vkey"]


def test_without_a_key_no_log_is_kept(kept: KeptLog) -> None:
    assert kept.folder.is_kept
    assert not LogFolder(kept.path.parent / "none").is_kept


def test_what_is_no_text_is_no_checkpoint(kept: KeptLog) -> None:
    kept.folder.checkpoint_path.write_bytes(b"\xff")
    with pytest.raises(LogError, match="no checkpoint"):
        kept.folder.checkpoint()
