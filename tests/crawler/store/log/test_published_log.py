import json

import pytest

from crawler.store.log.published_log import PublishedLog
from crawler.store.log.records import LogError
from crawler.store.log.tiles import Tile
from tests.support.kept_log import KeptLog, invented
from tests.support.stored_release import ID, RELEASE


def test_partial_tiles_of_earlier_sizes_stay_readable(kept: KeptLog) -> None:
    kept.save(*invented(3))
    kept.extend()
    early = kept.files()
    kept.save(*invented(300, first=3))
    kept.extend()
    with kept.open() as store:
        log = PublishedLog.open(store, kept.folder)
        for tile in (Tile(0, 0, 3), Tile(None, 0, 3)):
            assert log.content(tile) == early[tile.path]
        assert log.content(Tile(0, 1, 48)) is None


def test_a_proof_is_small_even_in_a_large_log(kept: KeptLog) -> None:
    kept.save(*invented(600), RELEASE)
    kept.extend()
    proof = kept.proof(ID)
    assert proof is not None
    assert json.loads(proof)["index"] == 600
    # A million leaves have 20 hashes in a proof, each 47 bytes; here it has fewer.
    assert len(proof) + 47 * (20 - len(json.loads(proof)["proof"])) < 2000


def test_unknown_versions_have_no_proof(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.extend()
    assert kept.proof(ID, 2) is None
    assert kept.proof("x") is None


def test_a_log_behind_its_checkpoint_is_not_published(kept: KeptLog) -> None:
    kept.save(RELEASE)
    kept.extend()
    with kept.open() as store:
        store.execute("DELETE FROM log_leaf")
        with pytest.raises(LogError, match="ends before its checkpoint"):
            PublishedLog.open(store, kept.folder)
