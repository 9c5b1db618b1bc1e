"""Change guards: decisions on pending changes, and what accepted ones do to the store."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.config import CrawlerConfig, Guards
from crawler.extraction import DiscoveredUrl
from crawler.page import Page
from crawler.scheduler.changes.guards import COPIED, decide, is_mass, judge_together, settle
from crawler.scheduler.changes.mention import SHOWS_LIST
from crawler.scheduler.changes.newcomers import SHARED
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.identity import ErrorPages
from crawler.scheduler.plan import Link
from crawler.store import Release, Store, StoreError, release_id
from crawler.store.pages import Pages
from crawler.store.pending_change_rows import Identity, LossReason, PendingChange, PendingChangeRows
from tests.support.new_store import new_store
from tests.support.stored_release import RELEASE

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def losses(count: int) -> list[PendingChange]:
    return [
        PendingChange(
            release=f"iem-{number}", url=f"u{number}", record=None, reason="missing", seen=NOW, since=NOW
        )
        for number in range(count)
    ]


def edits(count: int, *, same: bool = False) -> list[PendingChange]:
    return [
        PendingChange(
            release=f"iem-e{number}",
            url=f"e{number}",
            record=RELEASE if same else replace(RELEASE, title=f"Virsraksts {number}"),
            seen=NOW,
            since=NOW,
        )
        for number in range(count)
    ]


AT_ONCE = "changed at once: the same reading on the next day is taken"


@pytest.mark.parametrize(
    ("pending", "known", "accepted", "objection"),
    [
        (losses(1), 1, 1, None),
        (losses(3), 10, 3, None),
        (losses(4), 10, 0, "4 of 10 releases are missing at once"),
        (edits(5), 10, 5, None),
        (edits(6), 10, 0, f"6 of 10 releases {AT_ONCE}"),
        (losses(9) + edits(1), 10, 1, "9 of 10 releases are missing at once"),
    ],
)
def test_only_likely_changes_are_accepted(
    pending: list[PendingChange], known: int, accepted: int, objection: str | None
) -> None:
    decision = decide(pending, known, Guards())
    assert len(decision.accepted) == accepted
    assert decision.objections == ((objection,) if objection else ())


@pytest.mark.parametrize(
    ("pending", "known", "guards", "accepted"),
    [
        (losses(2), 1, Guards(loss_share=1.0), 0),
        (losses(2), 2, Guards(loss_share=1.0), 2),
        (losses(1), 0, Guards(loss_share=0.01), 1),
        (losses(2), 100, Guards(loss_share=0.02), 2),
        (losses(3), 100, Guards(loss_share=0.02), 0),
        (edits(1), 0, Guards(change_share=0.01), 1),
        (edits(2), 100, Guards(change_share=0.02), 2),
        (edits(3), 100, Guards(change_share=0.02), 0),
        # Each share counts its own kind of change.
        (losses(5), 10, Guards(loss_share=0.9, change_share=0.1), 5),
        (edits(5), 10, Guards(loss_share=0.1, change_share=0.9), 5),
        (losses(3) + edits(3), 10, Guards(loss_share=0.3, change_share=0.3), 6),
        # Pages that are not the release count neither as lost nor as changed.
        (edits(4) + [replace(one, identity="strange") for one in edits(9)], 10, Guards(change_share=0.4), 4),
        ([], 0, Guards(), 0),
    ],
)
def test_shares_are_of_the_known_releases(
    pending: list[PendingChange], known: int, guards: Guards, accepted: int
) -> None:
    assert len(decide(pending, known, guards).accepted) == accepted


def test_mass_edits_block_no_new_releases() -> None:
    new = [replace(one, release=None) for one in edits(2)]
    assert decide([*new, *edits(6)], 10, Guards()).accepted == tuple(new)


def test_mass_edits_block_only_edits_and_mass_losses_only_losses() -> None:
    few, many = losses(1), edits(6)
    assert decide([*many, *few], 10, Guards()).accepted == tuple(few)
    few, many = edits(1), losses(6)
    assert decide([*many, *few], 10, Guards()).accepted == tuple(few)


def test_edits_are_made_before_losses() -> None:
    lost, edited = losses(2), edits(2)
    assert decide([*lost, *edited], 10, Guards()).accepted == (*edited, *lost)


def test_all_objections_are_named() -> None:
    strange = [replace(one, identity="strange", doubt="shows 'Ieeja'") for one in edits(2)]
    assert decide([*losses(9), *edits(8), *strange], 10, Guards()).objections == (
        "9 of 10 releases are missing at once",
        "2 pages do not show the release of the address, and wait until 2026-03-15: e.g. e0 shows 'Ieeja'",
        f"8 of 10 releases {AT_ONCE}",
    )


@pytest.mark.parametrize(
    ("readings", "identity", "doubt", "objection"),
    [
        (
            1,
            "strange",
            "shows 'Ieeja'",
            "1 page does not show the release of the address, "
            "and waits until 2026-03-15: e.g. e0 shows 'Ieeja'",
        ),
        (
            3,
            "strange",
            "",
            "3 pages do not show the release of the address, and wait until 2026-03-15: e.g. e0",
        ),
        (
            2,
            "strange",
            SHARED,
            f"2 releases suddenly have the same text: a login or error page? e.g. e0 {SHARED}",
        ),
        (
            1,
            "possible",
            "has less text",
            "1 reading waits to be repeated on a later day: e.g. e0 has less text",
        ),
        (2, "likely", "", "2 readings wait to be repeated on a later day: e.g. e0"),
        (2, "flickers", "", None),
    ],
)
def test_what_waits_is_named_with_its_number_and_an_example(
    readings: int, identity: Identity, doubt: str, objection: str | None
) -> None:
    waiting = [replace(one, identity=identity, doubt=doubt) for one in reversed(edits(readings))]
    decision = decide(waiting, 99, Guards())
    assert (decision.accepted, decision.objections) == ((), (objection,) if objection else ())


def test_pages_wait_from_the_day_of_the_first_that_does() -> None:
    [one, other] = [replace(each, identity="strange", doubt="x") for each in edits(2)]
    later = replace(other, since=NOW + timedelta(3), seen=NOW + timedelta(3))
    [objection] = decide([later, one], 99, Guards(strange_after_d=5)).objections
    assert "until 2026-03-06:" in objection


@pytest.mark.parametrize(
    ("count", "total", "share", "expected"),
    [(1, 1, 0.1, False), (2, 4, 0.5, False), (3, 5, 0.5, True), (2, 3, 0.5, True), (0, 0, 0.5, False)],
)
def test_more_than_a_share_is_a_mass_but_never_a_single_one(
    count: int, total: int, share: float, *, expected: bool
) -> None:
    assert is_mass(count, total, share) is expected


TITLES = tuple(f"Ministrija atklāj ceļu {number}. novadā" for number in range(4))


@pytest.mark.parametrize(
    ("named", "identity"),
    [(TITLES[:3], "strange"), (TITLES[:2], "possible"), (("Īss virsraksts",) * 3, "possible")],
)
def test_a_reading_that_names_three_others_is_a_list(
    store: Store, named: tuple[str, ...], identity: Identity
) -> None:
    for number, title in enumerate({*TITLES[:3], "Īss virsraksts"}):
        store.save(replace(RELEASE, url=f"{RELEASE.url}-{number}", title=title, body=f"{number}."), seen=NOW)
    [edit] = edits(1)
    assert edit.record is not None
    listing = replace(edit, record=replace(edit.record, body="\n\n".join(named)), identity="possible")
    [(judged_as, doubt)] = judged(store, listing)
    assert (judged_as, doubt) == (identity, SHOWS_LIST if identity == "strange" else "")
    sure = replace(listing, identity="same")
    assert [one[0] for one in judged(store, sure)] == ["same"]


@pytest.mark.parametrize(
    ("identity", "days"), [("same", 0), ("likely", 1), ("possible", 2), ("strange", 14), ("flickers", 99)]
)
def test_the_less_sure_a_reading_is_the_longer_it_waits(identity: Identity, days: int) -> None:
    [reading] = edits(1)
    taken = [
        bool(decide([replace(reading, identity=identity, seen=NOW + timedelta(day))], 9, Guards()).accepted)
        for day in range(20)
    ]
    assert taken == [day >= days for day in range(20)]


def test_mass_edit_is_taken_once_it_is_read_again_on_the_next_day() -> None:
    again = [replace(one, seen=NOW + timedelta(1)) for one in edits(9)]
    assert decide(again, 9, Guards()).accepted == tuple(again)


def judged(store: Store, *pending: PendingChange) -> list[tuple[str, str]]:
    return [(one.identity, one.doubt) for one in judge_together(pending, store, ErrorPages())]


@pytest.mark.parametrize(
    ("field", "text", "is_shared"),
    [
        ("title", "Cits", True),
        ("lead", "Cits", True),
        ("body", "Cits", False),
        ("body", f"{RELEASE.body}\n\n5. marts", True),
    ],
)
def test_readings_with_the_same_text_are_not_their_releases(
    store: Store, field: str, text: str, *, is_shared: bool
) -> None:
    one, other = edits(2, same=True)
    assert other.record is not None
    other = replace(other, record=replace(other.record, **{field: text}))  # type: ignore[arg-type]  # all are text
    assert {identity for identity, _ in judged(store, one, other)} == {"strange" if is_shared else "same"}


def test_text_of_another_release_is_not_that_of_this_one(store: Store) -> None:
    store.save(replace(RELEASE, url=f"{RELEASE.url}-2"), seen=NOW)
    doubtful = replace(change(RELEASE), identity="possible")
    assert judged(store, doubtful) == [("strange", "shows the text of another release")]
    # If a list names it so, the two addresses are of one release.
    assert [*judge_together([doubtful], store, ErrorPages(), named={RELEASE.url})] == [doubtful]


@pytest.mark.parametrize(
    ("identity", "body", "is_held"),
    [
        ("likely", "Cits teksts.", True),
        ("possible", "Cits teksts.", True),
        ("same", "Cits teksts.", False),  # most of the text is as before
        ("possible", "Vēl cits teksts.", False),
        ("possible", "Mans teksts.", False),  # its own, under its former title
    ],
)
def test_text_of_another_release_under_its_own_title_is_not_that_of_this_one(
    store: Store, identity: Identity, body: str, *, is_held: bool
) -> None:
    store.save(replace(RELEASE, body="Mans teksts.", title="Virsraksts"), seen=NOW)
    store.save(replace(RELEASE, url="https://www.iem.example/b", title="Cits", body="Cits teksts."), seen=NOW)
    reading = replace(change(replace(RELEASE, body=body)), identity=identity)
    [judged] = judge_together([reading], store, ErrorPages())
    assert (judged.identity == "strange" and judged.doubt == COPIED) is is_held


def test_releases_that_lead_to_one_page_are_not_missing(store: Store) -> None:
    leading = [
        replace(one, reason="leads to another release", aliases=("https://a.lv/",)) for one in losses(2)
    ]
    assert {identity for identity, _ in judged(store, *leading)} == {"strange"}
    assert judged(store, leading[0]) == [("same", "")]


# --- pending changes, and what they become ---

KNOWN = release_id(RELEASE.site, RELEASE.url)
CHANGED = replace(RELEASE, title="Cits virsraksts")
ALIAS = "https://iem.example/lv/jaunums/cits"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "releases.sqlite3") as store:
        yield store


def change(record: Release | None, reason: LossReason | None = None, release: str = KNOWN) -> PendingChange:
    aliases = (ALIAS,) if record else ()
    return PendingChange(
        release=release, url=RELEASE.url, record=record, aliases=aliases, reason=reason, seen=NOW, since=NOW
    )


@pytest.mark.parametrize("pending", [change(CHANGED), change(None, "missing"), change(None, "no release")])
def test_pending_change_is_read_as_written(store: Store, pending: PendingChange) -> None:
    rows = PendingChangeRows(store)
    rows.put("iem", pending)
    assert rows.of_site("iem") == (pending,)
    assert rows.of_site("mod") == ()


def test_last_pending_change_from_each_address_is_kept(store: Store) -> None:
    rows = PendingChangeRows(store)
    first, second = (replace(change(CHANGED), url=url) for url in ("a", "b"))
    for pending in (replace(change(None, "missing"), url="b"), first, second):
        rows.put("iem", pending)
    assert rows.of_site("iem") == (first, second)
    rows.delete("a")
    assert rows.of_site("iem") == (second,)


def settle_all(
    store: Store, *pending: PendingChange, is_accepted: bool = False, known: int = 1
) -> tuple[str, ...]:
    """Settle *pending* on a site with *known* releases, whose pages are stored."""
    for number in range(known):
        at = f"{RELEASE.url}{number or ''}"
        store.save(replace(RELEASE, url=at, body=f"Teksts {number}."), seen=NOW - timedelta(9))
        page = Page(requested_url=at, url=at, status=200, headers={}, body=b"vecs", fetched=NOW, chain=(at,))
        Pages(store).keep(at, page)
    config = CrawlerConfig()
    for one in pending:
        PendingChangeRows(store).put("iem", one)
    run = Frontier(store, config.recheck).start(NOW)
    return settle("iem", run, store, config, is_accepted=is_accepted)


SECOND = "https://www.iem.example/second"


@pytest.mark.parametrize(
    ("outcome", "text", "is_separate"),
    [
        ("unchanged", "Pavisam citi vārdi par mežiem.", True),
        ("held", "Pavisam citi vārdi par mežiem.", False),  # its address shows something else, too
        ("unchanged", "Teksts 0. Precizēts.", False),  # an edit, which all its addresses will show
    ],
)
def test_text_that_an_alias_still_shows_is_kept_when_another_takes_its_place(
    store: Store, outcome: str, text: str, *, is_separate: bool
) -> None:
    store.save(replace(RELEASE, body="Teksts 0."), seen=NOW - timedelta(9), aliases=(SECOND,))
    frontier = Frontier(store, CrawlerConfig().recheck)
    run = frontier.start(NOW)
    link = DiscoveredUrl(url=SECOND, title=None, published=None, source="list")
    frontier.add("iem", [Link(url=SECOND, kind="release", depth=1, discovered=link)], run, at_most=9)
    frontier.record_settlement(SECOND, run, outcome, "")
    edit = replace(change(replace(RELEASE, body=text)), aliases=())
    settle_all(store, edit)
    kept, edited = store.find(SECOND), store.find(RELEASE.url)
    assert kept is not None
    assert edited is not None
    assert (kept.release.body, kept.id != edited.id) == ("Teksts 0." if is_separate else text, is_separate)
    assert (edited.release.body, edited.state, kept.state) == (text, "present", "present")


def state_of(store: Store) -> tuple[str, str]:
    stored = store.get(KNOWN)
    assert stored is not None
    return stored.state, stored.release.title


def test_accepted_edit_is_made(store: Store) -> None:
    assert settle_all(store, change(CHANGED)) == ()
    assert state_of(store) == ("present", "Cits virsraksts")
    found = store.find(ALIAS)
    assert found is not None
    assert found.id == KNOWN


def test_edit_that_waited_is_dated_by_its_first_reading(store: Store) -> None:
    read, seen = NOW + timedelta(1), NOW + timedelta(2)
    settle_all(store, replace(change(CHANGED), identity="likely", since=read, read=read, seen=seen))
    assert [(one.since, one.stored) for one in store.versions(KNOWN)][1:] == [(read, seen)]


@pytest.mark.parametrize("reason", ["missing", "no release"])
def test_accepted_loss_is_the_first_of_two_days(store: Store, reason: LossReason) -> None:
    assert settle_all(store, change(None, reason)) == ()
    assert state_of(store)[0] == "present"
    assert store.missing_since(KNOWN) is not None


def test_loss_accepted_by_the_operator_is_final_at_once(store: Store) -> None:
    assert settle_all(store, change(None, "missing"), is_accepted=True) == ()
    assert state_of(store)[0] == "gone"


def test_settled_change_and_its_page_are_forgotten(store: Store) -> None:
    settle_all(store, change(CHANGED), known=2)
    assert PendingChangeRows(store).of_site("iem") == ()
    assert Pages(store).get(RELEASE.url) is None
    assert Pages(store).get(f"{RELEASE.url}1") is not None


def many(count: int) -> list[PendingChange]:
    return [
        replace(change(None, "missing", release_id("iem", f"{RELEASE.url}{n or ''}")), url=f"{n}")
        for n in range(count)
    ]


def test_rejected_change_stays_pending_and_is_named(store: Store) -> None:
    assert settle_all(store, *many(4), known=10) == ("4 of 10 releases are missing at once",)
    assert len(PendingChangeRows(store).of_site("iem")) == 4
    assert store.missing_since(KNOWN) is None
    assert Pages(store).get(RELEASE.url) is not None


def test_share_is_of_the_releases_of_the_site_itself(store: Store) -> None:
    for number in range(20):
        there = f"https://mod.example/{number}"
        store.save(replace(RELEASE, site="mod", url=there, body=there), seen=NOW - timedelta(9))
    assert settle_all(store, *many(2), known=3) == ("2 of 3 releases are missing at once",)


def test_changes_accepted_by_the_operator_are_made_without_objections(store: Store) -> None:
    assert settle_all(store, *many(4), known=10, is_accepted=True) == ()
    assert PendingChangeRows(store).of_site("iem") == ()
    assert store.count_of("iem") == 6


def test_other_sites_are_not_settled(store: Store) -> None:
    PendingChangeRows(store).put("mod", change(CHANGED, release="mod-1"))
    settle_all(store)
    assert PendingChangeRows(store).of_site("mod") == (change(CHANGED, release="mod-1"),)


@pytest.mark.parametrize(
    ("pending", "outcome", "reason"),
    [(change(CHANGED), "changed", ""), (change(None, "no release"), "missing", "no release")],
)
def test_report_names_the_outcome(store: Store, pending: PendingChange, outcome: str, reason: str) -> None:
    frontier = Frontier(store, CrawlerConfig().recheck)
    run = frontier.start(NOW)
    frontier.seed("iem", "release", [RELEASE.url], run)
    settle_all(store, pending)
    assert [(one.outcome, one.reason) for one in frontier.count_outcomes(run, "iem")] == [(outcome, reason)]


def test_noindex_hides_the_release(store: Store) -> None:
    settle_all(store, change(None, "noindex"), is_accepted=True)
    assert state_of(store)[0] == "hidden"


# --- the second day, other sites, failures ---


def settle_one(store: Store, pending: PendingChange, *, is_accepted: bool = False) -> list[tuple[str, str]]:
    """Settle *pending* in a run of its own; return its outcome and reason in the report."""
    config = CrawlerConfig()
    frontier = Frontier(store, config.recheck)
    run = frontier.start(pending.seen)
    frontier.seed("iem", "release", [pending.url], run)
    PendingChangeRows(store).put("iem", pending)
    settle("iem", run, store, config, is_accepted=is_accepted)
    return [(one.outcome, one.reason) for one in frontier.count_outcomes(run, "iem")]


@pytest.mark.parametrize(
    ("reason", "end"), [("noindex", "hidden"), ("missing", "gone"), ("leads to another release", "gone")]
)
@pytest.mark.parametrize(
    ("first", "second", "is_another_day"),
    [
        ("2026-03-01T09:00Z", "2026-03-02T09:00Z", True),
        ("2026-03-01T09:00Z", "2026-03-01T09:01Z", False),
        ("2026-03-01T09:00Z", "2026-03-01T21:59Z", False),
        # Days are counted in Riga.
        ("2026-03-01T21:59Z", "2026-03-01T22:00Z", True),
        ("2026-03-01T23:59Z", "2026-03-02T00:00Z", False),
    ],
)
def test_loss_is_final_on_the_second_day(
    store: Store, reason: LossReason, end: str, first: str, second: str, *, is_another_day: bool
) -> None:
    store.save(RELEASE, seen=NOW - timedelta(9))
    for at, outcome in ((first, "missing"), (second, end if is_another_day else "missing")):
        pending = replace(change(None, reason), seen=datetime.fromisoformat(at))
        assert settle_one(store, pending) == [(outcome, reason)]
        assert state_of(store)[0] == ("present" if outcome == "missing" else outcome)


@pytest.mark.parametrize(
    ("pending", "outcome"),
    [
        (change(None, "noindex"), "hidden"),
        (change(None, "missing"), "gone"),
        (change(None, "leads to another release"), "gone"),
        (change(CHANGED), "changed"),
    ],
)
def test_change_accepted_by_the_operator_is_reported_as_final(
    store: Store, pending: PendingChange, outcome: str
) -> None:
    store.save(RELEASE, seen=NOW - timedelta(9))
    assert settle_one(store, pending, is_accepted=True) == [(outcome, pending.reason or "")]
    assert state_of(store)[0] == ("present" if outcome == "changed" else outcome)


def test_pending_changes_are_ordered_by_release(store: Store) -> None:
    for release, hours in (("b", 1), ("c", 3), ("a", 2)):
        PendingChangeRows(store).put(
            "iem", replace(change(CHANGED, release=release), url=release, seen=NOW + timedelta(hours=hours))
        )
    assert [pending.release for pending in PendingChangeRows(store).of_site("iem")] == ["a", "b", "c"]


@pytest.mark.parametrize(("column", "value"), [("record", "{"), ("aliases", "x"), ("seen", "yesterday")])
def test_damaged_row_is_reported_with_the_file(store: Store, column: str, value: str) -> None:
    PendingChangeRows(store).put("iem", change(CHANGED))
    store.execute(f"UPDATE held SET {column} = ?", value)
    with pytest.raises(
        StoreError, match=r"releases\.sqlite3: a pending change of iem is damaged; restore the file"
    ):
        PendingChangeRows(store).of_site("iem")


def test_edit_that_leads_to_a_release_of_another_site_adds_addresses_to_it(store: Store) -> None:
    there = replace(RELEASE, site="mod", url="https://mod.example/lv/jaunums/x", body="Tas pats citur.")
    for release in (RELEASE, there):
        store.save(release, seen=NOW - timedelta(9))
    pending = change(replace(there, site="iem", title="Kā to lasa iem"))
    assert settle_one(store, pending) == [("changed", "")]
    for url in (RELEASE.url, ALIAS, there.url):
        found = store.find(url)
        assert found is not None
        assert (found.id, found.release.site, found.release.title) == (
            release_id("mod", there.url),
            "mod",
            RELEASE.title,
        )


def test_edit_that_leads_to_another_release_of_the_same_site_is_made(store: Store) -> None:
    there = replace(RELEASE, url="https://www.iem.example/lv/jaunums/x", body="Cits teksts.")
    for release in (RELEASE, there):
        store.save(release, seen=NOW - timedelta(9))
    assert settle_one(store, change(replace(there, title="Jauns virsraksts"))) == [("changed", "")]
    found = store.find(there.url)
    assert found is not None
    assert found.release.title == "Jauns virsraksts"


def test_edit_of_a_release_whose_site_was_removed_from_the_settings_is_made(store: Store) -> None:
    store.save(replace(RELEASE, site="vecā"), seen=NOW - timedelta(9))
    pending = replace(change(CHANGED), release=release_id("vecā", RELEASE.url))
    assert settle_one(store, pending) == [("changed", "")]
    found = store.find(RELEASE.url)
    assert found is not None
    assert (found.id, found.release.site, found.release.title) == (pending.release, "iem", CHANGED.title)


def test_pages_of_all_addresses_of_a_change_are_forgotten(store: Store) -> None:
    moved = replace(CHANGED, url=f"{RELEASE.url}-2")
    addresses = (RELEASE.url, ALIAS, moved.url)
    for at in addresses:
        page = Page(requested_url=at, url=at, status=200, headers={}, body=b"vecs", fetched=NOW, chain=(at,))
        Pages(store).keep(at, page)
    assert change(moved).addresses == addresses
    settle_all(store, change(moved), known=1)
    assert [Pages(store).get(at) for at in addresses] == [None] * 3


def test_change_that_the_store_refuses_leaves_nothing_and_stops_no_other(store: Store) -> None:
    urls = [f"{RELEASE.url}{number}" for number in range(4)]
    for url in urls:
        store.save(replace(RELEASE, url=url, body=url), seen=NOW - timedelta(9))
    # Fails after part of the change is written.
    store.execute("CREATE TRIGGER full BEFORE INSERT ON alias BEGIN SELECT RAISE(ABORT, 'no more'); END")
    broken, sound = (
        PendingChange(
            release=release_id("iem", url),
            url=url,
            record=replace(CHANGED, url=url, title=f"Cits virsraksts {url}", body=f"{word} teksts."),
            seen=NOW,
            since=NOW,
        )
        for url, word in zip(urls, ("Viens", "Otrs"), strict=False)
    )
    PendingChangeRows(store).put("iem", sound)
    assert settle_one(store, replace(broken, aliases=(ALIAS,))) == [("failed", "cannot be stored")]
    titles = [found.release.title for url in urls[:2] if (found := store.find(url))]
    assert titles == [RELEASE.title, f"Cits virsraksts {urls[1]}"]
    assert PendingChangeRows(store).of_site("iem") == ()


def test_store_that_cannot_be_written_changes_nothing(store: Store) -> None:
    urls = [f"{RELEASE.url}{number}" for number in range(4)]
    for url in urls:
        store.save(replace(RELEASE, url=url, body=url), seen=NOW - timedelta(9))
    last = release_id("iem", urls[1])
    store.execute(
        "CREATE TRIGGER full BEFORE DELETE ON held WHEN OLD.release = "
        f"'{last}' BEGIN SELECT RAISE(ABORT, 'no more'); END"
    )
    for url, word in zip(urls, ("Viens", "Otrs"), strict=False):
        edited = replace(CHANGED, url=url, title=word, body=f"{word} teksts.")
        PendingChangeRows(store).put(
            "iem", PendingChange(release=release_id("iem", url), url=url, record=edited, seen=NOW, since=NOW)
        )
    run = Frontier(store, CrawlerConfig().recheck).start(NOW)
    with pytest.raises(Exception, match="no more"):
        settle("iem", run, store, CrawlerConfig(), is_accepted=False)
    assert [found.release.title for url in urls if (found := store.find(url))] == [RELEASE.title] * 4
    assert len(PendingChangeRows(store).of_site("iem")) == 2


def test_change_of_an_unknown_release_fails_alone_and_is_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    assert settle_one(store, change(None, "missing", "iem-nowhere")) == [("failed", "cannot be stored")]
    (message,) = caplog.messages
    assert re.fullmatch(rf"{RELEASE.url}: cannot be stored: \w+Error\(.+\); please report it", message)
