"""Wrong pages that are never the same twice, or that repeat the address or the title they were asked for."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from random import Random

from tests.accidents.error_answers import ERROR_PAGES
from tests.accidents.place import Accident, Place
from tests.accidents.site import Answer, html, redirect

NO_INDEX_HEADER = {"x-robots-tag": "noindex, nofollow"}
NOWHERE = "http://127.0.0.1:9/blocked"
"""An address on a host that is not the site's."""


def _number(place: Place) -> int:
    """Return a number that is different for each release and day."""
    return Random(f"{place.publication.path}/{place.site.day}").randrange(10**9, 10**10)


def _another_each_day(place: Place) -> Answer:
    names = sorted(ERROR_PAGES)
    return ERROR_PAGES[names[(place.site.day * 7 + len(place.seed)) % len(names)]]


def _incident(place: Place) -> Answer:
    return html(
        '<html lang="lv"><head><title>Piekļuve ierobežota</title></head><body><h1>Piekļuve ierobežota</h1>'
        f"<p>Drošības sistēma bloķēja pieprasījumu {_number(place)}. Ja uzskatāt, ka tā ir kļūda, "
        f"sazinieties ar uzturētāju un nosauciet šo numuru un laiku: {place.site.day + 10}.11.2026., "
        f"plkst. 9.0{place.number % 10}.</p></body></html>"
    )


def _echo_of_address(place: Place) -> Answer:
    path = escape(place.publication.path)
    words = path.strip("/").rsplit("/", 1)[-1].replace("-", " ")
    content = (
        f"<main><h1>{words}</h1><div class='text'><p>Adresē {path} pašlaik nekas nav pieejams. Serveris "
        "ziņo: pieslēgums satura krātuvei pārtraukts, mēģinājums tiks atkārtots pēc 30 sekundēm.</p>"
        "</div></main>"
    )
    return html(place.site.design.page(content, words))


def _search_for_title(place: Place) -> Answer:
    title = escape(place.text.title)
    content = (
        f"<main><h1>Meklēšanas rezultāti: {title}</h1><p>Atrasti 0 ieraksti. Pārbaudiet, vai meklētais "
        "teksts ir uzrakstīts pareizi, vai mēģiniet citus atslēgvārdus.</p></main>"
    )
    return html(place.site.design.page(content, "Meklēšana"))


def _error_in_place(place: Place) -> Answer:
    """Return the frame, title and date of the release around an error message with a number of its own."""
    message = (
        f"Radās neparedzēta kļūda, un saturu neizdevās attēlot (kods {_number(place)}). Par to ir paziņots "
        "vietnes administratoram; lūdzam mēģināt vēlreiz pēc brīža."
    )
    return place.site.release(replace(place.text, paragraphs=(message,)))


def _russian(place: Place) -> Answer:
    text = replace(
        place.text,
        title="Министерство приняло новое решение и информирует жителей",
        paragraphs=(
            "Министерство утвердило новый порядок, который вступит в силу в следующем месяце, и приглашает "
            "жителей принять участие в обсуждении. Решение зарегистрировано под номером "
            f"{place.number + 700}.",
        ),
    )
    return html(place.site.design.release(text, lang="ru"))


def _not_indexed(name: str) -> Accident:
    page = ERROR_PAGES[name]
    return Accident(answer=lambda _place: replace(page, headers=NO_INDEX_HEADER), is_everywhere=True)


VARYING: Mapping[str, Accident] = {
    "another-each-day": Accident(answer=_another_each_day, is_everywhere=True),
    "incident": Accident(answer=_incident, is_everywhere=True),
    "echo-of-address": Accident(answer=_echo_of_address, nature="titled"),
    "search-for-title": Accident(answer=_search_for_title, nature="titled"),
    "error-in-place": Accident(answer=_error_in_place, nature="maimed"),
    "russian": Accident(answer=_russian, nature="maimed"),
    "captcha-not-indexed": _not_indexed("captcha-lv"),
    "consent-not-indexed": _not_indexed("consent"),
    "redirect-outside": Accident(answer=lambda _place: redirect(NOWHERE)),
}
