"""Pages of the site itself, or of another one, in place of a release."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from random import Random

from tests.accidents.place import Accident, Place
from tests.accidents.site import Answer, Publication, Site, html, redirect
from tests.accidents.texts import ENGLISH, Text, in_english

_STUB = (
    "<main><h1>Welcome to the Ministry</h1><p>This page is available in Latvian only. The most important "
    "information about our work and about the services that are offered to residents will be published here "
    "in English as soon as it has been translated.</p></main>"
)
_LOGIN = (
    "<main><h1>Satura pārvaldība</h1><p>Sesija ir beigusies. Lai turpinātu darbu ar satura vadības sistēmu, "
    "lūdzu, ievadiet lietotājvārdu un paroli, kas jums tika nosūtīta e-pastā.</p><form><input type=password>"
    "</form></main>"
)
_CONSENT = (
    "<main><h1>Izvēlieties sīkdatnes</h1><p>Pirms turpināt, lūdzu, norādiet, kuras sīkdatnes vietne drīkst "
    "saglabāt jūsu ierīcē. Obligātās sīkdatnes ir nepieciešamas, lai vietne darbotos, un tās nevar "
    "atslēgt.</p></main>"
)


def _search(place: Place) -> Answer:
    content = (
        "<main><h1>Meklēšana</h1><form><input name=q></form><p>Jūsu pieprasījumam neatbilst neviens "
        "ieraksts. Pārbaudiet, vai vārdi ir uzrakstīti pareizi, vai arī mēģiniet meklēt vispārīgākus "
        "jēdzienus.</p></main>"
    )
    return html(place.site.design.page(content, "Meklēšana"))


def _search_results(place: Place) -> Answer:
    rows = "".join(
        f"<div><a href='{escape(path)}'>{escape(text.title)}</a>"
        f"<p>{escape(text.paragraphs[0][:150])}…</p></div>"
        for path, text in place.site.rows()[:8]
    )
    content = f"<main><h1>Meklēšanas rezultāti</h1>{rows}</main>"
    return html(place.site.design.page(content, "Meklēšanas rezultāti"))


def _other(place: Place) -> Answer:
    return place.site.release(place.other.on(place.site.day))


def _swapped(place: Place) -> Answer:
    """Exchange neighbours among the victims."""
    partner = place.number ^ 1
    if partner >= len(place.victims):
        return _other(place)
    return place.site.release(place.victims[partner].on(place.site.day))


def _one_text(place: Place) -> Answer:
    shown = place.site.publications[5]
    return _other(place) if place.victims == (shown,) else place.site.release(shown.on(place.site.day))


def _stranger(place: Place) -> Answer:
    """Show a release of another virtual host."""
    return place.site.release(stranger_of(place.site, place.publication))


def stranger_of(site: Site, publication: Publication) -> Text:
    """Return the release of another virtual host at the address of *publication*."""
    return site.strangers[site.publications.index(publication) % len(site.strangers)]


def _stranger_of_same_day(place: Place) -> Answer:
    return place.site.release(
        replace(stranger_of(place.site, place.publication), published=place.text.published)
    )


def _stranger_without_index(place: Place) -> Answer:
    return place.site.release(
        stranger_of(place.site, place.publication), head='<meta name="robots" content="noindex">'
    )


def _strangers_listed(site: Site) -> Answer:
    rows = [(f"{site.design.list_path}/cits-{n}", text) for n, text in enumerate(site.strangers)]
    return html(site.design.listing(rows))


def _english_of_own_address(place: Place) -> Answer:
    return redirect(f"/en/zina-{place.site.publications.index(place.publication)}")


def _english_pages(site: Site) -> Answer:
    text = in_english(site.publications[0].on(0), Random(site.id))
    return html(site.design.release(replace(text, paragraphs=(" ".join(ENGLISH),)), lang="en"))


def _canonical(to: str) -> str:
    return f'<link rel="canonical" href="{escape(to)}">'


def _canonical_of_other(place: Place) -> Answer:
    return place.site.release(place.text, head=_canonical(place.site.url(place.other.path)))


def _canonical_of_home(place: Place) -> Answer:
    return place.site.release(place.text, head=_canonical(place.site.url("/")))


MIXUPS: Mapping[str, Accident] = {
    "search": Accident(answer=_search),
    "search-results": Accident(answer=_search_results),
    "news-list": Accident(answer=lambda place: place.site.listing()),
    "home": Accident(answer=lambda place: place.site.home()),
    "contacts": Accident(answer=lambda place: place.site.contacts()),
    "own-missing-page": Accident(answer=lambda place: place.site.missing(), is_of_single_days=True),
    "not-found": Accident(answer=lambda _place: html("<h1>404</h1>", 404), is_of_single_days=True),
    "error-500": Accident(answer=lambda _place: html("<h1>500</h1>", 500), is_everywhere=True),
    "forbidden": Accident(answer=lambda _place: html("<h1>403 Forbidden</h1>", 403), is_everywhere=True),
    "another-release": Accident(answer=_other),
    "swapped": Accident(answer=_swapped),
    "one-text": Accident(answer=_one_text),
    "other-host": Accident(answer=_stranger),
    "other-host-same-day": Accident(answer=_stranger_of_same_day, nature="maimed"),
    "other-host-noindex": Accident(answer=_stranger_without_index),
    "other-host-whole": Accident(
        answer=lambda _place: html("<h1>404 Not Found</h1>", 404),
        elsewhere={"list": _strangers_listed},
        leaves_strangers=True,
        is_of_single_days=True,
    ),
    "redirect-home": Accident(answer=lambda _place: redirect("/"), may_remove=True),
    "redirect-list": Accident(answer=lambda place: redirect(place.site.design.list_path), may_remove=True),
    "redirect-english-stub": Accident(
        answer=lambda _place: redirect("/en/"),
        elsewhere={"/en/": lambda site: html(site.design.page(_STUB, "Welcome", lang="en"))},
    ),
    "redirect-english-pages": Accident(
        answer=_english_of_own_address, elsewhere={"/en/zina": _english_pages}, nature="maimed"
    ),
    "redirect-login": Accident(
        answer=lambda place: redirect(f"/pieslegties?atpakal={place.number}"),
        elsewhere={"/pieslegties": lambda site: html(site.design.page(_LOGIN, "Satura pārvaldība"))},
    ),
    "redirect-consent": Accident(
        answer=lambda _place: redirect("/sikdatnes", 307),
        elsewhere={"/sikdatnes": lambda site: html(site.design.page(_CONSENT, "Izvēlieties sīkdatnes"))},
    ),
    "redirect-other": Accident(answer=lambda place: redirect(place.other.path), may_remove=True),
    "redirect-other-301": Accident(
        answer=lambda place: redirect(place.site.publications[5].path, 301), may_remove=True
    ),
    "canonical-other": Accident(answer=_canonical_of_other, shows_own=True),
    "canonical-home": Accident(answer=_canonical_of_home, shows_own=True),
}
