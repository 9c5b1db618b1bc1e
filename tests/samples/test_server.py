import signal
import socket
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path

import pytest
import requests

from crawler.config import CrawlerConfig
from crawler.config.built_in import built_in_templates
from samples.content import ATTACHMENTS, HERE, Content, load_content, load_releases, load_sites
from samples.server import Sites, crawl_config, serve_sites
from tests.support.children import child

pytestmark = pytest.mark.sweep

SEED = Path(__file__).parents[3] / "shared/data/seed/iem-2017-11-27.txt"
SEED_PATH = "/lat/aktualitates/jaunumi/?doc=22874"


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with serve_sites(base_port=0) as running:
        yield running


@pytest.fixture
def second_day(sites: Sites) -> Iterator[Sites]:
    sites.day = 2
    yield sites
    sites.day = 1


@pytest.fixture(scope="module")
def contents() -> list[Content]:
    file = load_sites()
    return [load_content(site, file.markups[site.markup], 1) for site in file.sites]


def get(url: str, *, follow: bool = True, **headers: str) -> requests.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(url, headers=names, timeout=10, allow_redirects=follow)


def test_there_are_enough_releases(contents: list[Content]) -> None:
    count = Counter(release.language for content in contents for release in content.releases.values())
    assert count.total() >= 120
    assert count["en"] >= 15
    assert count["ru"] >= 5


def test_five_markups_and_eight_institutions(contents: list[Content]) -> None:
    assert len({content.site.markup for content in contents}) == 5
    assert len({content.site.institution for content in contents}) >= 8


@pytest.mark.parametrize("folder", ["releases", "second-day"])
def test_every_file_belongs_to_a_site_and_is_valid(folder: str) -> None:
    read = [release for site in load_sites().sites for release in load_releases(HERE / folder / site.id)]
    assert len(read) == len(list((HERE / folder).rglob("*.toml")))


def test_names_begin_with_the_date_and_paths_are_unique(contents: list[Content]) -> None:
    for content in contents:
        assert len(content.by_path) == len(content.releases)
        for name, release in content.releases.items():
            assert name.startswith(release.published.isoformat())


def test_named_files_and_releases_exist(contents: list[Content]) -> None:
    for content in contents:
        named = {release.translation for release in content.releases.values()} - {""}
        assert named <= content.releases.keys()
        assert all((ATTACHMENTS / file.file).is_file() for file in content.attachments.values())


def test_every_release_is_served(sites: Sites, contents: list[Content]) -> None:
    with requests.Session() as session:
        for content in contents:
            for release in content.releases.values():
                answer = session.get(sites[content.site.id] + release.path, timeout=10)
                assert (answer.status_code, release.title in unescape(answer.text)) == (200, True), (
                    release.path
                )


def test_list_pages_link_to_every_release(sites: Sites, contents: list[Content]) -> None:
    for content in contents:
        for language in content.languages:
            releases = content.in_language(language)
            page = sites[content.site.id] + content.markup.lists[language]
            numbers = range(-(-len(releases) // content.site.page_size))
            text = "".join(get(f"{page}?page={number}").text for number in numbers)
            assert [release.path for release in releases if f'href="{release.path}"' not in text] == []


def test_page_past_the_last_is_empty(sites: Sites) -> None:
    assert "Šobrīd ziņu nav." in get(sites["em"] + "/lv/jaunumi?page=99").text


@pytest.mark.parametrize(
    ("site", "path"),
    [("iem", SEED_PATH), ("em", "/lv/jaunumi"), ("em", "/lv/rss/articles"), ("mfa", "/sitemap.xml")],
)
def test_unchanged_page_is_not_sent_again(sites: Sites, site: str, path: str) -> None:
    url = sites[site] + path
    first = get(url)
    assert get(url, If_None_Match=first.headers["ETag"]).status_code == 304
    assert get(url, If_Modified_Since=first.headers["Last-Modified"]).status_code == 304
    assert (
        get(url, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"]).status_code == 200
    )
    assert parsedate_to_datetime(first.headers["Last-Modified"]).tzinfo


@pytest.mark.parametrize(
    ("site", "path", "status"),
    [
        ("em", "/lv/jaunums/nav", 404),
        ("vm", "/lv/jaunums/nav", 200),  # a soft 404
        ("mod", "/en/news/no", 404),
        (
            "mfa",
            "/component/content/article/372-zinas/65702-aktualizeti-celojumu-bridinajumi?Itemid=353",
            301,
        ),
        ("mfa", "/index.php/aktualitates/zinas/65702-aktualizeti-celojumu-bridinajumi-visam-valstim", 200),
        ("em", "/", 302),
        ("em", "/admin/content", 200),  # forbidden by robots.txt
    ],
)
def test_status(sites: Sites, site: str, path: str, status: int) -> None:
    assert get(sites[site] + path, follow=False).status_code == status


def test_robots_forbids_the_editors_area(sites: Sites) -> None:
    for origin in sites.values():
        assert "Disallow: /admin/" in get(origin + "/robots.txt").text


def test_empty_feed_is_a_page(sites: Sites) -> None:
    answer = get(sites["mk"] + "/lv/rss")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_feed_links_to_releases(sites: Sites, contents: list[Content]) -> None:
    text = get(sites["mod"] + "/en/rss.xml").text
    english = next(content for content in contents if content.site.id == "mod").in_language("en")
    assert all(f"<link>{sites['mod']}{release.path}</link>" in text for release in english)


def test_defence_ministry_puts_the_month_first_in_english_only(sites: Sites) -> None:
    english = get(sites["mod"] + "/en/news/saeima-supports-introduction-national-defence-service").text
    latvian = get(sites["mod"] + "/lv/zinas/saeima-atbalsta-valsts-aizsardzibas-dienesta-ieviesanu").text
    assert "04/05/2023 - " in english
    assert "05/04/2023 - " in latvian


def test_translations_link_to_each_other(sites: Sites) -> None:
    english = "/en/news/saeima-supports-introduction-national-defence-service"
    latvian = "/lv/zinas/saeima-atbalsta-valsts-aizsardzibas-dienesta-ieviesanu"
    assert f'hreflang="lv" href="{sites["mod"]}{latvian}"' in get(sites["mod"] + english).text
    assert f'hreflang="en" href="{sites["mod"]}{english}"' in get(sites["mod"] + latvian).text


def test_attachments_have_their_content_type(sites: Sites, contents: list[Content]) -> None:
    types = {
        get(sites[content.site.id] + path).headers["Content-Type"].rpartition("/")[2]
        for content in contents
        for path in content.attachments
    }
    assert types == {"pdf", "vnd.openxmlformats-officedocument.wordprocessingml.document"}


def test_second_day_edits_removes_and_adds(second_day: Sites) -> None:
    edited = get(second_day["mod"] + "/lv/zinas/rezerves-karavirus-aicinas-uz-pavasara-macibam")
    removed = get(
        second_day["mfa"] + "/en/news/latest-news/newsletters/10214-foreign-policy-news-no-73-july-2009"
    )
    assert "2 300 rezerves karavīru" in edited.text
    assert removed.status_code == 410
    assert "paplasina-lidojumiem" in get(second_day["mod"] + "/lv/zinas").text


def test_second_day_keeps_the_rest(second_day: Sites) -> None:
    url = second_day["iem"] + SEED_PATH
    tag = get(url).headers["ETag"]
    second_day.day = 1
    assert get(url, If_None_Match=tag).status_code == 304


@pytest.mark.skipif(not SEED.is_file(), reason="needs the seed release as downloaded, beside the repository")
def test_seed_release_is_verbatim(contents: list[Content]) -> None:
    seed = contents[0].by_path[SEED_PATH]
    words = f"{seed.title} 27.11.2017 {seed.lead} {seed.body} {seed.contact} Atpakaļ".split()
    assert words == SEED.read_text(encoding="utf-8").split()


def test_config_names_every_site_with_its_template(sites: Sites) -> None:
    config = tomllib.loads(crawl_config(sites, "data"))
    crawler = CrawlerConfig.model_validate(config["crawler"])
    assert config["data_dir"] == "data"
    assert [site.id for site in crawler.sites] == list(sites)
    assert {site.template for site in crawler.sites} <= built_in_templates().keys()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_command_serves_until_stopped(stop: signal.Signals, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    command = [sys.executable, "-m", "samples", "--base-port", "0", "--write-config", str(config)]
    with child(command, stdout=subprocess.PIPE, cwd=HERE.parent) as process:
        assert process.stdout
        name, origin = process.stdout.readline().split()
        assert (name, get(origin + "/robots.txt").status_code) == ("iem", 200)
        process.send_signal(stop)
        assert process.wait(timeout=20) == 0
    assert origin in config.read_text(encoding="utf-8")


def test_taken_port_is_reported() -> None:
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        with pytest.raises(OSError, match="in use"), serve_sites(base_port=held.getsockname()[1]):
            pass
