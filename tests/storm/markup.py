"""Honest pages in the markup of the shipped templates: releases and list pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The content of a release."""

    title: str
    published: date
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a list page; `listing` escapes its ``href``."""

    href: str
    title: str
    published: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The markup and the paths of a template's pages."""

    template: str
    list_path: str
    release_path: str
    article: str
    row: str


DESIGNS = (
    Design(
        template="tvp",
        list_path="/lv/jaunumi",
        release_path="/lv/jaunums/",
        article='<article class="node--type-article"><h1>{title}</h1><div class="article-info">'
        '<div class="date"><time datetime="{iso}">{day}</time></div></div>'
        '<div class="text__text-content">{body}</div></article>',
        row='<div class="views-row"><div class="title"><h3><a href="{href}">{title}</a></h3></div>'
        '<div class="date"><time datetime="{iso}">{day}</time></div></div>',
    ),
    Design(
        template="mod",
        list_path="/lv/zinas",
        release_path="/lv/zinas/",
        article='<h1 class="page-title">{title}</h1><article class="node--type-news node--view-mode-full">'
        '<div class="field--name-created">{day}</div><div class="field--name-body">{body}</div></article>',
        row='<div class="views-row"><h2><a href="{href}">{title}</a></h2>'
        '<span class="date">{day}</span></div>',
    ),
    Design(
        template="general",
        list_path="/aktualitates",
        release_path="/aktualitates/",
        article='<main><h1>{title}</h1><p class="date"><time datetime="{iso}">{day}</time></p>{body}</main>',
        row='<article><h2><a href="{href}">{title}</a></h2><time datetime="{iso}">{day}</time></article>',
    ),
)


def release(design: Design, text: Text, *, head: str = "", before: str = "", after: str = "") -> str:
    """Return the page of a release, with extra markup in its head and around it."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.paragraphs)
    article = design.article.format(title=escape(text.title), body=body, **_days(text.published))
    return around(f"{before}{article}{after}", head=head, title=text.title)


def listing(design: Design, rows: Sequence[Row], *, pager: Sequence[str] = ()) -> str:
    """Return a list page with links to further ones."""
    lines = (
        design.row.format(href=escape(row.href), title=escape(row.title), **_days(row.published))
        for row in rows
    )
    more = "".join(f'<a href="{escape(href)}">{number}</a> ' for number, href in enumerate(pager, 1))
    content = f'<div class="articles-wrapper">{"".join(lines)}</div><nav class="pager">{more}</nav>'
    return around(f"<main><h1>Jaunumi</h1>{content}</main>", title="Jaunumi")


def around(content: str, *, head: str = "", title: str = "Ministrija") -> str:
    """Return a whole page."""
    return (
        f'<!DOCTYPE html><html lang="lv"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'{head}</head><body><header><nav><a href="/">Sākums</a> <a href="/lv/kontakti">Kontakti</a></nav>'
        f"</header>{content}"
        "<footer>Ministrija, Brīvības iela 1, Rīga</footer></body></html>"
    )


def _days(day: date) -> dict[str, str]:
    return {"iso": day.isoformat(), "day": f"{day:%d.%m.%Y}."}
