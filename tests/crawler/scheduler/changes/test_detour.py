"""On a first crawl, a page to which an address leads is its release only if a list gives the title."""

from collections.abc import Callable, Mapping

import pytest

from crawler.scheduler.changes.detour import ASTRAY, OTHER_LANGUAGE
from crawler.store import Store
from tests.support.site_crawl import TEN, Web, crawl, found, release_page

VICTIMS = ("relize-3", "relize-4", "relize-5")
MORE, SERIES = "Lasīt vairāk", "Valsts sekretāru sanāksmes darba kārtība"
ENGLISH = (
    "The ministry has approved the new rules and they will be in force from the first day of the month. "
    "Residents of the region are invited to take part in the discussion that will be held in the town hall."
)
RUSSIAN = (
    "Министерство утвердило новый порядок, который вступит в силу в следующем месяце, и приглашает жителей "
    "принять участие в обсуждении, которое состоится в городской думе."
)
CONSENT = (
    "Pirms turpināt, lūdzu, norādiet, kuras sīkdatnes vietne drīkst saglabāt jūsu ierīcē. Obligātās "
    "sīkdatnes ir nepieciešamas, lai vietne darbotos, un tās nevar atslēgt."
)


def day_of(name: str) -> str:
    return f"{10 + TEN.index(name)}.02.2026."


def page(name: str, text: str = "", *, title: str = "", day: str | None = None, head: str = "") -> str:
    """Return the page of a release; *day* is empty if it shows none."""
    shown = day_of(name) if day is None else day
    markup = release_page(name, text) if text else release_page(name)
    markup = markup.replace("<time datetime=2026-02-01>01.02.2026.</time>", shown and f"<p>{shown}</p>")
    markup = markup.replace(f"Paziņojums {name}", title or f"Paziņojums {name}")
    return markup.replace("</head>", f"{head}</head>")


def publish(web: Web, titles: Mapping[str, str], *further: str) -> None:
    """Publish ten releases, each of its own day, in a list that gives *titles* and names *further* ones."""
    rows = "".join(
        f"<div class=row><a href=/lv/jaunums/{name}>{titles.get(name, f'Paziņojums {name} šodien')}</a> "
        f"{day_of(name)}</div>"
        for name in TEN
    )
    rows += "".join(f"<div class=row><a href={path}>{MORE}</a></div>" for path in further)
    web.pages["/lv/jaunumi"] = (200, f"<html lang=lv><body><main><h1>Jaunumi</h1>{rows}</main></body></html>")
    own = {name: titles.get(name, "") for name in TEN}
    web.pages |= {
        f"/lv/jaunums/{name}": (200, page(name, title="" if title == MORE else title))
        for name, title in own.items()
    }


def lead(web: Web, *steps: tuple[str, str]) -> None:
    web.pages |= {path: (302, to) for path, to in steps}


def to_english(web: Web, folder: str, name: str, **shown: str) -> None:
    lead(web, (f"/lv/jaunums/{name}", f"{folder}{name}"))
    web.pages[f"{folder}{name}"] = (200, page(name, f"{ENGLISH} {name}", title="The new rules", **shown))


def each_to_english(web: Web) -> None:
    for name in VICTIMS:
        to_english(web, "/en/news/", name)


def all_to_one_english_text(web: Web) -> None:
    for name in VICTIMS:
        lead(web, (f"/lv/jaunums/{name}", f"/en/news/{name}"))
        web.pages[f"/en/news/{name}"] = (200, page(VICTIMS[0], ENGLISH, title="The new rules"))


def to_english_beside(web: Web) -> None:
    for name in VICTIMS:
        to_english(web, "/lv/jaunums/en-", name)


def to_undated_english(web: Web) -> None:
    for name in VICTIMS:
        to_english(web, "/en/news/", name, day="")


def to_russian_in_steps(web: Web) -> None:
    for name in VICTIMS:
        lead(web, (f"/lv/jaunums/{name}", f"/valoda/{name}"), (f"/valoda/{name}", f"/ru/news/{name}"))
        web.pages[f"/ru/news/{name}"] = (200, page(name, f"{RUSSIAN} {name}", title="Министерство сообщает"))


def canonical_of_english(web: Web) -> None:
    for name in VICTIMS:
        head = f"<link rel=canonical href={web.origin}/en/news/{name}>"
        shown = page(name, f"{ENGLISH} {name}", title="The new rules", head=head)
        web.pages |= {f"/lv/jaunums/{name}": (200, shown), f"/en/news/{name}": (200, shown)}


def one_to_undated_consent(web: Web) -> None:
    lead(web, (f"/lv/jaunums/{VICTIMS[0]}", "/lv/jaunums/sikdatnes"))
    web.pages["/lv/jaunums/sikdatnes"] = (200, page("sikdatnes", CONSENT, title="Izvēlieties", day=""))


def several_to_consent_of_the_day_of_one(web: Web) -> None:
    for name in VICTIMS:
        lead(web, (f"/lv/jaunums/{name}", "/lv/jaunums/sikdatnes"))
    shown = page("sikdatnes", CONSENT, title="Izvēlieties sīkdatnes", day=day_of(VICTIMS[1]))
    web.pages["/lv/jaunums/sikdatnes"] = (200, shown)


def to_listed_release_of_the_day(web: Web) -> None:
    lead(web, (f"/lv/jaunums/{VICTIMS[0]}", "/lv/jaunums/relize-6"))
    web.pages["/lv/jaunumi"] = (
        200,
        web.pages["/lv/jaunumi"][1].replace(day_of(VICTIMS[0]), day_of("relize-6")),
    )
    web.pages["/lv/jaunums/relize-6"] = (200, page("relize-6"))


ACCIDENTS = (
    each_to_english,
    all_to_one_english_text,
    to_english_beside,
    to_undated_english,
    to_russian_in_steps,
    canonical_of_english,
    one_to_undated_consent,
    several_to_consent_of_the_day_of_one,
    to_listed_release_of_the_day,
)


def stored_texts(web: Web, store: Store) -> dict[str, tuple[str, str, str, tuple[str, ...], bool]]:
    """Return by address, without the origin, all that a reader sees and the history of each release."""
    stored = [store.get(id_) for (id_,) in store.rows("SELECT id FROM release WHERE moved_to IS NULL")]
    return {
        one.release.url.removeprefix(web.origin): (
            one.release.title,
            one.release.body,
            one.state,
            one.aliases,
            one.edited,
        )
        for one in stored
        if one is not None
    }


@pytest.mark.parametrize("days", [1, 3])
@pytest.mark.parametrize("accident", ACCIDENTS)
def test_page_to_which_an_address_leads_for_days_takes_no_place(
    web: Web, store: Store, accident: Callable[[Web], None], days: int
) -> None:
    titles = dict.fromkeys(TEN, MORE)
    publish(web, titles)
    well = dict(web.pages)
    accident(web)
    for day in range(days):
        objections = crawl(web, store, day=day)[1]
        assert bool(objections) is (accident is not to_listed_release_of_the_day)
        for path, (title, *_) in stored_texts(web, store).items():
            assert title == f"Paziņojums {path.removeprefix('/lv/jaunums/')}"
    web.pages = well
    for day in (days, days + 1):
        crawl(web, store, day=day)
    texts = stored_texts(web, store)
    assert texts.keys() == {f"/lv/jaunums/{name}" for name in TEN}
    for path, (title, body, state, aliases, is_edited) in texts.items():
        name = path.removeprefix("/lv/jaunums/")
        assert (title, state, aliases, is_edited) == (f"Paziņojums {name}", "present", (), False)
        assert body.startswith("Pirmais teksts")
        assert body.endswith(f"{name}.")


def test_page_in_another_language_is_stored_if_the_list_gives_its_title(web: Web, store: Store) -> None:
    publish(web, {VICTIMS[0]: "The new rules of the ministry"})
    lead(web, (f"/lv/jaunums/{VICTIMS[0]}", "/en/news/rules"))
    web.pages["/en/news/rules"] = (200, page(VICTIMS[0], ENGLISH, title="The new rules of the ministry"))
    crawl(web, store)
    assert found(web, store, VICTIMS[0]).release.url == f"{web.origin}/en/news/rules"


def test_page_in_the_language_of_the_site_or_of_the_address_may_be_elsewhere(web: Web, store: Store) -> None:
    publish(web, dict.fromkeys(TEN, MORE))
    for name in TEN[:6]:
        web.pages[f"/lv/jaunums/{name}"] = (200, page(name, f"{ENGLISH} {name}", title=f"The rules {name}"))
    crawl(web, store)
    to_english(web, "/en/news/", "relize-6")
    stored = found(web, store, "relize-6")
    assert store.discard(stored.id, since=stored.first_seen)
    crawl(web, store, day=1)
    assert found(web, store, "relize-6").release.url == f"{web.origin}/en/news/relize-6"


@pytest.mark.parametrize("is_led", [True, False])
@pytest.mark.parametrize("days", [1, 3])
def test_releases_of_one_title_stay_apart(web: Web, store: Store, days: int, *, is_led: bool) -> None:
    titles = dict.fromkeys(("relize-2", *VICTIMS), SERIES)
    publish(web, titles)
    well = dict(web.pages)
    for name in VICTIMS:
        shown = (302, "/lv/jaunums/relize-2") if is_led else web.pages["/lv/jaunums/relize-2"]
        web.pages[f"/lv/jaunums/{name}"] = shown
    for day in range(days):
        crawl(web, store, day=day)
        assert not any(store.has(f"{web.origin}/lv/jaunums/{name}") for name in VICTIMS)
    web.pages = well
    crawl(web, store, day=days)
    for name in ("relize-2", *VICTIMS):
        stored = found(web, store, name)
        assert (stored.release.url, stored.aliases) == (f"{web.origin}/lv/jaunums/{name}", ())
        assert stored.release.body.endswith(f"{name}.")


def test_doubts_are_named_in_the_report(web: Web, store: Store) -> None:
    publish(web, dict.fromkeys(TEN, MORE))
    each_to_english(web)
    [objection] = crawl(web, store)[1]
    assert objection.startswith("3 pages do not show the release of the address")
    assert objection.endswith(f"relize-3 {OTHER_LANGUAGE}")
    one_to_undated_consent(web)
    for name in VICTIMS[1:]:
        web.pages[f"/lv/jaunums/{name}"] = (200, page(name))
    [objection] = crawl(web, store, day=1)[1]
    assert objection.endswith(f"relize-3 {ASTRAY}")


def test_known_releases_of_one_title_are_not_exchanged(web: Web, store: Store) -> None:
    names = ("relize-2", *VICTIMS)
    publish(web, dict.fromkeys(names, SERIES))
    well = dict(web.pages)
    crawl(web, store)
    for name, other in zip(names, names[1:] + names[:1], strict=True):
        web.pages[f"/lv/jaunums/{name}"] = well[f"/lv/jaunums/{other}"]
    for day in (1, 2, 3, 4):
        [objection] = crawl(web, store, day=day)[1]
        assert "4 pages do not show the release of the address" in objection
        assert all(found(web, store, name).release.body.endswith(f"{name}.") for name in names)
    web.pages = well
    assert crawl(web, store, day=5)[1] == ()
    assert not any(found(web, store, name).edited for name in names)


@pytest.mark.parametrize("to", ["/druka?id=3", "/druka", "/lv/jaunums/relize-3/drukas-versija-bez-atteliem"])
def test_release_that_was_found_through_a_redirect_returns_to_its_listed_address(
    web: Web, store: Store, to: str
) -> None:
    publish(web, {})
    well, path = dict(web.pages), f"/lv/jaunums/{VICTIMS[0]}"
    web.pages |= {path: (302, to), to: well[path]}
    for day in (0, 1):
        crawl(web, store, day=day)
        assert found(web, store, VICTIMS[0]).release.url == f"{web.origin}{to}"
    web.pages = well
    for day in (2, 3):
        assert crawl(web, store, day=day)[1] == ()
        assert found(web, store, VICTIMS[0]).release.url == f"{web.origin}{path}"
    assert store.count() == len(TEN)
    assert not found(web, store, VICTIMS[0]).edited
