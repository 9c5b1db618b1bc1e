"""One round of digests: each subscription gets its new hits, each hit once, whatever happens.

A mail is in the ledger before it is sent, and removed when the server has accepted it. After a crash in
between it is sent again with the same Message-ID and content, by which mail systems recognise a duplicate.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from flask import Flask, g

from index.deadline import DeadlineError
from index.edits import ListedEdit
from index.results import ListedRelease
from searcher.digest.arrivals import MARGIN, begin, shown_hits
from searcher.digest.ledger import Ledger, MailProgress, PendingMail
from searcher.digest.letters import Letter, LetterParts, message_id, results_address, write_letter
from searcher.digest.mailed_edits import News, edit_key, edits_since, find_news, pending_edits
from searcher.digest.saved_searches import Subscription
from searcher.digest.smtp import Mailer, MailError
from searcher.service import Service

State = Literal["started", "nothing", "due", "sent", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of a round for a subscription."""

    search: str
    recipient: str
    state: State
    """``started``: a new subscription, mailed from now on; ``due``: a mail that a dry run would have sent."""
    titles: tuple[str, ...] = ()
    """The titles of the releases that were sent, or would be."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRound:
    """Mails the new hits of subscriptions.

    *app* makes the texts, *service* finds the hits, *mailer* sends them from *sender*.
    """

    app: Flask
    service: Service
    ledger: Ledger
    mailer: Mailer
    sender: str

    def run(self, subscriptions: Iterable[Subscription]) -> Iterator[Outcome]:
        """Mail the new hits of each subscription; yield the outcomes.

        Raises:
            EngineError: index or store are missing or damaged.
            OSError: the ledger cannot be written.
        """
        known = [*subscriptions]
        self.ledger.keep_only(subscription.key for subscription in known)
        for subscription in known:
            prefix = {"SCRIPT_NAME": self.service.settings.url_prefix}
            with self.app.test_request_context(environ_overrides=prefix):
                g.interface = self.app.extensions["interfaces"][subscription.search.language]
                try:
                    yield self._serve(subscription)
                except (MailError, DeadlineError) as error:
                    yield _outcome(subscription, "failed", reason=str(error))

    def _serve(self, subscription: Subscription) -> Outcome:
        progress = self.ledger.get(subscription.key)
        if progress is None:
            began = begin(self.service)
            known = edits_since(self.service, began.reached - MARGIN)
            self.ledger.put(subscription.key, began.model_copy(update={"recent_edits": known}))
            return _outcome(subscription, "started")
        titles: tuple[str, ...] = ()
        if progress.pending:  # from a round that was interrupted
            progress, titles = self._deliver(subscription, progress, progress.pending)
        news = find_news(self.service, subscription.search, progress)
        if news.releases or news.edits:
            pending = self._pend(subscription, news)
            self.ledger.put(subscription.key, news.progress.model_copy(update={"pending": pending}))
            _, new_titles = self._deliver(subscription, news.progress, pending)
            titles += new_titles
        elif news.progress != progress:
            self.ledger.put(subscription.key, news.progress)
        return _outcome(subscription, "sent" if titles else "nothing", titles=titles)

    def _pend(self, subscription: Subscription, news: News) -> PendingMail:
        made = datetime.now(UTC).replace(microsecond=0)
        releases, edits = tuple(one.id for one in news.releases), tuple(map(edit_key, news.edits))
        name = message_id((subscription.key, made.isoformat(), *releases, *edits), self.sender)
        return PendingMail(message_id=name, made=made, releases=releases, edits=edits)

    def _deliver(
        self, subscription: Subscription, progress: MailProgress, pending: PendingMail
    ) -> tuple[MailProgress, tuple[str, ...]]:
        """Send *pending* without what was hidden meanwhile; return the progress, and the titles sent."""
        parts = _still_shown(self.service, subscription, pending)
        if not parts.is_empty:
            search = subscription.search
            letter = Letter(
                name=search.name,
                recipient=subscription.recipient,
                sender=self.sender,
                results=results_address(self.service, search.query),
                message_id=pending.message_id,
                made=pending.made,
            )
            self.mailer.send(write_letter(self.service, letter, parts))
        progress = progress.model_copy(update={"pending": None})
        self.ledger.put(subscription.key, progress)
        return progress, _titles(parts.releases, parts.edits)


def preview(service: Service, subscriptions: Iterable[Subscription], ledger: Ledger) -> Iterator[Outcome]:
    """Yield what a round would send, without sending or recording anything.

    Raises:
        EngineError: index or store are missing or damaged.
    """
    for subscription in subscriptions:
        progress = ledger.get(subscription.key)
        if progress is None:
            yield _outcome(subscription, "started")
            continue
        try:
            titles = tuple(_due_titles(service, subscription, progress))
        except DeadlineError as error:
            yield _outcome(subscription, "failed", reason=str(error))
        else:
            yield _outcome(subscription, "due" if titles else "nothing", titles=titles)


def _still_shown(service: Service, subscription: Subscription, pending: PendingMail) -> LetterParts:
    """Return what is to be in a *pending* mail, without what was hidden meanwhile."""
    search = subscription.search
    hits = shown_hits(service, search.params, search.language, pending.releases)
    return LetterParts(tuple(hits.values()), pending_edits(service, search, pending.edits))


def _due_titles(service: Service, subscription: Subscription, progress: MailProgress) -> Iterator[str]:
    if progress.pending:
        parts = _still_shown(service, subscription, progress.pending)
        yield from _titles(parts.releases, parts.edits)
    news = find_news(service, subscription.search, progress)
    yield from _titles(news.releases, news.edits)


def _titles(releases: Iterable[ListedRelease], edits: Iterable[ListedEdit]) -> tuple[str, ...]:
    return (*(release.title for release in releases), *(edit.title for edit in edits))


def _outcome(
    subscription: Subscription, state: State, *, titles: tuple[str, ...] = (), reason: str = ""
) -> Outcome:
    return Outcome(
        search=subscription.search.name,
        recipient=subscription.recipient,
        state=state,
        titles=titles,
        reason=reason,
    )
