"""True edits, removals and moves, which must be taken by the third day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from tests.accidents.site import Publication, Site, html, new_path, redirect
from tests.accidents.texts import Text, paragraph, release_texts

Chosen = Sequence[Publication]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A change that a site makes on a day."""

    make: Callable[[Site, Chosen, int, Random], None]
    most: int = 99
    """The largest number of releases that it is about: more are a loss that the guards may hold."""
    revisions: int = 1
    """The largest number of earlier versions of a release afterwards."""
    days: int = 3
    """The number of crawls after which it must be taken, the day of the change being the first."""


def _edit(change: Callable[[Text, Random], Text]) -> Callable[[Site, Chosen, int, Random], None]:
    def make(_site: Site, chosen: Chosen, day: int, chance: Random) -> None:
        for one in chosen:
            one.versions[day] = change(one.on(day), chance)

    return make


def _rewritten(text: Text, chance: Random) -> Text:
    return replace(text, paragraphs=tuple(paragraph(chance) for _ in text.paragraphs))


def _retitled(text: Text, chance: Random) -> Text:
    return replace(text, title=release_texts(chance, 1)[0].title)


def _redated(text: Text, _chance: Random) -> Text:
    return replace(text, published=text.published - timedelta(days=3))


def _shortened(text: Text, _chance: Random) -> Text:
    return replace(text, paragraphs=text.paragraphs[:-1])


def _abridged(text: Text, _chance: Random) -> Text:
    """Leave one paragraph, or two if it is so short that a general template takes it for a caption."""
    return replace(text, paragraphs=text.paragraphs[: 1 if len(text.paragraphs[0]) > 200 else 2])


def _extended(text: Text, chance: Random) -> Text:
    return replace(text, paragraphs=(*text.paragraphs, *(paragraph(chance) for _ in range(7))))


def _reordered(text: Text, _chance: Random) -> Text:
    return replace(text, paragraphs=text.paragraphs[::-1])


def _edited_twice(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
    _edit(lambda text, _chance: text.with_typo_mended())(site, chosen, day, chance)
    _edit(Text.with_more)(site, chosen, day + 1, chance)


def _edited_and_back(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
    for one in chosen:
        one.versions[day + 3] = one.on(day)
    _edit(Text.with_more)(site, chosen, day, chance)


def _edited_daily(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
    for later in range(4):
        _edit(Text.with_more)(site, chosen, day + later, chance)


def _redesign(site: Site, _chosen: Chosen, day: int, _chance: Random) -> None:
    site.redesigned_on = day


def _redesign_and_edit(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
    site.redesigned_on = day
    _edit(Text.with_more)(site, chosen, day, chance)


def _redesign_then_edit(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
    site.redesigned_on = day
    _edit(Text.with_more)(site, chosen, day + 2, chance)


def _removed(answer: Callable[[Site], object]) -> Callable[[Site, Chosen, int, Random], None]:
    def make(site: Site, chosen: Chosen, day: int, _chance: Random) -> None:
        for one in chosen:
            one.removal = (day, answer(site))  # type: ignore[assignment]  # an answer or None

    return make


def _removed_softly(site: Site, chosen: Chosen, day: int, _chance: Random) -> None:
    site.is_soft = True
    for one in chosen:
        one.removal = (day, None)


def _removed_to_soft_home(site: Site, chosen: Chosen, day: int, _chance: Random) -> None:
    site.is_soft = site.has_soft_home = True
    for one in chosen:
        one.removal = (day, None)


def _without_index(site: Site, chosen: Chosen, day: int, _chance: Random) -> None:
    for one in chosen:
        page = site.design.release(one.on(day), head='<meta name="robots" content="noindex">')
        one.removal = (day, html(page))


def _for_three_days(
    remove: Callable[[Site, Chosen, int, Random], None],
) -> Callable[[Site, Chosen, int, Random], None]:
    def make(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
        remove(site, chosen, day, chance)
        for one in chosen:
            one.back_on = day + 3

    return make


def _moved(status: int) -> Callable[[Site, Chosen, int, Random], None]:
    def make(site: Site, chosen: Chosen, day: int, _chance: Random) -> None:
        for one in chosen:
            one.new_path = (day, one.path.replace("=", "=7").rstrip("/") + "-jauns")
            one.removal = (day, redirect(one.new_path[1], status) if status < 400 else html("", status))

    return make


def _moved_and(change: Callable[[Text, Random], Text]) -> Callable[[Site, Chosen, int, Random], None]:
    def make(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
        _edit(change)(site, chosen, day, chance)
        _moved(301)(site, chosen, day, chance)

    return make


def _moved_and_redesigned(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
    site.redesigned_on = day
    _moved(301)(site, chosen, day, chance)


def _published(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
    """Publish as many further releases as are chosen."""
    for number, text in enumerate(site.strangers[: len(chosen)]):
        path = new_path(site, number, text)
        site.publications.append(Publication(path=path, versions={0: text}, listed_from=day))


def _weather(since: int) -> Callable[[Site, Chosen, int, Random], None]:
    def make(site: Site, _chosen: Chosen, _day: int, chance: Random) -> None:
        first = chance.randrange(9)
        site.weather = lambda day: (
            f"Laiks Rīgā šodien: +{first + day} °C, vējš {day + 2} m/s." if day >= since else ""
        )

    return make


def _weather_and_edit(site: Site, chosen: Chosen, day: int, chance: Random) -> None:
    _weather(0)(site, chosen, day, chance)
    _edit(Text.with_more)(site, chosen, day + 4, chance)


TRUTHS: Mapping[str, Truth] = {
    "typo": Truth(make=_edit(lambda text, _chance: text.with_typo_mended())),
    "paragraph": Truth(make=_edit(Text.with_more)),
    "shortened": Truth(make=_edit(_shortened)),
    "abridged": Truth(make=_edit(_abridged)),
    "extended": Truth(make=_edit(_extended)),
    "reordered": Truth(make=_edit(_reordered)),
    "rewritten": Truth(make=_edit(_rewritten)),
    "retitled": Truth(make=_edit(_retitled)),
    "redated": Truth(make=_edit(_redated)),
    "edited-twice": Truth(make=_edited_twice, days=4, revisions=2),
    "edited-and-back": Truth(make=_edited_and_back, days=6, revisions=2),
    "edited-daily": Truth(make=_edited_daily, days=6, revisions=4),
    "redesign": Truth(make=_redesign),
    "redesign-and-edit": Truth(make=_redesign_and_edit),
    "redesign-then-edit": Truth(make=_redesign_then_edit, days=5),
    "removed-404": Truth(make=_removed(lambda _site: html("<h1>404</h1>", 404)), most=3),
    "removed-410": Truth(make=_removed(lambda _site: html("<h1>410</h1>", 410)), most=3),
    "removed-to-home": Truth(make=_removed(lambda _site: redirect("/")), most=3),
    "removed-softly": Truth(make=_removed_softly, most=3),
    "removed-to-soft-home": Truth(make=_removed_to_soft_home, most=3),
    "removed-and-back": Truth(
        make=_for_three_days(_removed(lambda _site: html("<h1>404</h1>", 404))), most=3, days=6
    ),
    "noindex-and-back": Truth(make=_for_three_days(_without_index), most=3, days=6),
    "noindex": Truth(make=_without_index, most=3),
    "moved-301": Truth(make=_moved(301)),
    "moved-302": Truth(make=_moved(302)),
    "moved-404": Truth(make=_moved(404), most=3),
    "moved-and-redesigned": Truth(make=_moved_and_redesigned),
    "moved-and-edited": Truth(make=_moved_and(lambda text, _chance: text.with_typo_mended())),
    "moved-and-retitled": Truth(make=_moved_and(_retitled)),
    "published": Truth(make=_published),
    "weather": Truth(make=_weather(0), days=7, revisions=2),
    "weather-later": Truth(make=_weather(2), days=7, revisions=2),
    "weather-and-edit": Truth(make=_weather_and_edit, days=7, revisions=3),
}
