"""The canonical URL, attachments and translations of a release."""

import re
from itertools import islice
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from crawler.config import Language
from crawler.config.site_hosts import is_on_site
from crawler.config.site_paths import denies
from crawler.extraction.fields.regions import PageContext
from crawler.extraction.html.parse import base_url_of, text_of
from crawler.store import Attachment
from crawler.urls import address, canonical

# Suffix of a link text: a note on an external link, or the size of the file.
_REMARK = re.compile(
    r",? ?(?:Ārējā saite|External link)$| ?[(\[][^()\[\]]{0,40}\b(?:[KM]B|baiti)\b[^()\[\]]{0,40}[)\]]$"
)
_KINDS = r"pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|asice?|edoc"
_AMOUNT = r"(\d{1,4}(?:[.,]\d{1,3})?)\s?([KMG]B|baiti)"
# "(PDF, 1,2 MB)", in the text of a link or after it.
_NOTE = re.compile(
    rf"[(\[]\s*(?:({_KINDS})\b\W{{0,3}})?{_AMOUNT}(?:\W{{1,3}}({_KINDS}))?\s*[)\]]", re.IGNORECASE
)
_UNITS = {"baiti": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_EXTENSION = re.compile(rf"\.({_KINDS})$", re.IGNORECASE)
FILE = re.compile(
    r"/media/\d+/download|[?&]attachment\b|\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|asice?|edoc)(?:$|[?#])",
    re.IGNORECASE,
)


def attachments_of(page: PageContext) -> tuple[Attachment, ...]:
    """Return the files that the page links to, without their texts."""
    own = [tag for selector in page.template.attachments for tag in page.elements.select(selector)]
    links = [link for tag in own for link in ([tag] if tag.name == "a" else tag.select("a[href]"))]
    links += [link for link in page.elements.select("a[href]") if FILE.search(str(link["href"]))]
    base = base_url_of(page.elements, page.url)
    found: dict[str, Attachment] = {}
    for link in links:
        target = address(str(link.get("href", "")), base)
        if target and target not in found:
            kind, size = _kind_and_size(link, target)
            found[target] = Attachment(url=target, title=_link_title(link, target), kind=kind, size=size)
    return tuple(found.values())


def _link_title(link: Tag, target: str) -> str:
    return _REMARK.sub("", text_of(link)) or unquote(urlsplit(target).path.rsplit("/", 1)[-1])


def _kind_and_size(link: Tag, target: str) -> tuple[str, int | None]:
    """Return type and size of a file as its address, the link or the note after it says."""
    after = "".join(str(node.get_text()) for node in islice(link.next_siblings, 2))
    note = _NOTE.search(text_of(link)) or _NOTE.match(after.lstrip())
    extension = _EXTENSION.search(urlsplit(target).path)
    if note is None:
        return (extension[1].upper() if extension else ""), None
    before, amount, unit, behind = note.groups()
    kind = extension[1] if extension else before or behind or ""
    return kind.upper(), round(float(amount.replace(",", ".")) * _UNITS[unit.lower()])


def canonical_of(page: PageContext) -> str:
    """Return the canonical URL: the one the page declares, if it is on the site and not a list page."""
    own = canonical(page.url)
    declared = page.meta.canonical
    if declared and _is_page_of_site(page, declared) and urlsplit(declared).path.strip("/").count("/") >= 1:
        return canonical(declared)
    return own


def _is_page_of_site(page: PageContext, target: str) -> bool:
    """Whether *target* is on the site, not denied and not one of its list pages."""
    lists = {urlsplit(str(start)).path.rstrip("/") for start in page.site.start}
    is_list = urlsplit(target).path.rstrip("/") in lists
    is_own = is_on_site(target, page.site, linked_from=page.url) and not denies(page.site, target)
    return is_own and not is_list


def translations_of(page: PageContext, declared: Language) -> tuple[str, ...]:
    """Return the URLs of the page in other languages, without links to front pages."""
    own = canonical_of(page)
    targets = (
        canonical(target)
        for tag, target in page.meta.alternates
        if tag[:2] in ("lv", "en", "ru") and tag[:2] != declared and _is_page_of_site(page, target)
    )
    return tuple(dict.fromkeys(address for address in targets if address != own and _is_deep(address)))


def _is_deep(target: str) -> bool:
    return urlsplit(target).path.strip("/").count("/") >= 1 or bool(urlsplit(target).query)
