"""Addresses of releases that lead to another page, in one step or several, for a day or for longer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from random import Random

from tests.accidents.designs import paragraphs
from tests.accidents.place import Accident, Nature, Place
from tests.accidents.site import Answer, Site, html, redirect
from tests.accidents.texts import Text, in_english, paragraph


def _number(place: Place) -> int:
    return place.site.publications.index(place.publication)


def _to(beginning: str, status: int = 302) -> Callable[[Place], Answer]:
    """Return an answer that leads to an address with the number of the release."""
    return lambda place: redirect(f"{beginning}{_number(place)}", status)


def _english(site: Site, number: int) -> Text:
    return in_english(site.publications[number].on(0), Random(f"{site.id}/{number}"))


def _english_page(site: Site, number: int) -> Answer:
    return html(site.design.release(_english(site, number), lang="en"))


def _russian_page(site: Site, number: int) -> Answer:
    text = replace(
        site.publications[number].on(0),
        title=f"Министерство приняло новое решение № {number + 700} и информирует жителей",
        paragraphs=(
            "Министерство утвердило новый порядок, который вступит в силу в следующем месяце, и приглашает "
            f"жителей принять участие в обсуждении. Решение зарегистрировано под номером {number + 700}.",
        ),
    )
    return html(site.design.release(text, lang="ru"))


def _stub_text(site: Site, *, is_dated: bool) -> str:
    """Return a Latvian page that is no release, in the markup of one."""
    chance = Random(f"{site.id}/stub")
    text = Text(
        title="Aicinām iepazīties ar ministrijas jauno vietni",
        published=site.publications[3].on(0).published,
        paragraphs=(paragraph(chance), paragraph(chance)),
    )
    page = site.design.release(text)
    if is_dated:
        return page
    return page.replace(f"{text.published:%d.%m.%Y}.", "").replace(text.published.isoformat(), "")


def _stub(*, is_dated: bool) -> Accident:
    return Accident(
        answer=lambda _place: redirect("/jaunums-vietne"),
        elsewhere={"/jaunums-vietne": lambda site: html(_stub_text(site, is_dated=is_dated))},
    )


def _next(place: Place) -> Answer:
    """Lead to the next victim, and from there on, until one is well."""
    if place.number + 1 < len(place.victims):
        return redirect(place.victims[place.number + 1].path, 301)
    return redirect(place.other.path) if len(place.victims) == 1 else place.site.release(place.text)


def _neighbour(place: Place) -> Answer:
    """Lead to the release of the nearest day, or of the same title, which is well."""
    day, title = place.text.published, place.text.title
    well = [one for one in place.site.publications if one not in place.victims and not one.listed_from]
    if not well:
        return redirect("/")
    texts = [(one, one.on(place.site.day)) for one in well]
    near = min(texts, key=lambda row: (row[1].title != title, abs((row[1].published - day).days)))
    return redirect(near[0].path)


def _refresh(to: str) -> Answer:
    return html(f'<html><head><meta http-equiv="refresh" content="0; url={escape(to)}"></head></html>')


def _other_with_its_canonical(place: Place) -> Answer:
    head = f'<link rel="canonical" href="{escape(place.site.url(place.other.path))}">'
    return place.site.release(place.other.on(place.site.day), head=head)


def _english_with_its_canonical(place: Place) -> Answer:
    text, number = _english(place.site, _number(place)), _number(place)
    head = f'<link rel="canonical" href="{escape(place.site.url(f"/en/zina-{number}"))}">'
    return html(place.site.design.release(text, lang="en", head=head))


def _stub_with_its_canonical(place: Place) -> Answer:
    head = f'<link rel="canonical" href="{escape(place.site.url("/jaunums-vietne"))}">'
    return html(_stub_text(place.site, is_dated=True).replace("</head>", f"{head}</head>"))


def _undated(site: Site, number: int) -> Answer:
    text = _english(site, number)
    body = paragraphs(text.paragraphs)
    return html(site.design.page(f"<main><h1>{text.title}</h1><div class='text'>{body}</div></main>", "News"))


def _own_page(site: Site, number: int) -> Answer:
    return site.release(site.publications[number].on(site.day), after="<!-- druka -->")


def _own_elsewhere(beginning: str) -> Accident:
    """Lead to a page with the own text, as to a print version or to an address with a session."""
    return Accident(answer=_to(beginning), numbered={beginning: _own_page}, shows_own=True)


def _accident(
    answer: Callable[[Place], Answer],
    beginning: str,
    page: Callable[[Site, int], Answer],
    nature: Nature = "maimed",
) -> Accident:
    return Accident(answer=answer, numbered={beginning: page}, nature=nature)


DETOURS: Mapping[str, Accident] = {
    "redirect-english-each": _accident(_to("/en/zina-"), "/en/zina-", _english_page),
    "redirect-english-301": _accident(_to("/en/zina-", 301), "/en/zina-", _english_page),
    "redirect-english-flat": _accident(_to("/zina-en-"), "/zina-en-", _english_page),
    "redirect-english-undated": _accident(_to("/en/zina-"), "/en/zina-", _undated),
    "redirect-russian": _accident(_to("/ru/zina-"), "/ru/zina-", _russian_page),
    "redirect-chain-english": Accident(
        answer=_to("/valoda-"),
        numbered={
            "/valoda-": lambda _site, number: redirect(f"/lv/valoda-{number}"),
            "/lv/valoda-": lambda _site, number: redirect(f"/en/zina-{number}", 307),
            "/en/zina-": _english_page,
        },
        nature="maimed",
    ),
    "redirect-print": _own_elsewhere("/druka/"),
    "redirect-session": _own_elsewhere("/lapa?sesija="),
    "redirect-stub": _stub(is_dated=True),
    "redirect-stub-undated": _stub(is_dated=False),
    "redirect-chain": Accident(answer=_next, may_remove=True),
    "redirect-neighbour": Accident(answer=_neighbour, may_remove=True),
    "refresh-other": Accident(answer=lambda place: _refresh(place.other.path)),
    "refresh-english": _accident(
        lambda place: _refresh(f"/en/zina-{_number(place)}"), "/en/zina-", _english_page
    ),
    "canonical-of-shown": Accident(answer=_other_with_its_canonical),
    "canonical-english": Accident(
        answer=_english_with_its_canonical, numbered={"/en/zina-": _english_page}, nature="maimed"
    ),
    "canonical-stub": Accident(answer=_stub_with_its_canonical),
}
