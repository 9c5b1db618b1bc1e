"""A site changes its markup overnight; also the tests of the readings in `crawler.store.statistics`."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.reports.markup_change import compare_markup
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
