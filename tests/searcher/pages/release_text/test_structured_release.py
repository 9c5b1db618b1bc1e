"""A page with structure, read, stored and indexed: shown with it, and harmless wherever it is published."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree, html

from crawler.store import Store
from searcher import create_app
from tests.support.browsing import browse
from tests.support.structured_library import SEEDS, SEEN, build_structured, read_page
from tests.support.structured_pages import write_page

NEW_TARGET = "https://www.iem.gov.lv/lv/citi-noteikumi"


@dataclass(frozen=True)
class Structured:
    client: FlaskClient
    ids: Mapping[str, str]

    def page(self, name: str, path: str = "/releases/{id}") -> str:
        answer = self.client.get(path.format(id=self.ids[name]))
        assert answer.status_code == 200
        return answer.get_data(as_text=True)


@pytest.fixture(scope="module")
def structured(tmp_path_factory: pytest.TempPathFactory) -> Structured:
    config: Path
    config, ids = build_structured(tmp_path_factory.mktemp("structured"))
    return Structured(browse(create_app(config)), ids)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "path", ["/releases/{id}", "/releases/{id}/versions/1", "/en/releases/{id}?q=drošība"]
)
def test_lists_and_tables_of_the_page_are_there(structured: Structured, seed: int, path: str) -> None:
    _, _, spans = write_page(seed)
    [article] = html.fromstring(structured.page(f"lapa-{seed}", path)).xpath("//article")
    for kind in ("ol", "table", "tr", "li", "blockquote"):
        assert len(article.findall(f".//{kind}")) == sum(span.kind == kind for span in spans), kind
    hrefs = [link.get("href") for link in article.iterfind(".//a[@rel='nofollow noopener']")]
    assert hrefs == [span.href for span in spans if span.kind in ("a", "img")]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_api_has_the_structure_of_the_text(structured: Structured, seed: int) -> None:
    _, text, spans = write_page(seed)
    answer = json.loads(structured.page(f"lapa-{seed}", "/api/v1/releases/{id}"))
    assert answer["text"] == text
    found = [(one["start"], one["end"], one["kind"], one["href"]) for one in answer["structure"]["text"]]
    assert found == [(span.start, span.end, span.kind, span.href or None) for span in spans]
    assert answer["structure"]["lead"] == []


@pytest.mark.parametrize(
    "path", ["/releases/{id}", "/releases/{id}/versions/1", "/ru/releases/{id}?q=kārtība"]
)
def test_hostile_markup_is_harmless_on_its_page(structured: Structured, path: str) -> None:
    shown = html.fromstring(structured.page("laupitaja", path))
    article = shown.find(".//article")
    assert article.xpath(".//script | .//style | .//svg | .//iframe | .//img | .//@onclick | .//@style") == []
    assert not [name for one in shown.iter(etree.Element) for name in one.attrib if name.startswith("on")]
    hrefs = [link.get("href") for link in article.iterfind(".//a")]
    assert all(href.startswith(("https://", "/", "#", "?")) for href in hrefs)
    assert "https://evil.example/%22%3E%3Cscript%3E" in hrefs


@pytest.mark.parametrize(
    "path",
    [
        "/feed.atom?q=drošība",
        "/feed.json?q=drošība",
        "/api/v1/search.ndjson?q=drošība",
        "/api/v1/search.csv?q=drošība",
    ],
)
def test_hostile_markup_is_not_in_what_is_published(structured: Structured, path: str) -> None:
    published = structured.page("laupitaja", path)
    assert "Drošības kārtība" in published
    assert "javascript:" not in published.lower()
    assert "onclick" not in published
    # What readers see as text of the page stays text.
    assert "alert(1)" not in published
    assert "alert(3)" not in published
    assert ("<script" in published) == ("ndjson" in path)


def test_edit_of_a_link_alone_says_that_the_words_are_the_same(tmp_path: Path) -> None:
    markup = write_page(SEEDS[0])[0]
    config, ids = build_structured(tmp_path)
    edited = read_page(f"lapa-{SEEDS[0]}", markup.replace("https://likumi.lv/ta/id/57207#p12", NEW_TARGET))
    with Store(tmp_path / "data" / "releases.sqlite3") as store:
        store.save(edited, seen=SEEN + timedelta(days=1))
    shown = Structured(browse(create_app(config)), ids)
    name = f"lapa-{SEEDS[0]}"
    page = shown.page(name)
    assert NEW_TARGET in page
    assert "Vārdi ir tie paši: mainījies datums, saite vai tabula." in page
    assert "Vārdi ir tie paši" in shown.page(name, "/releases/{id}/revisions/1")
    assert NEW_TARGET not in shown.page(name, "/releases/{id}/versions/1")
