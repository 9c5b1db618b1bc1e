from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.check import check_store
from crawler.store import Release, Store, StoreError
from crawler.store.near_duplicates import (
    ADDED_NUMBERS,
    BAND_ROWS,
    CANDIDATES_MAX,
    DAYS_APART_MAX,
    ENTRIES_MAX,
    PERMUTATIONS,
    PLACES,
    SHARED_SHINGLES,
    SHINGLE_WORDS,
    WORDS_MIN,
    Text,
    are_duplicates,
    cluster,
)
from tests.support.effort import calls
from tests.support.near_copies import BODY, NOW, near_copies, release
from tests.support.new_store import new_store

pytestmark = pytest.mark.sweep

TABLE = " ".join(
    f"Posmā pie {number}. zīmes pārbaudītas {number * 7} personas." for number in range(101, 130)
)


def test_store_with_clusters_is_sound(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        for site in ("iem", "mfa"):
            store.save(release(site, BODY + TABLE), seen=NOW)
        cluster(store, seen=NOW)
        assert store.rows("SELECT count(*) > 0 FROM band") == [(1,)]
        assert all(finding.is_well for finding in check_store(store))


def test_keys_are_those_of_every_store_made_so_far(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        for site in ("iem", "mfa"):
            store.save(release(site), seen=NOW)
        cluster(store, seen=NOW)
        keys = {key for (key,) in store.rows("SELECT DISTINCT key FROM band")}
    assert len(keys) == 16
    assert keys >= {
        "0:119395815,116181242,566977887,124863777,80653590,4685103",
        "90:67971592,1037666,120115122,159569267,63359006,21408697",
    }


DAYS_APART = (-15, -14, -1, 1, 14, 15)


def clusters(store: Store) -> list[list[str]]:
    """Return the sites of each cluster."""
    found: dict[str, list[str]] = {}
    for stored in store.changes_since(0):
        found.setdefault(stored.cluster, []).append(stored.release.site)
    return sorted(sorted(sites) for sites in found.values())


@pytest.mark.parametrize(
    ("other", "together"),
    [
        (release("mfa"), True),
        (release("mfa", BODY + " Vairāk lasiet mūsu mājaslapā."), True),
        (release("mfa", BODY.replace("Šonedēļ Rīgā", "Ceturtdien Rīgā")), True),
        (release("mfa", BODY.replace("3 gados", "4 gados")), False),
        (release("mfa", BODY + " Sanāksme notiks 305. telpā, tālrunis uzziņām 67000000."), True),
        (release("mfa", BODY + " Sanāksme notiks 305. telpā 12 stundas, tālrunis 67000000."), False),
        (release("mfa", day=date(2025, 2, 27)), False),
        # Another institution republishes a release within two weeks, before or after.
        *((release("mfa", day=date(2026, 2, 27) + timedelta(days)), abs(days) <= 14) for days in DAYS_APART),
        (release("mfa", BODY[: len(BODY) // 3]), False),
        (release("iem", name="y"), False),
    ],
)
def test_near_duplicates_of_two_institutions_form_a_cluster(
    tmp_path: Path, other: Release, *, together: bool
) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        store.save(release("iem"), seen=NOW)
        store.save(replace(other, title="Cits virsraksts"), seen=NOW)
        cluster(store, seen=NOW)
        assert (len(clusters(store)) == 1) is together


def test_reports_that_differ_in_one_of_many_numbers_stay_apart(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        store.save(release("rs", TABLE), seen=NOW)
        store.save(release("iem", TABLE.replace(" 707 ", " 708 ")), seen=NOW)
        cluster(store, seen=NOW)
        assert clusters(store) == [["iem"], ["rs"]]


def test_cluster_is_named_after_the_first_and_follows_edits(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        store.save(release("mfa", day=date(2026, 2, 28)), seen=NOW)
        store.save(release("iem"), seen=NOW)
        assert cluster(store, seen=NOW) == 1
        assert {stored.cluster[:3] for stored in store.changes_since(0)} == {"iem"}
        store.save(release("iem", "Pavisam cits teksts."), seen=NOW + timedelta(days=1))
        cluster(store, seen=NOW)
        assert clusters(store) == [["iem"], ["mfa"]]


@pytest.mark.parametrize("sites", [("iem", "mfa"), ("mfa", "iem")])
def test_an_undated_release_is_not_the_first_of_its_cluster(tmp_path: Path, sites: tuple[str, str]) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        dated, undated = sites
        store.save(release(dated), seen=NOW)
        store.save(replace(release(undated), published=None), seen=NOW)
        cluster(store, seen=NOW)
        assert {stored.cluster.partition("-")[0] for stored in store.changes_since(0)} == {dated}


def test_clustering_again_changes_nothing(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        store.save(release("mfa"), seen=NOW)
        store.save(release("iem"), seen=NOW)
        cluster(store, seen=NOW)
        number = store.last_number()
        assert (cluster(store, seen=NOW), store.last_number()) == (0, number)


def work_of_clustering(path: Path, count: int) -> tuple[int, int]:
    """Return the function calls and the steps of SQLite that clustering *count* near copies takes."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with Store(path) as store:
        near_copies(store, count)
        store._db.set_progress_handler(step, 100)
        called = calls(lambda: cluster(store, seen=NOW))
        assert len(clusters(store)) == 1
    return called, steps


@pytest.mark.sweep
def test_work_grows_no_faster_than_near_copies(tmp_path: Path) -> None:
    cluster_once = work_of_clustering(tmp_path / "first.sqlite3", 20)  # imports and caches, once
    assert all(cluster_once)
    # So many copies that each key has its maximum number of entries.
    fewer = work_of_clustering(tmp_path / "fewer.sqlite3", 300)
    more = work_of_clustering(tmp_path / "more.sqlite3", 600)
    # A little more than twice the work, as the last entries fill; comparing all pairs would take four times.
    assert [after / before < 2.6 for before, after in zip(fewer, more, strict=True)] == [True, True]


def test_report_of_each_day_finds_its_own_among_many_like_it(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        days = [date(2026, 1, 1) + timedelta(days=number // 3) for number in range(120)]
        for site in ("rs", "iem"):
            for number, day in enumerate(days):
                body = TABLE.replace(" 707 ", f" {5000 + number} ").replace(" 714 ", f" {7000 + number} ")
                store.save(release(site, f"{body} {number + 9000}.", day=day, name=f"x{number}"), seen=NOW)
        cluster(store, seen=NOW)
        assert clusters(store) == [["iem", "rs"]] * 120


def test_interrupted_clustering_is_caught_up(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        near_copies(store, 120)
        store.execute(
            """CREATE TEMP TRIGGER ends BEFORE INSERT ON same WHEN (SELECT count(*) FROM same) > 300
               BEGIN SELECT RAISE(ABORT, 'cut short'); END"""
        )
        with pytest.raises(StoreError, match="cut short"):
            cluster(store, seen=NOW)
        store.execute("DROP TRIGGER ends")
        cluster(store, seen=NOW)
        assert len(clusters(store)) == 1


def words(count: int) -> str:
    """Return a text of *count* words, all different."""
    return " ".join(
        "vārds" + "".join(chr(97 + at // 26**place % 26) for place in range(2)) for at in range(count)
    )


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ({}, {}, True),
        ({}, {"site": "iem"}, False),
        ({"body": words(12)}, {"body": words(12)}, True),
        ({"body": words(11)}, {"body": words(11)}, False),
        ({"published": None}, {}, True),
        ({}, {"published": None}, True),
        ({}, {"published": date(2026, 3, 13)}, True),
        ({}, {"published": date(2026, 3, 14)}, False),
        ({}, {"published": date(2026, 2, 13)}, True),
        ({}, {"published": date(2026, 2, 12)}, False),
        # 60 of 100 shingles are shared, or 59 of 99.
        ({"body": words(62)}, {"body": words(102)}, True),
        ({"body": words(61)}, {"body": words(101)}, False),
        ({"body": words(102)}, {"body": words(62)}, True),
        # Numbers are added to one text, but not more than two, and none is replaced.
        ({"body": f"{words(60)} 1 2"}, {"body": words(60)}, True),
        ({"body": words(60)}, {"body": f"{words(60)} 1 2"}, True),
        ({"body": f"{words(60)} 1 2 3"}, {"body": words(60)}, False),
        ({"body": f"{words(60)} 1"}, {"body": f"{words(60)} 2"}, False),
        ({"body": f"{words(60)} 2x"}, {"body": f"{words(60)} 3x"}, False),
        ({"body": f"{words(60)} ½"}, {"body": f"{words(60)} ¼"}, True),
        ({"lead": words(30), "body": ""}, {"lead": "", "body": words(30).upper()}, True),
    ],
)
def test_releases_are_compared_by_words_numbers_and_days(
    one: dict[str, Any], other: dict[str, Any], *, are_same: bool
) -> None:
    first, second = (
        Text.of(replace(replace(release(site, words(60)), title=site), **changes))
        for site, changes in (("iem", one), ("mfa", other))
    )
    assert are_duplicates(first, second) is are_same


def test_of_a_long_text_the_beginning_counts() -> None:
    long = " ".join(f"a{'b' * (number % 50)}{'c' * (number // 50)}" for number in range(5_000))
    text = Text.of(release("iem", f"{long} citi vārdi un 77"))
    assert (len(text.shingles), text.numbers) == (4_998, frozenset())


def test_the_limits_of_the_search_are_these() -> None:
    assert (SHINGLE_WORDS, PERMUTATIONS, BAND_ROWS, DAYS_APART_MAX, WORDS_MIN) == (3, 96, 6, 14, 12)
    assert (SHARED_SHINGLES, ADDED_NUMBERS, PLACES, ENTRIES_MAX, CANDIDATES_MAX) == (0.6, 2, 64, 256, 32)


def test_a_hidden_release_leaves_its_cluster(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        for site in ("iem", "mfa", "mod"):
            store.save(release(site), seen=NOW)
        assert cluster(store, seen=NOW) == 2
        store.hide("https://iem.example/lv/x", seen=NOW)
        assert cluster(store, seen=NOW) == 2
        by_site = {stored.release.site: stored.cluster[:3] for stored in store.changes_since(0)}
        assert by_site["mod"] == by_site["mfa"]
        left = {
            release for (release,) in store.rows("SELECT release FROM same UNION SELECT release FROM band")
        }
        assert {id_[:3] for id_ in left} == {"mfa", "mod"}


def test_a_cluster_is_named_after_the_earliest_day_then_the_first_id(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        for site, day in (("aa", 28), ("mfa", 27), ("iem", 27)):
            store.save(release(site, day=date(2026, 2, day)), seen=NOW)
        assert cluster(store, seen=NOW + timedelta(1)) == 2
        assert {stored.cluster[:3] for stored in store.changes_since(0)} == {"iem"}
        assert {stored.release.site for stored in store.changes_since(0) if stored.changed > NOW} == {
            "aa",
            "mfa",
        }


def test_a_key_has_as_many_places_for_a_site_in_a_fortnight(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        near_copies(store, 2 * PLACES + 20)
        cluster(store, seen=NOW)
        assert store.rows("SELECT max(n) FROM (SELECT count(*) AS n FROM band GROUP BY key, site)") == [
            (PLACES,)
        ]


def translated(name: str, language: str, *others: str, site: str = "iem") -> Release:
    """Return a release in *language* with a text of its own that links to *others* of its site."""
    links = tuple(f"https://{site}.example/{other}" for other in others)
    body = f"{name} " + " ".join(f"{name}{number}" for number in range(30))
    made = release(site, body)
    url = f"https://{site}.example/{name}"
    return replace(made, url=url, language=language, translations=links)


@pytest.mark.parametrize(
    ("saved", "groups"),
    [
        ([translated("a", "lv", "b"), translated("b", "en", "a")], [["a", "b"]]),
        ([translated("b", "en", "a"), translated("a", "lv", "b")], [["a", "b"]]),
        (
            [
                translated("a", "lv", "b", "c"),
                translated("b", "en", "a", "c"),
                translated("c", "ru", "a", "b"),
            ],
            [["a", "b", "c"]],
        ),
        # A link one way may be to a summary of many; a page may link to others of its own language.
        ([translated("a", "lv", "b"), translated("b", "en")], [["a"], ["b"]]),
        ([translated("a", "lv", "b"), translated("b", "lv", "a")], [["a"], ["b"]]),
    ],
    ids=["both ways", "later first", "three", "one way", "one language"],
)
def test_translations_that_link_to_each_other_form_a_cluster(
    tmp_path: Path, saved: list[Release], groups: list[list[str]]
) -> None:
    for at_once in (True, False):
        with new_store(tmp_path / f"{at_once}.sqlite3") as store:
            for one in saved:
                store.save(one, seen=NOW)
                if not at_once:
                    cluster(store, seen=NOW)
            cluster(store, seen=NOW)
            assert names_of_clusters(store) == groups


def names_of_clusters(store: Store) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for stored in store.changes_since(0):
        if stored.state != "hidden":
            found.setdefault(stored.cluster, []).append(stored.release.url.rpartition("/")[2])
    return sorted(map(sorted, found.values()))


def test_a_translation_leaves_its_cluster_when_it_is_hidden_or_no_longer_linked(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        for one in (translated("a", "lv", "b", "c"), translated("b", "en", "a"), translated("c", "ru", "a")):
            store.save(one, seen=NOW)
        cluster(store, seen=NOW)
        assert names_of_clusters(store) == [["a", "b", "c"]]
        store.save(translated("b", "en"), seen=NOW)
        cluster(store, seen=NOW)
        assert names_of_clusters(store) == [["a", "c"], ["b"]]
        store.hide("https://iem.example/c", seen=NOW)
        cluster(store, seen=NOW)
        assert names_of_clusters(store) == [["a"], ["b"]]


def test_near_duplicates_and_their_translations_are_one_cluster(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        own, copy = release("iem"), release("mfa")
        english = replace(translated("b", "en"), translations=(own.url,))
        for one in (replace(own, translations=(english.url,)), copy, english):
            store.save(one, seen=NOW)
        cluster(store, seen=NOW)
        assert len({stored.cluster for stored in store.changes_since(0)}) == 1
