"""A page changes a release only if it is that release, and nothing that waits is lost from sight.

Also the tests of `mention`.
"""

import pytest

from crawler.check import check_held
from crawler.config import Recheck
from crawler.extraction import DiscoveredUrl
from crawler.scheduler.changes.mention import mention_of
from crawler.scheduler.frontier import Frontier
from crawler.scheduler.reasons import OTHER_VERSION
from crawler.store import Store
from crawler.store.pending_change_rows import PendingChangeRows
from tests.support.site_crawl import (
    NO_RELEASES,
    TEN,
    Web,
    config_for,
    crawl,
    found,
    list_page,
    publish,
    release_page,
    report_of,
)
from tests.support.stored_release import RELEASE

NAME = "relize-3"
PATH = f"/lv/jaunums/{NAME}"
TIME = "<time datetime=2026-02-01>01.02.2026.</time>"
CAPTCHA = release_page("Vēl viens solis", "Atzīmējiet attēlus, kuros redzami luksofori. Nospiediet pogu.")
OTHER = "Valdība apstiprina noteikumus, ar kuriem mainās atlīdzība mediķiem slimnīcās."


def first_crawl(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)


def show(web: Web, body: str, *names: str) -> None:
    web.pages |= {f"/lv/jaunums/{name}": (200, body) for name in names or (NAME,)}


def bodies(web: Web, store: Store, days: range) -> list[str]:
    """Crawl on *days*; return the first word of the release after each."""
    words = []
    for day in days:
        crawl(web, store, day=day)
        words.append(found(web, store, NAME).release.body.split()[0])
    return words


# --- Edits ---


def test_true_edit_of_most_releases_is_stored_by_the_third_day(web: Web, store: Store) -> None:
    first_crawl(web, store)
    for name in TEN[:8]:
        show(web, release_page(name, "Labots teksts par darbiem Latgalē un Kurzemē šajā gadā."), name)
    assert bodies(web, store, range(1, 4))[-1] == "Labots"
    assert {found(web, store, name).release.body[:6] for name in TEN[:8]} == {"Labots"}
    assert PendingChangeRows(store).of_site("iem") == ()


def test_other_text_under_the_same_title_is_stored_on_the_third_day(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store, day=-30)
    show(web, release_page(NAME, OTHER))
    assert bodies(web, store, range(1, 4)) == ["Pirmais", "Pirmais", "Valdība"]


def test_other_text_that_shows_once_is_forgotten(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store, day=-30)
    for day in range(1, 7):
        show(web, release_page(NAME, OTHER if day % 2 else "Pirmais teksts par darbiem Latgalē."))
        crawl(web, store, day=day)
        assert found(web, store, NAME).release.body.startswith("Pirmais")


def test_text_that_is_another_one_each_day_is_never_stored(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store, day=-30)
    texts = (OTHER, "Robežsardze saņem ierīces dokumentu pārbaudei ostās.", "Skolās sākas drošības dienas.")
    for day in range(1, 7):
        show(web, release_page(NAME, texts[day % 3]))
        crawl(web, store, day=day)
        assert found(web, store, NAME).release.body.startswith("Pirmais")


def test_reading_that_goes_back_to_an_earlier_version_is_taken_on_the_next_day(
    web: Web, store: Store
) -> None:
    first_crawl(web, store)
    show(web, release_page(NAME, "Labots teksts par darbiem Latgalē un Kurzemē šajā gadā."))
    assert bodies(web, store, range(1, 2)) == ["Labots"]
    show(web, release_page(NAME))
    assert bodies(web, store, range(2, 4)) == ["Labots", "Pirmais"]


# --- Pages that are not the release ---


def test_captcha_at_one_address_does_not_replace_its_release_and_is_named(web: Web, store: Store) -> None:
    first_crawl(web, store)
    before = found(web, store, NAME).release
    show(web, CAPTCHA.replace(TIME, ""))
    for day in (1, 2, 5, 9, 14):
        [objection] = crawl(web, store, day=day)[1]
        assert objection.startswith("1 page does not show the release of the address")
        assert f"e.g. {web.origin}{PATH} shows 'Paziņojums Vēl viens solis'" in objection
    assert found(web, store, NAME).release == before


def test_list_under_the_title_of_a_new_release_is_not_stored(web: Web, store: Store) -> None:
    publish(web, *TEN)
    rows = "</p><p>".join(f"Paziņojums {name} par darbiem</p><p>01.02.2026." for name in TEN)
    show(web, release_page(NAME).replace("Pirmais teksts", f"{rows}</p><p>Pirmais teksts"))
    for day in range(3):
        [objection] = crawl(web, store, day=day)[1]
        assert objection.endswith(f"e.g. {web.origin}{PATH} shows a list of releases")
        assert store.find(web.origin + PATH) is None
    show(web, release_page(NAME))
    assert bodies(web, store, range(3, 4)) == ["Pirmais"]


def test_release_that_refers_to_others_by_their_titles_is_stored(web: Web, store: Store) -> None:
    publish(web, *TEN)
    rows = "</p><p>".join(f"Paziņojums {name} par darbiem" for name in TEN)
    show(web, release_page(NAME, f"{OTHER * 6}</p><p>{rows}"))
    assert bodies(web, store, range(1)) == ["Valdība"]


def test_page_that_the_list_calls_otherwise_is_not_stored_on_a_first_crawl(web: Web, store: Store) -> None:
    publish(web, *TEN)
    show(web, CAPTCHA)
    ends, [objection] = crawl(web, store)
    assert store.find(web.origin + PATH) is None
    assert store.count_of("iem") == 9
    assert ends[PATH] == "held"
    assert web.origin + PATH in objection


def test_page_of_another_release_is_not_stored_although_it_begins_with_the_title_of_this_one(
    web: Web, store: Store
) -> None:
    publish(web, *TEN)
    other = release_page("relize-4", f"Paziņojums {NAME} par darbiem jau ir zināms visiem.")
    show(web, other, "relize-4", NAME)
    crawl(web, store)
    assert store.find(web.origin + PATH) is None
    assert found(web, store, "relize-4").aliases == ()
    show(web, release_page(NAME))
    assert bodies(web, store, range(1, 2)) == ["Pirmais"]


def test_release_that_waited_for_its_page_is_stored_as_soon_as_it_shows(web: Web, store: Store) -> None:
    publish(web, *TEN)
    show(web, CAPTCHA)
    crawl(web, store)
    show(web, release_page(NAME))
    assert bodies(web, store, range(1, 2)) == ["Pirmais"]
    assert PendingChangeRows(store).of_site("iem") == ()


def test_noindex_of_another_page_hides_nothing(web: Web, store: Store) -> None:
    first_crawl(web, store)
    show(web, CAPTCHA.replace("<head>", "<head><meta name=robots content=noindex>"))
    for day in range(1, 5):
        crawl(web, store, day=day)
        assert found(web, store, NAME).state == "present"
    assert found(web, store, NAME).release.body.startswith("Pirmais")


@pytest.mark.parametrize("login", [NO_RELEASES["log in"], CAPTCHA.replace(TIME, "")], ids=["form", "text"])
def test_release_that_redirects_to_a_login_stays_present(web: Web, store: Store, login: str) -> None:
    first_crawl(web, store)
    before = found(web, store, NAME).release
    web.pages |= {PATH: (302, "/lv/jaunums/ieeja"), "/lv/jaunums/ieeja": (200, login)}
    for day in (1, 2, 3):
        crawl(web, store, day=day)
        assert found(web, store, NAME).state == "present"
    assert found(web, store, NAME).release == before


def test_reading_that_is_held_is_named_by_the_check(web: Web, store: Store) -> None:
    first_crawl(web, store)
    sites = config_for(web).sites
    assert list(check_held(store, sites)) == []
    show(web, CAPTCHA.replace(TIME, ""))
    crawl(web, store, day=1)
    [finding] = check_held(store, sites)
    assert (finding.what, finding.is_well) == ("iem", False)
    assert finding.remark.startswith(f"1 held, e.g. {web.origin}{PATH}: shows 'Paziņojums Vēl viens solis'")
    assert "crawl --accept-loss iem" in finding.advice


# --- Aliases ---

ALIAS = "relize-90"


def crawl_with_alias(web: Web, store: Store) -> None:
    """Crawl on two days; on the second, the list leads to one release by a further address."""
    first_crawl(web, store)
    web.pages["/lv/jaunumi"] = (200, list_page(*TEN, ALIAS, **{ALIAS: NAME}))
    show(web, release_page(NAME), ALIAS)
    crawl(web, store, day=1)
    assert found(web, store, ALIAS).id == found(web, store, NAME).id
    publish(web, *TEN, ALIAS)


# It may be an edit of the release, which its own address will show, too, or another site's page for a day.
@pytest.mark.parametrize("text", [OTHER, "Pirmais teksts par darbiem Latgalē un Kurzemē šajā gadā."])
def test_alias_that_shows_a_text_of_its_own_becomes_a_release_on_the_next_day(
    web: Web, store: Store, text: str
) -> None:
    crawl_with_alias(web, store)
    show(web, release_page(ALIAS, text), ALIAS)
    crawl(web, store, day=2)
    assert found(web, store, ALIAS).id == found(web, store, NAME).id
    crawl(web, store, day=3)
    own, other = found(web, store, ALIAS), found(web, store, NAME)
    assert own.id != other.id
    assert (own.release.title, own.release.body) == (f"Paziņojums {ALIAS}", f"{text} {ALIAS}.")
    assert other.release.title == f"Paziņojums {NAME}"
    assert other.release.body.startswith("Pirmais")
    assert (own.state, other.state) == ("present", "present")


def test_alias_that_shows_another_version_of_its_release_changes_nothing(web: Web, store: Store) -> None:
    crawl_with_alias(web, store)
    web.pages["/lv/jaunumi"] = (200, list_page(*TEN, ALIAS, **{ALIAS: NAME}))
    show(web, release_page(NAME, f"{OTHER} Pirmais teksts par darbiem Latgalē un Kurzemē."), ALIAS)
    for day in range(2, 6):
        ends, objections = crawl(web, store, day=day)
        assert (ends[f"/lv/jaunums/{ALIAS}"], objections) == ("unchanged", ())
    assert found(web, store, ALIAS).id == found(web, store, NAME).id
    assert found(web, store, NAME).release.body.startswith("Pirmais")
    assert report_of(store).reasons[OTHER_VERSION] == 1


def test_release_that_moves_under_a_new_title_stays_one(web: Web, store: Store) -> None:
    publish(web, *TEN)
    show(web, release_page(NAME, OTHER * 2))
    crawl(web, store)
    before = found(web, store, NAME)
    rest = [name for name in TEN if name != NAME]
    web.pages["/lv/jaunumi"] = (200, list_page(*rest, ALIAS, **{ALIAS: "par jauno kārtību slimnīcās"}))
    moved = release_page(NAME, OTHER * 2).replace(
        f"Paziņojums {NAME}", "Paziņojums par jauno kārtību slimnīcās"
    )
    web.pages |= {PATH: (301, f"/lv/jaunums/{ALIAS}"), f"/lv/jaunums/{ALIAS}": (200, moved)}
    assert crawl(web, store, day=1)[1] == ()
    after = found(web, store, NAME)
    assert after.id == found(web, store, ALIAS).id
    assert (after.first_seen, after.state) == (before.first_seen, "present")
    assert after.release.title == "Paziņojums par jauno kārtību slimnīcās"


def test_captcha_at_an_alias_is_no_release_of_its_own(web: Web, store: Store) -> None:
    crawl_with_alias(web, store)
    web.pages["/lv/jaunumi"] = (200, list_page(*TEN, ALIAS, **{ALIAS: NAME}))
    show(web, CAPTCHA.replace(TIME, ""), ALIAS)
    for day in range(2, 6):
        assert crawl(web, store, day=day)[1] != ()
    assert found(web, store, ALIAS).id == found(web, store, NAME).id
    show(web, release_page(NAME), ALIAS)
    assert crawl(web, store, day=6)[1] == ()


# --- What lists say ---


@pytest.mark.parametrize(("names", "title"), [(TEN[:2], "Lasīt vairāk par šo"), (TEN[:3], None)])
def test_title_that_a_list_gives_to_several_releases_is_that_of_none(
    web: Web, store: Store, names: tuple[str, ...], title: str | None
) -> None:
    publish(web, *names)
    web.pages["/lv/jaunumi"] = (
        200,
        "<html lang=lv><body><main><h1>Jaunumi</h1>"
        + "".join(
            f"<div class=row><a href=/lv/jaunums/{name}>Lasīt vairāk par šo</a></div>" for name in names
        )
        + "</main></body></html>",
    )
    crawl(web, store)
    hints = DiscoveredUrl(url=web.origin + PATH, title="Lasīt vairāk par šo", published=None, source="list")
    mention = mention_of(RELEASE, hints, "iem", Frontier(store, Recheck()))
    assert mention is not None
    assert mention.title == title


def test_release_that_was_gone_is_back_with_what_its_address_shows(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    page = web.pages.pop(PATH)
    for day in (1, 2):
        crawl(web, store, day=day)
    assert found(web, store, NAME).state == "gone"
    web.pages[PATH] = (
        200,
        page[1].replace("Pirmais teksts par darbiem Latgalē un Kurzemē", "Pavisam cits stāsts"),
    )
    crawl(web, store, day=3)
    again = found(web, store, NAME)
    assert (again.state, again.release.body[:7], again.edited) == ("present", "Pavisam", True)
