"""The file of edits is made from the store: in part after each crawl, or as a whole, with the same result."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from crawler.store import Release, Span, Store, Structure, release_id
from crawler.store.rollback import roll_back
from crawler.store.structure import dump_structure
from index.analysis import Analyzer, default_analyzer
from index.edits import EditFile, EditFilter, ListedEdit, edit_file, record_edits
from index.edits.recording import COUNTS_FROM, EDITS_KEPT
from index.errors import EngineError
from preses_relizes.shared.calendar import riga_day
from preses_relizes.shared.masking import MASKING
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
    with closing(sqlite3.connect(file.path)) as db:
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


def test_an_edit_that_was_held_was_made_before_it_was_first_read(store: Store) -> None:
    save(store, "Saņems 1 800 ģimeņu.")
    store.save(replace(RELEASE, body="Saņems 2 300 ģimeņu."), seen=later(3), read=later(1))
    (one,) = edits(store, EditFilter(noticed_from=riga_day(later(3))))
    assert (one.since, one.read, one.noticed, one.days) == (DAY, later(1), later(3), 3)


def test_other_targets_of_a_link_are_edits_each_of_its_own(store: Store) -> None:
    for day, address in enumerate(
        ("https://iem.example/1.pdf", "mailto:a@b.lv", "https://iem.example/2.pdf")
    ):
        link = Span(start=0, end=6, kind="a", href=address)
        structure = dump_structure(Structure(body=(link,)))
        store.save(replace(RELEASE, body="Saņems 1 800 ģimeņu.", structure=structure), seen=later(day))
    told = [(reason.older, reason.newer) for one in edits(store) for reason in one.edit.changes[0].reasons]
    assert told == [("", "https://iem.example/2.pdf"), ("https://iem.example/1.pdf", "")]
    assert edits(store, EditFilter()) == []


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
    assert file.folds(ID) == {(ID, 2): 0, (ID, 3): 0, (ID, 4): 3}


def test_an_edit_that_changed_nothing_is_folded_into_none(store: Store) -> None:
    save(store, "Ieeja ir brīva.", "Ieeja ir liegta.", "Ieeja  ir liegta.")
    assert record(store).folds(ID).keys() <= {(ID, 2), (ID, 3)}
    assert 0 not in record(store).folds(ID).values()


@pytest.mark.parametrize(
    "text",
    [
        lambda number: (
            f"{'vārds ' * 400}{number} {'vārds ' * 400}{number + 1}"  # two places of a long sentence
        ),
        lambda number: "'" * 3_000 + str(number),  # no words that could be set against each other
        lambda number: "\n\n".join(f"{line} vieta: {number if line > 50 else 5}" for line in range(100)),
        lambda number: f"{'a' * 1_500} {number % 2} {'b' * 1_500} {number}",
    ],
)
def test_edits_that_are_not_quoted_in_full_are_no_counter(store: Store, text: Callable[[int], str]) -> None:
    numbers = [9, 1, 8, 4, 6, 2, 5, 3]
    save(store, *map(text, numbers))
    assert [one.times for one in edits(store)] == [1] * (len(numbers) - 1)


def test_long_texts_back_and_forth_are_one_row(store: Store) -> None:
    save(store, *(f"{'vārds ' * 400}{number} {'vārds ' * 400}{number}" for number in (1, 2, 1, 2)))
    assert [one.times for one in edits(store)] == [3]


def test_an_edit_that_is_taken_back_once_is_two_corrections(store: Store) -> None:
    save(store, "Piešķirti 5 miljoni.", "Piešķirti 9 miljoni.", "Piešķirti 5 miljoni.")
    assert [(one.version, one.times) for one in edits(store)] == [(3, 1), (2, 1)]


def test_two_numbers_in_turn_are_no_counter(store: Store) -> None:
    save(store, *(f"Atbalstu saņēma {number} ģimenes." for number in [1800, 2300] * (COUNTS_FROM - 1)))
    (one,) = edits(store)
    assert (one.weight, one.times) == (85, 2 * COUNTS_FROM - 3)


def test_a_number_that_is_corrected_twice_is_two_corrections(store: Store) -> None:
    save(store, "Piešķirti 1 800 eiro.", "Piešķirti 2 300 eiro.", "Piešķirti 2 500 eiro.")
    quoted = [(one.edit.changes[0].older, one.edit.changes[0].newer, one.times) for one in edits(store)]
    assert quoted == [
        ("Piešķirti 2 300 eiro.", "Piešķirti 2 500 eiro.", 1),
        ("Piešķirti 1 800 eiro.", "Piešķirti 2 300 eiro.", 1),
    ]


def test_what_only_counts_is_minor_in_the_end(store: Store) -> None:
    save(store, *(f"Ieradās {number} viesi." for number in range(2, COUNTS_FROM + 2)))
    assert [one.weight for one in edits(store)] == [85] * (COUNTS_FROM - 1)
    store.save(replace(RELEASE, body="Ieradās 99 viesi."), seen=later(30))
    assert edits(store, EditFilter()) == []
    assert [one.times for one in edits(store)] == [COUNTS_FROM]


@pytest.mark.parametrize("text", ["Budžets būs {} miljoni eiro.", "Vienojās par {} % kāpumu."])
def test_an_amount_that_is_corrected_often_is_no_counter(store: Store, text: str) -> None:
    save(store, *map(text.format, range(2, COUNTS_FROM + 4)))
    assert [(one.times, one.weight > 80) for one in edits(store)] == [(1, True)] * (COUNTS_FROM + 1)


def test_a_counter_beside_an_amount_makes_no_other_edit_of_it(store: Store) -> None:
    sums = [5, 7] * 3
    save(store, *(f"Skatīts: {visit}\n\nPiešķirs {sum_} miljonus eiro." for visit, sum_ in enumerate(sums)))
    assert [(one.times, one.weight > 80) for one in edits(store)] == [(5, True)]


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


def test_hidden_release_takes_down_what_moved_to_it_in_several_steps(store: Store) -> None:
    save(store, "Slepenais vārds ir trīs.", "Slepenais vārds ir pieci.")
    kept = publish("sede", "Sēde", "Nāks 5 cilvēki.", date(2026, 3, 1), ministry="Finanšu ministrija")
    save(store, "Nāks 5 cilvēki.", "Nāks 9 cilvēki.", release=kept)
    record(store)
    addresses = [RELEASE.url, f"{RELEASE.url}-jauns", f"{RELEASE.url}-vēl-jaunāks"]
    for step, (old, new) in enumerate(pairwise(addresses), start=2):
        moved = replace(RELEASE, url=new, body="Slepenais vārds ir pieci.")
        store.save(moved, seen=later(step), aliases=(old,))
        file = record(store)
    last = store.find(addresses[-1])
    assert last is not None
    assert [one.release for one in file.edits(EditFilter(release=last.id), "newest")] == [ID]
    store.hide(addresses[-1], seen=later(9))
    file = record(store)
    assert [one.title for one in file.edits(ALL, "newest")] == ["Sēde"]
    assert (file.count(ALL), file.ministries(), list(file.figures())) == (
        1,
        (kept.ministry,),
        [kept.ministry],
    )
    assert file.departures(ALL, most=9) == []
    assert b"Slepenais" not in file.path.read_bytes()


def killed_while_writing(file: EditFile) -> None:
    """Leave the file as a writer leaves it that was killed when part of its changes were on the disk."""
    code = """if True:
        import os, signal, sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None)
        db.execute("PRAGMA cache_size = 1")
        db.execute("BEGIN")
        for number in range(200):
            row = (number, "x" * 9000, *"columns")
            db.execute("INSERT INTO departure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        os.kill(os.getpid(), signal.SIGKILL)"""
    subprocess.run([sys.executable, "-c", code, str(file.path)], check=False, timeout=60)
    assert journal_of(file).stat().st_size


def journal_of(file: EditFile) -> Path:
    return file.path.with_name(f"{file.path.name}-journal")


def test_what_a_killed_writer_began_is_undone_by_who_comes_next(store: Store) -> None:
    save(store, "Nāks 5 cilvēki.", "Nāks 9 cilvēki.")
    file = record(store)
    before = rows(file)
    killed_while_writing(file)
    assert file.count(ALL) == 1
    killed_while_writing(file)
    assert record_edits(store, default_analyzer()) == 0
    assert rows(file) == before


def test_a_file_removed_by_hand_after_a_writer_was_killed_is_made_anew(store: Store) -> None:
    save(store, "Nāks 5 cilvēki.", "Nāks 9 cilvēki.")
    file = record(store)
    before = rows(file)
    killed_while_writing(file)
    file.path.unlink()
    record(store)
    assert not journal_of(file).exists()
    assert rows(file) == before


def test_a_draft_left_by_a_killed_writer_is_removed(store: Store) -> None:
    save(store, "Nāks 5 cilvēki.", "Nāks 9 cilvēki.")
    file = record(store)
    draft = EditFile(file.path.with_name(f"{file.path.name}.draft"))
    draft.path.write_bytes(file.path.read_bytes())
    killed_while_writing(draft)
    record(store)
    assert [path.name for path in file.path.parent.glob("edits*")] == [file.path.name]


class _LockingAnalyzer(Analyzer):
    """Takes the whole file of edits at each look into the dictionary, which fails if anyone else has it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.locked = 0

    def is_in_dictionary(self, word: str) -> bool:
        with closing(sqlite3.connect(self.path, timeout=0)) as db:
            db.execute("BEGIN EXCLUSIVE")
        self.locked += 1
        return super().is_in_dictionary(word)


def test_the_file_is_not_locked_while_edits_are_judged(store: Store) -> None:
    releases = [publish(f"r{number}", f"Ziņa {number}", "", date(2026, 3, 1)) for number in range(4)]
    for release in releases:
        save(store, "Ieradās viesi.", release=release)
    path = record(store).path
    for release in releases:
        store.save(replace(release, body="Ieradās ciemiņi."), seen=later(3))
    analyzer = _LockingAnalyzer(path)
    assert record_edits(store, analyzer) == len(releases)
    assert analyzer.locked >= len(releases)
    assert edit_file(store.path).count(ALL) == len(releases)


def test_only_a_damaged_file_is_to_be_removed(store: Store) -> None:
    save(store, "Nāks 5 cilvēki.", "Nāks 9 cilvēki.")
    file = EditFile(record(store).path, patience_s=0)
    with closing(sqlite3.connect(file.path)) as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(EngineError, match="try again") as busy:
            file.count(ALL)
    assert "remove" not in str(busy.value)
    file.path.write_bytes(b"no file of edits" * 1000)
    with pytest.raises(EngineError, match="remove it and run `reindex`"):
        file.count(ALL)


def test_other_masking_judges_all_edits_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    save(store, "Nāks 5 cilvēki.", "Nāks 9 cilvēki.")
    record(store)
    assert record_edits(store, default_analyzer()) == 0
    monkeypatch.setattr("index.edits.recording.MASKING", MASKING + 1)
    assert record_edits(store, default_analyzer()) == 1


def test_a_release_shown_again_is_judged_alone(store: Store) -> None:
    for number in range(5):
        release = publish(f"r{number}", f"Ziņa {number}", "", date(2026, 3, 1))
        save(store, "Nāks 5 cilvēki.", "Nāks 9 cilvēki.", release=release)
    before = rows(record(store))[:-1]
    address = publish("r3", "", "", date(2026, 3, 1)).url
    store.hide(address, seen=later(3))
    record(store)
    store.unhide(address, seen=later(4))
    assert record_edits(store, default_analyzer()) == 1
    assert rows(edit_file(store.path))[:-1] == before


def test_an_edit_that_says_nothing_else_is_kept_but_not_shown(store: Store) -> None:
    save(store, "Zvanīt 67000000.", "Zvanīt 67111111.")
    file = record(store)
    assert (file.edits(ALL, "newest"), file.ministries()) == ([], ())
    assert list(file.known([ID])[ID]) == [2]


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


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
def test_every_edit_is_read_once_while_more_are_recorded(store: Store, at_once: int) -> None:
    for number, facts in enumerate(("9 cilvēki", "9 cilvēki", "5 viesi", "9 cilvēki")):
        release = publish(f"r{number}", f"Ziņa {number}", "", date(2026, 3, 1))
        save(store, "Nāks 5 cilvēki.", f"Nāks {facts}.", "Neviens nenāks.", release=release)
    file = record(store)
    there = file.edits(ALL, "newest")
    assert len(there) == 8
    reading = file.every(ALL, at_once=at_once)
    first = next(reading)
    save(store, "Nāks 5 cilvēki.", "Nāks 9 cilvēki.", release=publish("new", "Jauna", "", date(2026, 3, 1)))
    store.save(publish("new", "Jauna", "Nāks 7 ministri.", date(2026, 3, 1)), seen=later(9))
    record(store)
    read = [(one.title, one.version) for one in (first, *reading)]
    assert [one for one in read if one[0] != "Jauna"] == [(one.title, one.version) for one in there]
    assert len(set(read)) == len(read)


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
        match chance.randrange(10):
            case 0:
                store.hide(f"{release.url}{chance.choice(('', '-j', '-j-j'))}", seen=moment)
            case 1:
                store.unhide(f"{release.url}{chance.choice(('', '-j', '-j-j'))}", seen=moment)
            case 5 if id_ := chance.choice([None, *store.merged_into(release_id("iem", f"{release.url}-j"))]):
                store.separate(id_, seen=moment)
            case 2 if stored := store.find(release.url):
                store.mark_gone(stored.id, seen=moment)
            case 3:
                at = chance.randrange(2)
                old, new = (f"{release.url}{'-j' * steps}" for steps in (at, at + 1))
                store.save(replace(release, url=new), seen=moment, aliases=(old,))
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
