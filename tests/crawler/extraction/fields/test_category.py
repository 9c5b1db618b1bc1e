"""A category is found by its selector, name, label or place, and never in the text."""

from datetime import date

import pytest

from crawler.extraction.fields.category import is_category
from tests.support.release_pages import BODY, extract_page

DATE = "<time datetime=2024-03-12>12.03.2024.</time>"


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("<p>Ziņas, Drošība 12.03.2024.</p>", "Ziņas, Drošība"),
        ("<p><a href=/a>Ziņas</a> <a href=/b>Drošība</a> 12.03.2024.</p>", "Ziņas, Drošība"),
        ("<p>12.03.2024. | Ziņas | Drošība</p>", "Ziņas, Drošība"),
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
