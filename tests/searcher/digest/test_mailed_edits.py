"""Edits of the hits of a saved search are mailed once, with what was changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.searcher.digest.conftest import Desk
from tests.support.digest_runs import run, states, subscriptions
from tests.support.stored_release import publish

OLD = publish("pabalsts", "Drošība un pabalsts", "Pabalstu saņems 1 800 ģimeņu.", date(2026, 3, 2))
EDITED = replace(OLD, body="Pabalstu saņems 2 300 ģimeņu.")


@pytest.fixture
def started(desk: Desk) -> Desk:
    """A recipient who knows the release before its edit."""
    desk.save(OLD, seen=datetime.now(UTC) - timedelta(3))
    run(desk, subscriptions("a@example.lv"))
    return desk


def body(desk: Desk, kind: str = "plain") -> str:
    part = desk.box.mails[-1].get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_an_edit_is_mailed_once_with_the_change(started: Desk) -> None:
    known = subscriptions("a@example.lv")
    started.save(EDITED)
    assert [one.titles for one in run(started, known)] == [(OLD.title,)]
    assert started.box.mails[-1]["Subject"] == "Drošība: 1 labojums"
    assert "skaitlis 1 800 → 2 300" in body(started)
    assert "Pirms: Pabalstu saņems 1 800 ģimeņu." in body(started)
    assert "Pēc: Pabalstu saņems 2 300 ģimeņu." in body(started)
    assert "<del>1 800</del>" in body(started, "html") or "<del>1</del>" in body(started, "html")
    assert states(run(started, known)) == ["nothing"]
    started.save(publish("cita", "Drošība 9", "Drošība.", date(2026, 3, 5)))
    assert [one.titles for one in run(started, known)] == [("Drošība 9",)]


def test_edits_before_the_start_spelling_and_other_searches_are_not_mailed(desk: Desk) -> None:
    desk.save(OLD, seen=datetime.now(UTC) - timedelta(3))
    desk.save(EDITED)
    known = subscriptions("a@example.lv")
    other = subscriptions("b@example.lv", address="/?q=budžets")
    run(desk, [*known, *other])
    desk.save(replace(EDITED, body="Pabalstu sanems 2 300 ģimeņu."))
    assert states(run(desk, [*known, *other])) == ["nothing", "nothing"]
    desk.save(replace(EDITED, body="Pabalstu saņems 2 500 ģimeņu."))
    assert states(run(desk, [*known, *other])) == ["sent", "nothing"]


def test_a_new_release_that_was_edited_at_once_is_mailed_as_new(desk: Desk) -> None:
    known = subscriptions("a@example.lv")
    run(desk, known)
    desk.save(OLD)
    desk.save(EDITED)
    assert [one.titles for one in run(desk, known)] == [(OLD.title,)]
    assert "1 jauna relīze" in desk.box.mails[-1]["Subject"]
    assert "labojum" not in desk.box.mails[-1]["Subject"]


def test_a_failed_mail_of_an_edit_is_sent_later_unless_the_release_was_hidden(started: Desk) -> None:
    known = subscriptions("a@example.lv")
    started.save(EDITED)
    assert states(run(started, known, port=1)) == ["failed"]
    assert states(run(started, known)) == ["sent"]
    started.save(replace(OLD, body="Pabalstu saņems 9 900 ģimeņu."))
    assert states(run(started, known, port=1)) == ["failed"]
    started.hide(OLD.url)
    assert states(run(started, known)) == ["nothing"]


@pytest.mark.parametrize(
    ("query", "is_mailed"), [("versijas:+ģimeņu", True), ("ģimeņu", False), ("laikā:2020+ģimeņu", False)]
)
def test_an_edit_that_removed_what_was_sought_is_mailed_to_searches_through_time(
    desk: Desk, query: str, *, is_mailed: bool
) -> None:
    desk.save(OLD, seen=datetime.now(UTC) - timedelta(3))
    known = subscriptions("a@example.lv", address=f"/?q={query}")
    run(desk, known)
    desk.save(replace(OLD, body="Pabalstu saņems 2 300 cilvēku."))
    assert states(run(desk, known)) == ["sent" if is_mailed else "nothing"]
