"""Presses a button of the search form as a browser without scripts does."""

from urllib.parse import urlencode

from flask.testing import FlaskClient
from lxml import html


def press(client: FlaskClient, page: str, label: str) -> str:
    """Return the page that the button with the *label* on *page* leads to, with all that the form has."""
    root = html.fromstring(page)
    (form,) = root.xpath("//form[@id='search']")
    (button,) = [one for one in root.iter("button") if one.text_content().strip() == label]
    sent = [*form.form_values(), (button.get("name"), button.get("value"))]
    return client.get(f"{form.action}?{urlencode(sent)}", follow_redirects=True).text
