import pytest

from crawler.store.log.verification import faults_of
from tests.support.kept_log import KeptLog, days, invented
from tests.support.stored_release import RELEASE


@pytest.fixture
def filled(kept: KeptLog) -> KeptLog:
    kept.save(RELEASE, *invented(300))
    kept.extend()
    return kept


def found(kept: KeptLog) -> list[str]:
    with kept.open() as store:
        return [*faults_of(store, kept.folder)]


def test_a_whole_log_has_no_faults(filled: KeptLog) -> None:
    assert found(filled) == []
    filled.save(RELEASE, seen=days(1))
    with filled.open() as store:
        store.hide(RELEASE.url, seen=days(2))
    assert found(filled) == []


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        (
            "UPDATE log_leaf SET entry = CAST(replace(entry, 'first', 'edit') AS BLOB) WHERE position = 7",
            "tile 0",
        ),
        ("DELETE FROM log_leaf WHERE position = 7", "1 leaves are missing"),
        ("DELETE FROM log_leaf WHERE position = 300", "tile 1 of level 0"),
        ("UPDATE log_tile SET hashes = zeroblob(32) WHERE level = 1", "tile 0 of level 1"),
        ("DELETE FROM log_tile WHERE level = 0 AND number = 0", "tile 0 of level 0"),
        ("UPDATE log_nonce SET nonce = zeroblob(32) WHERE position = 9", "not the text that was logged"),
        ("UPDATE log_nonce SET position = 8 WHERE position = 9", "not the text that was logged"),
    ],
)
def test_each_change_is_found(filled: KeptLog, sql: str, fault: str) -> None:
    with filled.open() as store:
        store.execute(sql)
    assert fault in found(filled)[0]


def test_a_log_behind_its_checkpoint_is_found(filled: KeptLog) -> None:
    with filled.open() as store:
        store.execute("DELETE FROM log_leaf")
        store.execute("DELETE FROM log_tile")
        store.execute("DELETE FROM log_nonce")
    assert found(filled) == ["the store has 0 of the 301 leaves that were published"]


def test_another_checkpoint_is_found(filled: KeptLog) -> None:
    name, size, _, rest = filled.folder.checkpoint().split("\n", 3)
    filled.folder.publish(f"{name}\n{size}\n{'A' * 43}=\n{rest}")
    assert found(filled) == ["the leaves are not those that were published"]
    filled.folder.checkpoint_path.unlink()
    assert "the last checkpoint of the log is missing" in found(filled)[0]
