"""What a page says: a release, the text of a file, links to follow; or why nothing."""

import logging
import re
from collections.abc import Callable, Mapping

from crawler import attachments
from crawler.discovery import found_in_feed, found_in_sitemap, found_on_list
from crawler.extractor import BODY_CHARS_MAX, ExtractionError, extract
from crawler.faults import UNFORESEEN
from crawler.found import Kind
from crawler.markup import is_read_whole
from crawler.task import Reading, Task

log = logging.getLogger(__name__)

# Spelt out, since a search for "<" is quick, and one for letters of either case is not.
_META = re.compile(r"<[mM][eE][tT][aA]\b[^>]{1,1000}>")
_FOR_ROBOTS = re.compile(r"""\bname\s*=\s*["']?(?:robots|googlebot)\b""", re.IGNORECASE)
_NOT_TO_INDEX = re.compile(r"\b(?:noindex|none)\b", re.IGNORECASE)
_TAG = re.compile(r"<[a-z!]", re.IGNORECASE)
# What no text has, but by mistake. Source: the "binary data bytes" of the MIME Sniffing standard.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# Much quicker to be sure of.
_NOT_BINARY = re.compile(r"[\t\n\x0c\r\x1b\x20-\U0010ffff]*")
BINARY_SHARE_MAX = 0.01


def read(task: Task) -> Reading:
    """Return what a page says."""
    try:
        return _READERS[task.kind](task)
    except ExtractionError as error:
        log.info("%s", error)
        return Reading(reason="no release", detail=str(error))
    except attachments.AttachmentError as error:
        log.info("%s: %s", task.page.url, error)
        return Reading(reason="no text")
    except UNFORESEEN:
        log.exception("%s: a fault of the extractor; please report it", task.page.url)
        return Reading(reason="fault of the extractor")


def _release(task: Task) -> Reading:
    page, text = task.page, task.page.text
    if _asks_not_to_be_indexed(page.headers.get("x-robots-tag", ""), text):
        return Reading(
            reason="noindex", detail=f"{page.url}: asks not to be indexed (robots or X-Robots-Tag)"
        )
    if not _TAG.search(text) or _is_file(text):
        # JSON, an image, an archive, whatever its type says
        return Reading(reason="no release", detail=f"{page.url}: no HTML")
    release = extract(text, page.url, task.site, task.templates, fetched=page.fetched, hints=task.hints)
    is_whole = page.is_whole and is_read_whole(text) and len(release.body) < BODY_CHARS_MAX
    return Reading(release=release, is_whole=is_whole)


def _is_file(text: str) -> bool:
    is_binary = not _NOT_BINARY.fullmatch(text) and len(_BINARY.findall(text)) > BINARY_SHARE_MAX * len(text)
    return is_binary or text.lstrip().startswith("%PDF-")


def _asks_not_to_be_indexed(header: str, text: str) -> bool:
    tags = (tag for tag in _META.findall(text) if _FOR_ROBOTS.search(tag))
    return any(_NOT_TO_INDEX.search(said) for said in (header, *tags))


def _list(task: Task) -> Reading:
    reading = Reading()
    text = task.page.text
    for name in (task.site.template, *task.site.older_templates):
        found, further = found_on_list(text, task.page.url, task.site, task.templates[name])
        is_whole = task.page.is_whole and is_read_whole(text)
        reading = Reading(found=found, further=further, is_whole=is_whole)
        if found:
            break
    return reading


def _feed(task: Task) -> Reading:
    return Reading(found=found_in_feed(task.page.body, task.page.url, task.site))


def _sitemap(task: Task) -> Reading:
    found, further, is_whole = found_in_sitemap(task.page.body, task.page.url)
    return Reading(found=found, further=further, reason=None if is_whole else "not well-formed")


def _attachment(task: Task) -> Reading:
    return Reading(text=attachments.text_of(task.page.body))


_READERS: Mapping[Kind, Callable[[Task], Reading]] = {
    "list": _list,
    "feed": _feed,
    "sitemap": _sitemap,
    "release": _release,
    "attachment": _attachment,
}
