"""Other wrong pages each day, of all kinds that share nothing with a release."""

from collections.abc import Mapping
from random import Random

from tests.accidents.composed import COMPOSED
from tests.accidents.detours import DETOURS
from tests.accidents.error_answers import ERROR_PAGES
from tests.accidents.mixups import MIXUPS, stranger_of
from tests.accidents.place import Accident, Place
from tests.accidents.site import Answer

_KINDS = (
    "search", "search-results", "news-list", "home", "contacts", "error-500", "another-release", "one-text",
    "other-host", "other-host-noindex",
)  # fmt: skip
_ANSWERS = tuple((lambda _place, page=page: page) for page in ERROR_PAGES.values()) + tuple(
    kind.answer for kind in (*(MIXUPS[name] for name in _KINDS), COMPOSED["raw-template"])
)


def _another_each_day(place: Place) -> Answer:
    return Random(f"{place.seed}/{place.site.day}").choice(_ANSWERS)(place)


def _another_each_time(place: Place) -> Answer:
    return Random(f"{place.publication.path}/{place.site.day}").choice(_ANSWERS)(place)


_DETOURS = {
    name: {**DETOURS, **MIXUPS}[name]
    for name in (
        "redirect-english-each", "redirect-chain-english", "redirect-russian", "redirect-stub", "one-text",
        "redirect-neighbour", "redirect-chain", "redirect-home", "redirect-login", "redirect-consent",
        "redirect-english-stub",
    )
}  # fmt: skip


def _another_detour_each_day(place: Place) -> Answer:
    name = Random(f"{place.seed}/{place.site.day}").choice(list(_DETOURS))
    return _DETOURS[name].answer(place)


def _fewer_each_day(place: Place) -> Answer:
    """Show releases of another virtual host at addresses that recover one by one."""
    is_well = place.number < place.site.day
    return place.site.release(place.text if is_well else stranger_of(place.site, place.publication))


MEDLEY: Mapping[str, Accident] = {
    "another-kind-each-day": Accident(answer=_another_each_day),
    "another-detour-each-day": Accident(
        answer=_another_detour_each_day,
        elsewhere={path: page for one in _DETOURS.values() for path, page in one.elsewhere.items()},
        numbered={path: page for one in _DETOURS.values() for path, page in one.numbered.items()},
        nature="maimed",
        may_remove=True,
    ),
    "fewer-each-day": Accident(answer=_fewer_each_day, shows_own=True),
    "another-kind-each-time": Accident(answer=_another_each_time),
}
