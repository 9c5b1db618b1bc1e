from datetime import timedelta

import pytest

from crawler.store import Store, StoreError
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
from tests.support.stored_release import DAY, RELEASE

EDIT = PendingChange(
    release="iem-1", url=RELEASE.url, record=RELEASE, aliases=("https://a.lv/x",), seen=DAY, since=DAY
)
LOSS = PendingChange(
    release="iem-2", url="https://a.lv/y", record=None, reason="missing", seen=DAY, since=DAY
)


@pytest.fixture
def rows(store: Store) -> PendingChangeRows:
    return PendingChangeRows(store)


@pytest.mark.parametrize("change", [EDIT, LOSS])
def test_change_comes_back_as_it_was(rows: PendingChangeRows, change: PendingChange) -> None:
    rows.put("iem", change)
    assert rows.of_site("iem") == (change,)
    assert rows.of_site("mod") == ()


def test_later_change_from_an_address_replaces_the_earlier(rows: PendingChangeRows) -> None:
    later = PendingChange(
        release="iem-1", url=RELEASE.url, record=None, reason="noindex", seen=DAY + timedelta(1), since=DAY
    )
    rows.put("iem", EDIT)
    rows.put("iem", later)
    assert rows.of_site("iem") == (later,)
    rows.delete(RELEASE.url)
    assert rows.of_site("iem") == ()


def test_addresses_are_those_where_the_change_was_found() -> None:
    assert EDIT.addresses == (RELEASE.url, "https://a.lv/x", RELEASE.url)
    assert LOSS.addresses == ("https://a.lv/y",)


def test_damaged_row_is_reported_with_file_and_site(rows: PendingChangeRows, store: Store) -> None:
    rows.put("iem", EDIT)
    store.execute("UPDATE held SET record = '{'")
    with pytest.raises(
        StoreError, match="a pending change of iem is damaged; restore the file from a backup"
    ):
        rows.of_site("iem")
