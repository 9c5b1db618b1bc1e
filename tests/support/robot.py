"""A robot that follows every link and submits every form of a page."""

from collections.abc import Hashable, Iterable, Iterator
from contextlib import closing
from itertools import chain
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

Pairs = tuple[tuple[str, str], ...]
# Parameters with few values, each of which may lead to a page of another kind.
CHOICES = ("explain", "has", "language", "sort", "verbatim", "view")


class Robot:
    """Follows the links and forms of pages two levels deep; ``broken`` lists answers that should be others.

    All of a page that it starts from, and one of each kind of what the pages behind these lead to. A link is
    answered by 200, a form by 200 or one redirect to 200, a request with the entity tag of an answer by 304.
    """

    def __init__(self, client: FlaskClient, *, base_url: str = "") -> None:
        self._client, self._base_url = client, base_url
        self._addresses = client.application.url_map.bind("localhost")
        self._asked: set[tuple[str, bool]] = set()
        self._seen: set[Hashable] = set()
        self.broken: list[str] = []

    @property
    def asked(self) -> int:
        """The number of different addresses that were asked for."""
        return len(self._asked)

    def start(self, address: str) -> None:
        """Follow everything on the page at *address*."""
        for place, page in [*self._follow(*self._ask(address, is_link=False))]:
            if self._is_new("place", self._kind(place)):
                for way, is_link in self._ways(place, page):
                    if self._is_new("way", self._kind(way), is_link):
                        self._ask(way, is_link=is_link)

    def _follow(self, address: str, page: str) -> Iterator[tuple[str, str]]:
        """Yield the addresses and texts of the pages that the *page* at *address* leads to."""
        for way, is_link in self._ways(address, page):
            place, shown = self._ask(way, is_link=is_link)
            if shown:
                yield place, shown

    def _is_new(self, *kind: Hashable) -> bool:
        """Return whether something of this *kind* is seen for the first time."""
        is_new = kind not in self._seen
        self._seen.add(kind)
        return is_new

    def _ask(self, address: str, *, is_link: bool) -> tuple[str, str]:
        """Return the address and the text of a page; no text if it is something else or was read before."""
        if (address, is_link) in self._asked:
            return address, ""
        self._asked.add((address, is_link))
        with closing(self._client.get(address, follow_redirects=False)) as answer:
            if answer.status_code == 302 and not is_link:
                return self._ask(answer.location, is_link=True)
            if answer.status_code != 200:
                self.broken.append(f"{answer.status_code} {address[:300]}")
            self._ask_again(address, answer.headers.get("ETag"))
            return address, answer.text if answer.mimetype == "text/html" else ""

    def _ask_again(self, address: str, tag: str | None) -> None:
        if tag is None or not self._is_new("tag", self._kind(address)):
            return
        with closing(self._client.get(address, headers={"If-None-Match": tag})) as again:
            if again.status_code != 304:
                self.broken.append(f"not 304 but {again.status_code} {address[:300]}")

    def _ways(self, address: str, page: str) -> Iterator[tuple[str, bool]]:
        if page:
            yield from ((link, True) for link in links(address, page, base_url=self._base_url))
            yield from ((form, False) for form in forms(address, page))

    def _kind(self, address: str) -> Hashable:
        """Return what addresses of the same view, language and parameters have in common."""
        place = urlsplit(address)
        names = (
            (name, value if name in CHOICES else "")
            for name, value in parse_qsl(place.query, keep_blank_values=True)
        )
        try:
            endpoint, values = self._addresses.match(place.path)
        except (HTTPException, RequestRedirect):
            return place.path
        return endpoint, values.get("interface"), frozenset(names)


def ways(address: str, page: str) -> Iterator[str]:
    """Yield the addresses on this service that the page at *address* links to or submits to."""
    yield from links(address, page)
    yield from forms(address, page)


def forms(address: str, page: str) -> Iterator[str]:
    """Yield the addresses on this service that the forms of the page at *address* submit to."""
    found = html.fromstring(page.encode()).iter("form")
    yield from _on_this_service(address, chain.from_iterable(map(_submitted, found)))


def links(address: str, page: str, *, base_url: str = "") -> Iterator[str]:
    """Yield the addresses on this service, which may begin with *base_url*, that the page links to."""
    root = html.fromstring(page.encode())
    found = map(str, chain(root.xpath("//@href"), root.xpath("//@src")))
    ours = (target.removeprefix(base_url) or "/" for target in found)
    yield from _on_this_service(address, ours)


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
    typed = ("", " ", "ministrija", "budžets NE", "qxzw", "🦭" * 3_000, "a " * 5_000)
    choices += [("q", _fitting(form, text)) for text in typed]
    yield _address(form, printed)
    for button in form.getroottree().xpath("//button[@name and @form=$id]", id=form.get("id", "")):
        yield _address(form, (*printed, (button.get("name"), button.get("value"))))
    for name, value in choices:
        many = name in ("ministry", "language", "has")
        # One date alone: a last day before the first is an error.
        replaced = ("from", "to") if name in ("from", "to") else (name,)
        kept = [pair for pair in printed if pair[0] not in replaced or (many and pair[1] != value)]
        yield _address(form, (*kept, (name, value)))


def _fitting(form: html.FormElement, text: str) -> str:
    """Return as much of *text* as a browser lets a user type into the field of the query."""
    most = form.xpath("string(.//input[@name='q']/@maxlength)")
    # Browsers count the units of UTF-16.
    return text.encode("utf-16-le")[: 2 * int(most)].decode("utf-16-le", "ignore") if most else text


def _address(form: html.FormElement, pairs: Pairs) -> str:
    return f"{form.action}?{urlencode(pairs)}"
