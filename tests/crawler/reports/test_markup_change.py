"""A site changes its markup overnight; also the tests of the readings in `crawler.store.statistics`."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.reports.markup_change import LackCount, MarkupComparison, compare_markup, is_by_fallback
from tests.support.crawl_command import contents, crawl
from tests.support.crawled import record_outcomes
from tests.support.hostile_site import HostileSite, page
from tests.support.new_store import new_store
from tests.support.small_site import list_of, release, rows
from tests.support.stored_release import DAY, RELEASE

pytestmark = pytest.mark.sweep

OLD = tuple(f"relize-{number}" for number in range(12))
NEW = tuple(f"jauna-{number}" for number in range(4))


def in_new_markup(name: str) -> str:
    """Return a release in which the template finds neither text nor date; boilerplate is part of its text."""
    text = f"<p>Ministrija {name} paziņo par darbiem Latgalē, Kurzemē un Zemgalē šajā gadā.</p>"
    more = "<p>Dalies ar šo ziņu sociālajos tīklos un piesakies jaunumiem savā e-pastā jau šodien.</p>"
    main = f"<main><h1>Paziņojums {name}</h1><div>{text}{more}</div></main>"
    return f"<html lang=lv><title>{name}</title>{main}"


def publish(site: HostileSite, names: tuple[str, ...], *, new_markup: tuple[str, ...] = ()) -> None:
    bare = rows(*names).replace("<time datetime=2026-02-01>01.02.2026.</time>", "")
    site.scripts["/lv/jaunumi"] = page(list_of(bare if new_markup else rows(*names)))
    for name in names:
        body = in_new_markup(name) if name in new_markup else release(name)
        site.scripts[f"/lv/jaunums/{name}"] = page(body)


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite() as site:
        publish(site, OLD)
        yield site


def report_of(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    [report] = json.loads(done.stdout)["sites"]
    assert isinstance(report, dict)
    return report


def alarms(config: Path) -> list[str]:
    """Return what the page of the last crawl says about markup, the text first."""
    page = max((config.parent / "data" / "reports").glob("crawl-*.html")).read_text(encoding="utf-8")
    return sorted(re.findall(r"<li>([^<]*new markup\?[^<]*)", page), key=lambda line: "text" not in line)


def test_new_markup_on_all_pages_is_reported_and_overwrites_nothing(site: HostileSite, config: Path) -> None:
    assert crawl(config).returncode == 0
    before = contents(config)
    publish(site, (*NEW, *OLD), new_markup=(*NEW, *OLD))
    done = crawl(config, "--json")
    lacks = {count["lack"]: count for count in report_of(done)["markup"]["lacks"]}  # type: ignore[index]  # JSON
    assert done.returncode == 1
    assert lacks["text not found by the template"]["is_sudden"]
    assert len(lacks["text not found by the template"]["urls"]) == 5
    assert {id_: kept for id_, kept in contents(config).items() if id_ in before} == before
    assert "16 of the newest 16 pages: text not found by the template (before: 0 of 12)" in alarms(config)[0]


def test_new_markup_on_new_pages_alone_is_reported_until_the_template_fits(
    site: HostileSite, config: Path
) -> None:
    assert crawl(config).returncode == 0
    publish(site, (*NEW, *OLD), new_markup=NEW)
    done = crawl(config)
    assert (done.returncode, "4 of the newest 4 pages: no date" in done.stdout) == (1, True)
    assert crawl(config).returncode == 1  # nothing new, and nothing repaired
    text = config.read_text(encoding="utf-8")
    repaired = text.replace('body = ["div.text"]', 'body = ["div.text", "main > div"]\npublished = ["h1"]')
    config.write_text(repaired, encoding="utf-8")
    for name in NEW:
        dated = in_new_markup(name).replace("</h1>", "</h1><time datetime=2026-02-03>03.02.2026.</time>")
        site.scripts[f"/lv/jaunums/{name}"] = page(dated)
    assert crawl(config).returncode == 0


def test_pages_that_are_read_as_usual_raise_no_alarm(site: HostileSite, config: Path) -> None:
    assert crawl(config).returncode == 0
    publish(site, (*NEW, *OLD))
    site.scripts["/lv/jaunums/nav-relize"] = page("<html><title>x</title><p>Saturs drīzumā.")
    done = crawl(config, "--json")
    assert (done.returncode, alarms(config)) == (0, [])


@pytest.mark.parametrize(
    ("fresh", "earlier", "is_sudden"),
    [
        # One letter for each page, newest first: x lacks its date.
        ("xxx", "..........", True),
        ("xxxx", ".....", True),
        # Too few pages before, or too few of the newest: it may be chance.
        ("xxxx", "....", False),
        ("xxx", ".....", False),
        ("xx.", "..........", False),
        # The newest have it again.
        ("..xxxxxx", ".........." * 2, False),
        # It was lacking often before, or does not lack much more often than before.
        ("xxxxxxxx", "x.." * 10, False),
        ("xxx..xxxxx..xx..xx..", "x...." * 8, False),
        ("xxxxxxxxxxxxxxxx....", "x...." * 8, True),
    ],
)
def test_a_lack_is_sudden_if_it_is_new_and_no_chance(
    tmp_path: Path, fresh: str, earlier: str, *, is_sudden: bool
) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        for run, pages in enumerate((fresh, earlier), start=1):
            urls = {f"https://iem.example/{run}/{number}": letter for number, letter in enumerate(pages)}
            for url, letter in urls.items():
                day = None if letter == "x" else RELEASE.published
                store.save(replace(RELEASE, url=url, body=url, published=day), seen=DAY)
            record_outcomes(store, dict.fromkeys(urls, "new"), at=DAY)
        counts = {count.lack: count for count in compare_markup(store, "iem", 1).lacks}
    assert counts["no date"].is_sudden is is_sudden


# --- Counts ---


def count_of(lack: str = "no date", **changes: object) -> LackCount:
    values: dict[str, object] = {
        "fresh": 3,
        "fresh_pages": 4,
        "earlier": 1,
        "earlier_pages": 9,
        "is_sudden": True,
        "urls": ("https://a.lv/1", "https://a.lv/2"),
    }
    return LackCount(lack=lack, **(values | changes))  # type: ignore[arg-type]  # values of the fields


def test_an_alarm_says_what_is_lacking_and_where_to_look() -> None:
    quiet = count_of("no lead", is_sudden=False, urls=())
    other = count_of("no text", urls=("https://a.lv/2", "https://a.lv/3"))
    compared = MarkupComparison(lacks=(count_of(), quiet, other))
    assert str(quiet) == "3 of the newest 4 pages: no lead (before: 1 of 9)"
    assert compared.alarms == (
        "3 of the newest 4 pages: no date (before: 1 of 9); new markup? Try `crawl preview https://a.lv/1`",
        "3 of the newest 4 pages: no text (before: 1 of 9); new markup? Try `crawl preview https://a.lv/2`",
    )
    assert compared.pages_to_look_at == ("https://a.lv/1", "https://a.lv/2", "https://a.lv/3")
    assert MarkupComparison(lacks=()).alarms == ()


@pytest.mark.parametrize(
    ("rule", "title", "body"),
    [
        ("h1", False, False),
        ("og:title", True, False),
        ("title element", True, False),
        ("line that is the title element", True, False),
        ("line at the date", True, False),
        ("list", True, False),
        ("feed", True, False),
        ("first words", True, False),
        ("none", True, True),
        ("densest text", False, True),
        ("trafilatura", False, True),
        ("div.text", False, False),
    ],
)
def test_a_field_that_no_selector_found_is_a_fallback(rule: str, *, title: bool, body: bool) -> None:
    release = replace(RELEASE, rules=(("title", rule), ("body", rule)))
    assert (is_by_fallback("title", release), is_by_fallback("body", release)) == (title, body)
    assert not is_by_fallback("title", RELEASE)


LACKING: dict[str, dict[str, object]] = {
    "no date": {"published": None},
    "date only in the list": {"published_source": "list"},
    "no lead": {"lead": ""},
    "no text": {"body": ""},
    "title not found by the template": {"rules": (("title", "og:title"),)},
    "text not found by the template": {"rules": (("body", "densest text"),)},
}


@pytest.mark.parametrize("lack", LACKING)
def test_each_lack_is_counted_by_itself(tmp_path: Path, lack: str) -> None:
    whole = replace(RELEASE, lead="Ievads.", rules=(("title", "h1"), ("body", "div.text")))
    with new_store(tmp_path / "releases.sqlite3") as store:
        for run, changes in ((1, LACKING[lack]), (2, {})):
            urls = [f"https://iem.example/{run}/{number}" for number in range(8)]
            for url in urls:
                store.save(replace(whole, url=url, title=url, **changes), seen=DAY)  # type: ignore[arg-type]  # fields
            record_outcomes(store, dict.fromkeys(urls, "new"), at=DAY)
        (count,) = compare_markup(store, "iem", 1).lacks
    assert (count.lack, count.fresh, count.fresh_pages, count.earlier, count.earlier_pages) == (
        lack,
        8,
        8,
        0,
        8,
    )
    assert (count.is_sudden, count.urls) == (True, tuple(f"https://iem.example/1/{at}" for at in range(5)))


def test_pages_that_cannot_be_read_are_a_lack_of_their_own(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        urls = {run: [f"https://iem.example/{run}/{number}" for number in range(8)] for run in (1, 2)}
        for url in (*urls[1], *urls[2]):
            store.save(replace(RELEASE, url=url, title=url, lead="I."), seen=DAY)
        record_outcomes(store, dict.fromkeys(urls[1], "failed"), at=DAY)
        store.execute("UPDATE frontier SET reason = 'release not read'")
        record_outcomes(store, dict.fromkeys(urls[2], "new"), at=DAY)
        lacks = {count.lack: count for count in compare_markup(store, "iem", 1).lacks}
    # As they were read before counts as earlier.
    assert {*lacks} == {"cannot be read"}
    assert (lacks["cannot be read"].fresh, lacks["cannot be read"].earlier_pages) == (8, 16)
