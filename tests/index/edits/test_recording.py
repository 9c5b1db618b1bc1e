"""The file of edits is made from the store: in part after each crawl, or as a whole, with the same result."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from crawler.store import Release, Store, release_id
from crawler.store.rollback import roll_back
from index.analysis import default_analyzer
from index.edits import EditFile, EditFilter, ListedEdit, edit_file, record_edits
from index.edits.recording import COUNTS_FROM, EDITS_KEPT
from tests.support.crawled import record_crawl
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, ID, RELEASE, publish

ALL = EditFilter(weight=0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "releases.sqlite3") as store:
        yield store


def later(days: float) -> datetime:
    return DAY + timedelta(days)


def record(store: Store) -> EditFile:
    record_edits(store, default_analyzer())
    return edit_file(store.path)


def edits(store: Store, wanted: EditFilter = ALL) -> list[ListedEdit]:
    return record(store).edits(wanted, "newest")


def save(store: Store, *bodies: str, release: Release = RELEASE) -> None:
    for day, body in enumerate(bodies):
        store.save(replace(release, body=body), seen=later(day))


def rows(file: EditFile) -> list[tuple[object, ...]]:
    with sqlite3.connect(file.path) as db:
        tables = ("edit", "departure", "state")
        return [row for table in tables for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]


def test_an_edit_has_its_release_times_and_change(store: Store) -> None:
    save(store, "Saņems 1 800 ģimeņu.")
    record_crawl(store, RELEASE.url, at=later(1), outcome="unchanged")
    store.save(replace(RELEASE, body="Saņems 2 300 ģimeņu."), seen=later(3))
    (one,) = edits(store)
    assert (one.release, one.version, one.revision, one.ministry) == (ID, 2, 1, "Iekšlietu ministrija")
    assert (one.since, one.noticed, one.published, one.days) == (later(1), later(3), date(2026, 2, 27), 5)
    assert (one.edit.kinds, one.weight, one.times) == (("number",), 85, 1)


def test_our_own_reading_and_what_was_undone_are_no_edits(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.overwrite(ID, replace(RELEASE, body="Labāk lasīts par 5 lietām."), seen=later(1))
    assert edits(store) == []
    store.save(replace(RELEASE, body="Captcha nr. 9."), seen=later(2))
    store.save(replace(RELEASE, body="Captcha nr. 8."), seen=later(3))
    assert len(edits(store)) == 2
    roll_back(store, RELEASE.site, since=later(1), seen=later(4))
    assert [version.kind for version in store.versions(ID)][-1] == "withdrawal"
    assert edits(store) == []


def test_back_and_forth_is_one_row_with_a_count(store: Store) -> None:
    save(store, "Ieeja ir brīva.", "Ieeja ir liegta.", "Ieeja ir brīva.", "Ieeja ir liegta.")
    file = record(store)
    (one,) = file.edits(ALL, "newest")
    assert (one.version, one.times) == (4, 3)
    assert len([row for row in rows(file) if row[0] == ID]) == 3  # each has its record


def test_what_only_counts_is_minor_in_the_end(store: Store) -> None:
    save(store, *(f"Ieradās {number} viesi." for number in range(2, COUNTS_FROM + 2)))
    assert [one.weight for one in edits(store)] == [85]
    store.save(replace(RELEASE, body="Ieradās 99 viesi."), seen=later(30))
    assert edits(store, EditFilter()) == []
    assert [one.times for one in edits(store)] == [COUNTS_FROM]


def test_work_and_rows_of_a_page_with_a_counter_are_bounded(store: Store) -> None:
    save(store, *(f"Ieradās {number} viesi." for number in range(EDITS_KEPT + 30)))
    file = record(store)
    assert len(file.edits(ALL, "newest")) == 1
    assert len(rows(file)) <= EDITS_KEPT + 1


def test_hidden_release_leaves_no_trace(store: Store) -> None:
    save(store, "Slepenais vārds ir trīs.", "Slepenais vārds ir pieci.")
    file = record(store)
    assert b"Slepenais" in file.path.read_bytes()
    store.hide(RELEASE.url, seen=later(4))
    assert edits(store) == []
    assert b"Slepenais" not in file.path.read_bytes()
    store.unhide(RELEASE.url, seen=later(5))
    assert len(edits(store)) == 1


def test_contacts_are_masked(store: Store) -> None:
    save(store, "Zvanīt 67000000, maksā 5 eiro.", "Zvanīt 67111111, maksā 7 eiro.")
    (one,) = edits(store)
    (change,) = one.edit.changes
    assert change.older == "Zvanīt ••••••••, maksā 5 eiro."
    assert [reason.older for reason in change.reasons] == ["5 eiro"]


def test_removed_and_moved_releases_are_listed_until_they_return(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=later(1))
    moved = replace(RELEASE, url=f"{RELEASE.url}-jauns")
    (gone,) = record(store).departures(ALL, most=9)
    assert (gone.release, gone.kind, gone.noticed, gone.title) == (ID, "removed", later(1), RELEASE.title)
    store.save(RELEASE, seen=later(2))
    assert record(store).departures(ALL, most=9) == []
    store.save(moved, seen=later(3), aliases=(RELEASE.url,))
    assert [one.kind for one in record(store).departures(ALL, most=9)] == ["moved"]


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (EditFilter(), ["Darbs", "Sēde"]),
        (EditFilter(kinds=("number",)), ["Sēde"]),
        (EditFilter(kinds=("negation", "title")), ["Darbs"]),
        (EditFilter(ministries=("Finanšu ministrija",)), ["Darbs"]),
        (EditFilter(weight=88), ["Darbs"]),
        (EditFilter(days_to=2), ["Sēde"]),
        (EditFilter(days_from=3), ["Darbs"]),
        (EditFilter(noticed_from=date(2026, 3, 3)), ["Darbs"]),
        (EditFilter(noticed_to=date(2026, 3, 2)), ["Sēde"]),
        (EditFilter(release=release_id("iem", "https://www.iem.example/darbs")), ["Darbs"]),
    ],
)
def test_filters(store: Store, wanted: EditFilter, titles: list[str]) -> None:
    meeting = publish("sede", "Sēde", "Nāks 5 cilvēki.", date(2026, 3, 1))
    work = publish("darbs", "Darbs", "Tas ir labi.", date(2026, 2, 20), ministry="Finanšu ministrija")
    for release, body, day in ((meeting, "Nāks 9 cilvēki.", 1), (work, "Tas nav labi.", 2)):
        store.save(release, seen=DAY)
        store.save(replace(release, body=body), seen=later(day))
    file = record(store)
    assert [one.title for one in file.edits(wanted, "newest")] == titles
    assert file.count(wanted) == len(titles)


def test_figures_say_how_many_how_soon_and_how_heavy(store: Store) -> None:
    release = publish("sede", "Sēde", "Nāks 5 cilvēki.", date(2026, 3, 1))
    store.save(release, seen=DAY)
    bodies = (
        "Nāks 6 cilvēki.",
        "Nāks septiņi ministri no citām valstīm.",
        "Nāk septiņi ministri no citām valstīm.",
    )
    for day, body in zip((0.1, 3, 40), bodies, strict=True):
        store.save(replace(release, body=body), seen=later(day))
    figures = record(store).figures()["Iekšlietu ministrija"]
    assert (figures.edits, figures.same_day, figures.within_week, figures.later) == (3, 1, 1, 1)
    assert (figures.heavy, figures.by_month) == (1, (("2026-03", 2), ("2026-04", 1)))


def test_without_a_file_there_are_no_edits(tmp_path: Path) -> None:
    file = EditFile(tmp_path / "edits.sqlite3")
    assert (file.state(), file.edits(ALL, "newest"), file.count(ALL)) == (None, [], 0)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_recorded_in_parts_equals_the_whole(store: Store, seed: int) -> None:
    chance = Random(seed)
    releases = [
        publish(f"r{number}", f"Ziņa {number}", "Nāks 1 viesis.", date(2026, 3, 1)) for number in range(6)
    ]
    for step in range(60):
        release, moment = chance.choice(releases), later(step)
        match chance.randrange(9):
            case 0:
                store.hide(release.url, seen=moment)
            case 1:
                store.unhide(release.url, seen=moment)
            case 2 if stored := store.find(release.url):
                store.mark_gone(stored.id, seen=moment)
            case 3:
                store.save(replace(release, url=f"{release.url}-j"), seen=moment, aliases=(release.url,))
            case 4 if stored := store.find(release.url):
                store.overwrite(stored.id, replace(release, body=f"Lasīts {step}."), seen=moment)
            case _:
                body = f"Nāks {chance.randrange(4)} viesi. {chance.choice(('Tā ir.', 'Tā nav.'))}"
                store.save(replace(release, body=body), seen=moment)
        if chance.random() < 0.4:
            record(store)
    in_parts = rows(record(store))
    edit_file(store.path).path.unlink()
    assert rows(record(store)) == in_parts
