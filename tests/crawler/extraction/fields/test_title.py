"""The title is the heading that the operator means."""

import pytest

from crawler.config import Site, Template
from crawler.extraction.fields.title import first_words
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


HEAD = f"<title>{TITLE}</title>"


def rule_of(markup: str) -> tuple[str, str]:
    release = release_on(markup, "h1")
    return release.title, dict(release.rules)["title"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (f"<div>{TITLE}</div>", "line that is the title element"),
        (f"<div>{TITLE}<br>Rīgā</div>", "line that is the title element"),
        (f"<div>Rīgā<br>{TITLE}<br>Vakar</div>", "line that is the title element"),
        (f"<div>{TITLE} <b>un vēl</b><br>Rīgā</div>", "title element"),
        (f"<div><b>Vakar</b> {TITLE}<br>Rīgā</div>", "title element"),
        ("<div>Ministrija atklāj <b>jaunu ceļu</b> Latgalē</div>", "line that is the title element"),
        (f"<a href=/x>{TITLE}</a>", "title element"),
        (f"<li>{TITLE}</li>", "title element"),
    ],
)
def test_a_line_is_the_title_of_the_head_if_it_stands_alone(line: str, rule: str) -> None:
    assert rule_of(f"{HEAD}{line}{TEXT.replace('h2', 'b')}") == (TITLE, rule)


@pytest.mark.parametrize(
    ("head", "title", "rule"),
    [
        ("<meta property=og:title content='Ministrija atklāj ceļu'>", "Ministrija atklāj ceļu", "og:title"),
        (
            "<meta property=og:title content='Jaunumi'><title>Ceļš Latgalē | IeM</title>",
            "Ceļš Latgalē",
            "title element",
        ),
        ("<title>Ceļš Latgalē | IeM</title>", "Ceļš Latgalē", "title element"),
        ("<title>Ceļš Latgalē - Iekšlietu ministrija</title>", "Ceļš Latgalē", "title element"),
        ("<title>Iekšlietu ministrija: Ceļš Latgalē</title>", "Ceļš Latgalē", "title element"),
        ("<title>Ceļš Latgalē - un tālāk</title>", "Ceļš Latgalē - un tālāk", "title element"),
        ("<title>Ceļš Latgalē :: Ziņas</title>", "Ceļš Latgalē", "title element"),
    ],
)
def test_without_a_heading_the_head_names_the_title_without_the_site(
    head: str, title: str, rule: str
) -> None:
    assert rule_of(f"{head}{TEXT.replace('h2', 'b')}") == (title, rule)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("x" * 120, "x" * 120),
        ("a " * 60 + "b", "a " * 59 + "a …"),
        ("Pirmā rinda\nOtrā", "Pirmā rinda"),
    ],
)
def test_first_words_are_one_line_cut_before_a_word(text: str, title: str) -> None:
    assert first_words(text) == title


def test_a_heading_that_leads_elsewhere_is_no_title() -> None:
    other = "<h1><a href=/lv/jaunums/cits>Pavisam cita ziņa par ceļu</a></h1>"
    own = f"<h1><a href=/lv/jaunums/x>{TITLE}</a></h1>"
    assert release_on(f"{other}{own}{TEXT}", "h1").title == TITLE
    around = "<a href=/lv/jaunums/cits><h1>Pavisam cita ziņa par ceļu</h1></a>"
    assert release_on(f"{around}{own}{TEXT}", "h1").title == TITLE


def test_of_several_headings_the_one_that_the_head_repeats_is_the_title() -> None:
    other = "<h1>Pavisam cita ziņa par ceļu</h1>"
    assert release_on(f"{other}{HEADING}{TEXT}", "h1").title == "Pavisam cita ziņa par ceļu"
    assert release_on(f"{HEAD}{other}{HEADING}{TEXT}", "h1").title == TITLE


def test_a_button_in_a_heading_is_no_part_of_the_title() -> None:
    assert release_on(f"<h1>{TITLE}<button>Drukāt</button></h1>{TEXT}", "h1").title == TITLE
