"""What follows what fell due is the same after any changes as after a whole reading, and leaves no trace."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from crawler.store import Store
from index.register import CalendarFilter, RegisterFile, register_file
from tests.support.judged_followers import judged_releases
from tests.support.new_store import new_store
from tests.support.registered import SEEN, id_of, record

RELEASES = [one for one in judged_releases() if one.ministry in ("izm", "vm")]
GYM, GYM_DONE = RELEASES[0], RELEASES[1]
MATTER = "Bērzaines pamatskolas"


def links(file: RegisterFile) -> dict[tuple[str, int], tuple[str, str, int, int]]:
    return {
        (one.release.id, one.start): (later.release.id, later.text, later.start, later.end)
        for one in file.due(CalendarFilter())
        if (later := one.followed_by)
    }


def test_any_order_of_changes_links_what_a_whole_reading_links(tmp_path: Path) -> None:
    for seed in range(6):
        random, path = Random(seed), tmp_path / str(seed) / "releases.sqlite3"
        with new_store(path) as store:
            for step in range(5):
                for release in random.sample(RELEASES, 10):
                    store.save(release, seen=SEEN + timedelta(step))
                for release in random.sample(RELEASES, 3):
                    store.hide(release.url, seen=SEEN + timedelta(step))
                if random.random() < 0.7:
                    record(store)
            in_parts = links(record(store))
            register_file(path).remove()
            assert links(record(store)) == in_parts, seed


def test_a_hidden_follower_leaves_no_trace(store: Store) -> None:
    for release in (GYM, GYM_DONE):
        store.save(release, seen=SEEN)
    ((due, _), (later, text, start, end)), *_ = links(record(store)).items()
    assert (due, later) == (id_of(GYM), id_of(GYM_DONE))
    assert GYM_DONE.body[start:end] == text
    assert MATTER in text
    store.hide(GYM_DONE.url, seen=SEEN)
    file = record(store)
    assert links(file) == {}
    with closing(sqlite3.connect(file.path)) as db:
        assert db.execute("SELECT count(*) FROM followed").fetchone() == (0,)


def test_a_sentence_that_names_who_is_hidden_is_not_quoted(store: Store) -> None:
    store.save(GYM, seen=SEEN)
    opening = "Cēsīs pabeigta Bērzaines pamatskolas sporta zāles atjaunošana, teica ministre Agra Lepzare."
    store.save(replace(GYM_DONE, body=opening), seen=SEEN)
    file = record(store)
    assert [text for _, text, *_ in links(file).values()] == [opening]
    store.path.with_name("names.toml").write_text('hide = ["Agra Lepzare"]', encoding="utf-8")
    assert links(record(store)) == {}
    assert b"Lepzare" not in file.path.read_bytes()


def test_a_killed_writer_finishes_the_next_time(store: Store) -> None:
    for release in (GYM, GYM_DONE):
        store.save(release, seen=SEEN)
    file = record(store)
    with file.writing() as writer:  # a follower is removed, but what it followed is not looked at again
        writer.remove(id_of(GYM_DONE))
        assert writer.changed_groups() == [("izm", "lv")]
    store.save(RELEASES[5], seen=SEEN)
    with closing(sqlite3.connect(record(store).path)) as db:
        assert db.execute("SELECT count(*) FROM changed").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM followed").fetchone() == (0,)
