from pathlib import Path

import pytest

from searcher import create_app
from tests.searcher.pages.conftest import Page


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


def test_pages_without_an_index_do_without(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    assert create_app(config).test_client().get("/palidziba").status_code == 200
