"""Machine-readable metadata: JSON-LD, meta elements, canonical URL, links to translations."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bs4 import Tag

from crawler.extraction.fields.dates import parse_timestamp
from crawler.extraction.html.parse import tidy
from crawler.extraction.html.selectors import CACHED_NAME_CHARS_MAX, Elements
from crawler.urls import address

_JSON_CHARS_MAX = 200_000
_PUBLISHED_NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "dcterms.issued",
    "dc.date.issued", "dcterms.date", "dc.date", "dcterms.created", "dc.date.created", "publish-date",
    "publication_date", "pubdate", "date",
)  # fmt: skip
_UPDATED_NAMES = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
)
_ARTICLE_TYPES = frozenset(("Article", "NewsArticle", "Report", "BlogPosting", "PressRelease"))


# Link texts in language menus.
_LANGUAGE_NAMES = {
    "lv": ("lv", "lat", "latviešu", "latviski", "latviešu valodā", "latvian", "на латышском"),
    "en": ("en", "eng", "english", "in english", "angliski", "angļu", "по-английски"),
    "ru": ("ru", "rus", "русский", "по-русски", "на русском", "krieviski", "krievu", "russian"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaDate:
    """A day and the rule that found it."""

    day: date
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The metadata of a page."""

    title: str
    """og:title, or empty."""
    head_title: str
    site_name: str
    is_article: bool
    """Whether JSON-LD or Open Graph call the page an article."""
    published: MetaDate | None
    updated: MetaDate | None
    canonical: str | None
    language: str | None
    alternates: tuple[tuple[str, str], ...]
    """(language tag, URL) of the page in other languages."""


def metadata(elements: Elements, url: str, *, latest: date) -> Metadata:
    """Return the metadata of the page at *url*, without dates after *latest*."""
    named = _meta_by_name(elements)
    articles = tuple(_articles(elements))
    canonical = _first(elements, "link[rel~=canonical][href]")
    html = _first(elements, "html")
    head_title = _first(elements, "title")
    return Metadata(
        title=tidy(named.get("og:title", "")),
        head_title=tidy(head_title.get_text()) if head_title else "",
        site_name=tidy(named.get("og:site_name", "")),
        is_article=bool(articles) or named.get("og:type") == "article",
        published=_day(articles, "datePublished", named, _PUBLISHED_NAMES, latest),
        updated=_day(articles, "dateModified", named, _UPDATED_NAMES, latest),
        canonical=address(str(canonical["href"]), url) if canonical else None,
        language=str(html.get("lang") or "") if html else None,
        alternates=tuple(_alternates(elements, url)),
    )


def _first(elements: Elements, selector: str) -> Tag | None:
    return next(iter(elements.select(selector)), None)


def _meta_by_name(elements: Elements) -> dict[str, str]:
    """Return the content of each meta element by its lower-case name; the first of each name wins."""
    named: dict[str, str] = {}
    for element in elements.select("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name and element.get("content"):
            named.setdefault(str(name).lower(), str(element["content"]))
    return named


def _articles(elements: Elements) -> Iterator[dict[str, object]]:
    for script in elements.select("script[type='application/ld+json']"):
        try:
            top = json.loads(script.get_text()[:_JSON_CHARS_MAX])
        except (ValueError, RecursionError):
            continue
        nodes = top if isinstance(top, list) else [top]
        graphs = [node.get("@graph") for node in nodes if isinstance(node, dict)]
        nodes += [node for graph in graphs if isinstance(graph, list) for node in graph]
        yield from (node for node in nodes if isinstance(node, dict) and _is_article(node))


def _is_article(node: dict[str, object]) -> bool:
    kinds = node.get("@type")
    return bool(_ARTICLE_TYPES.intersection(map(str, kinds if isinstance(kinds, list) else [kinds])))


def _day(
    articles: tuple[dict[str, object], ...],
    key: str,
    named: dict[str, str],
    names: tuple[str, ...],
    latest: date,
) -> MetaDate | None:
    stated = [(f"json-ld {key}", str(article.get(key, ""))) for article in articles]
    stated += [(f"meta {name}", named.get(name, "")) for name in names]
    for rule, value in stated:
        day = parse_timestamp(value, latest=latest) if value else None
        if day:
            return MetaDate(day=day, rule=rule)
    return None


def _alternates(elements: Elements, url: str) -> Iterator[tuple[str, str]]:
    for element in elements.select("link[rel~=alternate][hreflang][href], a[href]"):
        language = str(element.attrs.get("hreflang") or "").lower() or _language_of(element)
        target = address(str(element["href"]), url) if language else None
        if target:
            yield language, target


def _language_of(link: Tag) -> str:
    """Return the tag of the language that *link* names, or empty."""
    name = str(link.string or "")
    return _language_code(name) if len(name) <= CACHED_NAME_CHARS_MAX else _language_code.__wrapped__(name)


# All pages of a site have the same menus.
@lru_cache(maxsize=4096)
def _language_code(text: str) -> str:
    name = tidy(text).strip("[]() ").lower()
    return next((tag for tag, names in _LANGUAGE_NAMES.items() if name in names), "")
