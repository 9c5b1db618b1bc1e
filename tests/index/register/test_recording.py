"""The register is made from the store: in part after each crawl, or as a whole, with the same result."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from crawler.store import Store
from index.analysis import default_analyzer
from index.errors import EngineError
from index.mentions import Mentions
from index.register import (
    CalendarFilter,
    MentionReader,
    RegisterFile,
    StatementFilter,
    register_file,
    registered_lines,
)
from index.register.register_file import statement_conditions, statements_sql
from tests.support.new_store import new_store
from tests.support.registered import BUDGET, LATER, MINISTER, OFFICIAL, RELEASES, SEEN, VICTIM, id_of, record

ALL = StatementFilter()
TABLES = ("release", "person", "held", "beside", "statement", "due", "act", "listed")


def content(file: RegisterFile) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows, with the ids of releases for their numbers."""
    with closing(sqlite3.connect(file.path)) as db:
        ids = dict(db.execute("SELECT number, id FROM release"))
        words = dict(db.execute("SELECT number, word FROM word"))
        rows: dict[str, list[tuple[object, ...]]] = {}
        for table in TABLES:
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            rows[table] = sorted(
                (
                    tuple(
                        ids[value] if name == "release" else value
                        for name, value in zip(columns, row, strict=True)
                        if name != "number"
                    )
                    for row in db.execute(f"SELECT * FROM {table}")
                ),
                key=repr,
            )
        said = db.execute("SELECT word, release, start FROM said JOIN statement ON number = statement")
        rows["said"] = sorted((words[word], ids[release], start) for word, release, start in said)
    return rows


def test_people_need_an_office_or_words_of_their_own(store: Store) -> None:
    for release in RELEASES:
        store.save(release, seen=SEEN)
    file = record(store)
    assert [one.name for one in file.persons()] == [MINISTER, OFFICIAL]
    assert file.mentions(id_of(VICTIM)) is not None
    assert "Nelaimīg" not in repr(content(file))


def test_initials_alone_are_nobody_in_particular(store: Store) -> None:
    body = "Finanšu ministre A. Lepzare norādīja, ka ceļu remonts turpināsies."
    store.save(replace(LATER, body=body), seen=SEEN)
    file = record(store)
    assert file.persons() == []
    assert [one.text for one in file.statements(ALL)] == [body]


def test_a_person_has_offices_statements_years_and_those_beside(store: Store) -> None:
    for release in (BUDGET, LATER):
        store.save(release, seen=SEEN)
    found = record(store).person(MINISTER)
    assert found is not None
    (office,) = found.offices
    assert (office.written.lower(), office.first, office.last, office.releases) == (
        "finanšu ministre", BUDGET.published, LATER.published, 2,
    )  # fmt: skip
    assert (found.releases, found.statements, found.years) == (2, 2, [(2026, 2)])
    assert [one.name for one in found.beside] == [OFFICIAL]
    assert not found.may_be_several


def test_an_office_speaks_without_a_name(store: Store) -> None:
    body = "Finanšu ministre norādīja, ka ceļu remonts turpināsies."
    store.save(replace(LATER, body=body), seen=SEEN)
    assert [(one.speaker, one.text) for one in record(store).statements(ALL)] == [(None, body)]


def test_a_statement_is_its_sentences_byte_for_byte(store: Store) -> None:
    store.save(BUDGET, seen=SEEN)
    (said,) = record(store).statements(ALL)
    assert said.text == "“Skolām piešķirsim 12 miljonus eiro,” uzsvēra Agra Lepzare."
    assert BUDGET.body[said.start : said.end] == said.text
    assert (said.speaker, said.is_direct, said.release.id) == (MINISTER, True, id_of(BUDGET))


def test_statements_are_found_by_speaker_words_and_days(store: Store) -> None:
    for release in (BUDGET, LATER):
        store.save(release, seen=SEEN)
    file = record(store)

    def found(**wanted: object) -> list[str]:
        return [one.release.id for one in file.statements(StatementFilter(**wanted))]  # type: ignore[arg-type]

    assert found() == [id_of(LATER), id_of(BUDGET)]
    assert found(speaker=MINISTER, words=[("ceļš",)]) == [id_of(LATER)]
    assert found(words=[("skola", "skolas")]) == [id_of(BUDGET)]
    assert found(words=[("skola",), ("ceļš",)]) == []
    assert found(published_to=BUDGET.published) == [id_of(BUDGET)]
    assert found(ministries=["Cita"]) == []
    assert file.count_statements(StatementFilter(speaker=MINISTER)) == 2


def test_what_falls_due_has_its_day_and_sentence(store: Store) -> None:
    store.save(BUDGET, seen=SEEN)
    (due,) = record(store).due(CalendarFilter())
    assert (due.first.isoformat(), due.last.isoformat(), due.kind) == ("2031-03-15", "2031-03-15", "deadline")
    assert due.text == "Pieteikumi jāiesniedz līdz 2031. gada 15. martam."
    assert due.text[slice(*due.time)] == "līdz 2031. gada 15. martam"
    assert register_file(store.path).due(CalendarFilter(first=due.last + timedelta(1))) == []


def test_an_act_has_its_releases(store: Store) -> None:
    store.save(BUDGET, seen=SEEN)
    file = record(store)
    (act,) = file.acts()
    assert (act.name, act.releases) == ("MK 2017-03-28 171", 1)
    found = file.act(act.name)
    assert found is not None
    assert found.years == [(2026, 1)]
    assert file.act("MK 1") is None


def test_any_order_of_changes_gives_what_a_whole_reading_gives(tmp_path: Path) -> None:
    for seed in range(12):
        random, path = Random(seed), tmp_path / str(seed) / "releases.sqlite3"
        with new_store(path) as store:
            for step in range(6):
                release = random.choice(RELEASES)
                when = SEEN + timedelta(step)
                match random.choice(["save", "edit", "hide", "unhide", "gone"]):
                    case "save":
                        store.save(release, seen=when)
                    case "edit":
                        store.save(replace(release, body=random.choice(RELEASES).body), seen=when)
                    case "hide":
                        store.hide(release.url, seen=when)
                    case "unhide":
                        store.unhide(release.url, seen=when)
                    case _ if store.has(release.url):
                        store.mark_gone(id_of(release), seen=when)
                if random.random() < 0.6:
                    record(store)
            in_parts = content(record(store))
            register_file(store.path).remove()
            assert content(record(store)) == in_parts, seed


def test_a_hidden_release_leaves_no_trace(store: Store) -> None:
    for release in RELEASES:
        store.save(release, seen=SEEN)
    file = record(store)
    assert b"nosl\xc4\x93pums" in file.path.read_bytes()
    store.hide(RELEASES[-1].url, seen=SEEN)
    record(store)
    assert b"nosl\xc4\x93pums" not in file.path.read_bytes()
    assert [line.id for line, *_ in registered_lines(store)] == sorted(map(id_of, RELEASES[:-1]))


def answers(file: RegisterFile) -> list[object]:
    """Return what the register says to each question; who follows what falls due may be another."""
    people, acts, every = file.persons(), file.acts(), [*file.every()]
    names = (MINISTER, OFFICIAL)
    return [
        *(every, people, acts, file.persons("Lep"), file.find_person(MINISTER), file.only_person("lepzare")),
        *(file.person(name) for name in names),
        *(file.releases_of(name, most=9) for name in names),
        *(file.act(one.name) for one in acts),
        *(file.speakers_for(line.ministry) for line, _ in every),
        *(file.statements(ALL), file.count_statements(ALL)),
        file.count_statements(StatementFilter(words=[("skola",)])),
        *(replace(one, followed_by=None) for one in file.due(CalendarFilter())),
        *(file.count_due(CalendarFilter()), sorted(file.due_ministries())),
        *(file.mentions(id_of(one)) for one in RELEASES),
        [id_ for id_, _ in sorted(file.mentions_from(0, most=99))],
    ]


@pytest.mark.parametrize("count", range(2 ** len(RELEASES)))
def test_without_hidden_releases_it_is_as_if_written_without_them(store: Store, count: int) -> None:
    for release in RELEASES:
        store.save(release, seen=SEEN)
    hidden = [release for place, release in enumerate(RELEASES) if count >> place & 1]
    without = answers(record(store).without(["iem-0000000000", *map(id_of, hidden)]))
    for release in hidden:
        store.hide(release.url, seen=SEEN)
    assert without == answers(record(store))


def test_a_name_that_is_hidden_is_nowhere_in_the_file(store: Store) -> None:
    store.save(LATER, seen=SEEN)
    file = record(store)
    assert b"Agra Lepzare" in file.path.read_bytes()
    store.path.with_name("names.toml").write_text('hide = ["Agra Lepzare"]', encoding="utf-8")
    with pytest.raises(EngineError, match=r"names\.toml: changed after the last `reindex`"):
        list(registered_lines(store))
    record(store)
    assert b"Agra Lepzare" not in file.path.read_bytes()
    assert file.mentions(id_of(LATER)) == Mentions()


def test_a_sentence_of_another_matter_does_not_name_who_is_hidden(store: Store) -> None:
    body = (
        f"Valsts policijas priekšnieks Ainārs Brukns teica, ka {MINISTER} rīkojās pareizi.\n\n"
        f"Finanšu ministre {MINISTER} ziņojumu iesniegs līdz 2031. gada 15. martam. Viņa atbildēs."
    )
    store.save(replace(LATER, body=body), seen=SEEN)
    file = record(store)
    assert (len(file.statements(ALL)), len(file.due(CalendarFilter()))) == (1, 1)
    store.path.with_name("names.toml").write_text(f'hide = ["{MINISTER}"]', encoding="utf-8")
    assert (record(store).statements(ALL), file.due(CalendarFilter())) == ([], [])
    assert MINISTER.encode() not in file.path.read_bytes()


def test_names_that_are_one_person_are_listed_under_one(store: Store) -> None:
    store.save(BUDGET, seen=SEEN)
    store.path.with_name("names.toml").write_text(
        '[[same]]\nname = "Agra Lepzare-Kalve"\nalso = ["Agra Lepzare"]\n', encoding="utf-8"
    )
    file = record(store)
    assert file.person(MINISTER) is None
    assert file.find_person("agra lepzare-kalve") == "Agra Lepzare-Kalve"
    assert [one.speaker for one in file.statements(ALL)] == ["Agra Lepzare-Kalve"]


def test_a_release_that_changed_since_is_read_from_its_text(store: Store) -> None:
    store.save(BUDGET, seen=SEEN)
    record(store)
    store.save(replace(BUDGET, body=LATER.body), seen=SEEN + timedelta(1))
    reader = MentionReader.beside(store.path, default_analyzer())
    stored = store.get(id_of(BUDGET))
    assert stored is not None
    assert [one.verb for one in reader.mentions(stored).statements] == ["norādīt"]


def test_mentions_are_read_ahead_from_a_change_on(store: Store) -> None:
    for release in RELEASES:
        store.save(release, seen=SEEN)
    file = record(store)
    keys = [(stored.id, stored.number) for stored in store.changes_since(0)]
    for at, (_, number) in enumerate(keys):
        assert [*file.mentions_from(number, most=2)] == keys[at : at + 2]
        assert [*file.mentions_from(number + 1, most=2)] == keys[at + 1 : at + 3]


def test_a_damaged_file_is_named_with_what_helps(store: Store) -> None:
    store.save(BUDGET, seen=SEEN)
    file = record(store)
    file.path.write_bytes(b"x" * 8192)
    with pytest.raises(EngineError, match=r"mentions\.sqlite3.*remove it and run `reindex`"):
        file.persons()


@pytest.mark.parametrize(
    "wanted", [ALL, StatementFilter(speaker=MINISTER), StatementFilter(ministries=["x"])]
)
def test_a_page_of_statements_needs_no_sorting(store: Store, wanted: StatementFilter) -> None:
    store.save(BUDGET, seen=SEEN)
    file = record(store)
    with closing(sqlite3.connect(file.path)) as db:
        where, values = statement_conditions(wanted)
        plan = db.execute(f"EXPLAIN QUERY PLAN {statements_sql(where)}", (*values, 30, 0))
        assert not any("TEMP B-TREE" in str(row) for row in plan)


def test_a_body_that_the_operator_adds_is_found_in_all_cases(store: Store) -> None:
    body = "Lemj par Garkalnes arhīvu pārvaldi. GAP atbild."
    store.save(replace(LATER, body=body), seen=SEEN)
    assert record(store).mentions(id_of(LATER)) == Mentions()
    store.path.with_name("names.toml").write_text(
        '[[body]]\nnames = ["Garkalnes arhīvu pārvald-e"]\nacronyms = ["GAP"]\n', encoding="utf-8"
    )
    found = record(store).mentions(id_of(LATER))
    assert found is not None
    (named,) = found.bodies
    assert (named.id, [body[start:end] for start, end in named.places]) == (
        "Garkalnes arhīvu pārvalde", ["Garkalnes arhīvu pārvaldi", "GAP"],
    )  # fmt: skip
