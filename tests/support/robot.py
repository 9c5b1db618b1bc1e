"""A robot that follows every link and submits every form of a page."""

from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

Pairs = tuple[tuple[str, str], ...]


def ways(address: str, page: str) -> Iterator[str]:
    """Yield the addresses on this service that the page at *address* links to or submits to."""
    yield from links(address, page)
    forms = html.fromstring(page.encode()).iter("form")
    yield from _on_this_service(address, chain.from_iterable(map(_submitted, forms)))


def links(address: str, page: str) -> Iterator[str]:
    """Yield the addresses on this service that the page at *address* links to."""
    root = html.fromstring(page.encode())
    yield from _on_this_service(address, chain(root.xpath("//@href"), root.xpath("//@src")))


def _on_this_service(address: str, targets: Iterable[str]) -> Iterator[str]:
    for found in dict.fromkeys(targets):
        if not found.startswith(("http:", "https:", "mailto:")):
            place = urlsplit(urljoin(address, found))
            yield place._replace(fragment="").geturl()


def _submitted(form: html.FormElement) -> Iterator[str]:
    """Yield the targets of *form* as printed, and with each change that a user might make."""
    printed: Pairs = tuple(form.form_values())
    choices = [
        ((str(box.get("name")), str(box.get("value"))))
        for box in form.iter("input")
        if box.get("type") == "checkbox"
    ]
    choices += [(str(one.get("name")), value) for one in form.iter("select") for value in one.value_options]
    # Dates are copied from the page.
    days = (*form.xpath("//time/text()")[:1], " ", "2019", "9999-12", "31.12.9999")
    choices += [(box, day) for box in ("from", "to") for day in days if box in form.fields]
    choices += [
        ("q", text) for text in ("", " ", "ministrija", "budžets NE", "qxzw", "🦭" * 3_000, "a " * 5_000)
    ]
    yield _address(form, printed)
    for name, value in choices:
        many = name in ("ministry", "language", "has")
        # One date alone: a last day before the first is an error.
        replaced = ("from", "to") if name in ("from", "to") else (name,)
        kept = [pair for pair in printed if pair[0] not in replaced or (many and pair[1] != value)]
        yield _address(form, (*kept, (name, value)))


def _address(form: html.FormElement, pairs: Pairs) -> str:
    return f"{form.action}?{urlencode(pairs)}"
