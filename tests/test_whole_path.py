"""From the sample sites over HTTP to the page and the API, with the commands that users run."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from flask.testing import FlaskClient

from samples import server
from searcher import create_app
from tests.conftest import Walk, run_command
from tests.support.browsing import browse

pytestmark = pytest.mark.sweep

SEED = "Iekšlietu ministrijas valsts sekretārs diskutē par drošības izaicinājumiem Baltijas jūras reģionā"


def found(client: FlaskClient, q: str, **filters: str) -> dict[str, object]:
    answer = client.get("/api/v1/search", query_string={"q": q, **filters})
    assert answer.status_code == 200, answer.text
    body = answer.get_json()
    assert isinstance(body, dict)
    return body


@pytest.mark.parametrize(
    "q",
    [
        "drosibas izaicinajumi Baltijas jura",
        "Trofimovs",
        "27.11.2017",
        "civilā aizsardzība",
        '"kritiskās infrastruktūras drošību"',
        "„kritiskās infrastruktūras drošību“",
        '"kritiskas infrastrukturas drosibu"',
    ],
)
def test_the_seed_release_is_found(client: FlaskClient, q: str) -> None:
    assert SEED in [hit["title"] for hit in found(client, q)["hits"]]


def test_the_seed_release_comes_first_with_its_own_words_marked(client: FlaskClient) -> None:
    first = found(client, "drosibas izaicinajumi Baltijas jura")["hits"][0]
    assert first["title"] == SEED
    assert "<mark>drošības izaicinājumiem" in first["title_html"] + "".join(first["passages"])


@pytest.mark.parametrize(
    "q", ["67219363", "29494943", "67 219 363", "gunta.skrebele@iem.gov.lv", "Skrebele", "Atpakaļ"]
)
def test_contacts_and_furniture_find_nothing(client: FlaskClient, q: str) -> None:
    # Related words may be found instead.
    assert not re.search(re.escape(q), "".join(map(str, found(client, q)["hits"])), re.IGNORECASE)
    assert found(client, f"={q}")["total"] == 0


def test_contacts_and_furniture_appear_nowhere(client: FlaskClient) -> None:
    seed = found(client, "Trofimovs")["hits"][0]["id"]
    shown = client.get(f"/releases/{seed}").text + client.get("/?q=Trofimovs").text
    assert not re.search(r"67219363|29494943|skrebele|Atpakaļ", shown, re.IGNORECASE)


@pytest.mark.parametrize("q", ["budžets", "skolotāju algas", "ministrijas"])
def test_the_page_and_the_json_agree(client: FlaskClient, q: str) -> None:
    answer = found(client, q)
    page = client.get("/?q=" + quote(q)).text
    shown = re.findall(r'<h2 lang="\w+" dir="auto"><a href="/releases/([^"?]+)[^>]*>', page)
    count = len(answer["hits"])
    assert shown[:count] == [hit["id"] for hit in answer["hits"]]
    # The page groups them by why they are near.
    assert sorted(shown[count:]) == sorted(hit["id"] for hit in answer["nearest"])
    assert re.search(r'<p role="status">(\d+) rezultāt', page)[1] == str(answer["total"])  # type: ignore[index]  # must match


def test_every_original_opens(client: FlaskClient) -> None:
    originals = [hit["url"] for hit in found(client, "", per_page="100")["hits"]]
    statuses = {url: requests.get(url, timeout=10).status_code for url in originals}
    assert (len(statuses), {url for url, status in statuses.items() if status != 200}) == (100, set())


def test_filters_narrow_and_their_counts_are_true(client: FlaskClient) -> None:
    everything = found(client, "ministrija")
    for value in everything["facets"]["ministry"][:5]:
        assert found(client, "ministrija", ministry=value["value"])["total"] == value["count"]
    for value in everything["facets"]["year"]:
        year = value["value"]
        assert found(client, "ministrija", **{"from": year, "to": year})["total"] == value["count"]


def test_a_second_crawl_of_unchanged_sites_leaves_nothing_to_index(walked: Walk) -> None:
    crawled = run_command("crawl", "--config", str(walked.config))
    assert crawled["not_modified_share"] == 1.0
    assert run_command("reindex", "--config", str(walked.config))["did"] == "nothing"


def test_the_second_day_shows_what_was_edited_removed_and_added(tmp_path: Path) -> None:
    with server.serve_sites(day=1, base_port=0) as sites:
        config = tmp_path / "config.toml"
        config.write_text(server.crawl_config(sites, tmp_path), encoding="utf-8")
        run_command("crawl", "--config", str(config))
        run_command("reindex", "--config", str(config))
        sites.day = 2
        crawled = run_command("crawl", "--config", str(config))
        run_command("reindex", "--config", str(config))
    outcomes = {
        name: sum(site["outcomes"][name] for site in crawled["sites"])
        for name in ("new", "changed", "missing", "gone")
    }
    assert outcomes == {"new": 6, "changed": 5, "missing": 2, "gone": 0}
    client = browse(create_app(config))
    # No release tells of dogs; the one about cell broadcasting is near.
    answer = found(client, "suņu apraide VUGD", ministry="Valsts ugunsdzēsības un glābšanas dienests")
    edited = [hit for hit in (*answer["hits"], *answer["nearest"]) if hit["edited"]]
    assert edited
    assert "<ins>" in client.get(f"/releases/{edited[0]['id']}").text
    removed = found(client, "Muzeju nakts", ministry="Kultūras ministrija")["hits"][0]
    assert "Oriģināls vietnē netika atrasts" in client.get(f"/releases/{removed['id']}").text
