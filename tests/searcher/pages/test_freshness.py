from pathlib import Path

import pytest

from searcher import create_app
from searcher.pages.freshness import freshness
from tests.searcher.pages.conftest import Library, Page


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/", "5 relīzes no 2 iestādēm · vietnes pēdējoreiz pārbaudītas 01.03.2026. plkst. 11:00"),
        ("/en/help", "5 releases from 2 institutions · sites last checked 1 Mar 2026 at 11:00"),
        ("/ru/releases/{budzets}", "5 релизов от 2 учреждений"),
        ("/?q=xyzzy", "5 relīzes"),
    ],
)
def test_each_page_says_how_much_there_is_and_how_fresh(page: Page, path: str, line: str) -> None:
    assert line in page(path).partition("<footer")[2]


def test_the_extent_reaches_from_the_first_day_to_the_last(library: Library) -> None:
    shown = freshness(library.client.application.extensions["service"])
    assert shown is not None
    hits = library.client.get("/api/v1/search?per_page=100").get_json()["hits"]
    days = sorted(hit["published"] for hit in hits if hit["published"])
    assert (str(shown.first), str(shown.last)) == (days[0], days[-1])


def test_pages_without_an_index_do_without(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    assert create_app(config).test_client().get("/palidziba").status_code == 200
