"""A category is found by its selector, name, label or place, and never in the text."""

from datetime import date

import pytest

from crawler.config import Template
from crawler.extraction.fields.category import category_beside_date, category_in, is_category
from crawler.extraction.html.parse import Block, parse_html
from tests.support.release_pages import BODY, SITE, extract_page

DATE = "<time datetime=2024-03-12>12.03.2024.</time>"


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("<p>Ziņas, Drošība 12.03.2024.</p>", "Ziņas, Drošība"),
        ("<p><a href=/a>Ziņas</a> <a href=/b>Drošība</a> 12.03.2024.</p>", "Ziņas, Drošība"),
        ("<p>12.03.2024. | Ziņas | Drošība</p>", "Ziņas, Drošība"),
        ("<p><a href=/a>Ziņas</a> 12.03.2024.</p>", "Ziņas"),
        ("<p>Ziņas 12.03.2024.</p>", None),
        ("<p><span>Kategorija: Ziņas</span><span>Publicēts: 12.03.2024.</span></p>", "Ziņas"),
        ("<p><span>Publicēts: 12.03.2024.</span><span>Kategorija: Ziņas</span></p>", "Ziņas"),
        ("<p>Rīga, 12.03.2024.</p>", None),
        ("<dl><dd class=createdby>Anna Ozola</dd><dd class=published>12.03.2024.</dd></dl>", None),
    ],
)
def test_category_may_be_on_the_line_of_the_date(line: str, category: str | None) -> None:
    release = extract_page(f"<h1>Mainās kārtība</h1>{line}{BODY}")
    assert (release.category, release.published) == (category, date(2024, 3, 12))


@pytest.mark.parametrize(
    ("markup", "category"),
    [
        ("<div class=category>Drošība</div>", "Drošība"),
        ("<ul class=post-tags><li>Drošība</li><li>Robeža</li></ul>", "Drošība, Robeža"),
        ("<div class=terms><a href=/a>Tēma: Drošība</a></div>", "Drošība"),
        ("<nav><ul class=tags><li>Drošība</li></ul></nav>", None),
        ("<div class=breadcrumb><ul class=tags><li>Drošība</li></ul></div>", None),
        ("<div class=tags><a href=/a>Drošība</a> un vēl</div>", None),
        ("<div class=tags><a href=/a>Drošība</a>: <a href=/b>robeža</a>.</div>", "Drošība, robeža"),
        ("<div class=tags>Drošība. Par to šodien lēma valdība.</div>", None),
        (
            "<ul class=tags>" + "<li>Drošība</li><li>Robeža</li><li>Vīza</li>" * 2 + "</ul>",
            "Drošība, Robeža, Vīza",
        ),
        (f"<ul class=tags>{''.join(f'<li>Tēma {name}</li>' for name in 'abcdef')}</ul>", None),
    ],
)
def test_class_names_categories_near_the_title(markup: str, category: str | None) -> None:
    release = extract_page(f"<main><h1>Mainās kārtība</h1>{DATE}{markup}{BODY}</main>")
    assert release.category == category


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Preses relīze", True),
        ("News Support for Ukraine", True),
        ("Šī rinda ir par garu kategorijai", False),
        ("Valdība lēma.", False),
        ("Rīkojums 123", False),
        ("Publicēts", False),
    ],
)
def test_category_is_a_short_phrase(text: str, *, expected: bool) -> None:
    assert is_category(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b c d e", True),
        ("a b c d e f", False),
        ("x" * 40, True),
        ("x" * 41, False),
        *((f"Drošība{end}", False) for end in ".!?:;,"),
        ("Drošība (jūra)", True),
        ("Likums 12", True),
        ("Likums 123", False),
        ("Atjaunots", False),
        ("Pasākums", True),
    ],
)
def test_category_has_its_limits_of_words_and_characters(text: str, *, expected: bool) -> None:
    assert is_category(text) is expected


@pytest.mark.parametrize(("fillers", "is_near"), [(36, True), (37, False)])
def test_category_is_at_most_forty_elements_below_the_title(fillers: int, *, is_near: bool) -> None:
    """The title, its date and the fillers come first."""
    between = "<i>x</i>" * fillers
    markup = f"<main><h1>Mainās kārtība</h1>{DATE}<b></b>{between}<div class=tags>Drošība</div>{BODY}</main>"
    release = extract_page(markup)
    assert (release.category == "Drošība") is is_near


@pytest.mark.parametrize(("fillers", "is_near"), [(11, True), (12, False)])
def test_category_is_at_most_twelve_elements_above_the_title(fillers: int, *, is_near: bool) -> None:
    markup = (
        f"<main><div class=tags>Drošība</div>{'<i></i>' * fillers}<h1>Mainās kārtība</h1>{DATE}{BODY}</main>"
    )
    assert (extract_page(markup).category == "Drošība") is is_near


@pytest.mark.parametrize(("chars", "is_found"), [(99, True), (100, False)])
def test_category_after_the_first_paragraph_is_not_of_the_release(chars: int, *, is_found: bool) -> None:
    text = ("Valsts policija šodien atgādina visiem " * 9)[: chars - 1] + "."
    markup = f"<main><h1>Mainās kārtība</h1>{DATE}<p>{text}</p><div class=tags>Drošība</div>{BODY}</main>"
    assert (extract_page(markup).category == "Drošība") is is_found


@pytest.mark.parametrize(
    "name", ["category", "cats", "kategorijas", "rubrika", "tema", "terms", "taxonomy", "topics", "tag"]
)
@pytest.mark.parametrize("holder", ["{}", "post-{}", "{}_list"])
def test_names_of_categories_are_known(name: str, holder: str) -> None:
    markup = f"<div class={holder.format(name)}>Drošība</div>"
    assert extract_page(f"<main><h1>Mainās kārtība</h1>{DATE}{markup}{BODY}</main>").category == "Drošība"


@pytest.mark.parametrize("name", ["stage", "vintage", "template", "category2", "hashtags"])
def test_names_that_only_contain_one_are_not(name: str) -> None:
    markup = f"<div class={name}>Drošība</div>"
    found = extract_page(f"<main><h1>Mainās kārtība jau tagad</h1>{DATE}{markup}{BODY}</main>")
    assert "category" not in found.rules or "class" not in found.rules["category"]


@pytest.mark.parametrize(
    "outside",
    [
        "<nav>{}</nav>",
        "<footer>{}</footer>",
        "<aside>{}</aside>",
        "<form>{}</form>",
        "<ol>{}</ol>",
        "<div class=main-menu>{}</div>",
        "<div class=pathway>{}</div>",
        "<div class=nav>{}</div>",
    ],
)
def test_categories_of_menus_are_not_of_the_release(outside: str) -> None:
    markup = outside.format("<ul class=tags><li>Drošība</li></ul>")
    assert extract_page(f"<main><h1>Mainās kārtība</h1>{DATE}{markup}{BODY}</main>").category is None


@pytest.mark.parametrize(
    ("header", "category"),
    [
        (["Drošība", "Kategorija: Robeža"], "Robeža"),
        (["Šī rinda ir par garu kategorijai", "Drošība", "Robeža"], "Drošība"),
        (["Section: News"], "News"),
        (["Раздел: Новости"], "Новости"),
        (["Valdība lēma."], None),
        ([], None),
    ],
)
def test_labelled_line_comes_before_a_short_one(header: list[str], category: str | None) -> None:
    assert category_in(header) == category


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("a | b | c | d | e | 12.03.2024.", "a, b, c, d, e"),
        ("a | b | c | d | e | f | 12.03.2024.", None),
        ("Drošība | Valdība lēma. | 12.03.2024.", None),
        ("Drošība · Robeža • Vīza; Jūra 12.03.2024., 10:30", "Drošība, Robeža, Vīza, Jūra"),
        ("Drošība | Robeža", None),
        (f"Drošība | {'Robeža ' * 8}12.03.2024.", None),
    ],
)
def test_categories_beside_a_date_are_few_and_short(line: str, category: str | None) -> None:
    element = parse_html(f"<p>{line}</p>").select("p")[0]
    assert category_beside_date([Block(text=line, element=element, linked=0.0)]) == category


@pytest.mark.parametrize(
    ("texts", "category"),
    [
        (["Drošība"], "Drošība"),
        (["Drošība", "Robeža", "Drošība"], "Drošība, Robeža"),
        (["Kategorija: Drošība"], "Drošība"),
        (["x" * 80], "x" * 80),
        (["x" * 81], None),
        ([""], None),
    ],
)
def test_selector_of_the_template_finds_the_category(texts: list[str], category: str | None) -> None:
    markup = "".join(f"<b class=own>{text}</b>" for text in texts)
    template = Template(title=("h1",), category=(".none", ".own"), body=(".text",), published=("time",))
    page = f"<main><h1>Mainās kārtība</h1>{DATE}{markup}<div class=text>{BODY}</div></main>"
    site = SITE.model_copy(update={"template": "t"})
    assert extract_page(page, site=site, templates={"t": template}).category == category
