"""Wrong pages at addresses that are listed for the first time, so that nothing is stored there."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.accidents.error_answers import ERROR_PAGES
from tests.accidents.maimed import MAIMED
from tests.accidents.place import Accident, Nature, Place
from tests.accidents.site import Answer, html, redirect


def _clone(place: Place) -> Answer:
    """Show the text of a known release at a new address."""
    return place.site.release(place.site.publications[place.number].on(place.site.day))


def _clone_of_first(place: Place) -> Answer:
    return place.site.release(place.site.publications[0].on(place.site.day))


def _clone_under_own_title(place: Place) -> Answer:
    source = place.site.publications[place.number].on(place.site.day)
    return place.site.release(replace(place.text, paragraphs=source.paragraphs))


def _redirect_to_known(place: Place) -> Answer:
    return redirect(place.site.publications[place.number].path)


def _swapped(place: Place) -> Answer:
    """Show the text of the next newcomer, or of a known release if there is none."""
    others = [one for one in place.victims if one is not place.publication] or place.site.publications
    return place.site.release(others[place.number % len(others)].on(place.site.day))


def _placeholder(place: Place) -> Answer:
    return place.site.release(replace(place.text, paragraphs=("Informācija drīzumā tiks papildināta.",)))


def _without_index(place: Place) -> Answer:
    return place.site.release(place.text, head='<meta name="robots" content="noindex">')


def _new(
    answer: Callable[[Place], Answer], nature: Nature = "foreign", *, may_remove: bool = False
) -> Accident:
    return Accident(answer=answer, nature=nature, is_of_newcomers=True, may_remove=may_remove)


NEWCOMERS: Mapping[str, Accident] = {
    "clone": _new(_clone),
    "clone-redirect": _new(_redirect_to_known),
    "clone-one": _new(_clone_of_first),
    # With the title and the day that the list gives, a text that stays is published again on purpose.
    "clone-titled": _new(_clone_under_own_title, "maimed"),
    "new-swapped": _new(_swapped),
    "new-placeholder": _new(_placeholder, "plausible"),
    "new-english": _new(MAIMED["english"].answer, "plausible"),
    "new-cut": _new(MAIMED["cut"].answer, "plausible"),
    "new-teaser": _new(MAIMED["teaser"].answer, "plausible"),
    "new-captcha": _new(lambda _place: ERROR_PAGES["captcha-lv"]),
    "new-login": _new(lambda _place: ERROR_PAGES["login"]),
    # Once it was stored, two days of it are a removal, as of any release.
    "new-missing": _new(lambda _place: html("<h1>404</h1>", 404), may_remove=True),
    "new-error": _new(lambda _place: html("<h1>500</h1>", 500)),
    "new-home": _new(lambda place: place.site.home()),
    "new-list": _new(lambda place: place.site.listing()),
    "new-noindex": _new(_without_index, may_remove=True),
}
