from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.store import Store
from searcher.subscriptions.rounds import REFUSALS_MAX, last_time
from tests.support.mail_server import REFUSED
from tests.support.post_office import PostOffice, link_in, text_of
from tests.support.stored_release import publish

NEW = [publish(f"jauna-{n}", f"Drošība {n}", "Drošība.", date(2026, 3, n)) for n in range(1, 4)]
TIME = publish("laiks", "Drošības nedēļa", "Sākums plkst. 9.00.\n\nDrošība.", date(2026, 3, 8))


def titles(office: PostOffice, address: str) -> list[list[str]]:
    """Return which of the new releases each mail to *address* names."""
    return [
        [one.title for one in (*NEW, TIME) if one.title in text_of(mail)] for mail in office.news_to(address)
    ]


def test_what_is_new_is_mailed_once_to_each(office: PostOffice) -> None:
    for address in ("a@example.lv", "b@example.lv"):
        office.subscribe(address)
    office.save(NEW[0])
    assert office.run().mails == 2
    assert office.run().mails == 0
    office.save(NEW[1])
    office.run()
    assert titles(office, "a@example.lv") == titles(office, "b@example.lv") == [["Drošība 1"], ["Drošība 2"]]


def test_nothing_is_mailed_before_it_is_confirmed(office: PostOffice) -> None:
    office.ask("a@example.lv")
    office.run()
    (asked,) = office.to("a@example.lv")
    assert (asked["Subject"], asked["List-Unsubscribe"]) == ("Apstipriniet abonementu", None)
    text = text_of(asked)
    assert all(
        part in text for part in ("„drošība”", "uzreiz", "09.03.2026. plkst. 06:00", "uz visiem laikiem")
    )
    assert office.get(link_in(asked)).status_code == 200  # as a program that checks links does
    office.save(NEW[0])
    assert office.run().mails == 0


def test_what_came_before_is_not_new(office: PostOffice) -> None:
    office.run()
    office.save(NEW[0])
    office.subscribe("a@example.lv")
    office.save(NEW[1])
    office.run()
    assert titles(office, "a@example.lv") == [["Drošība 2"]]


def test_who_left_is_mailed_no_more(office: PostOffice) -> None:
    manage = office.subscribe("a@example.lv")
    assert office.post(manage, **{"List-Unsubscribe": "One-Click"}).status_code == 200
    office.save(NEW[0])
    assert office.run().mails == 0


def test_a_daily_mail_has_a_whole_day_and_a_weekly_one_a_week(office: PostOffice) -> None:
    office.subscribe("day@example.lv", rhythm="daily")
    office.subscribe("week@example.lv", rhythm="weekly")
    office.wait(hours=2)
    for release in NEW:  # on Monday at 8:00, on Tuesday, on Wednesday
        office.save(release)
        office.run()
        office.wait(days=1)
    office.run()
    assert titles(office, "day@example.lv") == [["Drošība 1"], ["Drošība 2"], ["Drošība 3"]]
    assert titles(office, "week@example.lv") == []
    office.wait(days=4)
    office.run()
    assert titles(office, "week@example.lv") == [["Drošība 1", "Drošība 2", "Drošība 3"]]
    office.run()
    assert len(office.box.mails) == 2 + 3 + 1


@pytest.mark.parametrize(
    ("rhythm", "now", "last"),
    [
        ("at_once", "2026-03-10T12:30+02:00", "2026-03-10T12:30+02:00"),
        ("daily", "2026-03-10T07:00+02:00", "2026-03-10T07:00+02:00"),
        ("daily", "2026-03-10T06:59+02:00", "2026-03-09T07:00+02:00"),
        ("weekly", "2026-03-09T07:00+02:00", "2026-03-09T07:00+02:00"),
        ("weekly", "2026-03-09T06:59+02:00", "2026-03-02T07:00+02:00"),
        ("weekly", "2026-03-15T23:00+02:00", "2026-03-09T07:00+02:00"),
        ("daily", "2026-03-29T06:30+03:00", "2026-03-28T07:00+02:00"),  # the clocks went forward
    ],
)
def test_a_mail_tells_what_is_new_up_to_seven(rhythm: str, now: str, last: str) -> None:
    moment = int(datetime.fromisoformat(now).timestamp())
    found = last_time(rhythm, moment)  # type: ignore[arg-type]  # a word of the table
    assert datetime.fromtimestamp(found, UTC) == datetime.fromisoformat(last)


def test_edits_are_mailed_as_edits_unless_they_are_minor(office: PostOffice) -> None:
    office.save(TIME)
    office.subscribe("a@example.lv")
    office.wait(days=2)
    office.save(replace(TIME, body=TIME.body.replace("Drošība.", "Drošība .")))
    assert office.run().mails == 0
    office.save(replace(TIME, body=TIME.body.replace("9.00", "10.00")))
    office.run()
    (mail,) = office.news_to("a@example.lv")
    assert mail["Subject"] == "„drošība”: 1 labojums"
    assert "Sākums plkst. 10.00." in text_of(mail)


def test_what_is_hidden_before_it_is_mailed_is_never_mailed(office: PostOffice) -> None:
    office.subscribe("a@example.lv", rhythm="daily")
    office.save(NEW[0])
    office.run()
    with Store(office.shelf.store) as store:
        store.hide(NEW[0].url, seen=office.now)
    office.wait(hours=2)
    assert office.run().mails == 0


def test_a_release_that_moved_before_it_is_mailed_is_mailed(office: PostOffice) -> None:
    office.subscribe("a@example.lv", rhythm="daily")
    office.save(NEW[0])
    office.run()
    moved = replace(NEW[0], url="https://www.iem.example/parcelta")
    with Store(office.shelf.store) as store:
        store.save(moved, seen=office.now, aliases=(NEW[0].url,))
    office.save()
    office.wait(hours=2)
    office.run()
    assert titles(office, "a@example.lv") == [["Drošība 1"]]


def test_a_refused_mail_is_tried_for_days_and_then_the_address_is_deleted(office: PostOffice) -> None:
    office.box.unknown.clear()
    office.subscribe(REFUSED)
    office.subscribe("a@example.lv")
    office.box.unknown.add(REFUSED)
    office.save(NEW[0])
    first = office.run()
    assert (first.mails, first.refused) == (1, 1)
    assert office.run().refused == 0  # not again at once
    for _ in range(REFUSALS_MAX):
        office.wait(days=1, minutes=1)
        last = office.run()
    assert sum(report.ended for report in office.reports) == 1
    assert (last.refused, last.problem) == (0, "")
    assert office.desk.ledger.rows("SELECT count(*) FROM subscription") == [(1,)]


def test_a_server_that_is_down_ends_the_round_and_loses_nothing(office: PostOffice) -> None:
    addresses = [f"a{n}@example.lv" for n in range(5)]
    for address in addresses:
        office.subscribe(address)
    office.save(NEW[0])
    report = office.run(port=1)
    assert (report.mails, report.problem.startswith("127.0.0.1:1: ")) == (0, True)
    office.wait(minutes=11)
    assert office.run().mails == 5
    assert [titles(office, address) for address in addresses] == [[["Drošība 1"]]] * 5


def test_a_server_that_closes_is_down_and_its_words_name_nobody(office: PostOffice) -> None:
    addresses = [f"a{n}@example.lv" for n in range(4)]
    office.box.unknown.update(addresses)
    office.box.refusal = "421 no mail for <{}> today"
    for address in addresses:
        office.ask(address)
    report = office.run()
    assert (report.refused, report.problem) == (0, "the mail server takes no mail")
    office.box.unknown.clear()
    office.wait(minutes=11)
    assert office.run().confirmations == 4


def test_an_hour_passes_between_two_confirmations_to_one_mailbox(office: PostOffice) -> None:
    office.ask("a@example.lv", "search?q=drošība")
    office.ask("a@example.lv", "search?q=jūra")
    office.ask("a+x@example.lv", "search?q=diena")
    assert office.run().confirmations == 1
    office.wait(minutes=59)
    assert office.run().confirmations == 0
    office.wait(minutes=2)
    assert office.run().confirmations == 1
    assert len(office.box.mails) == 2


def test_what_is_not_confirmed_in_time_is_deleted(office: PostOffice) -> None:
    office.ask("a@example.lv")
    office.run()
    link = link_in(office.to("a@example.lv")[0])
    office.wait(days=3, minutes=1)
    assert office.post(link, do="confirm").status_code == 404
    office.run()
    assert office.desk.ledger.rows("SELECT count(*) FROM subscription") == [(0,)]


def test_who_subscribes_again_loses_nothing_and_gets_nothing_twice(office: PostOffice) -> None:
    office.subscribe("a@example.lv", rhythm="weekly")
    office.wait(hours=2)
    office.save(NEW[0])
    office.run()
    office.wait(hours=2)
    office.subscribe("a@example.lv", rhythm="at_once")
    office.run()
    assert titles(office, "a@example.lv") == [["Drošība 1"]]
    assert office.desk.ledger.rows("SELECT count(*) FROM subscription") == [(1,)]
