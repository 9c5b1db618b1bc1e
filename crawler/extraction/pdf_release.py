"""Reads a release that is a PDF: title and date from its list, else from its first lines."""

from datetime import date
from itertools import islice

from crawler.config.settings import DateOrder
from crawler.extraction.attachment_text import AttachmentError, text_of
from crawler.extraction.extractor import BODY_CHARS_MAX, ExtractionError, IndexRefusedError
from crawler.extraction.fields.contact_block import split_contacts
from crawler.extraction.fields.dates import fold, publication_date_in
from crawler.extraction.fields.language import language_of
from crawler.extraction.fields.title import first_words
from crawler.extraction.html.parse import parse_html
from crawler.extraction.job import ExtractionJob
from crawler.extraction.robots_meta import refuses_index
from crawler.page import ROBOTS_TAG
from crawler.store import Confidence, DateSource, Release
from crawler.urls import canonical, without_tracking
from preses_relizes.shared.calendar import riga_day

# The date of a release is in its letterhead or below its title.
_DATE_LINES = 12
# A line this much shorter than the longest, at the end of a sentence, ends a paragraph.
_FULL_LINE = 0.85
_SENTENCE_ENDS = (".", "!", "?", ":", "”", "»")


def is_pdf(body: bytes) -> bool:
    """Whether *body* is a PDF, whatever its declared type."""
    return body.lstrip()[:5] == b"%PDF-"


def read_pdf(job: ExtractionJob) -> Release:
    """Return the release in the PDF of *job*.

    Raises:
        IndexRefusedError: it asks not to be indexed.
        ExtractionError: it is damaged, or has no text, as scans do.
    """
    page, template = job.page, job.templates[job.site.template]
    try:
        text = text_of(page.body)
    except AttachmentError as error:
        raise ExtractionError(f"{page.url}: {error}") from error
    first, _, rest = text.partition("\n")
    hinted = job.hints.title if job.hints else None
    title = hinted or first_words(first)
    parts = split_contacts(paragraphs_of(rest if fold(first) == fold(title) else text))
    if not parts.body:
        raise ExtractionError(f"{page.url}: a PDF without text")
    language = language_of(f"{title}. {' '.join(parts.body)}", declared="lv")
    order = template.date_order.get(language, "DMY")
    day, source, confidence, rule = _published(job, text, order)
    release = Release(
        url=canonical(page.url),
        site=job.site.id,
        ministry=job.site.ministry,
        language=language,
        title=title,
        lead="",
        body="\n\n".join(parts.body)[:BODY_CHARS_MAX],
        contact="\n".join(parts.contact),
        published=day,
        published_source=source,
        published_confidence=confidence,
        address=without_tracking(page.url),
        rules=(
            ("title", "list" if hinted else "first words"),
            ("lead", "none"),
            ("body", "pdf"),
            ("published", rule),
        ),
    )
    if refuses_index(page.headers.get(ROBOTS_TAG, ""), parse_html(""), job.robot, page.fetched):
        raise IndexRefusedError(f"{page.url}: asks not to be indexed (X-Robots-Tag)", release)
    return release


def paragraphs_of(text: str) -> list[str]:
    """Return the paragraphs of the *text* of a PDF, which has lines only."""
    paragraphs: list[str] = []
    for block in text.split("\n\n"):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        longest = max(map(len, lines), default=0)
        current: list[str] = []
        for line in lines:
            current.append(line)
            if line.endswith(_SENTENCE_ENDS) and len(line) < _FULL_LINE * longest:
                paragraphs.append(" ".join(current))
                current = []
        paragraphs += [" ".join(current)] if current else []
    return paragraphs


def _published(
    job: ExtractionJob, text: str, order: DateOrder
) -> tuple[date | None, DateSource, Confidence, str]:
    latest = riga_day(job.page.fetched)
    hints = job.hints
    if hints and hints.published and hints.published <= latest and hints.source != "sitemap":
        return hints.published, hints.source, "medium", hints.source
    for line in islice(filter(None, text.split("\n")), _DATE_LINES):
        if reading := publication_date_in(line, latest=latest, order=order):
            return reading.day, "text", "medium", "date line"
    return None, "none", "none", "none"
