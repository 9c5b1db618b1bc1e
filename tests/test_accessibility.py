"""All pages at WCAG 2.2 AA: what axe finds, and what it does not see."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.support.chromium import MARKS, open_chromium, set_media, set_screen
from tests.support.library import build_library
from tests.support.post_office import allow_subscriptions, make_links
from tests.support.registered import BUDGET, MINISTER, build_registered, id_of
from tests.support.serving import serving
from tests.support.structured_library import build_structured

pytestmark = [*MARKS, pytest.mark.long_sweep]

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "start": "/{home}",
    "results": "/{home}?q=droš*",
    "explained": "/{home}?q=seminārs&explain=true&from=2024&to=2024&ministry=Iekšlietu+ministrija",
    "corrected": "/{home}?q=seminārz",
    "related": "/{home}?q=gavilēšana",
    "left out": "/{home}?q=gavilēšana&without=līksme",
    "none": "/{home}?q=xyzzy&language=ru",
    "beyond": "/{home}?q=droš*&page=9",
    "invalid": "/{home}?q=droš*&from=2024&to=2023",
    "release": "/{home}releases/{seminars}?q=drosibas&hit=1",
    "edit": "/{home}releases/{seminars}/revisions/1",
    "version": "/{home}releases/{seminars}/versions/1",
    "edit side by side": "/{home}releases/{seminars}/revisions/1?view=side",
    "translation": "/{home}releases/{seminars}/beside/{seminar}",
    "not found": "/{home}releases/nav",
}
SUBSCRIPTIONS = {
    "": ("/abonet", "/abonet/apstiprinat", "/abonet/parvaldit"),
    "en/": ("/en/subscribe", "/en/subscribe/confirm", "/en/subscribe/manage"),
    "ru/": ("/ru/subscribe", "/ru/subscribe/confirm", "/ru/subscribe/manage"),
}
LINES = "q=droš*&q=seminārs&by=year&show=share"
TEXTS = {
    "": ("/iestades", "/labojumi", "/palidziba", "/pieklustamiba", "/api/v1/", f"/salidzini?{LINES}"),
    "en/": ("/en/institutions", "/en/corrections", "/en/help", "/en/accessibility", f"/en/compare?{LINES}"),
    "ru/": ("/ru/institutions", "/ru/corrections", "/ru/help", "/ru/accessibility", f"/ru/compare?{LINES}"),
}
REGISTER = {
    "": ("/cilveki", "/izteikumi", "/kalendars", "/tiesibu-akti", "/iestades"),
    "en/": ("/en/people", "/en/statements", "/en/calendar", "/en/acts", "/en/institutions"),
    "ru/": ("/ru/people", "/ru/statements", "/ru/calendar", "/ru/acts", "/ru/institutions"),
}
# As in WCAG 2.2, 1.4.12.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    " p { margin-bottom: 2em !important }"
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    config, ids = build_library(tmp_path_factory.mktemp("library"))
    allow_subscriptions(config, port=25)
    links = make_links(config)
    ids |= {"confirm": links[0].partition("?")[2], "manage": links[1].partition("?")[2]}
    with serving(config) as address:
        yield address, ids


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a service whose releases name people, quote them, cite acts and name dates."""
    with serving(build_registered(tmp_path_factory.mktemp("registered")).config) as address:
        yield address


@pytest.fixture(scope="module")
def structured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Return the addresses of releases with lists, tables and links."""
    config, ids = build_structured(tmp_path_factory.mktemp("structured"))
    with serving(config) as address:
        yield [f"{address}/{{home}}releases/{id_}?q=droš*" for id_ in ids.values()]


@pytest.fixture(scope="module")
def unavailable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a service without an index, which answers 503."""
    config = tmp_path_factory.mktemp("empty") / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    with serving(config) as address:
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with open_chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(params=TEXTS, ids=["lv", "en", "ru"])
def addresses(
    request: pytest.FixtureRequest,
    library: tuple[str, dict[str, str]],
    registered: str,
    structured: list[str],
    unavailable: str,
) -> list[str]:
    """Return all pages in one language."""
    home = request.param
    texts = [page.format(home=home) for page in structured]
    return all_pages(home, *library, unavailable) + register_pages(home, registered) + texts


@pytest.fixture
def latvian_pages(library: tuple[str, dict[str, str]], registered: str, unavailable: str) -> list[str]:
    return all_pages("", *library, unavailable) + register_pages("", registered)


def all_pages(home: str, address: str, ids: dict[str, str], unavailable: str) -> list[str]:
    pages = [page.format(home=home, **ids) for page in PAGES.values()]
    subscribe, confirm, manage = SUBSCRIPTIONS[home]
    pages += [
        f"{subscribe}?about=search?q=jūra",
        f"{subscribe}?about=x",
        f"{confirm}?{ids['confirm']}",
        f"{confirm}?t=x",
        f"{manage}?{ids['manage']}",
        f"{manage}?t=x",
    ]
    return [*(address + page for page in (*pages, *TEXTS[home])), f"{unavailable}/{home}?q=droš*"]


def register_pages(home: str, address: str) -> list[str]:
    people, said, calendar, acts, institutions = REGISTER[home]
    person = quote(MINISTER)
    return [
        address + page
        for page in (
            *(people, f"{people}/{person}", f"{people}?name=Nav"),
            *(said, f"{said}?q=neviens", f"{said}?page=0"),
            *(calendar, f"{calendar}?kind=event", f"{calendar}?from=2027&to=2026"),
            *(acts, f"{acts}/{quote('MK 2017-03-28 171')}", f"{institutions}/iem"),
            *(f"/{home}releases/{id_of(BUDGET)}", f"/{home}?q={person}", f"/{home}?person={person}"),
        )
    ]


def open_all_details(browser: webdriver.Chrome) -> None:
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")


def violations(browser: webdriver.Chrome) -> list[str]:
    """Return what axe finds on the page as it is."""
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found: list[str] = browser.execute_async_script(
        "const done = arguments[1];"
        "axe.run({runOnly: arguments[0]}).then(({violations}) => done(violations.map("
        "({id, nodes}) => `${id}: ${nodes.map(node => node.html).join(' ')}`)))",
        RULES,
    )
    return found


@pytest.mark.skipif(not AXE.exists(), reason="needs axe-core: npm install --no-save axe-core@4")
@pytest.mark.parametrize(
    ("width", "scheme"),
    [(320, "dark"), (320, "light"), (768, "light"), (768, "dark"), (1440, "dark"), (1440, "light")],
)
def test_axe_finds_nothing(browser: webdriver.Chrome, addresses: list[str], width: int, scheme: str) -> None:
    set_screen(browser, width)
    set_media(browser, prefers_color_scheme=scheme)
    found = {}
    for address in addresses:
        browser.get(address)
        open_all_details(browser)
        found[address] = violations(browser)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


@pytest.mark.skipif(not AXE.exists(), reason="needs axe-core: npm install --no-save axe-core@4")
@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_nothing_in_any_open_filter(
    browser: webdriver.Chrome, library: tuple[str, dict[str, str]], width: int
) -> None:
    """One opens at a time, over the results."""
    set_screen(browser, width)
    browser.get(f"{library[0]}/?q=droš*&has=edited")
    found = {}
    for summary in browser.find_elements(By.CSS_SELECTOR, ".filter > summary"):
        summary.click()
        found[summary.text] = violations(browser)
    assert len(found) >= 4
    assert {label: wrong for label, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("spacing", ["", SPACING], ids=["reflow", "text spacing"])
def test_nothing_is_cut_or_scrolls_sideways_at_320_px(
    browser: webdriver.Chrome, addresses: list[str], spacing: str
) -> None:
    set_screen(browser, 320)
    widths = {}
    for address in addresses:
        browser.get(address)
        open_all_details(browser)
        browser.execute_script(
            "const style = new CSSStyleSheet(); style.replaceSync(arguments[0]);"
            "document.adoptedStyleSheets.push(style)",
            spacing,
        )
        widths[address] = browser.execute_script("return document.documentElement.scrollWidth")
    assert {address: width for address, width in widths.items() if width > 320} == {}


def test_marks_chips_and_edits_are_outlined_in_forced_colours(
    browser: webdriver.Chrome, library: tuple[str, dict[str, str]]
) -> None:
    address, ids = library
    set_screen(browser, 1024)
    set_media(browser, forced_colors="active")
    browser.get(f"{address}/?q=seminārs&from=2024&to=2024")
    outlined = "return getComputedStyle(document.querySelector(arguments[0])).outlineStyle"
    assert browser.execute_script(outlined, "mark") == "solid"
    border = "return getComputedStyle(document.querySelector(arguments[0])).borderTopStyle"
    assert browser.execute_script(border, ".chosen button") == "solid"
    browser.get(f"{address}/releases/{ids['seminars']}/revisions/1")
    assert [browser.execute_script(outlined, tag) for tag in ("ins", "del")] == ["solid", "dotted"]
    edge = "return getComputedStyle(document.querySelector(arguments[0])).borderLeftColor"
    unmarked, marked = (browser.execute_script(edge, f".diff .{kind}") for kind in ("kept", "changed"))
    assert unmarked != marked
    set_media(browser)


def test_edits_differ_by_shape_without_colour(
    browser: webdriver.Chrome, library: tuple[str, dict[str, str]]
) -> None:
    address, ids = library
    browser.get(f"{address}/releases/{ids['seminars']}/revisions/1")
    line = "return getComputedStyle(document.querySelector(arguments[0])).textDecorationLine"
    assert [browser.execute_script(line, tag) for tag in ("ins", "del")] == ["underline", "line-through"]
    sign = "return getComputedStyle(document.querySelector(arguments[0]), '::before').content"
    assert [browser.execute_script(sign, tag)[1] for tag in ("ins", "del")] == ["+", "−"]


def test_print_shows_the_text_with_addresses_and_no_controls(
    browser: webdriver.Chrome, library: tuple[str, dict[str, str]], latvian_pages: list[str]
) -> None:
    set_screen(browser, 800)
    set_media(browser, media="print")
    printed = {}
    for page in latvian_pages:
        browser.get(page)
        controls = browser.find_elements(By.CSS_SELECTOR, "form, header nav, button, .trail, .pages")
        is_wide = browser.execute_script("return document.documentElement.scrollWidth > 800")
        shown = [str(one.get_attribute("outerHTML")) for one in controls if one.is_displayed()]
        printed[page] = ["too wide"] * is_wide + shown
    assert {page: wrong for page, wrong in printed.items() if wrong} == {}
    address, ids = library
    browser.get(f"{address}/releases/{ids['seminars']}?q=drosibas&hit=1")
    after = "return getComputedStyle(document.querySelector('a.original'), '::after').content"
    assert "attr(href)" in browser.execute_script(after) or "iem.example" in browser.execute_script(after)
    set_media(browser)


# Links within sentences may be as low as their line.
TARGETS = "button, summary, input, nav a, .years a, .hits h2 a, .trail a, footer a"


def test_what_is_pressed_measures_24_px_at_320_px(
    browser: webdriver.Chrome, latvian_pages: list[str]
) -> None:
    set_screen(browser, 320)
    small = {}
    for page in latvian_pages:
        browser.get(page)
        open_all_details(browser)
        small[page] = browser.execute_script(
            "return [...document.querySelectorAll(arguments[0])].filter(one => {"
            " const box = (one.closest('label') ?? one).getBoundingClientRect();"
            " return box.width > 1 && Math.min(box.width, box.height) < 24 }).map(one => one.outerHTML)",
            TARGETS,
        )
    assert {page: found for page, found in small.items() if found} == {}


@pytest.mark.parametrize("forced", ["none", "active"], ids=["colours", "forced colours"])
def test_the_focus_is_outlined_on_every_page(
    browser: webdriver.Chrome, latvian_pages: list[str], forced: str
) -> None:
    set_screen(browser, 1024)
    set_media(browser, forced_colors=forced)
    plain: dict[str, list[str | None]] = {}
    for page in latvian_pages:
        browser.get(page)
        for _ in range(9):
            browser.switch_to.active_element.send_keys(Keys.TAB)
            focused = browser.switch_to.active_element
            if focused.tag_name != "body" and focused.value_of_css_property("outline-style") == "none":
                plain.setdefault(page, []).append(focused.get_attribute("outerHTML"))
    set_media(browser)
    assert plain == {}


def test_focus_is_visible_and_never_under_the_apply_button(
    browser: webdriver.Chrome, library: tuple[str, dict[str, str]]
) -> None:
    set_screen(browser, 1024, 400)
    browser.get(f"{library[0]}/?q=droš*")
    browser.execute_script("document.querySelector('.value input').click()")
    hidden = (
        "const one = document.activeElement, box = one.getBoundingClientRect();"
        "const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
        "return one === document.body || one === top || one.contains(top) || top.contains(one)"
        " ? '' : one.outerHTML"
    )
    body = browser.find_element(By.TAG_NAME, "body")
    covered = []
    for _ in range(40):
        body.send_keys(Keys.TAB)
        body = browser.switch_to.active_element
        covered.append(browser.execute_script(hidden))
    assert [html for html in covered if html] == []


def test_no_field_has_less_contrast_than_text_in_its_placeholder(
    browser: webdriver.Chrome, library: tuple[str, dict[str, str]]
) -> None:
    browser.get(library[0])
    colours = browser.execute_script(
        "const field = document.getElementById('from');"
        "const {color, opacity} = getComputedStyle(field, '::placeholder');"
        "return [color, opacity, getComputedStyle(document.querySelector('.count')).color]"
    )
    assert colours == [colours[2], "1", colours[2]]
