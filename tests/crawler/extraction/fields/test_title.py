"""The title is the heading that the operator means."""

import pytest

from crawler.config import Site, Template
from crawler.store import Release
from tests.support.release_pages import BODY, extract_page

TITLE = "Ministrija atklāj jaunu ceļu Latgalē"
HEADING = f"<h1 class=name>{TITLE}</h1>"
DATE = "<time datetime=2026-02-01>01.02.2026.</time>"
TEXT = f"{DATE}<div class=text>{BODY}<h2>Starpvirsraksts tekstā</h2>{BODY}</div>"
SITE = Site.model_validate(
    {
        "id": "iem",
        "ministry": "Iekšlietu ministrija",
        "template": "t",
        "start": ["https://www.iem.gov.lv/lv/jaunumi"],
    }
)


def release_on(markup: str, *title: str) -> Release:
    template = Template(title=title, body=("div.text",), published=("time",))
    url = "https://www.iem.gov.lv/lv/jaunums/x"
    return extract_page(f"<html lang=lv>{markup}</html>", url, site=SITE, templates={"t": template})


@pytest.mark.parametrize("menu", ["nav", "aside", "footer"])
@pytest.mark.parametrize("selector", ["h1.name", "{} h1", ".name"])
def test_explicit_selector_may_find_the_title_in_a_menu(menu: str, selector: str) -> None:
    above = release_on(f"<{menu}>{HEADING}</{menu}>{TEXT}", selector.format(menu))
    below = release_on(f"{TEXT}<{menu}>{HEADING}</{menu}>", selector.format(menu))
    assert above.title == below.title == TITLE
    assert "mainās kārtība" in above.body
    assert "mainās kārtība" in below.body


@pytest.mark.parametrize("menu", ["nav", "aside", "footer"])
@pytest.mark.parametrize("selector", ["h1", "H1"])
@pytest.mark.parametrize("head", ["", f"<title>{TITLE}</title>", "<title>Jaunumi</title>"])
def test_bare_selector_finds_the_title_in_a_menu_if_none_is_elsewhere(
    menu: str, selector: str, head: str
) -> None:
    release = release_on(f"{head}<{menu}>{HEADING}</{menu}>{TEXT}", selector)
    assert release.title == TITLE
    assert "mainās kārtība" in release.body


@pytest.mark.parametrize("menu", ["nav", "aside", "footer"])
@pytest.mark.parametrize("title", [f"<div>{TITLE}</div>", f"<h2>{TITLE}</h2>"])
def test_title_of_the_page_comes_before_a_heading_in_a_menu(menu: str, title: str) -> None:
    head, other = f"<title>{TITLE}</title>", f"<{menu}><h1>Sazinies ar mums šodien</h1></{menu}>"
    assert release_on(f"{head}{other}{title}{TEXT}", "h1").title == TITLE
    assert release_on(f"{head}{title}{TEXT}{other}", "h1").title == TITLE


@pytest.mark.parametrize("menu", ["nav", "aside", "footer"])
def test_name_of_the_site_in_a_menu_is_no_title(menu: str) -> None:
    other = f"<{menu}><h1>Iekšlietu ministrija</h1></{menu}>"
    assert release_on(f"{other}<h2>{TITLE}</h2>{TEXT}", "h1").title == TITLE


def test_explicit_selector_prefers_the_heading_outside_menus() -> None:
    other = "<aside><h1 class=name>Saistīta ziņa par citu ceļu</h1></aside>"
    assert release_on(f"{other}{HEADING}{TEXT}", "h1.name").title == TITLE


@pytest.mark.parametrize(
    "form",
    [
        f"<form>{TITLE}<button>Drukāt</button></form>",
        f"<form><input type=hidden name=id>{TITLE}</form>",
        f"<form><span>{TITLE}</span> <select><option>LV<option>EN</select></form>",
    ],
)
@pytest.mark.parametrize("selector", ["h1", "h1.name"])
def test_title_in_a_form_within_the_heading_is_found(form: str, selector: str) -> None:
    assert release_on(f"<h1 class=name>{form}</h1>{TEXT}", selector).title == TITLE


def test_form_around_the_page_after_an_empty_heading_is_no_title() -> None:
    release = release_on(f"<h1></h1><form>{HEADING}{TEXT}</form>", "h1")
    assert release.title == TITLE
    assert "mainās kārtība" in release.body


def test_search_form_beside_an_empty_heading_is_no_title() -> None:
    search = "<h1></h1><form><input name=q><button>Meklēt</button></form>"
    assert release_on(f"{search}{HEADING}{TEXT}", "h1").title == TITLE
