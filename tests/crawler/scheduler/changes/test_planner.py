"""Pages that are missing, edited, refused, or redirect elsewhere.

Also the tests of `change`, which holds records only.
"""

from pathlib import Path

import pytest

from crawler.scheduler.reasons import OTHER_RELEASE
from crawler.store import Store
from tests.support.site_crawl import (
    NO_RELEASES,
    TEN,
    Web,
    crawl,
    found,
    list_page,
    publish,
    release_page,
    report_of,
)


@pytest.mark.parametrize("status", [404, 410])
def test_missing_release_is_gone_on_the_second_day_only(web: Web, store: Store, status: int) -> None:
    publish(web, *TEN)
    crawl(web, store)
    web.pages["/lv/jaunums/relize-3"] = (status, "")
    states = []
    for day in (1, 1, 2):
        crawl(web, store, day=day)
        states.append(found(web, store, "relize-3").state)
    assert states == ["present", "present", "gone"]
    assert "Pirmais teksts" in found(web, store, "relize-3").release.body


def test_release_that_comes_back_is_present_again(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    page = web.pages.pop("/lv/jaunums/relize-3")
    crawl(web, store, day=1)
    crawl(web, store, day=2)
    web.pages["/lv/jaunums/relize-3"] = page
    crawl(web, store, day=3)
    assert found(web, store, "relize-3").state == "present"


def test_login_wall_overwrites_nothing(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    number = store.last_number()
    wall = release_page("pieeja", "Lai lasītu šo lapu, lūdzu, piesakieties ar savu vārdu un paroli.")
    web.pages |= {f"/lv/jaunums/{name}": (200, wall) for name in TEN}
    _, objections = crawl(web, store, day=1)
    assert objections[0].startswith("10 releases suddenly have the same text: a login or error page?")
    assert store.last_number() == number


def test_release_that_a_list_names_is_stored_however_many_addresses_copy_it(web: Web, store: Store) -> None:
    copies = {f"kopija-{number}": f"Nr. {number}" for number in range(12)}
    web.pages["/lv/jaunumi"] = (200, list_page("celi", *copies, **copies))
    text = "Latgalē atjaunos ceļus, un darbi sāksies vasarā, kad būs beigusies skola, un ilgs līdz rudenim."
    web.pages["/lv/jaunums/celi"] = (200, release_page("celi", text))
    web.pages |= {
        f"/lv/jaunums/{name}": (200, release_page("celi", text).replace("<h1>Paziņojums celi", f"<h1>{name}"))
        for name in copies
    }
    crawl(web, store)
    assert "skola, un ilgs" in found(web, store, "celi").release.body
    assert [name for name in copies if store.find(f"{web.origin}/lv/jaunums/{name}")] == []


def test_listed_address_that_leads_to_another_release_is_reported(web: Web, store: Store) -> None:
    publish(web, *TEN)
    web.pages["/lv/jaunums/relize-9"] = (302, "/lv/jaunums/relize-0")
    crawl(web, store)
    report = report_of(store)
    assert (report.outcomes["new"], report.reasons[OTHER_RELEASE]) == (9, 1)


def test_login_wall_that_redirects_overwrites_nothing(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    number = store.last_number()
    wall = release_page("pieeja", "Lai lasītu šo lapu, lūdzu, piesakieties ar savu vārdu un paroli.")
    web.pages["/lv/jaunums/ieeja"] = (200, wall)
    web.pages |= {f"/lv/jaunums/{name}": (302, "/lv/jaunums/ieeja") for name in TEN}
    _, objections = crawl(web, store, day=1)
    assert len(objections) == 1
    assert store.last_number() == number


def test_edit_is_kept_as_a_revision_and_going_back_is_noticed(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    before = web.pages["/lv/jaunums/relize-3"]
    web.pages["/lv/jaunums/relize-3"] = (
        200,
        release_page("relize-3", "Labots teksts par darbiem Latgalē gadā."),
    )
    crawl(web, store, day=1)
    assert found(web, store, "relize-3").release.body.startswith("Labots")
    web.pages["/lv/jaunums/relize-3"] = before
    bodies = []
    for day in (2, 3, 4):
        crawl(web, store, day=day)
        bodies.append(found(web, store, "relize-3").release.body[:7])
    assert bodies == ["Labots ", "Pirmais", "Pirmais"]
    assert len(store.revisions(found(web, store, "relize-3").id)) == 2


def test_redesign_that_changes_no_words_is_not_held_back(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    for name in TEN:
        page = release_page(name).replace("<time datetime=2026-02-01>01.02.2026.</time>", "")
        web.pages[f"/lv/jaunums/{name}"] = (200, page)
    ends, objections = crawl(web, store, day=1)
    stored = found(web, store, "relize-3")
    assert (ends["/lv/jaunums/relize-3"], objections) == ("changed", ())
    assert (stored.release.published_source, store.revisions(stored.id)) == ("list", ())


def test_redesign_that_loses_all_attachments_is_held_back(web: Web, store: Store) -> None:
    publish(web, *TEN)
    link = "<p><a href=/faili/{}.pdf>Budžets</a></p></article>"
    for name in TEN:
        page = release_page(name).replace("</article>", link.format(name))
        web.pages[f"/lv/jaunums/{name}"] = (200, page)
    crawl(web, store)
    publish(web, *TEN)
    [objection] = crawl(web, store, day=1)[1]
    assert objection.startswith("10 of 10 releases changed at once")


def test_text_of_attachments_is_part_of_their_release(web: Web, store: Store) -> None:
    publish(web, *TEN)
    file = (Path(__file__).parents[4] / "samples" / "attachments" / "budzets-2020.pdf").read_bytes()
    page = release_page("relize-3").replace("</article>", "<p><a href=/faili/b.pdf>Budžets</a></p></article>")
    web.pages["/lv/jaunums/relize-3"] = (200, page)
    web.files["/faili/b.pdf"] = file
    crawl(web, store)
    [attachment] = found(web, store, "relize-3").release.attachments
    assert "2020" in attachment.text
    number = store.last_number()
    crawl(web, store, day=1)
    assert store.last_number() == number
    web.files["/faili/b.pdf"] = file.replace(b"%%EOF", b"%%EOF\n")
    crawl(web, store, day=2)
    assert found(web, store, "relize-3").release.attachments == (attachment,)


def test_noindex_hides_a_release_until_it_is_removed(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    before = web.pages["/lv/jaunums/relize-3"]
    refusing = before[1].replace("<head>", "<head><meta name=robots content=noindex>")
    web.pages["/lv/jaunums/relize-3"] = (200, refusing)
    states = []
    for day in (1, 1, 2):
        crawl(web, store, day=day)
        states.append(found(web, store, "relize-3").state)
    assert states == ["present", "present", "hidden"]
    web.pages["/lv/jaunums/relize-3"] = before
    crawl(web, store, day=3)
    assert found(web, store, "relize-3").state == "present"


def test_noindex_seen_once_hides_nothing(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    before = web.pages["/lv/jaunums/relize-3"]
    refusing = before[1].replace("<head>", "<head><meta name=robots content=noindex>")
    for day, page in enumerate([(200, refusing), before, (200, refusing)], 1):
        web.pages["/lv/jaunums/relize-3"] = page
        crawl(web, store, day=day)
        assert found(web, store, "relize-3").state == "present"


def test_report_counts_noindex(web: Web, store: Store) -> None:
    publish(web, *TEN)
    crawl(web, store)
    _, page = web.pages["/lv/jaunums/relize-3"]
    refusing = page.replace("<head>", "<head><meta name=robots content=noindex>")
    web.pages["/lv/jaunums/relize-3"] = (200, refusing)
    counts = []
    for day in (1, 2):
        crawl(web, store, day=day)
        report = report_of(store)
        counts.append((report.outcomes["missing"], report.outcomes["hidden"], report.reasons["noindex"]))
    assert counts == [(1, 0, 1), (0, 1, 1)]


@pytest.mark.sweep
@pytest.mark.parametrize("body", NO_RELEASES.values(), ids=NO_RELEASES)
def test_release_that_becomes_unreadable_stays_and_is_reported(web: Web, store: Store, body: str) -> None:
    publish(web, *TEN)
    crawl(web, store)
    before = found(web, store, "relize-3")
    web.pages["/lv/jaunums/relize-3"] = (200, body)
    for day in range(1, 6):
        ends, objections = crawl(web, store, day=day)
        assert (ends["/lv/jaunums/relize-3"], objections) == ("failed", ())
        assert report_of(store).reasons["release not read"] == 1
    assert found(web, store, "relize-3") == before


WELCOME = release_page("Laipni lūdzam", "Ministrija strādā iedzīvotāju labā visā Latvijā un ārpus tās. " * 5)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("target", "body", "state"),
    [
        ("/lv/jaunumi", "", "gone"),
        ("/", "<h1>Sākums</h1>", "gone"),
        ("/lv", "<h1>Sākums</h1>", "gone"),
        # A front page with a text and a date can be read as a release.
        ("/", WELCOME, "gone"),
        ("/lv/", WELCOME, "gone"),
        ("/lv/jaunumi", WELCOME, "gone"),
        ("/lv/jaunums", WELCOME, "gone"),
        ("/lv/jaunums/", "<h1>Jaunumi</h1>", "gone"),
        # One page in another language, whatever is asked for.
        ("/en/", "<h1>Welcome</h1>", "present"),
        ("/en/", WELCOME, "present"),
        ("/ru", WELCOME, "present"),
        ("/lv/ieeja?uz=/lv/jaunums/relize-3", NO_RELEASES["log in"], "present"),
        ("/?ieeja=1", NO_RELEASES["log in"], "present"),
        ("/kluda", NO_RELEASES["error"], "present"),
    ],
)
def test_redirect_home_is_a_removal_and_one_to_a_login_is_not(
    web: Web, store: Store, target: str, body: str, state: str
) -> None:
    publish(web, *TEN)
    crawl(web, store)
    if body:
        web.pages[target] = (200, body)
    web.pages["/lv/jaunums/relize-3"] = (302, target)
    states = []
    for day in (1, 2, 3):
        crawl(web, store, day=day)
        states.append(found(web, store, "relize-3").state)
    assert states == ["present", state, state]
