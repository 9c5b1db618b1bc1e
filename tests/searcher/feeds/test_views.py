import json
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import html

from searcher import create_app
from tests.support.feed_rules import broken_atom_rules, broken_json_rules
from tests.support.payloads import NAUGHTY, payloads
from tests.support.shelf import BASE_URL, build_shelf

SEARCHES = (
    "",
    "?q=dro%C5%A1%C4%ABba",
    "?q=dro%C5%A1%C4%ABba&page=2&per_page=3",
    "?q=xqzw",
    "?q=dro%C5%A1%C4%ABba&ministry=Iek%C5%A1lietu+ministrija&from=2024&to=2026",
    "?page=4",
)


@pytest.mark.parametrize("language", ["", "/en", "/ru"])
@pytest.mark.parametrize("search", SEARCHES)
def test_atom_holds_against_the_rules_of_the_validator(
    shelf_client: FlaskClient, language: str, search: str
) -> None:
    address = f"{language}/feed.atom{search}"
    answer = shelf_client.get(address, follow_redirects=False)
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    assert broken_atom_rules(answer.data, BASE_URL + address) == []


# Each change breaks a valid feed; the rules must notice, or their silence would mean nothing.
BREAKS = (
    ('encoding="utf-8"', 'encoding="latin-1"', "MissingEncoding"),
    ('xml:lang="lv">\n<id>urn:uuid:', 'xml:lang="lv">\n<id>urn:uuid:x', "InvalidUUID"),
    ('xml:lang="lv"', 'xml:lang="latviešu"', "InvalidLanguage"),
    ("<title>", "<title>&amp;amp; ", "ContainsUndeclaredHTML"),
    ("<title>", "<title>\u0085", "BadCharacters"),
    ("<title>", "<title>\ufffd", "BadCharacters"),
    ("<generator>preses-relizes", "<generator> ", "NotBlank"),
    ("<name>", "<name>x@example.lv ", "ContainsEmail"),
    ("<name>", "<name>&lt;/b&gt;", "ContainsHTML"),
    ('label="', 'label="" x="', "InvalidElement"),
    ("<published>20", "<published>10", "ImplausibleDate"),
    ("<published>20", "<published>29", "ImplausibleDate"),
    ('rel="related"', 'rel="friend"', "UnregisteredAtomLinkRel"),
    ('rel="related"', 'rel="next"', "FeedHistoryRelInEntry"),
    ('rel="first"', 'rel="last"', "DuplicateAtomLink"),
    ('rel="self"', 'rel="last"', "MissingSelf"),
    ('rel="self" type="application/atom+xml"', 'rel="self" type="text/html"', "SelfNotAtom"),
    ('type="text/html"', 'type="html"', "InvalidMIMEType"),
    ('href="https://www.', 'href="https://www.|', "InvalidUriChar"),
    ('href="https://www.iem.example', 'href="', "RelativeSelf"),
    ("&lt;p&gt;", "&lt;p onclick=x&gt;", "SecurityRisk"),
    ("&lt;p&gt;", "&lt;script&gt;", "SecurityRisk"),
    ("&lt;p&gt;", "&lt;a href=x&gt;", "ContainsRelRef"),
    ("</feed>", "<generator>x</generator></feed>", "InvalidElement"),
)


@pytest.mark.parametrize(("part", "broken", "rule"), BREAKS)
def test_the_rules_find_what_is_broken(shelf_client: FlaskClient, part: str, broken: str, rule: str) -> None:
    feed = shelf_client.get("/feed.atom").text
    assert part in feed
    found = broken_atom_rules(feed.replace(part, broken).encode(), f"{BASE_URL}/feed.atom")
    assert rule in " ".join(found)


def test_the_rules_find_an_entry_that_is_there_twice(shelf_client: FlaskClient) -> None:
    feed = shelf_client.get("/feed.atom").text
    entry = feed[feed.index("<entry") : feed.index("</entry>") + len("</entry>")]
    found = broken_atom_rules(feed.replace(entry, entry * 2).encode(), f"{BASE_URL}/feed.atom")
    assert {"DuplicateEntries", "DuplicateUpdated"} <= {*found}


def test_texts_with_characters_of_html_are_declared_to_be_html(shelf_client: FlaskClient) -> None:
    feed = feedparser.parse(shelf_client.get("/feed.atom?q=Tom+%26+%3Cb%3E").data)
    assert feed.feed.title_detail.type == "text/html"
    assert html.fragment_fromstring(feed.feed.title, create_parent="p").text_content().endswith("Tom & <b>")


@pytest.mark.parametrize("search", SEARCHES)
def test_json_feed_holds_against_its_rules(shelf_client: FlaskClient, search: str) -> None:
    answer = shelf_client.get(f"/feed.json{search}")
    assert answer.content_type == "application/feed+json; charset=utf-8"
    assert broken_json_rules(json.loads(answer.text)) == []


@pytest.mark.sweep
def test_no_query_breaks_a_feed(shelf_client: FlaskClient) -> None:
    for typed in (*[*payloads()][::200], *NAUGHTY):
        answer = shelf_client.get("/feed.atom", query_string={"q": typed})
        assert answer.status_code == 200, typed
        location = BASE_URL + answer.request.full_path.rstrip("?")
        assert [rule for rule in broken_atom_rules(answer.data, location) if "Self" not in rule] == [], typed


def test_both_formats_have_the_same_entries(shelf_client: FlaskClient) -> None:
    items = shelf_client.get("/feed.json?q=drošība").get_json()["items"]
    atom = shelf_client.get("/feed.atom?q=drošība").text
    assert [item["id"] in atom for item in items] == [True] * atom.count("<entry")


def test_a_release_cannot_run_a_script_in_a_reader(shelf_client: FlaskClient) -> None:
    (item,) = (
        one
        for one in shelf_client.get("/feed.json").get_json()["items"]
        if one["title"].endswith("bez datuma")
    )
    root = html.fragment_fromstring(item["content_html"], create_parent="div")
    assert [element.tag for element in root.iter()] == ["div", "p"]
    assert root.text_content() == "<script>alert(1)</script> & drošība"


def test_other_spellings_redirect_to_the_canonical_address(shelf_client: FlaskClient) -> None:
    address = "/en/feed.atom?to=2026-12-31&utm_source=x&q=+drošība&sort=oldest&page=1&per_page=30"
    answer = shelf_client.get(address, follow_redirects=False)
    assert answer.status_code == 302
    assert answer.location == "/en/feed.atom?q=dro%C5%A1%C4%ABba&to=2026"
    assert shelf_client.get(answer.location, follow_redirects=False).status_code == 200


@pytest.mark.parametrize("search", ["page=0", "from=x", "per_page=101", "from=2020&to=2019"])
@pytest.mark.parametrize("path", ["/feed.atom", "/ru/feed.json"])
def test_invalid_parameters_are_named(shelf_client: FlaskClient, path: str, search: str) -> None:
    answer = shelf_client.get(f"{path}?{search}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json(force=True)["errors"]


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json"])
def test_an_unchanged_feed_is_304(shelf_client: FlaskClient, path: str) -> None:
    first = shelf_client.get(path)
    for headers in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = shelf_client.get(path, headers=headers)
        assert (again.status_code, again.data) == (304, b"")


def test_without_a_base_url_atom_has_paths_and_json_only_absolute_addresses(tmp_path: Path) -> None:
    shelf = build_shelf(tmp_path, base_url="")
    client = create_app(shelf.config).test_client()
    assert 'rel="self" type="application/atom+xml" href="/feed.atom"' in client.get("/feed.atom").text
    feed = client.get("/feed.json").get_json()
    assert {"home_page_url", "feed_url", "next_url"} & {*feed} == set()
    gone = {item["_release"]["id"]: item for item in feed["items"]}[shelf.ids["pazudusi"]]
    assert gone["url"] == f"/releases/{shelf.ids['pazudusi']}"


@pytest.mark.parametrize("home", ["/", "/en/", "/ru/"])
def test_result_pages_name_their_feeds(shelf_client: FlaskClient, home: str) -> None:
    page = html.fromstring(shelf_client.get(f"{home}?q=drošība&sort=oldest&page=1&explain=true").text)
    kinds = {link.get("type"): link.get("href") for link in page.xpath("//link[@rel='alternate']")}
    assert {*kinds} == {"application/atom+xml", "application/feed+json"}
    for kind, address in kinds.items():
        answer = shelf_client.get(address, follow_redirects=False)
        assert (answer.status_code, answer.mimetype) == (200, kind)


def test_the_title_of_a_feed_names_all_filters(shelf_client: FlaskClient) -> None:
    title = shelf_client.get("/feed.json?q=drošība&language=lv&has=edited").get_json()["title"]
    assert title.endswith(": drošība, latviešu, labotas pēc publicēšanas")


def test_the_title_of_a_feed_names_the_first_values_of_each_filter(shelf_client: FlaskClient) -> None:
    categories = "&".join(f"category=k{number}" for number in range(7))
    title = shelf_client.get(f"/feed.json?{categories}&language=lv").get_json()["title"]
    assert title.endswith(": k0, k1, k2, k3, k4, latviešu")
