from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

import pytest

from crawler.store import Store
from crawler.store.frontier_rows import FrontierRows, Mention, NewUrl
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
from crawler.store.statistics import Readings, SiteStats, newest_readings, site_stats
from tests.support.stored_release import DAY, ID, RELEASE


def test_releases_are_counted_by_state(store: Store) -> None:
    for name in ("gone", "hidden", "missing"):
        store.save(replace(RELEASE, url=f"{RELEASE.url}-{name}", body=name), seen=DAY)
    store.save(RELEASE, seen=DAY)
    store.save(replace(RELEASE, body="Labots."), seen=DAY)
    store.save(replace(RELEASE, site="mod", url="https://mod.example/x"), seen=DAY)
    for name in ("gone", "missing"):
        stored = store.find(f"{RELEASE.url}-{name}")
        assert stored is not None
        for day in range(2 if name == "gone" else 1):
            store.miss(stored.id, seen=DAY + timedelta(day))
    store.hide(f"{RELEASE.url}-hidden", seen=DAY)
    assert site_stats(store, "iem") == SiteStats(
        site="iem",
        present=2,
        missing=1,
        gone=1,
        hidden=1,
        denied=0,
        revisions=1,
        held=0,
        urls=0,
        left=0,
        newest="2026-02-27",
    )


def test_site_without_releases_has_zeros(store: Store) -> None:
    assert store.get(ID) is None
    stats = site_stats(store, "iem")
    assert (stats.present, stats.gone, stats.urls, stats.newest) == (0, 0, 0, "")


def plan(store: Store, url: str, **columns: object) -> None:
    """Add the URL of a release to the frontier, with these values of *columns*."""
    listed = Mention(source="list", title=None, published=None, lastmod=None)
    FrontierRows(store).insert(
        NewUrl(
            url=url,
            request_url=url,
            site="iem",
            kind="release",
            depth=1,
            mention=listed,
            due=0,
            found_in_run=1,
        )
    )
    for column, value in columns.items():
        store.execute(f"UPDATE frontier SET {column} = ? WHERE url = ?", value, url)  # type: ignore[arg-type]  # a value


def test_pending_changes_urls_and_denied_releases_are_counted(store: Store) -> None:
    for name in ("a", "b", "c"):
        store.save(replace(RELEASE, url=f"{RELEASE.url}-{name}", body=name), seen=DAY)
        plan(store, f"{RELEASE.url}-{name}", run=1, outcome="skipped", reason="denied")
    store.execute("UPDATE frontier SET reason = 'trap' WHERE url LIKE '%-b'")
    store.hide(f"{RELEASE.url}-c", seen=DAY)
    plan(store, f"{RELEASE.url}-never")
    pending = PendingChangeRows(store)
    for name, identity, reason in (
        ("a", "likely", "missing"),
        ("b", "strange", None),
        ("c", "flickers", None),
        ("d", "same", "release not read"),
    ):
        pending.put(
            "iem",
            PendingChange(
                release=None,
                url=f"https://a.lv/{name}",
                record=None,
                reason=reason,  # type: ignore[arg-type]  # one of the reasons
                since=DAY,
                seen=DAY,
                identity=identity,  # type: ignore[arg-type]  # one of them
            ),
        )
    stats = site_stats(store, "iem")
    assert (stats.present, stats.hidden, stats.denied, stats.held) == (2, 1, 1, 2)
    assert (stats.urls, stats.left) == (4, 1)
    assert site_stats(store, "mod").held == 0


def test_a_merged_release_is_not_hidden(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    other = replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits.", published=date(2026, 3, 9))
    store.save(other, seen=DAY, aliases=(RELEASE.url,))
    stats = site_stats(store, "iem")
    assert (stats.present, stats.hidden, stats.newest) == (1, 0, "2026-03-09")


@pytest.mark.parametrize(
    ("columns", "pending", "fresh", "earlier"),
    [
        # Read in this run.
        ({"outcome": "new"}, None, ["stored"], []),
        ({"outcome": "changed"}, None, ["stored"], []),
        # Read in an earlier one.
        ({"outcome": "new", "run": 4}, None, [], ["stored"]),
        ({"outcome": "unchanged"}, None, [], ["stored"]),
        # An edit waits: the stored reading is the earlier one.
        ({"outcome": "held"}, "likely", ["held"], ["stored"]),
        ({"outcome": "held"}, "flickers", ["stored"], []),
        # It cannot be read as a release any more.
        ({"outcome": "failed", "reason": "no release"}, None, [None], ["stored"]),
        ({"outcome": "failed", "reason": "release not read"}, None, [None], ["stored"]),
        ({"outcome": "failed", "reason": "fault of the extractor"}, None, [None], ["stored"]),
        # Not the fault of its reading.
        ({"outcome": "failed", "reason": "status-500"}, None, [], ["stored"]),
        # Not named by a list or feed of the start pages.
        ({"outcome": "new", "depth": 2}, None, [], []),
        ({"outcome": "new", "source": "sitemap"}, None, [], []),
        ({"outcome": "new", "source": "feed"}, None, ["stored"], []),
        ({"outcome": "new", "kind": "list"}, None, [], []),
        ({"outcome": None}, None, [], []),
        ({"outcome": "new", "site": "mod"}, None, [], []),
    ],
)
def test_a_known_release_is_read_afresh_if_this_run_read_it(
    store: Store,
    columns: dict[str, object],
    pending: Literal["likely", "flickers"] | None,
    fresh: list[str | None],
    earlier: list[str],
) -> None:
    store.save(replace(RELEASE, title="stored"), seen=DAY)
    plan(store, RELEASE.url, **{"run": 5, "found": 1, "reason": "", **columns})
    if pending:
        held = PendingChange(
            release=ID,
            url=RELEASE.url,
            record=replace(RELEASE, title="held"),
            since=DAY,
            seen=DAY,
            identity=pending,
        )
        PendingChangeRows(store).put("iem", held)
    assert titles(newest_readings(store, "iem", 5, at_most=9)) == (fresh, earlier)


def titles(readings: Readings) -> tuple[list[str | None], list[str | None]]:
    fresh, earlier = (
        [reading.release and reading.release.title for reading in part]
        for part in (readings.fresh, readings.earlier)
    )
    return fresh, earlier


@pytest.mark.parametrize(
    ("found", "outcome", "fresh", "earlier"),
    [
        (5, "failed", [None], []),
        (4, "failed", [], [None]),
        (5, "new", [], []),
        (4, "unchanged", [], []),
    ],
)
def test_a_page_that_never_was_a_release_is_new_only_when_it_is_found(
    store: Store, found: int, outcome: str, fresh: list[None], earlier: list[None]
) -> None:
    plan(store, RELEASE.url, run=5, found=found, outcome=outcome, reason="no release")
    assert titles(newest_readings(store, "iem", 5, at_most=9)) == (fresh, earlier)


def test_the_newest_readings_come_first_and_as_many_as_asked_for(store: Store) -> None:
    for name, changed in (("a", 1), ("b", 3), ("c", 2), ("d", 3)):
        store.save(replace(RELEASE, url=f"https://a.lv/{name}", title=name, body=name), seen=DAY)
        plan(store, f"https://a.lv/{name}", run=5, outcome="new", changed=changed)
    found = newest_readings(store, "iem", 5, at_most=3)
    assert [(reading.url[-1], reading.release and reading.release.title) for reading in found.fresh] == [
        ("b", "b"),
        ("d", "d"),
        ("c", "c"),
    ]


def test_a_damaged_record_is_no_reading(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    plan(store, RELEASE.url, run=5, outcome="new")
    store.execute("UPDATE release SET record = '{'")
    assert newest_readings(store, "iem", 5, at_most=9) == Readings(fresh=(), earlier=())
