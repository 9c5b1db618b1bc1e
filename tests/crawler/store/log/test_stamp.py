"""Checkpoints are stamped by a real authority, `openssl ts`, and an answer that is no stamp is refused."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from crawler.downloader.timestamp_request import ask_authority
from crawler.downloader.transport import tls_context
from crawler.store.log.records import LogError
from crawler.store.log.stamp import stamp
from tests.support.kept_log import KeptLog, invented, keep_log
from tests.support.stamping import Authority, authority

Ask = Callable[[bytes], bytes]


@pytest.fixture
def stamps(tmp_path: Path) -> Iterator[Authority]:
    folder = tmp_path / "authority"
    folder.mkdir()
    with authority(folder) as running:
        yield running


@pytest.fixture
def kept(tmp_path: Path) -> KeptLog:
    kept = keep_log(tmp_path / "data")
    kept.save(*invented(2))
    kept.extend()
    return kept


def asking(url: str) -> Ask:
    return partial(ask_authority, url, tls=tls_context())


def stamp_file(kept: KeptLog, size: int) -> Path:
    return kept.folder.stamps_path / f"{size}.tsr"


def test_a_stranger_verifies_each_stamp_by_openssl(kept: KeptLog, stamps: Authority, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(kept.folder.checkpoint_path.read_bytes())
    assert stamp(kept.folder, asking(stamps.url))
    kept.save(*invented(1, first=2))
    kept.extend()
    assert stamp(kept.folder, asking(stamps.url))
    assert stamps.verifies(stamp_file(kept, 2), old)
    assert stamps.verifies(stamp_file(kept, 3), kept.folder.checkpoint_path)
    assert not stamps.verifies(stamp_file(kept, 3), old)


def test_a_checkpoint_is_stamped_once_and_an_empty_log_never(
    kept: KeptLog, stamps: Authority, tmp_path: Path
) -> None:
    assert stamp(kept.folder, asking(stamps.url))
    first = stamp_file(kept, 2).read_bytes()
    assert not stamp(kept.folder, asking(stamps.url))
    assert stamp_file(kept, 2).read_bytes() == first
    assert not stamp(keep_log(tmp_path / "empty").folder, asking(stamps.url))


def test_the_stamp_of_another_checkpoint_is_refused(kept: KeptLog, stamps: Authority) -> None:
    assert stamp(kept.folder, asking(stamps.url))
    replayed = stamp_file(kept, 2).read_bytes()
    kept.save(*invented(1, first=2))
    kept.extend()
    with pytest.raises(LogError, match="stamped something else"):
        stamp(kept.folder, lambda _: replayed)
    assert not stamp_file(kept, 3).exists()


def refusal() -> bytes:
    """Return an answer without a stamp: rejection, bad algorithm."""
    return bytes.fromhex("30053003020102")


@pytest.mark.parametrize(
    ("answer", "message"),
    [(b"", "no time stamp"), (b"<html>", "no time stamp"), (refusal(), "refused to stamp")],
)
def test_an_answer_without_a_stamp_is_refused(kept: KeptLog, answer: bytes, message: str) -> None:
    with pytest.raises(LogError, match=message):
        stamp(kept.folder, lambda _: answer)
    assert not kept.folder.stamps_path.exists()
