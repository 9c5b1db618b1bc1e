"""Other wrong pages each day, of all kinds that share nothing with a release."""

from collections.abc import Mapping
from random import Random

from tests.accidents.composed import COMPOSED
from tests.accidents.error_answers import ERROR_PAGES
from tests.accidents.mixups import MIXUPS
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


MEDLEY: Mapping[str, Accident] = {
    "another-kind-each-day": Accident(answer=_another_each_day),
    "another-kind-each-time": Accident(answer=_another_each_time),
}
