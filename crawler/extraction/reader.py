"""What a page says: a release, the text of a file, links to follow; or why nothing."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from crawler import charset
from crawler.extraction import attachment_text
from crawler.extraction.discovery.feed import discover_in_feed, feed_entries
from crawler.extraction.discovery.list_page import discover_on_list
from crawler.extraction.discovery.sitemap import discover_in_sitemap
from crawler.extraction.extractor import (
    BODY_CHARS_MAX,
    ExtractionError,
    IndexRefusedError,
    UnreadError,
    extract,
)
from crawler.extraction.fields import body
from crawler.extraction.html.limits import MARKUP_BYTES_MAX, strip_bulk
from crawler.extraction.html.parse import is_read_whole
from crawler.extraction.job import Extraction, ExtractionJob, FailureReason
from crawler.faults import UNFORESEEN
from crawler.page import ROBOTS_TAG, PageKind

log = logging.getLogger(__name__)

_TAG = re.compile(r"<[a-z!]", re.IGNORECASE)
# What no text has, but by mistake. Source: the "binary data bytes" of the MIME Sniffing standard.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# Much quicker to be sure of.
_NOT_BINARY = re.compile(r"[\t\n\x0c\r\x1b\x20-\U0010ffff]*")
BINARY_SHARE_MAX = 0.01


def load(task: ExtractionJob) -> None:
    """Load what libraries load while they read a page of this kind, before none may open a file any more."""
    charset.load()
    if task.kind == "feed":
        feed_entries(b"<rss version='2.0'/>", task.page.url)
    elif task.kind == "attachment":
        attachment_text.load()
    elif any(template.general for template in task.templates.values()):
        body.load()


def trim(task: ExtractionJob) -> ExtractionJob:
    """Return *task* with as much of its page as is read of it; the bulk of large pages is no text."""
    page = task.page
    if task.kind not in ("list", "release") or len(page.body) <= MARKUP_BYTES_MAX:
        return task
    # In Latin-1 a byte is a character.
    body = strip_bulk(page.body.decode("latin-1"), MARKUP_BYTES_MAX).encode("latin-1")
    is_whole = page.is_whole and len(body) <= MARKUP_BYTES_MAX
    return replace(task, page=replace(page, body=body[:MARKUP_BYTES_MAX], is_whole=is_whole))


def read(task: ExtractionJob) -> Extraction:
    """Return what a page says."""
    try:
        return _READERS[task.kind](task)
    except ExtractionError as error:
        log.info("%s", error)
        return Extraction(reason=_reason_of(error), detail=str(error))
    except attachment_text.AttachmentError as error:
        log.info("%s: %s", task.page.url, error)
        return Extraction(reason="no text")
    except (*UNFORESEEN, OSError):  # OSError: a library that would open a file
        log.exception("%s: a fault of the extractor; please report it", task.page.url)
        return Extraction(reason="fault of the extractor")


def _reason_of(error: ExtractionError) -> FailureReason:
    if isinstance(error, IndexRefusedError):
        return "noindex"
    return "release not read" if isinstance(error, UnreadError) else "no release"


def _read_release(task: ExtractionJob) -> Extraction:
    page, text = task.page, task.page.text
    if not _TAG.search(text) or _is_file(text):
        # JSON, an image, an archive, whatever its type says
        return Extraction(reason="no release", detail=f"{page.url}: no HTML")
    release = extract(
        text,
        page.url,
        task.site,
        task.templates,
        fetched=page.fetched,
        hints=task.hints,
        robots_tag=page.headers.get(ROBOTS_TAG, ""),
        robot=task.robot,
    )
    is_whole = page.is_whole and is_read_whole(text) and len(release.body) < BODY_CHARS_MAX
    return Extraction(release=release, is_whole=is_whole)


def _is_file(text: str) -> bool:
    is_binary = not _NOT_BINARY.fullmatch(text) and len(_BINARY.findall(text)) > BINARY_SHARE_MAX * len(text)
    return is_binary or text.lstrip().startswith("%PDF-")


def _read_list(task: ExtractionJob) -> Extraction:
    reading = Extraction()
    text = task.page.text
    for name in (task.site.template, *task.site.older_templates):
        found, further = discover_on_list(
            text, task.page.url, task.site, task.templates[name], robot=task.robot
        )
        is_whole = task.page.is_whole and is_read_whole(text)
        reading = Extraction(found=found, further=further, is_whole=is_whole)
        if found:
            break
    return reading


def _read_feed(task: ExtractionJob) -> Extraction:
    return Extraction(found=discover_in_feed(task.page.body, task.page.url, task.site))


def _read_sitemap(task: ExtractionJob) -> Extraction:
    found, further, is_whole = discover_in_sitemap(task.page.body, task.page.url)
    return Extraction(found=found, further=further, reason=None if is_whole else "not well-formed")


def _read_attachment(task: ExtractionJob) -> Extraction:
    return Extraction(text=attachment_text.text_of(task.page.body))


_READERS: Mapping[PageKind, Callable[[ExtractionJob], Extraction]] = {
    "list": _read_list,
    "feed": _read_feed,
    "sitemap": _read_sitemap,
    "release": _read_release,
    "attachment": _read_attachment,
}
