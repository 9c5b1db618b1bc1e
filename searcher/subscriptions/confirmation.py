"""The text of the mail that asks to confirm a subscription; it has no HTML."""

from datetime import UTC, datetime

from flask import render_template

from searcher.digest import Letter
from searcher.service import Service
from searcher.subscriptions.database import StoredSubscription
from searcher.subscriptions.desk import Desk


def confirmation_text(
    service: Service, desk: Desk, letter: Letter, one: StoredSubscription, path: str
) -> str:
    """Return the text with the link to *path*; the language is that of the page."""
    return render_template(
        "subscription_letter.txt",
        letter=letter,
        rhythm=one.rhythm,
        asked=datetime.fromtimestamp(one.asked, UTC),
        days=desk.settings.unconfirmed_d,
        confirm=service.settings.base_url + path,
    )
