"""Lists that are wrong while the releases are well."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from tests.accidents.error_answers import ERROR_PAGES
from tests.accidents.place import Accident, Place
from tests.accidents.site import Answer, Site, html, redirect
from tests.accidents.texts import in_english


def _own(place: Place) -> Answer:
    return place.site.release(place.text)


def _empty(site: Site) -> Answer:
    return html(site.design.page("<main><h1>Jaunumi</h1><p>Ierakstu nav.</p></main>", "Jaunumi"))


def _short(site: Site) -> Answer:
    return html(site.design.listing(site.rows()[:2], titles=site.list_titles, dated=site.is_dated))


def _shifted(site: Site) -> Answer:
    """Show each address with the title and the date of the next one."""
    rows = site.rows()
    texts = [text for _, text in rows[1:] + rows[:1]]
    shifted = [(path, text) for (path, _), text in zip(rows, texts, strict=True)]
    return html(site.design.listing(shifted, titles=site.list_titles, dated=site.is_dated))


def _says_nothing(site: Site) -> Answer:
    rows = [(path, replace(text, title="Lasīt vairāk")) for path, text in site.rows()]
    return html(site.design.listing(rows, dated=False))


def _astray(site: Site) -> Answer:
    """Lead to addresses that do not exist, as a list of a test server does."""
    rows = [(f"/test{path}", text) for path, text in site.rows()]
    return html(site.design.listing(rows, titles=site.list_titles, dated=site.is_dated))


def _translated(site: Site) -> Answer:
    rows = [(path, in_english(text, Random(path))) for path, text in site.rows()]
    return html(site.design.listing(rows, titles=site.list_titles, dated=site.is_dated))


def _accident(answer: Callable[[Site], Answer]) -> Accident:
    return Accident(answer=_own, elsewhere={"list": answer}, shows_own=True)


WRONG_LISTS: Mapping[str, Accident] = {
    "list-empty": _accident(_empty),
    "list-short": _accident(_short),
    "list-shifted": _accident(_shifted),
    "list-says-nothing": _accident(_says_nothing),
    "list-astray": _accident(_astray),
    "list-translated": _accident(_translated),
    "list-500": _accident(lambda _site: html("<h1>500</h1>", 500)),
    "list-to-login": _accident(lambda _site: redirect("/pieslegties")),
    "list-captcha": _accident(lambda _site: ERROR_PAGES["captcha-lv"]),
}
