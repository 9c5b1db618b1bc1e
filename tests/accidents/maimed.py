"""Pages of a release that lack something, have too much, or are of another time or language."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from html import escape

from tests.accidents.designs import paragraphs
from tests.accidents.place import Accident, Place
from tests.accidents.site import Answer, html
from tests.accidents.texts import NEWEST, in_english, paragraph

_WALL = (
    "Lai skatītu šo saturu, jums jāpiekrīt sīkdatņu izmantošanai. Mēs izmantojam sīkdatnes, lai uzlabotu "
    "vietnes darbību un apkopotu statistiku par apmeklējumiem. Plašāk par tām varat lasīt mūsu privātuma "
    "politikā."
)
_LOADING = (
    "Saturs tiek ielādēts, lūdzu, uzgaidiet. Ja lapa dažu sekunžu laikā neparādās, pārliecinieties, ka jūsu "
    "pārlūkprogrammā ir ieslēgts JavaScript, un atveriet lapu no jauna."
)


def _with_body(place: Place, *lines: str, title: str | None = None) -> Answer:
    text = replace(place.text, title=title or place.text.title, paragraphs=lines)
    return place.site.release(text)


def _wall(place: Place) -> Answer:
    """Return a page of the same text at each address, with the title of the release and no date."""
    content = f"<main><h1>{escape(place.text.title)}</h1><div class='text'><p>{_WALL}</p></div></main>"
    return html(place.site.design.page(content, place.text.title))


def _cut(place: Place) -> Answer:
    whole = place.site.release(place.text).body
    begin = whole.index(place.text.paragraphs[0].encode())
    end = whole.index(place.text.paragraphs[-1].encode())
    return Answer(body=whole[: begin + (end - begin) * 2 // 3])


def _teaser(place: Place) -> Answer:
    first = place.text.paragraphs[0]
    return _with_body(place, f"{first[:120].rsplit(' ', 1)[0]}… Lasīt tālāk")


def _english(place: Place) -> Answer:
    return html(place.site.design.release(in_english(place.text, place.chance), lang="en"))


def _half(place: Place) -> Answer:
    return _with_body(place, *place.text.paragraphs[::2])


def _doubled(place: Place) -> Answer:
    return _with_body(place, *place.text.paragraphs, *place.text.paragraphs)


def _stale(place: Place) -> Answer:
    """Show the version of a year ago: a paragraph was different."""
    return _with_body(place, paragraph(place.chance), *place.text.paragraphs[1:])


def _mojibake(place: Place) -> Answer:
    whole = place.site.release(place.text).body.decode()
    return html(whole.encode().decode("cp1252", "replace"))


def _mislabelled(place: Place) -> Answer:
    whole = place.site.release(place.text)
    body = whole.body.replace(b'<meta charset="utf-8">', b'<meta charset="windows-1257">')
    return Answer(body=body, headers={"content-type": "text/html; charset=windows-1257"})


def _site_name(place: Place) -> Answer:
    return _with_body(place, *place.text.paragraphs, title="Latvijas Republikas ministrija")


def _today(place: Place) -> Answer:
    return place.site.release(replace(place.text, published=NEWEST + timedelta(days=place.site.day)))


def _commented(place: Place) -> Answer:
    comments = "".join(f"<p>Lasītājs {n}: pareizi teikts, bet kad tas notiks?</p>" for n in range(4))
    advert = "<div class='ad'><p>Reklāma: ziemas riepas ar atlaidi tikai šonedēļ!</p></div>"
    text = place.text
    body = paragraphs(text.paragraphs[:1]) + advert + paragraphs(text.paragraphs[1:]) + comments
    return html(place.site.design.page(place.site.design.fields(text, body), text.title))


def _print(place: Place) -> Answer:
    text = place.text
    return html(
        f"<html lang=lv><head><title>Drukāt: {escape(text.title)}</title></head>"
        f"<body onload='window.print()'><h3>{escape(text.title)}</h3><div>{text.published:%d.%m.%Y}</div>"
        f"{paragraphs(text.paragraphs)}<hr>"
        f"Izdrukāts no {escape(place.site.url(place.publication.path))}</body></html>"
    )


def _mobile(place: Place) -> Answer:
    text = place.text
    lines = "".join(f"<div>{escape(line)}</div>" for line in text.paragraphs)
    return html(
        f"<html lang=lv><head><title>{escape(text.title)}</title></head><body class=m><div>≡ Izvēlne</div>"
        f"<h1>{escape(text.title)}</h1><span>{text.published:%d.%m.%Y}.</span>{lines}</body></html>"
    )


def _two_releases(place: Place) -> Answer:
    other = place.other.on(place.site.day)
    after = place.site.design.fields(other, paragraphs(other.paragraphs))
    return place.site.release(place.text, after=after)


def _wrong_clock(place: Place) -> Answer:
    whole = place.site.release(place.text)
    headers = {"date": "Thu, 01 Jan 1970 00:00:09 GMT", "last-modified": "Fri, 01 Jan 2038 00:00:00 GMT"}
    return Answer(body=whole.body, headers=headers)


MAIMED: Mapping[str, Accident] = {
    "cookie-wall": Accident(answer=_wall, nature="titled"),
    "wall-dated": Accident(answer=lambda place: _with_body(place, _WALL), nature="titled"),
    "loading": Accident(answer=lambda place: _with_body(place, _LOADING), nature="titled"),
    "cut": Accident(answer=_cut, nature="maimed"),
    "teaser": Accident(answer=_teaser, nature="maimed"),
    "english": Accident(answer=_english, nature="maimed"),
    "mojibake": Accident(answer=_mojibake, nature="maimed"),
    "mislabelled": Accident(answer=_mislabelled, nature="maimed"),
    "half": Accident(answer=_half, nature="plausible"),
    "doubled": Accident(answer=_doubled, nature="plausible"),
    "stale": Accident(answer=_stale, nature="plausible"),
    "site-name": Accident(answer=_site_name, nature="plausible"),
    "today": Accident(answer=_today, nature="plausible"),
    "commented": Accident(answer=_commented, nature="plausible"),
    "print": Accident(answer=_print, nature="plausible"),
    "mobile": Accident(answer=_mobile, nature="plausible"),
    "two-releases": Accident(answer=_two_releases, nature="plausible"),
    "wrong-clock": Accident(answer=_wrong_clock, nature="plausible"),
}
