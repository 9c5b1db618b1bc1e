from dataclasses import replace
from pathlib import Path

import pytest

from crawler.store.log.log_rows import LogRows, Opening
from crawler.store.log.merkle import leaf_hash
from tests.support.kept_log import KeptLog, days, invented
from tests.support.logs import plain_root
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, ID, RELEASE


@pytest.mark.parametrize("batches", [[1], [255, 1, 1], [256], [300, 300], [1, 511, 2, 65_300]])
def test_leaves_in_any_batches_have_the_root_of_the_rfc(tmp_path: Path, batches: list[int]) -> None:
    entries = [number.to_bytes(3) for number in range(sum(batches))]
    with new_store(tmp_path / "x") as store:
        rows, first = LogRows(store), 0
        for count in batches:
            assert rows.append(entries[first : first + count]) == first
            first += count
            hashes = [leaf_hash(entry) for entry in entries[:first]]
            assert (rows.size(), rows.root(first)) == (first, plain_root(hashes))
        assert rows.root(1) == leaf_hash(entries[0])
        assert rows.entries(0, first) == entries


def test_versions_are_logged_in_the_order_in_which_they_were_stored(kept: KeptLog) -> None:
    one, two = invented(2)
    kept.save(two, one)
    kept.save(replace(two, body="Cits."), seen=days(1))
    with kept.open() as store:
        found = [(version.url, version.version) for version in LogRows(store).unlogged(1)]
    assert found == [(two.url, 1), (one.url, 1), (two.url, 2)]


def test_a_discarded_release_is_not_logged_and_its_leaf_not_opened(kept: KeptLog) -> None:
    kept.save(RELEASE)
    assert kept.extend() == 1
    with kept.open() as store:
        assert store.discard(ID, since=DAY)
        assert [*LogRows(store).openings()] == []
    kept.save(replace(RELEASE, body="Īsts."), seen=days(1))
    with kept.open() as store:
        assert [version.version for version in LogRows(store).unlogged(1)] == [2]


def test_an_opening_is_found_by_its_version(kept: KeptLog) -> None:
    opening = Opening("iem-1", 2, 0, bytes(32), 1)
    with kept.open() as store:
        rows = LogRows(store)
        rows.put(opening)
        assert rows.opening("iem-1", 2) == opening
        assert rows.opening("iem-1", 1) is None
        assert [*rows.openings()] == [opening]
