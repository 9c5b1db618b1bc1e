from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.config import CrawlerConfig, Guards
from crawler.page import Page
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.held_changes import judge, settle
from crawler.store import Release, Store, StoreError, release_id
from crawler.store.pages import Pages
from crawler.store.pending_change_rows import LossReason, PendingChange, PendingChangeRows
from tests.crawler.store.test_releases import RELEASE

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def losses(count: int) -> list[PendingChange]:
    return [
        PendingChange(release=f"iem-{number}", asked=f"u{number}", record=None, reason="missing", seen=NOW)
        for number in range(count)
    ]


def edits(count: int, *, same: bool = False) -> list[PendingChange]:
    return [
        PendingChange(
            release=f"iem-e{number}",
            asked=f"e{number}",
            record=RELEASE if same else replace(RELEASE, title=f"Virsraksts {number}"),
            seen=NOW,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("held", "known", "believed", "objection"),
    [
        (losses(1), 1, 1, None),
        (losses(3), 10, 3, None),
        (losses(4), 10, 0, "4 of 10 releases are missing at once"),
        (edits(5), 10, 5, None),
        (edits(6), 10, 0, "6 of 10 releases changed at once"),
        (edits(2, same=True), 100, 0, "2 releases suddenly say the same as another: a login or error page?"),
        (losses(9) + edits(1), 10, 1, "9 of 10 releases are missing at once"),
    ],
)
def test_only_what_is_likely_is_believed(
    held: list[PendingChange], known: int, believed: int, objection: str | None
) -> None:
    verdict = judge(held, known, Guards())
    assert len(verdict.believed) == believed
    assert verdict.objections == ((objection,) if objection else ())


@pytest.mark.parametrize(
    ("held", "known", "guards", "believed"),
    [
        (losses(2), 1, Guards(loss_share=1.0), 0),
        (losses(2), 2, Guards(loss_share=1.0), 2),
        (losses(1), 0, Guards(loss_share=0.01), 1),
        (losses(2), 100, Guards(loss_share=0.02), 2),
        (losses(3), 100, Guards(loss_share=0.02), 0),
        (edits(1), 0, Guards(change_share=0.01), 1),
        (edits(2), 100, Guards(change_share=0.02), 2),
        (edits(3), 100, Guards(change_share=0.02), 0),
        # Each share is of its own kind.
        (losses(5), 10, Guards(loss_share=0.9, change_share=0.1), 5),
        (edits(5), 10, Guards(loss_share=0.1, change_share=0.9), 5),
        (losses(3) + edits(3), 10, Guards(loss_share=0.3, change_share=0.3), 6),
        # What is masked counts neither as lost nor as changed.
        (edits(4) + edits(9, same=True), 10, Guards(change_share=0.4), 4),
        ([], 0, Guards(), 0),
    ],
)
def test_shares_are_of_what_is_known(
    held: list[PendingChange], known: int, guards: Guards, believed: int
) -> None:
    assert len(judge(held, known, guards).believed) == believed


def test_mass_edits_speak_against_edits_alone_and_mass_losses_against_losses() -> None:
    few, many = losses(1), edits(6)
    assert judge([*many, *few], 10, Guards()).believed == tuple(few)
    few, many = edits(1), losses(6)
    assert judge([*many, *few], 10, Guards()).believed == tuple(few)


def test_each_objection_is_named() -> None:
    assert judge([*losses(9), *edits(8), *edits(7, same=True)], 10, Guards()).objections == (
        "7 releases suddenly say the same as another: a login or error page?",
        "9 of 10 releases are missing at once",
        "8 of 10 releases changed at once",
    )


@pytest.mark.parametrize(("field", "believed"), [("title", 2), ("body", 2), ("lead", 0)])
def test_releases_say_the_same_by_title_and_text(field: str, believed: int) -> None:
    one, other = edits(2, same=True)
    assert other.record is not None
    other = replace(other, record=replace(other.record, **{field: "Cits"}))  # type: ignore[arg-type]  # all are text
    assert len(judge([one, other], 100, Guards()).believed) == believed


# --- what waits, and what becomes of it ---

KNOWN = release_id(RELEASE.site, RELEASE.url)
CHANGED = replace(RELEASE, title="Cits virsraksts")
ALIAS = "https://iem.example/lv/jaunums/cits"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "releases.sqlite3") as store:
        yield store


def held_of(record: Release | None, reason: LossReason | None = None, release: str = KNOWN) -> PendingChange:
    aliases = (ALIAS,) if record else ()
    return PendingChange(
        release=release, asked=RELEASE.url, record=record, aliases=aliases, reason=reason, seen=NOW
    )


@pytest.mark.parametrize("held", [held_of(CHANGED), held_of(None, "missing"), held_of(None, "no release")])
def test_what_waits_comes_back_as_it_was(store: Store, held: PendingChange) -> None:
    waiting = PendingChangeRows(store)
    waiting.put("iem", held)
    assert waiting.of_site("iem") == (held,)
    assert waiting.of_site("mod") == ()


def test_what_waits_is_by_release_and_the_last_of_each(store: Store) -> None:
    waiting = PendingChangeRows(store)
    for held in (held_of(None, "missing", "b"), held_of(CHANGED, release="a"), held_of(CHANGED, release="b")):
        waiting.put("iem", held)
    assert waiting.of_site("iem") == (held_of(CHANGED, release="a"), held_of(CHANGED, release="b"))
    waiting.delete("a")
    assert waiting.of_site("iem") == (held_of(CHANGED, release="b"),)


def settled(store: Store, *held: PendingChange, is_accepted: bool = False, known: int = 1) -> tuple[str, ...]:
    """Settle *held* on a site of *known* releases, whose pages are kept."""
    for number in range(known):
        at = f"{RELEASE.url}{number or ''}"
        store.save(replace(RELEASE, url=at, body=f"Teksts {number}."), seen=NOW - timedelta(9))
        page = Page(asked=at, url=at, status=200, headers={}, body=b"vecs", fetched=NOW, chain=(at,))
        Pages(store).keep(at, page)
    config = CrawlerConfig()
    for one in held:
        PendingChangeRows(store).put("iem", one)
    run = Frontier(store, config.recheck).start(NOW)
    return settle("iem", run, store, config, is_accepted=is_accepted)


def state_of(store: Store) -> tuple[str, str]:
    stored = store.get(KNOWN)
    assert stored is not None
    return stored.state, stored.release.title


def test_an_edit_that_is_believed_is_made(store: Store) -> None:
    assert settled(store, held_of(CHANGED)) == ()
    assert state_of(store) == ("present", "Cits virsraksts")
    found = store.find(ALIAS)
    assert found is not None
    assert found.id == KNOWN


@pytest.mark.parametrize("reason", ["missing", "no release"])
def test_a_loss_that_is_believed_is_one_day_of_two(store: Store, reason: LossReason) -> None:
    assert settled(store, held_of(None, reason)) == ()
    assert state_of(store)[0] == "present"
    assert store.missed(KNOWN) is not None


def test_a_loss_that_an_operator_accepts_is_certain(store: Store) -> None:
    assert settled(store, held_of(None, "missing"), is_accepted=True) == ()
    assert state_of(store)[0] == "gone"


def test_what_is_settled_no_longer_waits_nor_is_its_page_kept(store: Store) -> None:
    settled(store, held_of(CHANGED), known=2)
    assert PendingChangeRows(store).of_site("iem") == ()
    assert Pages(store).kept(RELEASE.url) is None
    assert Pages(store).kept(f"{RELEASE.url}1") is not None


def many(count: int) -> list[PendingChange]:
    return [
        replace(held_of(None, "missing", release_id("iem", f"{RELEASE.url}{n or ''}")), asked=f"{n}")
        for n in range(count)
    ]


def test_what_is_not_believed_waits_and_is_named(store: Store) -> None:
    assert settled(store, *many(4), known=10) == ("4 of 10 releases are missing at once",)
    assert len(PendingChangeRows(store).of_site("iem")) == 4
    assert store.missed(KNOWN) is None
    assert Pages(store).kept(RELEASE.url) is not None


def test_what_an_operator_accepts_is_made_and_not_objected_to(store: Store) -> None:
    assert settled(store, *many(4), known=10, is_accepted=True) == ()
    assert PendingChangeRows(store).of_site("iem") == ()
    assert store.count_of("iem") == 6


def test_only_the_site_itself_is_settled(store: Store) -> None:
    PendingChangeRows(store).put("mod", held_of(CHANGED, release="mod-1"))
    settled(store)
    assert PendingChangeRows(store).of_site("mod") == (held_of(CHANGED, release="mod-1"),)


@pytest.mark.parametrize(
    ("held", "outcome", "reason"),
    [(held_of(CHANGED), "changed", ""), (held_of(None, "no release"), "missing", "no release")],
)
def test_the_report_names_what_became_of_it(
    store: Store, held: PendingChange, outcome: str, reason: str
) -> None:
    frontier = Frontier(store, CrawlerConfig().recheck)
    run = frontier.start(NOW)
    frontier.seed("iem", "release", [RELEASE.url], run)
    settled(store, held)
    assert [(one.outcome, one.reason) for one in frontier.tallies(run, "iem")] == [(outcome, reason)]


def test_a_page_that_asks_not_to_be_found_hides_its_release(store: Store) -> None:
    settled(store, held_of(None, "noindex"), is_accepted=True)
    assert state_of(store)[0] == "hidden"


# --- on a second day, at another site, at a fault ---


def made(store: Store, held: PendingChange) -> list[tuple[str, str]]:
    """Settle *held* of the site in a run of its own; return what the report says of it."""
    config = CrawlerConfig()
    frontier = Frontier(store, config.recheck)
    run = frontier.start(held.seen)
    frontier.seed("iem", "release", [held.asked], run)
    PendingChangeRows(store).put("iem", held)
    settle("iem", run, store, config, is_accepted=False)
    return [(one.outcome, one.reason) for one in frontier.tallies(run, "iem")]


@pytest.mark.parametrize(("reason", "end"), [("noindex", "hidden"), ("missing", "gone")])
@pytest.mark.parametrize(
    ("first", "second", "is_another_day"),
    [
        ("2026-03-01T09:00Z", "2026-03-02T09:00Z", True),
        ("2026-03-01T09:00Z", "2026-03-01T09:01Z", False),
        ("2026-03-01T09:00Z", "2026-03-01T21:59Z", False),
        # Days are those of Riga.
        ("2026-03-01T21:59Z", "2026-03-01T22:00Z", True),
        ("2026-03-01T23:59Z", "2026-03-02T00:00Z", False),
    ],
)
def test_a_loss_is_made_on_a_second_day(
    store: Store, reason: LossReason, end: str, first: str, second: str, *, is_another_day: bool
) -> None:
    store.save(RELEASE, seen=NOW - timedelta(9))
    for at, outcome in ((first, "missing"), (second, end if is_another_day else "missing")):
        held = replace(held_of(None, reason), seen=datetime.fromisoformat(at))
        assert made(store, held) == [(outcome, reason)]
        assert state_of(store)[0] == ("present" if outcome == "missing" else outcome)


def test_what_waits_is_in_the_order_of_its_releases_however_long_it_waits(store: Store) -> None:
    for release, hours in (("b", 1), ("c", 3), ("a", 2)):
        PendingChangeRows(store).put(
            "iem", replace(held_of(CHANGED, release=release), seen=NOW + timedelta(hours=hours))
        )
    assert [held.release for held in PendingChangeRows(store).of_site("iem")] == ["a", "b", "c"]


@pytest.mark.parametrize(("column", "value"), [("record", "{"), ("aliases", "x"), ("seen", "yesterday")])
def test_what_waits_and_is_damaged_is_said_with_the_file(store: Store, column: str, value: str) -> None:
    PendingChangeRows(store).put("iem", held_of(CHANGED))
    store.execute(f"UPDATE held SET {column} = ?", value)
    with pytest.raises(
        StoreError, match=r"releases\.sqlite3: what waits of iem is damaged; restore the file"
    ):
        PendingChangeRows(store).of_site("iem")


def test_an_edit_that_leads_to_a_release_of_another_site_gives_it_the_addresses(store: Store) -> None:
    there = replace(RELEASE, site="mod", url="https://mod.example/lv/jaunums/x", body="Tas pats citur.")
    for release in (RELEASE, there):
        store.save(release, seen=NOW - timedelta(9))
    held = held_of(replace(there, site="iem", title="Kā to lasa iem"))
    assert made(store, held) == [("changed", "")]
    for url in (RELEASE.url, ALIAS, there.url):
        found = store.find(url)
        assert found is not None
        assert (found.id, found.release.site, found.release.title) == (
            release_id("mod", there.url),
            "mod",
            RELEASE.title,
        )


def test_an_edit_that_leads_to_another_release_of_the_same_site_is_made(store: Store) -> None:
    there = replace(RELEASE, url="https://www.iem.example/lv/jaunums/x", body="Cits teksts.")
    for release in (RELEASE, there):
        store.save(release, seen=NOW - timedelta(9))
    assert made(store, held_of(replace(there, title="Jauns virsraksts"))) == [("changed", "")]
    found = store.find(there.url)
    assert found is not None
    assert found.release.title == "Jauns virsraksts"


def test_no_page_at_which_a_change_was_met_is_kept(store: Store) -> None:
    moved = replace(CHANGED, url=f"{RELEASE.url}-2")
    addresses = (RELEASE.url, ALIAS, moved.url)
    for at in addresses:
        page = Page(asked=at, url=at, status=200, headers={}, body=b"vecs", fetched=NOW, chain=(at,))
        Pages(store).keep(at, page)
    assert held_of(moved).addresses == addresses
    settled(store, held_of(moved), known=1)
    assert [Pages(store).kept(at) for at in addresses] == [None] * 3


def test_a_change_that_breaks_a_rule_of_the_store_leaves_nothing_and_stops_no_other(store: Store) -> None:
    urls = [f"{RELEASE.url}{number}" for number in range(4)]
    for url in urls:
        store.save(replace(RELEASE, url=url, body=url), seen=NOW - timedelta(9))
    # Fails when a part is written already.
    store.execute("CREATE TRIGGER full BEFORE INSERT ON alias BEGIN SELECT RAISE(ABORT, 'no more'); END")
    broken, sound = (
        PendingChange(
            release=release_id("iem", url), asked=url, record=replace(CHANGED, url=url, body=url), seen=NOW
        )
        for url in urls[:2]
    )
    PendingChangeRows(store).put("iem", sound)
    assert made(store, replace(broken, aliases=(ALIAS,))) == [("failed", "cannot be stored")]
    titles = [found.release.title for url in urls[:2] if (found := store.find(url))]
    assert titles == [RELEASE.title, CHANGED.title]
    assert PendingChangeRows(store).of_site("iem") == ()


def test_a_change_of_a_release_that_is_not_there_fails_alone(store: Store) -> None:
    assert made(store, held_of(None, "missing", "iem-nowhere")) == [("failed", "cannot be stored")]
