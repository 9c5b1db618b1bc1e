"""Lists that are wrong while the releases are well."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from tests.accidents.error_answers import ERROR_PAGES
from tests.accidents.mixups import stranger_of
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


def _of_other_host(site: Site) -> Answer:
    """Show the own addresses with the texts of another virtual host, which numbers its releases alike."""
    rows = [(one.path, stranger_of(site, one)) for one in site.publications if one.is_shown(site.day)]
    return html(site.design.listing(rows, titles=site.list_titles, dated=site.is_dated))


def _all_to_one(site: Site) -> Answer:
    first = site.publications[0].path
    rows = [(first, text) for _, text in site.rows()]
    return html(site.design.listing(rows, titles=site.list_titles, dated=site.is_dated))


def _twice(site: Site) -> Answer:
    """Show each text at its address, and once more at the address of the next one."""
    rows = site.rows()
    paths = [path for path, _ in rows]
    again = [(path, text) for path, (_, text) in zip(paths[1:] + paths[:1], rows, strict=True)]
    return html(site.design.listing([*rows, *again], titles=site.list_titles, dated=site.is_dated))


def _one_title(site: Site) -> Answer:
    title = site.publications[0].on(site.day).title
    rows = [(path, replace(text, title=title)) for path, text in site.rows()]
    return html(site.design.listing(rows, titles=site.list_titles, dated=site.is_dated))


def _one_day(site: Site) -> Answer:
    """Show all releases with the day of the newest, as a list of the last changes does."""
    day = site.rows()[0][1].published
    rows = [(path, replace(text, published=day)) for path, text in site.rows()]
    return html(site.design.listing(rows, titles=site.list_titles, dated=site.is_dated))


def _english_page(place: Place) -> Answer:
    text = in_english(place.text, Random(place.publication.path))
    return html(place.site.design.release(text, lang="en"))


def _accident(answer: Callable[[Site], Answer]) -> Accident:
    return Accident(answer=_own, elsewhere={"list": answer}, shows_own=True)


WRONG_LISTS: Mapping[str, Accident] = {
    "list-empty": _accident(_empty),
    "list-short": _accident(_short),
    "list-shifted": _accident(_shifted),
    "list-says-nothing": _accident(_says_nothing),
    "list-astray": _accident(_astray),
    "list-translated": _accident(_translated),
    "list-one-address": _accident(_all_to_one),
    "list-twice": _accident(_twice),
    "list-one-title": _accident(_one_title),
    "list-one-day": _accident(_one_day),
    # Lists and pages agree, so that only the share of the site and the next day tell it from an edit.
    "other-host-numbered": Accident(
        answer=lambda place: place.site.release(stranger_of(place.site, place.publication)),
        elsewhere={"list": _of_other_host},
        nature="maimed",
        is_of_single_days=True,
    ),
    "english-whole": Accident(
        answer=_english_page, elsewhere={"list": _translated}, nature="maimed", is_of_single_days=True
    ),
    "list-500": _accident(lambda _site: html("<h1>500</h1>", 500)),
    "list-to-login": _accident(lambda _site: redirect("/pieslegties")),
    "list-captcha": _accident(lambda _site: ERROR_PAGES["captcha-lv"]),
}
