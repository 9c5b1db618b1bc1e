"""Boilerplate matches whole words and never includes what a template selects."""

import json
import random
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from crawler.charset import decode
from crawler.config import Site, Template
from crawler.extraction.boilerplate import match_template, remove_boilerplate
from crawler.extraction.extractor import ExtractionError
from crawler.extraction.fields.metadata import metadata
from crawler.extraction.fields.regions import PageContext
from crawler.extraction.html.parse import parse_html
from samples.content import Content, SampleRelease
from samples.pages import respond
from tests.support.release_pages import CONFIG, GOLDEN, SAMPLES, as_json, extract_page

# Words that style sheets, scripts and content systems combine with boilerplate words.
BEFORE = (
    "d", "col", "lang", "print", "text", "js", "has", "is", "no", "with", "view-mode", "page", "node", "bg",
    "md", "u", "field--name-field",
)  # fmt: skip
AFTER = ("block", "content", "text", "lv", "body", "only", "none", "xs-12", "article", "visible")
BOILERPLATE_WORDS = (
    "print", "menu", "nav", "search", "share", "social", "tabs", "tags", "back", "lang", "language",
    "sidebar", "cookie", "consent", "related", "similar", "feedback", "rating", "comments", "footer",
    "banner", "login", "newsletter", "popup", "modal", "gallery", "slider", "carousel", "accessibility",
    "toolbar", "breadcrumb", "pager", "hits", "skip", "teaser",
)  # fmt: skip
NAMES = [
    *(f"{before}-{word}" for before in BEFORE for word in BOILERPLATE_WORDS),
    *(f"{word}-{after}" for word in BOILERPLATE_WORDS for after in AFTER),
    *(
        f"{before}-{word}-{after}"
        for before in BEFORE[:8]
        for word in BOILERPLATE_WORDS
        for after in AFTER[:3]
    ),
    *BOILERPLATE_WORDS,
]
TARGETS_MAX = 10


def selectors_of(template: Template) -> Iterator[str]:
    for field in ("title", "lead", "body", "published", "updated", "category", "contact", "attachments"):
        yield from getattr(template, field)


def targets(soup: BeautifulSoup, template: Template) -> list[Tag]:
    """Return the elements that the template selects, with their ancestors and descendants."""
    found = [tag for selector in selectors_of(template) for tag in soup.select(selector)]
    family = [tag for one in found for tag in (one, *one.parents, *one.find_all(True))]
    return list({id(tag): tag for tag in family if tag is not soup}.values())


def extract_or_explain(text: str, url: str, site: Site) -> object:
    try:
        return as_json(extract_page(text, url, site=site))
    except ExtractionError as error:
        return str(error)


def rename_target(text: str, template: Template, at: int, name: str) -> str:
    """Return the page with *name* for a further class, or for the id, of one of its `targets`."""
    soup = BeautifulSoup(text, "lxml")
    element = targets(soup, template)[at]
    if at % 3 or element.get("id"):
        element["class"] = [*element.get_attribute_list("class"), name] if element.get("class") else [name]
    else:
        element["id"] = name
    return str(soup)


def is_dropped(name: str, template: Template) -> bool:
    return any(name in selector for selector in template.drop)


def assert_reads_the_same(text: str, url: str, site: Site, names: Iterable[str]) -> None:
    template = CONFIG.templates[site.template]
    plain = str(BeautifulSoup(text, "lxml"))
    expected = extract_or_explain(plain, url, site)
    count = len(targets(BeautifulSoup(text, "lxml"), template))
    chance = random.Random(url + text[:2000])
    usable = [name for name in names if not is_dropped(name, template)]
    for at in chance.sample(range(count), min(count, TARGETS_MAX)):
        name = chance.choice(usable)
        assert extract_or_explain(rename_target(text, template, at, name), url, site) == expected, (at, name)


@pytest.mark.sweep
@pytest.mark.parametrize("page", GOLDEN, ids=[f"{page.parent.name}/{page.stem}" for page in GOLDEN])
def test_no_class_name_removes_fields_of_a_golden_page(page: Path) -> None:
    golden = json.loads(page.with_suffix(".json").read_text("utf-8"))
    url = golden.get("url", "https://www.iem.gov.lv/lv/jaunums/x")
    values = {
        "id": "golden",
        "ministry": golden.get("ministry", "Iekšlietu ministrija"),
        "template": page.parent.name,
        "start": [url.rpartition("/")[0] + "/saraksts"],
    }
    assert_reads_the_same(decode(page.read_bytes(), ""), url, Site.model_validate(values), NAMES)


# All names would take a minute.
SAMPLE_FEW = SAMPLES[::11]


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("content", "sample"), SAMPLE_FEW, ids=[f"{content.site.id}{one.path}" for content, one in SAMPLE_FEW]
)
def test_no_class_name_removes_fields_of_a_sample_page(content: Content, sample: SampleRelease) -> None:
    origin = f"http://127.0.0.1:{content.site.port}"
    values = {
        "id": content.site.id,
        "ministry": content.site.institution,
        "template": content.site.markup,
        "start": [origin + path for path in content.markup.lists.values()],
    }
    text = respond(content, origin, sample.path).body.decode()
    assert_reads_the_same(text, origin + sample.path, Site.model_validate(values), NAMES)


# --- elements that no selector finds: whole words of the name decide ---

TEXT = "Valsts policija atgādina, ka no pirmdienas mainās kārtība, kā piesaka publiskus pasākumus Rīgā."
BARE = Site.model_validate(
    {
        "id": "iem",
        "ministry": "Iekšlietu ministrija",
        "template": "iem-2006",
        "start": ["https://www.iem.gov.lv/lv/jaunumi"],
    }
)


def read_with(further: str, text_class: str = "") -> dict[str, object] | str:
    """Extract a page with few classes: no selector finds its text or its date."""
    page = (
        f"<html lang=lv><main><h1>Mainās pasākumu kārtība</h1><p class='{text_class}'>01.02.2026.</p>"
        f"<div class='{text_class}'><p>{TEXT}</p></div>{further}</main>"
        + "<footer>Iekšlietu ministrija, Čiekurkalna 1. līnija 1, Rīga, LV-1026. Visas tiesības aizsargātas."
        + "Pārpublicējot atsauce obligāta, pārējos gadījumos jāsaņem iestādes rakstiska piekrišana.</footer>"
    )
    release = extract_page(page, "https://www.iem.gov.lv/lv/x", site=BARE)
    return as_json(release)


@pytest.mark.parametrize(
    "name",
    [
        "d-print-block", "d-print-none", "col-print-12", "lang-lv", "lang-en", "print-content", "print-only",
        "print:block", "md:menu", "text-search", "text-nav", "has-sidebar", "no-menu", "is-popup",
        "with-tabs", "js-share", "menu-text", "share-body", "tabs-content", "nav-article", "page-search",
        "node-gallery", "body-login", "navigator-x1", "backlog", "searchable", "printable", "language-lv",
        "has-caption", "text-caption", "no-teaser", "w-banner", "p-menu", "bg-footer", "lead-menu",
    ],
)  # fmt: skip
def test_text_and_date_stay_whatever_their_class_names(name: str) -> None:
    assert read_with("", name) == read_with("")


@pytest.mark.parametrize(
    "name",
    [
        "menu", "main-menu", "breadcrumb", "cookie-bar", "social-sharing", "o-share", "related-articles",
        "pagenav", "nav nav-tabs", "search-form", "language-switcher", "print", "print-link", "skip-link",
        "back-to-top", "share-buttons", "site-footer", "sidebar-first", "c-banner", "cookies", "rating-form",
        "d-print-none share", "has-icon menu",
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", ["class", "id"])
def test_boilerplate_names_match_whole_words(name: str, how: str) -> None:
    if how == "id" and " " in name:
        name = name.rsplit(maxsplit=1)[-1]
    assert read_with(f"<div {how}='{name}'>Sadaļa pirmā, sadaļa otrā un trešā sadaļa</div>") == read_with("")


@pytest.mark.parametrize(
    "markup",
    [
        "<nav>{}</nav>",
        "<aside>{}</aside>",
        "<form>{}</form>",
        "<div role=navigation>{}</div>",
        "<div hidden>{}</div>",
        "<article class='node node--view-mode-teaser'>{}</article>",
    ],
)
def test_boilerplate_elements_are_removed(markup: str) -> None:
    assert read_with(markup.format("Sadaļa pirmā, sadaļa otrā un trešā sadaļa")) == read_with("")


LINE = (
    "Ministrija aicina iedzīvotājus ziņot par bojātiem ceļiem un tiltiem, jo ziema tuvojas un darbu ir daudz"
)


@pytest.mark.parametrize(
    ("markup", "stays"),
    [
        # A paragraph is 120 characters, mostly without links and columns.
        (f"<div class=menu><p>{LINE.ljust(120, 'x')}</p></div>", True),
        (f"<div class=menu><p>{LINE.ljust(119, 'x')}</p></div>", False),
        (f"<div class=menu><p><a href=/a>{'x' * 60}</a> {LINE.ljust(120, 'x')}</p></div>", True),
        (f"<div class=menu><p><a href=/a>{LINE.ljust(120, 'x')}</a></p></div>", False),
        (f"<div class=menu><p>{LINE} | {LINE}</p></div>", False),
        (f"<div class=cookies><p>{LINE.ljust(120, 'x')}</p></div>", False),
        # The footer of a quotation names its source.
        ("<blockquote><p>Kārtība mainās visiem.</p><footer>Jānis Ozols</footer></blockquote>", True),
        ("<footer>Jānis Ozols, Ilze Kalniņa un citi</footer>", False),
        ("<article class='node teaser'><p>Kopsavilkums par to</p></article>", False),
        ("<article class='node'><p>Kārtība mainās visiem.</p></article>", True),
        ("<p>Lasiet <span class=visually-hidden>vairāk</span></p>", True),
        ("<div class=visually-hidden>Publicēts</div>", True),
        ("<div aria-hidden=true>Publicēts</div>", False),
        ("<p><a href='https://www.facebook.com/sharer/sharer.php?u=x'>Dalīties</a></p>", False),
        ("<p><a href='https://www.facebook.com/ministrija'>Sekojiet ministrijai</a></p>", True),
        (f"<p><a href='https://wa.me/{'x' * 3_000}'>Dalīties</a></p>", False),
        (f"<p><a href='https://wa.lv/{'x' * 3_000}'>Mājas</a></p>", True),
    ],
)
def test_what_is_no_boilerplate_stays(markup: str, stays: bool) -> None:
    shown = left_of(f"<main><p>{TEXT * 5}</p>{markup}</main>")
    assert (shown != left_of(f"<main><p>{TEXT * 5}</p></main>")) == stays


def test_text_for_screen_readers_is_removed_from_a_line() -> None:
    hidden = (
        "<p>Lasiet <span class=visually-hidden>vairāk</span><b class=sr-only>x</b> par kārtību skolās</p>"
    )
    assert left_of(f"<p>{TEXT}</p>{hidden}").endswith("Lasiet  par kārtību skolās")


def left_of(markup: str) -> str:
    """Return the text that is left of a page where no selector finds anything."""
    elements, url, day = parse_html(markup), "https://www.iem.gov.lv/lv/x", date(2026, 2, 1)
    page = PageContext(
        text=markup,
        elements=elements,
        url=url,
        site=BARE,
        template=CONFIG.templates[BARE.template],
        meta=metadata(elements, url, latest=day),
        latest=day,
        order="DMY",
        hints=None,
    )
    return remove_boilerplate(page, match_template(page, None)).soup.get_text()


# --- elements that selectors find, in lists of other releases and notices ---

TVP = BARE.model_copy(update={"template": "tvp"})
OTHER = (
    "<div class='{}'><div class=title><h3><a href='/lv/jaunums/cits'>Pavisam cits ministrijas paziņojums</a>"
    "</h3></div><div class=date>05.06.2019.</div><div class=text__text-content><p>Kopsavilkums par to, ko"
    " ministrija paziņoja vasarā un kāpēc.</p></div></div>"
)


@pytest.mark.parametrize("name", ["related", "sidebar", "similar-news", "menu"])
@pytest.mark.parametrize("above", ["above the text", "below the text"])
def test_lists_of_other_releases_are_removed_whole(name: str, above: str) -> None:
    own = f"<h1>Mainās pasākumu kārtība</h1><div class=text__text-content><p>{TEXT}</p></div>"
    others = OTHER.format(name)
    page = others + own if above == "above the text" else own + others
    url = "https://www.iem.gov.lv/lv/jaunums/x"
    release = extract_page(f"<main>{page}</main>", url, site=TVP)
    assert (release.body, release.published) == (TEXT, None)


@pytest.mark.parametrize(
    ("address", "title", "is_left_out"),
    [
        ("/lv/jaunums/cits", "Cits svarīgs jaunums", True),  # of 20 characters
        ("/lv/jaunums/cits", "Cits svarīgs jaunum", False),
        ("/lv/jaunums/cits", "Citministrijas paziņojums", False),  # of two words
        ("/lv/jaunums/x", "Pavisam cits ministrijas paziņojums", False),  # the page itself
        ("https://www.em.gov.lv/lv/jaunums/cits", "Pavisam cits ministrijas paziņojums", False),
        ("/lv/media/1/noteikumi.pdf", "Pavisam cits ministrijas paziņojums", False),
        ("mailto:prese@iem.gov.lv", "Pavisam cits ministrijas paziņojums", False),
    ],
)
def test_a_list_of_others_has_the_title_of_another_page(address: str, title: str, is_left_out: bool) -> None:
    own = f"<h1>Mainās pasākumu kārtība</h1><div class=text__text-content><p>{TEXT}</p></div>"
    beside = f"<a href='{address}'>{title}</a><div class=text__text-content><p>Piedāvā arī šo.</p></div>"
    page = f"<main>{own}<div class=related>{beside}</div></main>"
    release = extract_page(page, "https://www.iem.gov.lv/lv/jaunums/x", site=TVP)
    assert ("Piedāvā arī šo." not in release.body) == is_left_out


@pytest.mark.parametrize(("chars", "is_notice"), [(1_000, True), (1_001, False)])
def test_a_cookie_notice_is_short(chars: int, is_notice: bool) -> None:
    text = "Šī vietne izmanto sīkdatnes. ".ljust(chars, "x")
    own = f"<h1>Mainās kārtība</h1><div class=text__text-content><p>{(TEXT + ' ') * 20}</p></div>"
    page = f"<main>{own}<div class=cookie-bar><div class=text__text-content>{text}</div></div></main>"
    release = extract_page(page, "https://www.iem.gov.lv/lv/jaunums/x", site=TVP)
    assert ("sīkdatnes" not in release.body) == is_notice


@pytest.mark.parametrize("holder", ["<form>{}</form>", "<div class=sidebar>{}</div>", "<aside>{}</aside>"])
def test_an_element_with_most_of_the_text_stays_whatever_it_is_called(holder: str) -> None:
    """Some pages are one form."""
    long = "Valsts policija atgādina, ka no pirmdienas mainās kārtība, kā piesaka pasākumus. " * 4
    short = "<p>Meklēt vietnē jaunumus un relīzes.</p>"
    head = "<h1>Mainās kārtība</h1><time datetime=2024-03-12>12.03.2024.</time>"
    as_page = extract_page(f"<body>{head}{holder.format(f'<p>{long}</p>')}{short}</body>")
    beside = extract_page(f"<body>{head}<div><p>{long}</p></div>{holder.format(short)}</body>")
    assert (long.strip() in as_page.body, long.strip() in beside.body) == (True, True)
    assert "Meklēt" not in beside.body


def test_cookie_notice_is_removed_with_its_lead() -> None:
    notice = "<div class=cookie-bar><p class=lead>Šī vietne izmanto sīkdatnes, lai darbotos.</p></div>"
    page = f"{notice}<main><h1>Mainās kārtība</h1><div class=text__text-content><p>{TEXT}</p></div></main>"
    url = "https://www.iem.gov.lv/lv/jaunums/x"
    release = extract_page(page, url, site=TVP)
    assert (release.lead, release.body) == ("", TEXT)
