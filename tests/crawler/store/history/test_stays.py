import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.store import Stay, Store, release_id, stays_of
from preses_relizes.shared.calendar import riga_day
from tests.support.crawled import record_crawl
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, ID, RELEASE
from tests.support.time_oracle import URLS, Story

OTHER = replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits.")
OTHER_ID = release_id(OTHER.site, OTHER.url)
EDITED = replace(RELEASE, body="Labots.")


def later(days: int) -> datetime:
    return DAY + timedelta(days)


def stays(store: Store, id_: str = ID) -> list[Stay]:
    stored = store.get(id_)
    assert stored is not None
    return list(stays_of(store, stored))


def told(store: Store, id_: str = ID) -> list[tuple[str, int, int, datetime, datetime | None]]:
    """Return release, number, place, and from when to when each stay counts."""
    return [
        (stay.version.release, stay.version.number, stay.place, stay.since, stay.until)
        for stay in stays(store, id_)
    ]


def test_a_first_text_is_presumed_to_stand_since_its_publication(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    [stay] = stays(store)
    assert (stay.presumed, stay.after, stay.since, stay.until) == (date(2026, 2, 27), None, DAY, None)
    assert stay.begin == datetime(2026, 2, 26, 22, tzinfo=UTC)


def test_a_text_that_names_a_later_day_is_not_presumed_to_have_stood(store: Store) -> None:
    store.save(replace(RELEASE, published=date(2026, 3, 5)), seen=DAY)
    [stay] = stays(store)
    assert (stay.presumed, stay.begin) == (None, DAY)


def test_both_ends_of_an_edit_are_known(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    record_crawl(store, RELEASE.url, at=later(1), outcome="unchanged")
    store.save(EDITED, seen=later(2))
    first, second = stays(store)
    assert (first.seen, first.until) == (later(1), later(2))
    assert (second.presumed, second.after, second.since, second.until) == (None, later(1), later(2), None)


def test_each_stay_tells_when_it_was_last_seen(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    for days, outcome in ((1, "unchanged"), (2, "gone"), (4, "unchanged"), (6, "unchanged"), (7, "gone")):
        if outcome == "gone":
            store.mark_gone(ID, seen=later(days))
        else:
            store.sight(ID, seen=later(days))
        record_crawl(store, RELEASE.url, at=later(days), outcome=outcome)
    assert [(stay.since, stay.seen, stay.until) for stay in stays(store)] == [
        (DAY, later(1), later(2)),
        (later(4), later(6), later(7)),
    ]
    store.save(EDITED, seen=later(9))
    first, second, third = stays(store)
    assert [first.seen, second.seen, third.seen] == [later(1), later(6), None]
    assert (third.after, third.since) == (later(7), later(9))


def test_a_visit_that_does_not_see_a_text_leaves_when_it_was_last_seen(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    record_crawl(store, RELEASE.url, at=later(1), outcome="unchanged")
    for days, outcome in ((2, "failed"), (3, "held")):
        store.keep_sighting(RELEASE.url)
        record_crawl(store, RELEASE.url, at=later(days), outcome=outcome)
    store.save(EDITED, seen=later(3))
    first, second = stays(store)
    assert (first.seen, first.until, second.after) == (later(1), later(3), later(1))


def test_a_removal_ends_a_stay_and_a_return_begins_another(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=later(2))
    assert told(store) == [(ID, 1, 1, DAY, later(2))]
    store.sight(ID, seen=later(5))
    assert told(store) == [(ID, 1, 1, DAY, later(2)), (ID, 1, 2, later(5), None)]
    assert stays(store)[1].after == later(2)


def test_a_return_with_another_text_leaves_a_gap(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=later(2))
    store.save(EDITED, seen=later(5))
    assert told(store) == [(ID, 1, 1, DAY, later(2)), (ID, 2, 1, later(5), None)]


def test_a_return_with_a_text_that_was_held_is_when_it_was_first_read(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=later(2))
    store.save(EDITED, seen=later(6), read=later(4))
    assert told(store) == [(ID, 1, 1, DAY, later(2)), (ID, 2, 1, later(4), None)]


def test_a_better_reading_is_presumed_to_be_of_the_same_page(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.overwrite(ID, EDITED, seen=later(2))
    _, reading = stays(store)
    assert (reading.presumed, reading.since, reading.until) == (date(2026, 2, 27), later(2), None)


def test_a_page_that_is_read_anew_once_it_is_gone_stood_before(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=later(2))
    store.overwrite(ID, EDITED, seen=later(4))
    assert told(store) == [(ID, 1, 1, DAY, later(2)), (ID, 2, 1, later(4), later(2))]


def test_a_release_has_the_stays_of_those_merged_into_it(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.save(OTHER, seen=later(3))
    store.add_addresses(OTHER_ID, (RELEASE.url,), seen=later(3))
    assert told(store, OTHER_ID) == [(ID, 1, 1, DAY, later(3)), (OTHER_ID, 1, 1, later(3), None)]
    store.separate(ID, seen=later(6))
    assert told(store) == [(ID, 1, 1, DAY, None)]


def test_a_text_read_after_a_move_did_not_stand_before_it(store: Store) -> None:
    store.save(replace(RELEASE, published=date(2026, 2, 1)), seen=DAY)
    store.save(replace(OTHER, published=date(2026, 2, 1)), seen=later(3))
    (alone,) = stays(store, OTHER_ID)
    assert (alone.presumed, alone.after) == (date(2026, 2, 1), None)
    store.add_addresses(OTHER_ID, (RELEASE.url,), seen=later(3))
    before, moved = stays(store, OTHER_ID)
    assert (before.presumed, moved.presumed) == (date(2026, 2, 1), None)
    assert moved.after is not None
    assert DAY <= moved.after <= later(3) == moved.since


def test_a_gone_release_that_was_merged_is_gone_once_it_is_separated(store: Store) -> None:
    store.save(RELEASE, seen=DAY)
    store.mark_gone(ID, seen=later(1))
    store.save(OTHER, seen=later(3))
    store.add_addresses(OTHER_ID, (RELEASE.url,), seen=later(3))
    store.separate(ID, seen=later(6))
    assert told(store) == [(ID, 1, 1, DAY, later(1))]


def test_a_page_with_a_counter_has_a_bounded_number_of_stays(store: Store) -> None:
    with store.transaction():
        for number in range(1_000):
            store.save(replace(RELEASE, body=f"Skatījumi: {number}."), seen=DAY + timedelta(hours=number))
    numbers = [stay.version.number for stay in stays(store)]
    assert numbers == [*range(1, 101), *range(701, 1_001)]


@pytest.mark.parametrize("seed", range(20))
def test_stays_of_random_stories_contradict_nothing(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    with new_store(tmp_path / "releases.sqlite3") as store:
        story = Story(store, rng)
        for _ in range(30):
            story.go_on()
            stored = store.find(rng.choice(URLS))
            if stored is not None:
                outcome = "unchanged" if stored.state == "present" else "gone"
                record_crawl(store, stored.release.url, at=story.now, outcome=outcome)
        for id_ in store.ids():
            stored = store.get(id_)
            assert stored is not None
            of_release: dict[str, list[Stay]] = defaultdict(list)
            for stay in stays_of(store, stored):
                of_release[stay.version.release].append(stay)
            for told in of_release.values():
                check_order(told)


def check_order(told: list[Stay]) -> None:
    """Check that the site had one text at a time, and each when it was seen."""
    for stay in told:
        assert stay.after is None or stay.after <= stay.since
        assert stay.presumed is None or stay.presumed <= riga_day(stay.since)
        assert not (stay.seen and stay.until) or stay.seen <= stay.until
        if stay.version.kind in {"first", "edit"}:
            assert stay.since <= (stay.seen or stay.since)
            assert stay.until is None or stay.since <= stay.until
    for stay, following in pairwise(told):
        assert stay.until is not None
        assert stay.until <= following.since
        if following.version.kind == "edit":
            assert stay.until <= following.begin
            assert following.after is None or stay.seen is None or stay.seen <= following.after
