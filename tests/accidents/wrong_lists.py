"""Lists that are wrong while the releases are well."""

from collections.abc import Callable, Mapping

from tests.accidents.error_answers import ERROR_PAGES
from tests.accidents.place import Accident, Place
from tests.accidents.site import Answer, Site, html


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


def _accident(answer: Callable[[Site], Answer]) -> Accident:
    return Accident(answer=_own, elsewhere={"list": answer}, shows_own=True)


WRONG_LISTS: Mapping[str, Accident] = {
    "list-empty": _accident(_empty),
    "list-short": _accident(_short),
    "list-shifted": _accident(_shifted),
    "list-captcha": _accident(lambda _site: ERROR_PAGES["captcha-lv"]),
}
