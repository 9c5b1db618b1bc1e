"""Releases are extracted as a human reader would read them.

The golden pages and the sample sites are also tests of the rooms `fields` and `html`.
"""

import json
from datetime import date
from pathlib import Path

import pytest

from crawler.extraction import DiscoveredUrl
from crawler.extraction.extractor import ExtractionError
from crawler.page import DiscoverySource
from samples.content import Content, SampleRelease, paragraphs
from tests.support.release_pages import (
    BODY,
    GOLDEN,
    SAMPLES,
    SITE,
    URL,
    extract_golden,
    extract_page,
    extract_sample,
)

# --- golden pages: <template>/<name>.html beside <name>.json, written by hand ---


@pytest.mark.parametrize("page", GOLDEN, ids=[f"{page.parent.name}/{page.stem}" for page in GOLDEN])
def test_golden_page(page: Path) -> None:
    expected_file = page.with_suffix(".json")
    golden = json.loads(expected_file.read_text("utf-8")) if expected_file.exists() else {}
    got = extract_golden(page, golden)
    assert golden, (
        f"{expected_file.name} is missing; extracted: {json.dumps(got, ensure_ascii=False, indent=2)}"
    )
    assert got == golden["expected"]


# --- sample sites: each release is extracted as in its data file ---


SAMPLE_IDS = [f"{content.site.id}{release.path}" for content, release in SAMPLES]


def one_line(text: str) -> str:
    return " ".join(text.split())


def text_of(sample: SampleRelease) -> str:
    """Return lead and body, with list items as paragraphs."""
    listed = [line.removeprefix("- ") for block in paragraphs(sample.body) for line in block]
    return one_line(f"{sample.lead} {' '.join(listed)}")


@pytest.mark.parametrize(("content", "sample"), SAMPLES, ids=SAMPLE_IDS)
def test_sample_is_extracted_as_written(content: Content, sample: SampleRelease) -> None:
    release = extract_sample(content, sample)
    assert (release.title, release.published, release.language) == (
        sample.title,
        sample.published,
        sample.language,
    )
    assert one_line(f"{release.lead} {release.body}") == text_of(sample)
    assert one_line(release.contact) == one_line(sample.contact)
    assert (release.category, release.updated) == (sample.category or None, sample.updated)
    assert release.machine_translated == sample.machine_translated
    assert len(release.attachments) == len(sample.attachments)


@pytest.mark.sweep
@pytest.mark.parametrize(("content", "sample"), SAMPLES, ids=SAMPLE_IDS)
def test_sample_is_extracted_without_classes_and_ids(content: Content, sample: SampleRelease) -> None:
    release = extract_sample(content, sample, names=False)
    assert (release.title, release.published) == (sample.title, sample.published)
    assert one_line(f"{release.lead} {release.body}") == text_of(sample)
    assert one_line(release.contact) == one_line(sample.contact)


# --- which pages are releases ---


def hint(published: date | None, source: DiscoverySource = "list") -> DiscoveredUrl:
    return DiscoveredUrl(url=URL, title="Mainās kārtība", published=published, source=source)


def test_page_without_a_date_is_a_release_only_if_a_list_links_to_it() -> None:
    with pytest.raises(ExtractionError, match="nothing says it is a release"):
        extract_page(f"<h1>Mainās kārtība</h1>{BODY}")
    release = extract_page(f"<h1>Mainās kārtība</h1>{BODY}", hints=hint(date(2021, 3, 1)))
    assert (release.published, release.published_source, release.published_confidence) == (
        date(2021, 3, 1),
        "list",
        "medium",
    )


def test_title_of_the_list_replaces_a_missing_one() -> None:
    assert extract_page(f"<div>{BODY}</div>", hints=hint(None)).title == "Mainās kārtība"


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Otrdien ministrija parakstīs līgumu", "Otrdien ministrija parakstīs līgumu"),
        (
            "Otrdien ministrija parakstīs " + "ilgi gaidīto " * 10,
            "Otrdien ministrija parakstīs " + "ilgi gaidīto " * 7 + "…",
        ),
    ],
)
def test_first_words_replace_a_title_with_the_general_template(first: str, title: str) -> None:
    markup = f"<main><p>{first}</p>{BODY * 5}</main>"
    unknown = SITE.model_copy(update={"template": "general"})
    release = extract_page(markup, site=unknown)
    assert (release.title, dict(release.rules)["title"]) == (title, "first words")
    with pytest.raises(ExtractionError, match="no title"):
        extract_page(markup)
    with pytest.raises(ExtractionError, match="no title"):
        extract_page(f"<main>{BODY}</main>", release.url, site=unknown)


@pytest.mark.parametrize(
    "title",
    [
        "Lapa nav atrasta", "Meklētā lapa nav atrasta!", "Page not found",
        "The requested page could not be found.",
        "404", "Error 404", "404 - Lapa nav atrasta", "Kļūda 404", "Страница не найдена", "Access denied",
        "Meklēšanas rezultāti", "Meklēšanas rezultāti: skolas", "Search results for: schools",
    ],
)  # fmt: skip
def test_soft_error_is_not_a_release(title: str) -> None:
    with pytest.raises(ExtractionError, match="its title is"):
        extract_page(f"<h1>{title}</h1><div>01.02.2021</div>{BODY}")


@pytest.mark.parametrize(
    "title",
    [
        "404 jauni policisti dod zvērestu",
        "Ceļu apkopes darbi turpinās",
        "Access denied to trucks at the border",
    ],
)
def test_title_that_resembles_an_error_is_a_title(title: str) -> None:
    assert extract_page(f"<h1>{title}</h1><div>01.02.2021</div>{BODY}").title == title


def test_page_of_a_sitemap_needs_its_own_evidence() -> None:
    with pytest.raises(ExtractionError, match="nothing says it is a release"):
        extract_page(f"<h1>Par ministriju</h1>{BODY}", hints=hint(None, "sitemap"))
