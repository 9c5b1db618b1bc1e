from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.store import Store, release_id
from index.history import TextHistory
from tests.support.crawled import record_crawl
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, ID, RELEASE

OTHER = replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits.")
OTHER_ID = release_id(OTHER.site, OTHER.url)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "releases.sqlite3"
    with new_store(path) as store:
        store.save(replace(RELEASE, lead="Zvaniet 67001122", contact="Anna, 67003344"), seen=DAY)
        store.save(replace(RELEASE, body="Pirmā.\n\nOtrā."), seen=DAY + timedelta(1))
    return path


def test_a_version_is_shown_masked_with_its_time(path: Path) -> None:
    history = TextHistory(path)
    first, second = history.version(ID, 1), history.version(ID, 2)
    assert first is not None
    assert second is not None
    assert (first.lead, first.is_current, first.until, first.last) == (
        "Zvaniet ••••••••",
        False,
        DAY + timedelta(1),
        2,
    )
    assert (second.paragraphs, second.is_current, second.kind) == (("Pirmā.", "Otrā."), True, "edit")
    assert "67003344" not in repr((first, second))


@pytest.mark.parametrize("number", [0, -1, 3, 10**30])
def test_an_unknown_number_is_no_version(path: Path, number: int) -> None:
    assert TextHistory(path).version(ID, number) is None


def test_a_list_of_versions_has_no_texts(path: Path) -> None:
    listed = TextHistory(path).versions(ID)
    assert listed is not None
    assert [(one.number, one.title, one.lead, one.paragraphs) for one in listed] == [
        (number, RELEASE.title, "", ()) for number in (1, 2)
    ]
    assert TextHistory(path).versions("iem-0000000000") is None


def test_the_text_of_a_discarded_release_is_no_version_of_the_next_with_its_id(path: Path) -> None:
    with Store(path) as store:
        for day, body in enumerate(("Kļūda 404.", "Kļūda 500.")):
            store.save(replace(OTHER, body=body), seen=DAY + timedelta(day))
            assert store.discard(OTHER_ID, since=DAY)
        store.save(OTHER, seen=DAY + timedelta(3))
        store.save(replace(OTHER, body="Labots."), seen=DAY + timedelta(4))
    history = TextHistory(path)
    assert [history.version(OTHER_ID, number) for number in (1, 2)] == [None, None]
    first, last = history.version(OTHER_ID, 3), history.versions(OTHER_ID, after=1, at_most=1)
    assert first is not None
    assert last is not None
    assert (first.paragraphs, first.first, first.last) == (("Cits.",), 3, 4)
    assert [one.number for one in last] == [4]
    assert history.counts(OTHER_ID) == {OTHER_ID: 2}


def test_versions_of_a_merged_release_stay_readable_until_its_successor_is_hidden(path: Path) -> None:
    history = TextHistory(path)
    with Store(path) as store:
        store.save(OTHER, seen=DAY + timedelta(2))
        store.add_addresses(OTHER_ID, (RELEASE.url,), seen=DAY + timedelta(3))
        merged = history.version(ID, 2)
        assert merged is not None
        assert (merged.release, merged.current, merged.until) == (ID, OTHER_ID, DAY + timedelta(3))
        assert history.counts(ID) == history.counts(OTHER_ID) == {OTHER_ID: 1, ID: 2}
        store.hide(OTHER.url, seen=DAY + timedelta(4))
    assert (history.version(ID, 1), history.version(OTHER_ID, 1), history.counts(ID)) == (None, None, {})


def test_what_changed_since_a_version_is_told_against_the_text_of_today(path: Path) -> None:
    history = TextHistory(path)
    since = history.later_changes(ID, 1)
    assert since is not None
    assert (since.edits, since.differs) == (1, True)
    assert "67001122" not in repr(since)
    current = history.later_changes(ID, 2)
    assert current is not None
    assert (current.edits, current.differs) == (0, False)


def test_a_text_that_came_back_does_not_differ(path: Path) -> None:
    with Store(path) as store:
        store.save(
            replace(RELEASE, lead="Zvaniet 67001122", contact="Anna, 67003344"), seen=DAY + timedelta(2)
        )
    since = TextHistory(path).later_changes(ID, 1)
    assert since is not None
    assert (since.edits, since.differs) == (2, False)


def test_a_text_that_is_not_kept_cannot_be_compared(path: Path) -> None:
    with Store(path) as store:
        for number in range(401):
            store.save(replace(RELEASE, body=f"Skatīts {number}."), seen=DAY + timedelta(2, minutes=number))
    since = TextHistory(path).later_changes(ID, 101)
    assert since is not None
    assert (since.changes, since.edits, since.differs) == (None, 302, True)


def test_on_a_day_a_moved_release_has_the_text_of_its_address_then(path: Path) -> None:
    moved = replace(RELEASE, url=f"{RELEASE.url}-jaunais", body="Jauns teksts.", published=date(2026, 2, 1))
    with Store(path) as store:
        store.save(moved, seen=DAY + timedelta(9))
        new = release_id(moved.site, moved.url)
        store.add_addresses(new, (RELEASE.url,), seen=DAY + timedelta(9))
    history = TextHistory(path)
    for id_ in (ID, new):
        for day, release, body in ((0, ID, "Šodien nodotas desmit automašīnas."), (20, new, "Jauns teksts.")):
            found = history.as_of(id_, DAY.date() + timedelta(day))
            assert found is not None
            first, *_ = ((one.version.release, one.version.paragraphs[0]) for one in found)
            assert first == (release, body)
        early = history.as_of(id_, date(2026, 2, 28))
        assert early is not None
        assert [(one.version.release, one.standing) for one in early] == [(ID, "presumed")]


def test_nothing_is_told_of_what_is_hidden_or_unknown(path: Path) -> None:
    history = TextHistory(path)
    assert history.later_changes(ID, 3) is None
    with Store(path) as store:
        store.hide(RELEASE.url, seen=DAY + timedelta(2))
    assert history.later_changes(ID, 1) is None


OF_DAYS = replace(RELEASE, url=f"{RELEASE.url}-3", published=date(2026, 3, 1))
OF_DAYS_ID = release_id(OF_DAYS.site, OF_DAYS.url)
SEEN = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "texts"),
    [
        (date(2026, 2, 28), []),
        (date(2026, 3, 1), [(1, "presumed")]),
        (date(2026, 3, 5), [(1, "seen")]),
        (date(2026, 3, 6), [(1, "seen")]),
        (date(2026, 3, 7), [(1, "seen"), (2, "possible")]),
        (date(2026, 3, 8), [(1, "possible"), (2, "possible")]),
        (date(2026, 3, 9), [(1, "possible"), (2, "seen")]),
        (date(2026, 3, 10), [(2, "possible")]),
        (date(2026, 3, 11), [(2, "possible")]),
        (date(2026, 3, 12), []),
        (date(2026, 3, 14), [(2, "possible")]),
    ],
)
def test_of_a_day_is_told_what_was_seen_and_what_may_have_stood(
    tmp_path: Path, day: date, texts: list[tuple[int, str]]
) -> None:
    path = tmp_path / "releases.sqlite3"
    with new_store(path) as store:
        store.save(OF_DAYS, seen=SEEN)
        record_crawl(store, OF_DAYS.url, at=SEEN + timedelta(2), outcome="unchanged")
        store.save(replace(OF_DAYS, body="Labots."), seen=SEEN + timedelta(4))
        store.mark_gone(OF_DAYS_ID, seen=SEEN + timedelta(6))
        store.sight(OF_DAYS_ID, seen=SEEN + timedelta(9))
    found = TextHistory(path).as_of(OF_DAYS_ID, day)
    assert found is not None
    assert [(one.version.number, one.standing) for one in found] == texts


def test_of_no_day_is_a_hidden_or_unknown_release_told(path: Path) -> None:
    with Store(path) as store:
        store.hide(RELEASE.url, seen=DAY + timedelta(2))
    assert TextHistory(path).as_of(ID, date(2026, 3, 1)) is None
    assert TextHistory(path).as_of("iem-0000000000", date(2026, 3, 1)) is None
