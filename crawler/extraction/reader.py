"""Reads a page by its kind: a release, a list page, a feed, a sitemap or an attachment."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from crawler import charset
from crawler.extraction import attachment_text
from crawler.extraction.discovery.feed import discover_in_feed
from crawler.extraction.discovery.json_list import discover_in_json
from crawler.extraction.discovery.list_page import ListLinks, discover_on_list
from crawler.extraction.discovery.sitemap import discover_in_sitemap
from crawler.extraction.extractor import (
    BODY_CHARS_MAX,
    ErrorPageError,
    ExtractionError,
    IndexRefusedError,
    UnreadError,
    extract,
)
from crawler.extraction.fields import body
from crawler.extraction.html.limits import MARKUP_BYTES_MAX, strip_bulk
from crawler.extraction.html.parse import is_read_whole
from crawler.extraction.job import IN_A_FRAME, JSON, PDF, Extraction, ExtractionJob, FailureReason
from crawler.extraction.page_text import text_blocks
from crawler.extraction.pdf_release import is_pdf, paragraphs_of, read_pdf
from crawler.faults import UNFORESEEN
from crawler.page import PageKind, is_closed

log = logging.getLogger(__name__)

_TAG = re.compile(r"<[a-z!]", re.IGNORECASE)
# Bytes that text does not contain, except by mistake. Source: the "binary data bytes" of the MIME Sniffing
# standard.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# The complement, matched first for speed.
_NOT_BINARY = re.compile(r"[\t\n\x0c\r\x1b\x20-\U0010ffff]*")
_FRAME = re.compile(r"<(?:iframe|frame|object|embed)\b", re.IGNORECASE)
# A feed or sitemap, after what XML may have before its first element: each comment in only one way.
_FEED = re.compile(
    r"\s*(?>(?:(?><\?.*?\?>|<!--.*?-->)\s*)*)<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.DOTALL
)
_JSON = re.compile(r"\s*[\[{]")
BINARY_SHARE_MAX = 0.01


def load(job: ExtractionJob) -> None:
    """Preload the files that libraries need for a page of this kind, before files are blocked."""
    charset.load()
    if job.kind == "attachment" or _is_pdf_release(job):
        attachment_text.load()
    elif any(template.general for template in job.templates.values()):
        body.load()


def trim(job: ExtractionJob) -> ExtractionJob:
    """Return *job* with a release's page cut to the size limit, dropping code and inlined data first."""
    page = job.page
    if job.kind != "release" or is_pdf(page.body) or len(page.body) <= MARKUP_BYTES_MAX:
        return job
    # In Latin-1 each byte is one character.
    body = strip_bulk(page.body.decode("latin-1"), MARKUP_BYTES_MAX).encode("latin-1")
    is_whole = page.is_whole and len(body) <= MARKUP_BYTES_MAX
    return replace(job, page=replace(page, body=body[:MARKUP_BYTES_MAX], is_whole=is_whole))


def read(job: ExtractionJob) -> Extraction:
    """Extract the page of *job*; a failure is returned as a reason."""
    extraction = replace(_read(job), is_closed=_is_closed(job))
    is_lost = job.is_known and extraction.reason in ("no release", "release not read")
    return replace(extraction, page_text=_blocks_of(job)) if job.wants_text or is_lost else extraction


def _is_closed(job: ExtractionJob) -> bool:
    """Whether the page is whole: HTML with its end tag, or a file, whose length the transfer checks."""
    return is_pdf(job.page.body) or is_closed(job.page.body)


def _blocks_of(job: ExtractionJob) -> tuple[str, ...]:
    """Return all text of the page of *job*, for the operator."""
    if is_pdf(job.page.body):
        return tuple(paragraphs_of(attachment_text.text_of(job.page.body))) if _is_pdf_release(job) else ()
    return text_blocks(job.page)


def _read(job: ExtractionJob) -> Extraction:
    try:
        return _READERS[job.kind](job)
    except IndexRefusedError as error:
        log.info("%s", error)
        return Extraction(reason="noindex", detail=str(error), unindexed=error.release)
    except ExtractionError as error:
        log.info("%s", error)
        return Extraction(reason=_reason_of(error), detail=str(error))
    except attachment_text.AttachmentError as error:
        log.info("%s: %s", job.page.url, error)
        return Extraction(reason="no text")
    except (*UNFORESEEN, OSError):  # OSError: a library tried to open a file
        log.exception("%s: the extractor failed; please report this", job.page.url)
        return Extraction(reason="fault of the extractor")


def _reason_of(error: ExtractionError) -> FailureReason:
    if isinstance(error, ErrorPageError):
        return "error page"
    return "release not read" if isinstance(error, UnreadError) else "no release"


def _read_release(job: ExtractionJob) -> Extraction:
    page = job.page
    if _is_pdf_release(job):
        return Extraction(release=read_pdf(job), is_whole=page.is_whole)
    if is_pdf(page.body):
        return Extraction(reason="no release", detail=f"{page.url}: no HTML", remark=PDF)
    text = page.text
    if not _TAG.search(text) or _is_file(text):
        # JSON, an image, an archive or a feed, whatever its declared type
        return Extraction(reason="no release", detail=f"{page.url}: no HTML")
    try:
        release = extract(text, job)
    except ExtractionError as error:
        if _FRAME.search(text) and _reason_of(error) == "no release":
            return Extraction(reason="no release", detail=str(error), remark=IN_A_FRAME)
        raise
    is_whole = page.is_whole and is_read_whole(text) and len(release.body) < BODY_CHARS_MAX
    return Extraction(release=release, is_whole=is_whole)


def _is_pdf_release(job: ExtractionJob) -> bool:
    """Whether the page of *job* is a PDF that its template takes for a release."""
    names = (job.site.template, *job.site.older_templates)
    return job.kind == "release" and is_pdf(job.page.body) and any(job.templates[name].pdf for name in names)


def _is_file(text: str) -> bool:
    is_binary = not _NOT_BINARY.fullmatch(text) and len(_BINARY.findall(text)) > BINARY_SHARE_MAX * len(text)
    return is_binary or text.lstrip().startswith("%PDF-") or _FEED.match(text) is not None


def _read_list(job: ExtractionJob) -> Extraction:
    text = job.page.text
    links = ListLinks()
    for name in (job.site.template, *job.site.older_templates):
        template = job.templates[name]
        found = template.json_list and discover_in_json(text, job.page.url, job.site, template.json_list)
        links = found or discover_on_list(text, job.page.url, job.site, template, robot=job.robot)
        if links.releases:
            break
    return Extraction(
        discovered=links.releases,
        next_sources=links.next_pages,
        is_whole=job.page.is_whole and links.is_whole,
        remark=links.remark or (JSON if not links.releases and _JSON.match(text) else ""),
    )


def _read_feed(job: ExtractionJob) -> Extraction:
    discovered, is_whole = discover_in_feed(job.page.body, job.page.url, job.site)
    return Extraction(discovered=discovered, is_whole=is_whole)


def _read_sitemap(job: ExtractionJob) -> Extraction:
    discovered, sitemaps, is_whole = discover_in_sitemap(job.page.body, job.page.url)
    reason: FailureReason | None = None if is_whole else "not well-formed"
    return Extraction(discovered=discovered, next_sources=sitemaps, reason=reason)


def _read_attachment(job: ExtractionJob) -> Extraction:
    return Extraction(text=attachment_text.text_of(job.page.body))


_READERS: Mapping[PageKind, Callable[[ExtractionJob], Extraction]] = {
    "list": _read_list,
    "feed": _read_feed,
    "sitemap": _read_sitemap,
    "release": _read_release,
    "attachment": _read_attachment,
}
