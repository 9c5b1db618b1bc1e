"""A mail with what is new of a search or a list, as text and as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from hashlib import blake2b

from flask import g, render_template

from index.edits import ListedEdit
from index.register import ListedDue
from index.results import ListedRelease
from searcher import links, search_address
from searcher.corrections import ShownEdit, edit_address, reason_text
from searcher.feeds import content
from searcher.service import Service

SHOWN_MAX = 50
"""Releases in one mail, and likewise edits and times; the page shows the others."""


@dataclass(frozen=True, slots=True)
class LetterParts:
    """What a mail is about: new hits, edits of older ones, and times at which something falls due."""

    releases: tuple[ListedRelease, ...] = ()
    edits: tuple[ListedEdit, ...] = ()
    dues: tuple[ListedDue, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.releases or self.edits or self.dues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """To whom a mail goes, and under what name."""

    name: str
    """The name of the search, in the subject."""
    recipient: str
    sender: str
    results: str
    """The address of the page that has all of it."""
    message_id: str
    made: datetime
    manage: str = ""
    """The address at which the recipient changes or stops the mails, by one click, too (RFC 8058)."""


def write_letter(service: Service, letter: Letter, parts: LetterParts) -> EmailMessage:
    """Return the mail; the same every time for the same *letter* and *parts*.

    Call it within a request context in which ``g.interface`` is the interface of the search.
    """
    settings = service.settings
    counted = (
        ("%(num)s new release", "%(num)s new releases", len(parts.releases)),
        ("%(num)s correction", "%(num)s corrections", len(parts.edits)),
        ("%(num)s date", "%(num)s dates", len(parts.dues)),
    )
    count = ", ".join(g.interface.count(*texts) for texts in counted if texts[2])
    texts = {
        "letter": letter,
        "count": count,
        "releases": parts.releases[:SHOWN_MAX],
        "more": sum(max(0, number - SHOWN_MAX) for *_, number in counted),
        "edits": list(map(ShownEdit.of, parts.edits[:SHOWN_MAX])),
        "dues": parts.dues[:SHOWN_MAX],
        "due_address": lambda one: settings.base_url + links.release_url(one.release.id),
        "edit_address": lambda edit: settings.base_url + edit_address(edit),
        "reason_text": lambda reason: reason_text(reason, g.interface),
        "content": content,
    }
    message = headed_message(service, letter, f"{letter.name}: {count}")
    message["Auto-Submitted"] = "auto-generated"  # so that no out-of-office reply answers it (RFC 3834)
    if letter.manage:
        message["List-Unsubscribe"] = f"<{letter.manage}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    elif settings.contact_email:
        message["List-Unsubscribe"] = f"<mailto:{settings.contact_email}>"
    message.set_content(render_template("digest.txt", **texts))
    message.add_alternative(render_template("digest.html", **texts), subtype="html")
    message["Content-Language"] = g.interface.language  # of the whole: an earlier one moves to the text
    message.set_boundary(f"={blake2b(letter.message_id.encode(), digest_size=16).hexdigest()}")
    return message


def headed_message(service: Service, letter: Letter, subject: str) -> EmailMessage:
    """Return a mail without a text, from the service to the recipient of *letter*."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = formataddr((service.settings.service_name, letter.sender))
    message["To"] = letter.recipient
    message["Date"] = format_datetime(letter.made)
    message["Message-ID"] = letter.message_id
    return message


def message_id(parts: Sequence[str], sender: str) -> str:
    """Return the Message-ID of the mail that *parts* tell from all others."""
    digest = blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def results_address(service: Service, query: search_address.Pairs) -> str:
    """Return the address of the results of a *query* in the language of the page."""
    path = links.search_url(g.interface.language, search_address.encode(query))
    return f"{service.settings.base_url}{path}"
