import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict

from crawler.store import Store, release_id
from index.edits import VersionText, compare
from searcher import create_app
from searcher.corrections.reason_texts import shown_changes
from tests.support.browsing import browse
from tests.support.corrected import FINANCE, SEEN, Corrected
from tests.support.feed_rules import broken_atom_rules, broken_json_rules
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.shelf import BASE_URL, index
from tests.support.stored_release import publish


def text(corrected: Corrected, path: str) -> str:
    body = corrected.client.get(path).text
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def titles(corrected: Corrected, query: str) -> list[str]:
    body = corrected.client.get(f"/labojumi{query}").text
    return re.findall(r"<h3[^>]*><a[^>]*>Ziņa: (\w+)</a></h3>", body)


def test_a_card_has_both_texts_and_the_reason(corrected: Corrected) -> None:
    shown = text(corrected, "/labojumi")
    assert "skaitlis 1 800 → 2 300" in shown
    assert "Pamanīts starp 02.03.2026. un 03.03.2026." in shown
    assert "1 dienu pēc publicēšanas" in shown


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/labojumi", "noliegums tiks → netiks"),
        ("/en/corrections", "negation tiks → netiks"),
        ("/ru/corrections", "отрицание tiks → netiks"),
    ],
)
def test_reasons_are_in_the_language_of_the_page(corrected: Corrected, path: str, reason: str) -> None:
    assert reason in text(corrected, path)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["noliegums", "talrunis", "skaitlis"]),
        ("?weight=0", ["noliegums", "talrunis", "kluda", "skaitlis"]),
        ("?weight=88", ["noliegums"]),
        ("?kind=number", ["skaitlis"]),
        ("?kind=number&kind=date", ["talrunis", "skaitlis"]),
        ("?kind=minor", ["kluda"]),
        ("?kind=minor&weight=10", []),
        ("?kind=minor&weight=0", ["kluda"]),
        (f"?ministry={FINANCE}", ["noliegums", "talrunis"]),
        ("?days=1", ["skaitlis"]),
        ("?days=0-7", ["talrunis", "skaitlis"]),
        ("?days=8-", ["noliegums"]),
        ("?from=2026-03-05", ["noliegums", "talrunis"]),
        ("?to=2026-03-05", ["skaitlis"]),
        ("?per_page=1&page=2", ["talrunis"]),
        ("?kind=wording", []),
        ("?q=nodoklis", ["noliegums"]),
        ("?q=ziņa&weight=88", ["noliegums"]),
    ],
)
def test_filters(corrected: Corrected, query: str, names: list[str]) -> None:
    assert titles(corrected, query) == names


def test_what_was_hidden_since_is_not_shown_anywhere(corrected: Corrected) -> None:
    paths = (
        "/labojumi",
        "/labojumi.atom",
        "/labojumi.json",
        "/api/v1/corrections",
        "/api/v1/corrections.csv",
    )
    assert [path for path in paths if "Slepeni" in corrected.client.get(path).text] == []


def test_contacts_are_masked(corrected: Corrected) -> None:
    shown = text(corrected, "/labojumi")
    assert "datums 5. maijam → 6. maijam" in shown
    assert "6700" not in shown


def test_markup_of_a_release_is_text(corrected: Corrected) -> None:
    assert "<b>rudenī" not in corrected.client.get("/labojumi").text
    assert "<b>rudenī" not in corrected.client.get("/labojumi.json").get_json()["items"][0]["content_html"]


def test_removed_releases_are_listed_beside(corrected: Corrected) -> None:
    assert "Noņemtā ziņa Iekšlietu ministrija · noņemta no vietnes" in text(corrected, "/labojumi")


def test_removed_releases_are_entries_of_the_feeds(corrected: Corrected) -> None:
    items = corrected.client.get("/labojumi.json").get_json()["items"]
    assert [item["title"] for item in items] == [
        "Ziņa: noliegums", "Noņemtā ziņa", "Ziņa: talrunis", "Ziņa: skaitlis",
    ]  # fmt: skip
    assert items[1]["_departure"] == {"release": corrected.ids["nonemta"], "kind": "removed"}
    assert items[1]["url"] == f"{BASE_URL}/releases/{corrected.ids['nonemta']}"
    atom = corrected.client.get("/en/corrections.atom").text
    assert '<category term="removed" label="removed from its site"/>' in atom
    assert "removed from its site" not in corrected.client.get("/en/corrections.atom?kind=number").text


def test_removed_releases_have_pages_and_none_is_hidden(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    store_file = tmp_path / "data" / "releases.sqlite3"
    with new_store(store_file) as store:
        for number in range(15):
            gone = publish(f"nr{number}", f"Noņemtā {number}", "Te nekā vairs nav.", date(2026, 3, 1))
            store.save(gone, seen=SEEN)
            store.mark_gone(release_id(gone.site, gone.url), seen=SEEN + timedelta(number + 1))
    index(config)
    corrected = Corrected(browse(create_app(config)), {})

    def shown(path: str) -> list[int]:
        links = html.fromstring(corrected.client.get(path).data).xpath("//*[@class='departures']/li/a/text()")
        return [int(link.split()[-1]) for link in links]

    assert shown("/labojumi") == [*range(14, 2, -1)]
    assert shown("/labojumi?departures_page=2") == [2, 1, 0]
    assert 'href="/labojumi?departures_page=2#departures"' in corrected.client.get("/labojumi").text
    assert "15 relīžu" in text(corrected, "/labojumi")
    with Store(store_file) as store:
        store.hide(publish("nr14", "", "", date(2026, 3, 1)).url, seen=SEEN + timedelta(30))
    assert shown("/labojumi")[0] == 13
    assert "14 relīžu" in text(corrected, "/labojumi")
    first = corrected.client.get("/labojumi.json?per_page=10").get_json()
    second = corrected.client.get("/labojumi.json?per_page=10&page=2").get_json()
    assert len({item["id"] for item in (*first["items"], *second["items"])}) == 14


def test_the_page_is_not_indexed_and_has_one_address(corrected: Corrected) -> None:
    answer = corrected.client.get(
        "/labojumi?ministry=&days=&weight=10&kind=number&sort=newest", follow_redirects=False
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/labojumi?kind=number")
    assert '<meta name="robots" content="noindex">' in corrected.client.get("/labojumi").text


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("?weight=x", "weight: nav vesels skaitlis"),
        ("?days=nekad", "days: jābūt dienām, piemēram, 0, 1-7 vai 8-"),
        ("?from=nekad", "from: tas nav datums; rakstiet, piemēram, 27.11.2017."),
    ],
)
def test_an_error_is_named_in_the_language_of_the_page(corrected: Corrected, query: str, error: str) -> None:
    assert corrected.client.get(f"/labojumi{query}").status_code == 400
    assert error in text(corrected, f"/labojumi{query}")


@pytest.mark.parametrize("query", ["", "?kind=number", "?kind=wording"])
@pytest.mark.parametrize("path", ["/labojumi.atom", "/en/corrections.atom", "/ru/corrections.atom"])
def test_atom_holds_against_the_rules_of_the_validator(corrected: Corrected, path: str, query: str) -> None:
    answer = corrected.client.get(path + query)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert broken_atom_rules(answer.data, BASE_URL + path + query) == []


def test_a_feed_leads_to_its_next_page(corrected: Corrected) -> None:
    first, last = (
        re.findall(r'<link rel="(?:self|next)"[^>]* href="([^"]+)"', corrected.client.get(path).text)
        for path in ("/labojumi.atom?per_page=2", "/labojumi.atom?page=2&per_page=2")
    )
    assert first == [f"{BASE_URL}/labojumi.atom?{query}per_page=2" for query in ("", "page=2&amp;")]
    assert last == first[1:]
    items = corrected.client.get("/labojumi.json?per_page=2").get_json()
    assert items["next_url"] == f"{BASE_URL}/labojumi.json?page=2&per_page=2"


@pytest.mark.parametrize("path", ["/labojumi.json", "/en/corrections.json?kind=number"])
def test_json_feed_holds_against_its_rules(corrected: Corrected, path: str) -> None:
    answer = corrected.client.get(path)
    assert broken_json_rules(json.loads(answer.data)) == []
    assert "1 800" in answer.get_json()["items"][-1]["content_html"]


def test_a_client_that_has_the_page_gets_304(corrected: Corrected) -> None:
    tag = corrected.client.get("/labojumi").headers["ETag"]
    assert corrected.client.get("/labojumi", headers={"If-None-Match": tag}).status_code == 304


def test_the_history_of_a_release_leads_to_its_corrections(corrected: Corrected) -> None:
    name = corrected.ids["skaitlis"]
    assert f'href="/labojumi?release={name}"' in corrected.client.get(f"/releases/{name}").text
    assert titles(corrected, f"?release={name}") == ["skaitlis"]


def test_another_language_keeps_the_filters(corrected: Corrected) -> None:
    assert 'href="/en/corrections?kind=number"' in corrected.client.get("/labojumi?kind=number").text


def test_feeds_are_newest_first_whatever_the_page_is(corrected: Corrected) -> None:
    newest = corrected.client.get("/labojumi.json?per_page=2").get_json()
    assert corrected.client.get("/labojumi.json?per_page=2&sort=heaviest").get_json() == newest


def test_institutions_have_their_corrections(corrected: Corrected) -> None:
    listed = text(corrected, "/iestades")
    assert "2 labojumi" in listed  # a third was hidden after the last reindex
    assert "1 labojums" in listed
    path = "/iestades/iem"
    assert "Dienas pēc publicēšanas 0 0 1–7 1 8+ 1 Svars 10–59 0 60–100 2" in text(corrected, path)
    bars = re.findall(r'<ol class="years".*?</ol>', corrected.client.get(path).text, re.DOTALL)
    assert re.findall(r'<rect width="(\d+)"', "".join(bars)) == ["0", "1", "1", "0", "2"]
    links = re.findall(r'href="([^"]+)"', "".join(bars))
    assert [link.rpartition("=")[0].rpartition("&amp;")[2] for link in links] == ["days", "days", "weight"]


def test_another_day_of_publication_is_an_edit_everywhere(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}[searcher]\nanswer_s = 60\n', encoding="utf-8")
    release = publish("sede", "Sēde", "Sēde ir atklāta.", date(2026, 3, 2))
    with new_store(tmp_path / "data" / "releases.sqlite3") as store:
        store.save(release, seen=SEEN)
        store.save(replace(release, published=date(2026, 2, 27)), seen=SEEN + timedelta(1))
    index(config)
    corrected = Corrected(browse(create_app(config)), {})
    reason = "publicēšanas diena 02.03.2026. → 27.02.2026."
    id_ = release_id(release.site, release.url)
    for path in ("/labojumi", "/labojumi?kind=date", "/labojumi.atom", f"/releases/{id_}/revisions/1"):
        assert reason in html.fromstring(corrected.client.get(path).data).text_content(), path
    (item,) = json.loads(corrected.client.get("/labojumi.json").text)["items"]
    assert reason in item["content_html"]
    (row,) = map(json.loads, corrected.client.get("/api/v1/corrections.ndjson").text.splitlines())
    assert (row["kinds"], row["weight"]) == (["date"], 64)
    assert row["changes"][0]["reasons"] == [
        {"about": "published", "older": "2026-03-02", "newer": "2026-02-27"}
    ]
    events = corrected.client.get("/api/v1/changes").json
    assert events
    assert [event["kind"] for event in events["changes"]] == ["new", "edit"]
    assert "<dl>" not in corrected.client.get("/labojumi").text


def test_a_card_leaves_out_what_is_minor_beside_what_is_not() -> None:
    older = VersionText("Ziņa", "", "Saņems 5 eiro.\n\nSkatīts 7 reizes")
    newer = VersionText("Ziņa", "", "Saņems 9 eiro.\n\nSkatīts 8 reizes")
    edit = compare(older, newer, "lv")
    assert len(edit.changes) == 2
    assert [change.reasons[0].subject for change in shown_changes(edit.changes, 3)] == ["amount"]


@pytest.mark.parametrize(
    "query",
    [
        "?from=2026-03-05&to=2026-03-09&per_page=1",
        f"?ministry={FINANCE}&ministry=Iekšlietu ministrija",
        "?days=3",
        "?days=1-2&weight=88&sort=heaviest",
        "?kind=minor",
        "?kind=minor&weight=10",
        "?kind=number&kind=date&days=8-&weight=0",
        "?release=iem-x",
        "?q=nodoklis+%22celts%22&weight=0",
    ],
)
def test_the_form_keeps_what_was_chosen(corrected: Corrected, query: str) -> None:
    answer = corrected.client.get(f"/labojumi{query}")
    form = html.fromstring(answer.data).get_element_by_id("of-days").xpath("ancestor::form")[0]
    again = corrected.client.get("/labojumi", query_string=MultiDict(form.form_values()))
    assert again.request.query_string == answer.request.query_string
    assert titles(corrected, query) == re.findall(r"<h3[^>]*><a[^>]*>Ziņa: (\w+)</a></h3>", again.text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "99999"),
        ("page", "0"),
        ("per_page", "101"),
        ("kind", "x"),
        ("sort", "x"),
        ("days", "9-3"),
        ("days", "٣"),
        ("weight", "101"),
        ("weight", "1000"),
        ("weight", "-1"),
        ("weight", "x"),
        ("release", "x" * 101),
        ("ministry", "x" * 201),
        ("to", "x"),
    ],
)
def test_each_error_is_in_the_language_of_the_page(corrected: Corrected, name: str, value: str) -> None:
    errors = []
    for path in ("/en/corrections", "/labojumi", "/ru/corrections"):
        answer = corrected.client.get(path, query_string={name: value})
        assert answer.status_code == 400
        errors.append(re.findall(r'role="alert">(.*?)</p>', answer.text))
    assert len({tuple(found) for found in errors}) == len(errors)
    assert [len(found) for found in errors] == [1, 1, 1]
