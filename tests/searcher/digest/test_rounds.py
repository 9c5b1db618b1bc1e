import re
from datetime import date

import pytest

from searcher.digest.rounds import preview
from tests.searcher.digest.conftest import Desk
from tests.support.digest_runs import run, states, subscriptions
from tests.support.mail_server import REFUSED
from tests.support.shelf import BASE_URL
from tests.support.stored_release import publish

NEW = [publish(f"jauna-{n}", f"Drošība {n}", "Drošība.", date(2026, 3, n)) for n in range(1, 4)]


def test_each_recipient_gets_the_new_hits_once(desk: Desk) -> None:
    known = subscriptions("a@example.lv", "b@example.lv")
    assert states(run(desk, known)) == ["started", "started"]
    desk.save(*NEW)
    assert [one.titles for one in run(desk, known)] == [("Drošība 3", "Drošība 2", "Drošība 1")] * 2
    assert states(run(desk, known)) == ["nothing", "nothing"]
    assert [mail["To"] for mail in desk.box.mails] == ["a@example.lv", "b@example.lv"]


def test_links_of_a_mail_lead_below_the_path_of_the_service(desk: Desk) -> None:
    desk.service.settings = desk.service.settings.model_copy(update={"url_prefix": "/relizes"})
    known = subscriptions("a@example.lv")
    run(desk, known)
    desk.save(*NEW)
    run(desk, known)
    (mail,) = desk.box.mails
    body = mail.get_body(("plain",))
    assert body is not None
    links = re.findall(rf"{BASE_URL}/\S*", body.get_content())
    assert links
    assert all(link.startswith(f"{BASE_URL}/relizes/") for link in links)


def test_a_mail_that_could_not_be_sent_is_sent_in_the_next_round_with_what_came_since(desk: Desk) -> None:
    known = subscriptions("a@example.lv")
    run(desk, known)
    desk.save(NEW[0])
    (failed,) = run(desk, known, port=1)
    assert failed.state == "failed"
    assert "127.0.0.1:1: " in failed.reason
    desk.save(NEW[1])
    (sent,) = run(desk, known)
    assert sent.titles == ("Drošība 1", "Drošība 2")
    assert len(desk.box.distinct) == 2


def test_one_refused_recipient_does_not_keep_others_from_theirs(desk: Desk) -> None:
    known = subscriptions(REFUSED, "a@example.lv")
    run(desk, known)
    desk.save(*NEW)
    assert states(run(desk, known)) == ["failed", "sent"]
    assert states(run(desk, known)) == ["failed", "nothing"]


def test_who_unsubscribes_and_comes_back_begins_anew(desk: Desk) -> None:
    known = subscriptions("a@example.lv", "b@example.lv")
    run(desk, known)
    run(desk, known[1:])
    desk.save(NEW[0])
    assert states(run(desk, known)) == ["started", "sent"]
    assert [mail["To"] for mail in desk.box.mails] == ["b@example.lv"]


def test_what_is_hidden_before_it_was_sent_is_never_sent(desk: Desk) -> None:
    known = subscriptions("a@example.lv")
    run(desk, known)
    desk.save(NEW[0])
    run(desk, known, port=1)
    desk.hide(NEW[0].url)
    assert states(run(desk, known)) == ["nothing"]
    assert desk.box.mails == []


def test_a_preview_sends_and_records_nothing(desk: Desk) -> None:
    known = subscriptions("a@example.lv")
    assert states([*preview(desk.service, known, desk.ledger())]) == ["started"]
    assert not desk.shelf.store.with_name("digest.json").exists()
    run(desk, known)
    desk.save(*NEW)
    for _ in range(2):
        (outcome,) = preview(desk.service, known, desk.ledger())
        assert (outcome.state, len(outcome.titles)) == ("due", 3)
    assert desk.box.mails == []
    assert states(run(desk, known)) == ["sent"]


@pytest.mark.parametrize("address", ["/?q=drošība&ministry=Nav", "/?q=xqzw"])
def test_searches_without_hits_are_no_fault(desk: Desk, address: str) -> None:
    known = subscriptions("a@example.lv", address=address)
    run(desk, known)
    desk.save(NEW[0])
    assert states(run(desk, known)) == ["nothing"]
