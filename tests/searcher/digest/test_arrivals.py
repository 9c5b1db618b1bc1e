from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from searcher.digest.arrivals import MailProgress, begin, find_arrivals
from searcher.digest.saved_searches import SavedSearch
from tests.searcher.digest.conftest import Desk
from tests.support.shelf import RELEASES
from tests.support.stored_release import publish

SEARCH = SavedSearch(name="Drošība", address="/?q=drošība", to=("a@example.lv",))
NEW = publish("jauna-zina", "Jauna ziņa par drošību", "Drošība.", date(2026, 3, 9))


def titles(desk: Desk, progress: MailProgress) -> list[str]:
    return [release.title for release in find_arrivals(desk.service, SEARCH, progress).releases]


def test_only_what_came_since_and_matches_is_new(desk: Desk) -> None:
    progress = begin(desk.service)
    assert titles(desk, progress) == []
    desk.save(NEW, publish("cita", "Par jūru", "Jūra."))
    assert titles(desk, progress) == [NEW.title]
    after = find_arrivals(desk.service, SEARCH, progress).progress
    assert titles(desk, after) == []


def test_edits_and_moves_of_known_releases_are_not_new(desk: Desk) -> None:
    progress = begin(desk.service)
    desk.save(NEW)
    after = find_arrivals(desk.service, SEARCH, progress).progress
    moved = replace(NEW, url="https://www.iem.example/parcelta")
    desk.save(replace(RELEASES[-1], body="Labots teksts par drošību."), replace(NEW, body="Labota drošība."))
    desk.save(replace(moved, body="Labota drošība."))
    assert titles(desk, after) == []


def test_a_release_that_is_indexed_long_after_its_crawl_is_new(desk: Desk) -> None:
    progress = begin(desk.service)
    desk.save(NEW, seen=progress.reached - timedelta(hours=20))
    assert titles(desk, progress) == [NEW.title]


def test_a_store_restored_from_a_backup_loses_no_news(desk: Desk) -> None:
    later = begin(desk.service).model_copy(update={"number": 10_000})
    desk.save(NEW)
    assert titles(desk, later) == [NEW.title]
    assert find_arrivals(desk.service, SEARCH, later).progress.number < 10_000


def test_hidden_releases_and_partial_matches_are_left_out(desk: Desk) -> None:
    progress = begin(desk.service)
    desk.save(NEW, publish("puse", "Jūra", "Ziņa par jūru.", date(2026, 3, 9)))
    desk.hide(NEW.url)
    assert titles(desk, progress) == []
    both = SavedSearch(name="x", address="/?q=jūra+xqzw", to=("a@example.lv",))
    assert find_arrivals(desk.service, both, progress).releases == ()


def test_a_release_of_an_earlier_day_that_was_just_found_is_new(desk: Desk) -> None:
    progress = begin(desk.service)
    desk.save(replace(NEW, published=date(2019, 1, 1)), seen=datetime.now(UTC))
    assert titles(desk, progress) == [NEW.title]
