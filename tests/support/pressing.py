"""Presses a button of the search form as a browser without scripts does."""

from urllib.parse import urlencode

from flask.testing import FlaskClient
from lxml import html


def press(client: FlaskClient, page: str, label: str) -> str:
    """Return the page that the button with the *label* on *page* leads to, with all that the form has."""
    root = html.fromstring(page)
    (form,) = root.xpath("//form[@id='search']")
    named = ((one, (one.text_content().strip(), *one.xpath("span[1]/text()"))) for one in root.iter("button"))
    (button,) = [one for one, labels in named if label in labels]
    sent = [*form.form_values(), (button.get("name"), button.get("value"))]
    return client.get(f"{form.action}?{urlencode(sent)}", follow_redirects=True).text
