"""Pages of releases, golden and sample, and how the tests extract them."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from crawler.charset import decode
from crawler.config import CrawlerConfig, Site, Template, load
from crawler.extraction import DiscoveredUrl, ExtractionJob
from crawler.extraction.extractor import ExtractionError, extract
from crawler.page import Page
from crawler.store import Release
from samples.content import Content, SampleRelease, load_content, load_sites
from samples.pages import respond

ROOT = Path(__file__).parents[2]
CONFIG: CrawlerConfig = load(ROOT / "config.toml")[1]
FETCHED = datetime(2026, 11, 25, 10, tzinfo=UTC)
# <template>/<name>.html beside <name>.json, which was written by hand.
GOLDEN = sorted((ROOT / "tests/crawler/extraction/pages").glob("*/*.html"))
URL = "https://www.iem.gov.lv/lv/kartiba"
SITE = Site.model_validate(
    {
        "id": "iem",
        "ministry": "Iekšlietu ministrija",
        "template": "tvp",
        "start": ["https://www.iem.gov.lv/lv/jaunumi"],
    }
)
BODY = "<p>Valsts policija atgādina, ka no pirmdienas mainās kārtība, kā piesaka pasākumus.</p>"


def extract_page(
    markup: str,
    url: str = URL,
    hints: DiscoveredUrl | None = None,
    *,
    site: Site = SITE,
    templates: Mapping[str, Template] = CONFIG.templates,
) -> Release:
    """Return the release on the page *markup*."""
    page = Page(requested_url=url, url=url, status=200, headers={}, body=b"", fetched=FETCHED, chain=(url,))
    return extract(
        markup, ExtractionJob(page=page, kind="release", site=site, templates=templates, hints=hints)
    )


def extract_golden(page: Path, said: dict[str, str]) -> dict[str, object] | str:
    """Return the release on a golden page as its JSON spells it, or why the page is not a release."""
    url = said.get("url", "https://www.iem.gov.lv/lv/jaunums/x")
    start = f"{url.split('/', maxsplit=1)[0]}//{url.split('/')[2]}/lv/saraksts"
    site = Site.model_validate(
        {
            "id": "golden",
            "ministry": said.get("ministry", "Iekšlietu ministrija"),
            "template": page.parent.name,
            "start": [start],
        }
    )
    try:
        release = extract_page(decode(page.read_bytes(), ""), url, site=site)
    except ExtractionError as error:
        return str(error).partition(": ")[2]
    return as_json(release)


def as_json(release: Release) -> dict[str, object]:
    """Return *release* as plain values: the body in paragraphs, without empty fields."""
    fields = dataclasses.asdict(release)
    for apart in ("site", "ministry", "rules", "address", "structure"):
        del fields[apart]
    fields["body"] = release.body.split("\n\n")
    fields["contact"] = release.contact.split("\n") if release.contact else []
    fields["published"] = str(release.published) if release.published else None
    fields["updated"] = str(release.updated) if release.updated else None
    fields["attachments"] = [[file.url, file.title] for file in release.attachments]
    fields["translations"] = list(release.translations)
    return {key: value for key, value in fields.items() if value}


def sample_pages() -> Iterator[tuple[Content, SampleRelease]]:
    """Yield each release of the sample sites with the content of its site."""
    file = load_sites()
    for site in file.sites:
        content = load_content(site, file.markups[site.markup], 1)
        yield from ((content, release) for release in content.releases.values())


SAMPLES = list(sample_pages())
_NAMES = re.compile(r'\s(?:class|id|itemprop|itemtype|property)="[^"]*"')


def extract_sample(content: Content, sample: SampleRelease, *, names: bool = True) -> Release:
    """Return the release on the page of *sample*; without its classes and ids unless *names*."""
    origin = f"http://127.0.0.1:{content.site.port}"
    site = Site.model_validate(
        {
            "id": content.site.id,
            "ministry": content.site.institution,
            "template": content.site.markup,
            "start": [origin + path for path in content.markup.lists.values()],
        }
    )
    page = respond(content, origin, sample.path).body.decode()
    return extract_page(page if names else _NAMES.sub("", page), origin + sample.path, site=site)
