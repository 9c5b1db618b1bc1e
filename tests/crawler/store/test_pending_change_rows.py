from dataclasses import replace
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


FLICKER = PendingChange(
    release="iem-3",
    url="https://a.lv/z",
    record=replace(RELEASE, url="https://a.lv/zz"),
    aliases=("https://a.lv/z1", "https://a.lv/z2"),
    reason=None,
    since=DAY,
    seen=DAY + timedelta(1),
    identity="flickers",
    doubt="it differs in each reading",
    flicker={("Pirms ž", "Pēc"): 2, ("", "Beigas"): 1},
    outline=("Virsraksts", "Teksts ž"),
    read=DAY + timedelta(hours=1),
)


def test_all_of_a_change_comes_back(rows: PendingChangeRows) -> None:
    rows.put("iem", FLICKER)
    assert rows.at(FLICKER.url) == FLICKER
    assert rows.at(RELEASE.url) is None
    assert FLICKER.addresses == ("https://a.lv/z", "https://a.lv/z1", "https://a.lv/z2", "https://a.lv/zz")


def test_changes_come_by_release_then_by_address(rows: PendingChangeRows) -> None:
    changes = [
        replace(EDIT, release=release, url=f"https://a.lv/{name}")
        for release, name in (("iem-2", "a"), ("iem-1", "c"), ("iem-1", "b"), (None, "d"))
    ]
    for change in changes:
        rows.put("iem", change)
    found = [(change.release, change.url[-1]) for change in rows.of_site("iem")]
    assert found == [(None, "d"), ("iem-1", "b"), ("iem-1", "c"), ("iem-2", "a")]


@pytest.mark.parametrize(
    ("change", "is_open"),
    [
        (EDIT, True),
        (LOSS, True),
        (replace(EDIT, identity="strange"), True),
        (replace(EDIT, identity="flickers"), False),
        (replace(LOSS, reason="noindex"), True),
        (replace(LOSS, reason="release not read"), False),
    ],
)
def test_a_change_is_open_unless_it_flickers_or_could_not_be_read(
    change: PendingChange, *, is_open: bool
) -> None:
    assert change.is_open is is_open


def test_what_is_resolved_is_forgotten_but_for_where_it_flickers(rows: PendingChangeRows) -> None:
    likely = replace(FLICKER, identity="likely")
    for change in (EDIT, LOSS, likely):
        rows.put("iem", change)
    for url in (EDIT.url, likely.url, "https://a.lv/unknown"):
        rows.resolve(url)
    assert rows.of_site("iem") == (LOSS, replace(likely, identity="flickers", doubt=""))


def test_changes_of_a_release_pass_to_another_site(rows: PendingChangeRows) -> None:
    for change in (EDIT, LOSS):
        rows.put("iem", change)
    rows.set_site("iem-1", "mod")
    assert (rows.of_site("iem"), rows.of_site("mod")) == ((LOSS,), (EDIT,))
