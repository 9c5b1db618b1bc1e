"""One round of mails: what is new is looked for, confirmations are asked for, and what is due is sent.

A mail is recorded as begun before it is sent, and as ended when the server has accepted it. After a crash in
between it is sent again with the same Message-ID and content, by which mail systems recognise a duplicate.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from flask import Flask, g

from index.deadline import DeadlineError
from preses_relizes.shared.calendar import RIGA
from searcher.digest import (
    Letter,
    LetterParts,
    Mailer,
    MailError,
    headed_message,
    message_id,
    read_edits,
    shown_hits,
    write_letter,
)
from searcher.links import list_address, search_url
from searcher.search_address import encode
from searcher.service import Service
from searcher.subscriptions.confirmation import confirmation_text
from searcher.subscriptions.database import DAY_S, RHYTHMS, Rhythm, StoredSubscription
from searcher.subscriptions.desk import Desk
from searcher.subscriptions.mail_ledger import NewsItem
from searcher.subscriptions.matching import DUE, EDIT, RELEASE, look_for_news, read_dues
from searcher.subscriptions.topic import Topic, name_of, parse_topic
from searcher.subscriptions.views import confirm_path, manage_path

MAILED_AT = 7
"""The hour in Riga until which a daily mail, and on Mondays a weekly one, tells what is new."""
NEWS_KEPT_D = 31
"""Days for which a mail that the server does not take can be sent."""
RETRY_S, RETRY_MAX_S, REFUSALS_MAX = 600, DAY_S, 8
"""A refused mail is tried again after these seconds, then after four times as long, and so on: 4 days."""
UNREACHABLE_MAX = 3
"""Mails in a row that fail because of the server itself, after which the round ends."""


@dataclass(slots=True)
class RoundReport:
    """What a round did, without a word of who is mailed."""

    news: int = 0
    """Things that are new of something that is subscribed to."""
    confirmations: int = 0
    mails: int = 0
    refused: int = 0
    """Mails that the server refused, and which are tried again."""
    ended: int = 0
    """Subscriptions that were deleted since the server refused their mails for days."""
    slow_searches: int = 0
    """Searches that take too long to look for news."""
    problem: str = ""
    """Why the round ended early: the server takes no mail."""


class _ServerError(Exception):
    """The mail server takes no mail."""


@dataclass(slots=True, kw_only=True)
class MailRound:
    """Sends the mails of subscriptions; *app* makes the texts, *service* finds the news."""

    app: Flask
    service: Service
    desk: Desk
    mailer: Mailer
    sender: str
    report: RoundReport = field(default_factory=RoundReport)
    _failures: int = 0
    """Mails in a row that the server took no part in."""
    _last: tuple[tuple[object, ...], LetterParts] | None = None
    """The parts of the last mail, and of what: subscriptions to the same follow each other."""

    def run(self) -> RoundReport:
        """Send what is due now.

        Raises:
            EngineError: index or store are missing or damaged.
            KeyFileError: an address was encrypted with another key.
            SubscriptionFileError: the file cannot be read or written.
        """
        desk, now = self.desk, self.desk.now
        desk.ledger.forget(
            unconfirmed_before=now - desk.settings.unconfirmed_d * DAY_S,
            news_before=now - NEWS_KEPT_D * DAY_S,
            day=now // DAY_S,
        )
        matched = look_for_news(self.service, desk.ledger, now=now)
        self.report.news, self.report.slow_searches = matched.news, matched.failed
        try:
            self._ask_for_confirmations(now)
            for rhythm in RHYTHMS:
                up_to = desk.ledger.last_news(up_to=last_time(rhythm, now))
                for id_ in desk.ledger.due(rhythm, up_to=up_to, now=now):
                    self._mail(id_, up_to, now)
        except _ServerError as error:
            self.report.problem = str(error)
        return self.report

    def _ask_for_confirmations(self, now: int) -> None:
        while one := self.desk.ledger.confirmation_due(now=now):
            made = self.desk.ledger.begin_confirmation(one.id, now=now)
            if made is not None and self._send(one, self._confirmation(one, made)):
                self.desk.ledger.end_confirmation(one.id, now=now)
                self.report.confirmations += 1

    def _confirmation(self, one: StoredSubscription, made: int) -> EmailMessage:
        with self._page_of(topic := parse_topic(one.topic)):
            letter = self._letter(one, topic, ("confirm", str(made)), made)
            message = headed_message(self.service, letter, g.interface.text("Confirm the subscription"))
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(
                confirmation_text(self.service, self.desk, letter, one, confirm_path(self.desk, one.id))
            )
            message["Content-Language"] = topic.language
            return message

    def _mail(self, id_: bytes, up_to: int, now: int) -> None:
        """Send the mail of a subscription that was begun, if any, and what is due after it."""
        reached = -1
        while reached < up_to:
            one = self.desk.ledger.begin_mail(id_, up_to=up_to, now=now)
            if one is None or one.pending is None or one.made is None:  # it was stopped meanwhile
                return
            reached = one.pending
            try:
                message = self._news_mail(one, one.pending, one.made)
            except DeadlineError:
                self.report.slow_searches += 1
                self.desk.ledger.put_off(id_, retry=now + RETRY_S)
                return
            if message:
                if not self._send(one, message):
                    return
                self.report.mails += 1
            self.desk.ledger.end_mail(id_)

    def _news_mail(self, one: StoredSubscription, pending: int, made: int) -> EmailMessage | None:
        """Return the mail with the news of *one* up to *pending*; None if all of it is hidden meanwhile."""
        with self._page_of(topic := parse_topic(one.topic)):
            parts = self._parts(topic, one.seen, pending)
            if parts.is_empty:
                return None
            letter = self._letter(one, topic, (str(one.seen), str(pending)), made)
            return write_letter(self.service, letter, parts)

    def _parts(self, topic: Topic, after: int, up_to: int) -> LetterParts:
        asked = (topic, after, up_to)
        if self._last is None or self._last[0] != asked:
            news = self.desk.ledger.news(str(topic), after=after, up_to=up_to)
            self._last = asked, _read_parts(self.service, topic, news)
        return self._last[1]

    def _letter(self, one: StoredSubscription, topic: Topic, parts: Sequence[str], made: int) -> Letter:
        base = self.service.settings.base_url
        return Letter(
            name=name_of(topic, g.interface),
            recipient=self.desk.keys.decrypt(one.id, one.address),
            sender=self.sender,
            results=base + _page_path(topic),
            message_id=message_id((self.desk.keys.digest("mail", one.id.hex()).hex(), *parts), self.sender),
            made=datetime.fromtimestamp(made, UTC),
            manage=base + manage_path(self.desk, one.id),
        )

    def _send(self, one: StoredSubscription, message: EmailMessage) -> bool:
        """Send a mail; return whether the server accepted it.

        Raises:
            _ServerError: the server does not accept any.
        """
        now = self.desk.now
        try:
            self.mailer.send(message)
        except MailError as error:
            if error.code:
                wait = min(RETRY_MAX_S, RETRY_S * 4**one.failures)
                is_over = self.desk.ledger.refuse_mail(one.id, retry=now + wait, refusals_max=REFUSALS_MAX)
                self.report.refused += not is_over
                self.report.ended += is_over
                self._failures = 0
            else:
                self.desk.ledger.put_off(one.id, retry=now + RETRY_S)
                self._failures += 1
                if self._failures >= UNREACHABLE_MAX:
                    raise _ServerError(_without_address(str(error), message["To"])) from error
            return False
        self._failures = 0
        return True

    @contextmanager
    def _page_of(self, topic: Topic) -> Iterator[None]:
        prefix = {"SCRIPT_NAME": self.service.settings.url_prefix}
        with self.app.test_request_context(environ_overrides=prefix):
            g.interface = self.app.extensions["interfaces"][topic.language]
            yield


def _without_address(text: str, address: str) -> str:
    """Return what a server said, unless it repeats the *address* of a reader."""
    return "the mail server takes no mail" if address.lower() in text.lower() else text


def last_time(rhythm: Rhythm, now: int) -> int:
    """Return the time up to which a mail of a *rhythm* tells what is new, if it is sent *now*.

    >>> datetime.fromtimestamp(last_time("weekly", 1_772_600_000), RIGA).isoformat()
    '2026-03-02T07:00:00+02:00'
    """
    if rhythm == "at_once":
        return now
    local = datetime.fromtimestamp(now, RIGA)
    last = local.replace(hour=MAILED_AT, minute=0, second=0, microsecond=0)
    if rhythm == "weekly":
        last -= timedelta(last.weekday())
    if last > local:
        last -= timedelta(1 if rhythm == "daily" else 7)
    return int(last.timestamp())


def _read_parts(service: Service, topic: Topic, news: Sequence[NewsItem]) -> LetterParts:
    """Return what *news* of *topic* are, without what was hidden meanwhile."""
    of_kind = {kind: [one.item for one in news if one.kind == kind] for kind in (RELEASE, EDIT, DUE)}
    if topic.kind == "calendar":
        return LetterParts(dues=read_dues(service, of_kind[DUE]))
    if topic.kind == "corrections":
        edits = read_edits(service, of_kind[EDIT], weight=0)
        shown = service.archive.histories({edit.release for edit in edits})
        return LetterParts(edits=tuple(edit for edit in edits if edit.release in shown))
    edits = read_edits(service, of_kind[EDIT])
    new = {*service.archive.current_ids(of_kind[RELEASE]).values()}
    ids = new | {edit.release for edit in edits}
    hits = {one.id: one for one in shown_hits(service, topic.search, topic.language, ids).values()}
    return LetterParts(
        releases=tuple(one for id_, one in hits.items() if id_ in new),
        edits=tuple(edit for edit in edits if edit.release in hits and edit.release not in new),
    )


def _page_path(topic: Topic) -> str:
    """Return the path of the page that shows all of *topic*, in the language of the page."""
    pairs = topic.pairs
    if topic.kind == "search":
        return search_url(g.interface.language, encode((*pairs, ("sort", "newest"))))
    endpoint = "views.corrections" if topic.kind == "corrections" else "views.due_calendar"
    return list_address(endpoint, pairs)
