"""The publication date is that of the most trusted evidence, and never that of something else."""

from datetime import date

import pytest

from crawler.extraction import DiscoveredUrl
from crawler.extraction.extractor import ExtractionError
from crawler.page import DiscoverySource
from tests.support.release_pages import BODY, URL, extract_page

MARKUP_BY_TRUST = (
    ("meta", "<meta property=article:published_time content=2024-03-01>"),
    ("time", "<time datetime=2024-03-02></time>"),
    ("label", "<p>Publicēts: 03.03.2024.</p>"),
    ("text", "<p>04.03.2024.</p>"),
)


def found(published: date | None, source: DiscoverySource = "list") -> DiscoveredUrl:
    return DiscoveredUrl(url=URL, title="Mainās kārtība", published=published, source=source)


@pytest.mark.parametrize("first", range(len(MARKUP_BY_TRUST)))
def test_most_trusted_evidence_wins(first: int) -> None:
    markup = "".join(piece for _, piece in reversed(MARKUP_BY_TRUST[first:]))
    release = extract_page(
        f"<main><h1>Mainās kārtība</h1>{markup}{BODY}</main>", hints=found(date(2024, 3, 5))
    )
    assert (release.published, release.published_source) == (
        date(2024, 3, first + 1),
        MARKUP_BY_TRUST[first][0],
    )


@pytest.mark.parametrize(
    "element",
    [
        "<time class=updated datetime=2024-03-02></time>",
        "<p>Atjaunināts: <time datetime=2024-03-02></time></p>",
        "<p>Pasākuma norise: <time datetime=2024-03-02></time></p>",
        "<div class=event-date><time datetime=2024-03-02></time></div>",
    ],
)
def test_time_element_of_something_else_is_ignored(element: str) -> None:
    release = extract_page(
        f"<main><h1>Mainās kārtība</h1>{element}{BODY}</main>", hints=found(date(2024, 3, 5))
    )
    assert release.published == date(2024, 3, 5)


@pytest.mark.parametrize(
    "element",
    [
        # As WordPress marks a post that was never changed.
        "<time class='entry-date published updated' datetime=2024-03-02></time>",
        "<div class=updated><time itemprop=datePublished datetime=2024-03-02></time></div>",
        "<p>Publicēts: <time datetime=2024-03-02></time></p>",
    ],
)
def test_time_element_that_names_publication_too_counts(element: str) -> None:
    release = extract_page(
        f"<main><h1>Mainās kārtība</h1>{element}{BODY}</main>", hints=found(date(2024, 3, 5))
    )
    assert (release.published, release.published_source) == (date(2024, 3, 2), "time")


@pytest.mark.parametrize(
    ("source", "day", "is_taken"),
    [
        ("list", date(2024, 3, 5), True),
        ("feed", date(2024, 3, 5), True),
        # No release is of a day to come.
        ("list", date(2031, 3, 5), False),
        ("list", None, False),
    ],
)
def test_the_day_of_a_list_is_taken_if_the_page_gives_none(
    source: DiscoverySource, day: date | None, *, is_taken: bool
) -> None:
    text = "<p>Otrdien, 2021. gada 12. martā, valdība atbalstīja jauno kārtību.</p>"
    release = extract_page(f"<main><h1>Mainās kārtība</h1>{text}{BODY}</main>", hints=found(day, source))
    assert release.published == (day if is_taken else date(2021, 3, 12))


def test_a_sitemap_dates_changes_and_no_publication() -> None:
    with pytest.raises(ExtractionError, match="no date"):
        extract_page(f"<main><h1>Mainās kārtība</h1>{BODY}</main>", hints=found(date(2024, 3, 5), "sitemap"))


@pytest.mark.parametrize(
    "line", ["<p>Atjaunināts: 02.03.2024.</p>", "<meta property=article:modified_time content=2024-03-02>"]
)
def test_update_date_has_its_own_field(line: str) -> None:
    release = extract_page(
        f"<main><h1>Mainās kārtība</h1><time datetime=2024-03-01>01.03.2024.</time>{line}{BODY}</main>"
    )
    assert (release.published, release.updated) == (date(2024, 3, 1), date(2024, 3, 2))


def test_future_date_is_not_the_publication_date() -> None:
    markup = f'<h1>Mainās kārtība</h1><time datetime="2027-01-01">01.01.2027</time>{BODY}'
    assert extract_page(markup, hints=found(date(2026, 11, 20))).published == date(2026, 11, 20)


def test_date_in_the_text_is_the_last_resort_with_low_confidence() -> None:
    markup = "<h1>Mainās kārtība</h1><p>Otrdien, 2021. gada 12. martā, valdība atbalstīja jauno kārtību.</p>"
    release = extract_page(markup, hints=found(None))
    assert (release.published, release.published_source, release.published_confidence) == (
        date(2021, 3, 12),
        "body",
        "low",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Parakstīts 12.03.2021.",
        "Izsludināta 2021. gada 12. martā",
        "Izstāde būs atvērta starp 12.03.2021. un 15.03.2021., un to varēs skatīt bez maksas.",
        "Otrdien, 2021. gada 12. martā, un piektdien, 2021. gada 15. martā, valdība lēma par kārtību.",
        "Sanāksmes būs 12.03.2021., 15.03.2021. un 17.03.2021., katru reizi citā pilsētā.",
    ],
)
def test_date_of_something_else_is_ignored(text: str) -> None:
    markup = f"<h1>Mainās kārtība</h1><p>{text}</p>{BODY}"
    assert extract_page(markup, hints=found(None)).published is None


def test_year_of_a_date_is_not_guessed() -> None:
    markup = "<h1>Mainās kārtība</h1><p>Otrdien, 12. martā, valdība atbalstīja jauno kārtību.</p>"
    assert extract_page(markup, hints=found(None)).published is None


@pytest.mark.parametrize(("day", "is_taken"), [(25, True), (26, False)])
def test_a_list_may_name_the_day_of_the_fetch_but_no_later_one(day: int, *, is_taken: bool) -> None:
    text = "<p>Otrdien, 2021. gada 12. martā, valdība atbalstīja jauno kārtību.</p>"
    markup = f"<main><h1>Mainās kārtība</h1>{text}{BODY}</main>"
    release = extract_page(markup, hints=found(date(2026, 11, day)))
    assert (release.published, release.published_source, release.published_confidence) == (
        (date(2026, 11, day), "list", "medium") if is_taken else (date(2021, 3, 12), "body", "low")
    )


@pytest.mark.parametrize(
    ("markup", "source", "confidence"),
    [
        ("<meta property=article:published_time content=2024-03-01>", "meta", "high"),
        ("<time datetime=2024-03-01></time>", "time", "high"),
        ("<p>Publicēts: 01.03.2024.</p>", "label", "high"),
        ("<p>01.03.2024.</p>", "text", "medium"),
    ],
)
def test_confidence_follows_the_evidence(markup: str, source: str, confidence: str) -> None:
    release = extract_page(f"<main><h1>Mainās kārtība</h1>{markup}{BODY}</main>", hints=found(None))
    assert (release.published, release.published_source, release.published_confidence) == (
        date(2024, 3, 1),
        source,
        confidence,
    )


@pytest.mark.parametrize(
    ("path", "text", "day"),
    [
        ("/zinas/2019/x", "Otrdien, 12. martā, valdība atbalstīja jauno kārtību.", date(2019, 3, 12)),
        ("/zinas/1899/x", "Otrdien, 12. martā, valdība atbalstīja jauno kārtību.", None),
        ("/zinas/20190/x", "Otrdien, 12. martā, valdība atbalstīja jauno kārtību.", None),
    ],
)
def test_year_of_the_path_completes_a_date_of_the_text(path: str, text: str, day: date | None) -> None:
    markup = f"<h1>Mainās kārtība</h1><p>{text}</p>{BODY}"
    url = f"https://www.iem.gov.lv{path}"
    hints = DiscoveredUrl(url=url, title="Mainās kārtība", published=None, source="list")
    assert extract_page(markup, url, hints).published == day


def test_only_the_opening_of_a_text_dates_it() -> None:
    dated = "<p>Otrdien, 2021. gada 12. martā, valdība atbalstīja jauno kārtību.</p>"
    filler = "<p>Valsts policija atgādina, ka no pirmdienas viss mainās.</p>"
    for before, day in ((2, date(2021, 3, 12)), (3, None)):
        markup = f"<h1>Mainās kārtība</h1><div>{filler * before}{dated}{filler}</div>"
        assert extract_page(markup, hints=found(None)).published == day


@pytest.mark.parametrize(("chars", "is_line"), [(150, True), (151, False)])
def test_a_line_with_a_date_is_short(chars: int, *, is_line: bool) -> None:
    line = "Publicēts: 04.03.2024. ".ljust(chars, "x")
    markup = f"<main><h1>Mainās kārtība</h1><p>{line}</p>{BODY}</main>"
    release = extract_page(markup, hints=found(date(2024, 3, 5)))
    assert release.published == date(2024, 3, 4 if is_line else 5)
