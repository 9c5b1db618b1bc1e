"""A mail with the new hits of a saved search, as text and as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from hashlib import blake2b

from flask import g, render_template

from index.edits import ListedEdit
from index.results import ListedRelease
from searcher import links, search_address
from searcher.corrections import ShownEdit, edit_address, reason_text
from searcher.digest.ledger import PendingMail
from searcher.digest.saved_searches import Subscription
from searcher.feeds import content
from searcher.service import Service

SHOWN_MAX = 50
"""Releases in one mail; the page shows the others."""


@dataclass(frozen=True, slots=True)
class LetterParts:
    """What a mail is about: new hits, and edits of older ones."""

    releases: tuple[ListedRelease, ...]
    edits: tuple[ListedEdit, ...]


def write_letter(
    service: Service,
    subscription: Subscription,
    pending: PendingMail,
    parts: LetterParts,
    sender: str,
) -> EmailMessage:
    """Return the mail; the same every time for the same *pending* mail and *parts*.

    Call it within a request context in which ``g.interface`` is the interface of the search.
    """
    settings = service.settings
    releases, edits = parts.releases, parts.edits
    counted = (
        ("%(num)s new release", "%(num)s new releases", len(releases)),
        ("%(num)s correction", "%(num)s corrections", len(edits)),
    )
    count = ", ".join(g.interface.count(*texts) for texts in counted if texts[2])
    texts = {
        "search": subscription.search,
        "count": count,
        "releases": releases[:SHOWN_MAX],
        "more": len(releases) - SHOWN_MAX,
        "edits": list(map(ShownEdit.of, edits[:SHOWN_MAX])),
        "edit_address": lambda edit: settings.base_url + edit_address(edit),
        "reason_text": lambda reason: reason_text(reason, g.interface),
        "results": _results_address(service, subscription),
        "content": content,
    }
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"{subscription.search.name}: {count}"
    message["From"] = formataddr((settings.service_name, sender))
    message["To"] = subscription.recipient
    message["Date"] = format_datetime(pending.made)
    message["Message-ID"] = pending.message_id
    message["Auto-Submitted"] = "auto-generated"  # so that no out-of-office reply answers it (RFC 3834)
    if settings.contact_email:
        message["List-Unsubscribe"] = f"<mailto:{settings.contact_email}>"
    message.set_content(render_template("digest.txt", **texts))
    message.add_alternative(render_template("digest.html", **texts), subtype="html")
    message["Content-Language"] = g.interface.language  # of the whole: an earlier one moves to the text
    message.set_boundary(f"={blake2b(pending.message_id.encode(), digest_size=16).hexdigest()}")
    return message


def message_id(subscription: Subscription, made: datetime, releases: Sequence[str], sender: str) -> str:
    """Return the Message-ID of the mail of *releases* to a subscription."""
    parts = "\0".join((subscription.key, made.isoformat(), *releases))
    return f"<{blake2b(parts.encode(), digest_size=16).hexdigest()}@{sender.rpartition('@')[2]}>"


def _results_address(service: Service, subscription: Subscription) -> str:
    path = links.search_url(g.interface.language, search_address.encode(subscription.search.query))
    return f"{service.settings.base_url}{path}"
