"""Links give the canonical URL, the attachments and the translations of a release."""

import pytest

from tests.support.release_pages import BODY, extract_page

HEAD = "<h1>Mainās kārtība</h1><div>01.02.2021</div>"
HOST = "https://www.iem.gov.lv"


def test_canonical_url_on_another_host_is_ignored() -> None:
    head = '<link rel="canonical" href="https://evil.example/lv/jaunums/x">'
    release = extract_page(f"<head>{head}</head><h1>Mainās kārtība</h1><div>01.02.2021</div>{BODY}")
    assert release.url == "https://iem.gov.lv/lv/kartiba"


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        ("/lv/jaunums/kartiba?utm_source=x", "https://iem.gov.lv/lv/jaunums/kartiba"),
        ("/lv/jaunumi", "https://iem.gov.lv/lv/kartiba"),
        ("/", "https://iem.gov.lv/lv/kartiba"),
        ("/lv", "https://iem.gov.lv/lv/kartiba"),
    ],
)
def test_list_or_front_page_is_not_the_canonical_url(declared: str, url: str) -> None:
    release = extract_page(f"<head><link rel=canonical href='{declared}'></head>{HEAD}{BODY}")
    assert release.url == url


@pytest.mark.parametrize(
    ("link", "attachment"),
    [
        ("<a href=/f/plans.pdf>Plāns (PDF, 2 MB)</a>", (f"{HOST}/f/plans.pdf", "Plāns")),
        ("<a href=/lv/media/7/download>Plāns</a>", (f"{HOST}/lv/media/7/download", "Plāns")),
        ("<a href='/f/pl%C4%81ns.docx?x=1'><img></a>", (f"{HOST}/f/pl%C4%81ns.docx?x=1", "plāns.docx")),
        ("<a href=/f/plans.pdf>Plāns</a><a href=/f/plans.pdf>Vēlreiz</a>", (f"{HOST}/f/plans.pdf", "Plāns")),
        ("<a href=/lv/cita-lapa>Cita lapa</a>", None),
    ],
)
def test_attachments_are_the_linked_files(link: str, attachment: tuple[str, str] | None) -> None:
    release = extract_page(f"<main>{HEAD}{BODY}<p>Pielikumi: {link}</p></main>")
    found = [(file.url, file.title) for file in release.attachments]
    assert found == ([attachment] if attachment else [])


@pytest.mark.parametrize(
    ("link", "kind", "size"),
    [
        ("<a href=/f/plans.pdf>Plāns (PDF, 1,2 MB)</a>", "PDF", 1_200_000),
        ("<a href=/f/plans.docx>Plāns</a> <span>(245 KB)</span>", "DOCX", 245_000),
        ("<a href=/lv/media/7/download>Plāns [xlsx, 12 baiti]</a>", "XLSX", 12),
        ("<a href=/lv/media/7/download>Plāns (2024)</a> (skat. arī 5 MB failu)", "", None),
        ("<a href=/f/plans.PDF?x=1>Plāns</a>, 5 MB", "PDF", None),
    ],
)
def test_type_and_size_of_a_file_are_as_its_page_says(link: str, kind: str, size: int | None) -> None:
    [file] = extract_page(f"<main>{HEAD}{BODY}<p>{link}</p></main>").attachments
    assert (file.kind, file.size) == (kind, size)


@pytest.mark.parametrize(
    ("language", "target", "is_translation"),
    [
        ("en", "/en/article/order", True),
        ("ru", "/ru/novosti/poriadok", True),
        ("lv", "/lv/jaunums/cits", False),
        ("de", "/de/artikel/ordnung", False),
        ("en", "/en", False),
        ("en", "https://other.example/en/article/order", False),
    ],
)
def test_translations_are_pages_of_the_site_in_other_languages(
    language: str, target: str, *, is_translation: bool
) -> None:
    link = f"<link rel=alternate hreflang={language} href='{target}'>"
    release = extract_page(f"<head>{link}</head>{HEAD}{BODY}")
    assert release.translations == ((f"https://iem.gov.lv{target}",) if is_translation else ())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Plāns, Ārējā saite", "Plāns"),
        ("Plan External link", "Plan"),
        ("External link here", "External link here"),
        ("Plāns [120 KB]", "Plāns"),
        ("Plāns (12 baiti)", "Plāns"),
        ("Plāns (2024)", "Plāns (2024)"),
    ],
)
def test_remarks_on_a_file_are_not_in_its_title(text: str, title: str) -> None:
    release = extract_page(f"<main>{HEAD}{BODY}<p><a href=/f/plans.pdf>{text}</a></p></main>")
    assert [file.title for file in release.attachments] == [title]


@pytest.mark.parametrize(
    ("href", "is_file"),
    [
        *(
            (f"/f/x.{ending}", True)
            for ending in ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods")
        ),
        *((f"/f/x.{ending}", True) for ending in ("odp", "rtf", "zip", "asic", "asice", "edoc", "PDF")),
        ("/f/x.pdf?v=1", True),
        ("/f/x.pdfs", False),
        ("/x?attachment=1", True),
        ("/x?attachments=1", False),
        ("/media/x/download", False),
        ("/x.html", False),
        ("/x.jpg", False),
    ],
)
def test_files_are_known_by_their_addresses(href: str, *, is_file: bool) -> None:
    release = extract_page(f"<main>{HEAD}{BODY}<p><a href='{href}'>Plāns</a></p></main>")
    assert [file.url for file in release.attachments] == ([HOST + href] if is_file else [])


def test_files_are_listed_once_in_their_order() -> None:
    links = "".join(f"<a href=/f/{name}.pdf>{name}</a>" for name in "bacb")
    release = extract_page(f"<main>{HEAD}{BODY}<p>{links}</p></main>")
    assert [file.title for file in release.attachments] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("target", "is_deep"), [("/en/x", True), ("/en", False), ("/en?id=1", True), ("/", False)]
)
def test_front_pages_are_no_translations(target: str, *, is_deep: bool) -> None:
    link = f"<link rel=alternate hreflang=en-GB href='{target}'>"
    release = extract_page(f"<head>{link}</head>{HEAD}{BODY}")
    assert release.translations == ((f"https://iem.gov.lv{target}",) if is_deep else ())
