"""Rounds of digests over an installation with a mail server."""

from typing import Any

from searcher.digest.rounds import DigestRound, Outcome
from searcher.digest.saved_searches import MailSettings, SavedSearch, Subscription
from searcher.digest.smtp import Mailer

SENDER = "relizes@example.lv"


def subscriptions(*to: str, address: str = "/?q=drošība") -> list[Subscription]:
    search = SavedSearch(name="Drošība", address=address, to=to)
    return [Subscription(search, recipient) for recipient in to]


def run(desk: Any, known: list[Subscription], port: int | None = None) -> list[Outcome]:
    settings = MailSettings(sender=SENDER, host="127.0.0.1", port=port or desk.box.port, security="none")
    sending = DigestRound(
        app=desk.app, service=desk.service, ledger=desk.ledger(), mailer=Mailer(settings), sender=SENDER
    )
    return [*sending.run(known)]


def states(outcomes: list[Outcome]) -> list[str]:
    return [outcome.state for outcome in outcomes]
