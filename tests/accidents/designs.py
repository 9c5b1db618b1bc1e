"""The markup of invented sites: how each shows a release, a list and any other page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from tests.accidents.texts import Text

ListTitle = Literal["full", "short", "more"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The markup and the addresses of a family of sites; *settings* is its template, unless built in."""

    name: str
    template: str
    settings: str = ""
    list_path: str
    release_path: str
    """With the number and the slug of a release."""
    article: str
    row: str
    frame: str = (
        '<header><nav><a href="/">Sākums</a> <a href="/kontakti">Kontakti</a></nav></header>{content}'
    )
    footer: str = "<footer><p>Ministrija, Brīvības iela 1, Rīga</p></footer>"

    def page(self, content: str, title: str, *, head: str = "", lang: str = "lv") -> str:
        """Return a whole page in the frame of the site."""
        framed = self.frame.format(content=content)
        return (
            f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
            f"<title>{escape(title)} | Ministrija</title>{head}</head>\n"
            f"<body>{framed}{self.footer}</body></html>\n"
        )

    def fields(self, text: Text, body: str) -> str:
        """Return the part of a page that shows a release; *body* is markup."""
        day = text.published
        return self.article.format(
            title=escape(text.title), iso=day.isoformat(), day=f"{day:%d.%m.%Y}.", body=body
        )

    def release(
        self, text: Text, *, head: str = "", lang: str = "lv", before: str = "", after: str = ""
    ) -> str:
        """Return the page of a release, with further markup before and after its fields."""
        fields = self.fields(text, paragraphs(text.paragraphs))
        return self.page(f"{before}{fields}{after}", text.title, head=head, lang=lang)

    def listing(
        self, rows: Sequence[tuple[str, Text]], *, titles: ListTitle = "full", dated: bool = True
    ) -> str:
        """Return the list page that links to *rows*: addresses and texts."""
        lines = "".join(self._row(href, text, titles, dated=dated) for href, text in rows)
        return self.page(
            f"<main><h1>Jaunumi</h1><div class='articles-wrapper'>{lines}</div></main>", "Jaunumi"
        )

    def _row(self, href: str, text: Text, titles: ListTitle, *, dated: bool) -> str:
        words = text.title.split()
        shown = {"full": text.title, "short": " ".join(words[:4]) + "…", "more": "Lasīt vairāk par šo"}[
            titles
        ]
        day = text.published
        row = self.row.format(
            href=escape(href), title=escape(shown), iso=day.isoformat(), day=f"{day:%d.%m.%Y}."
        )
        return row if dated else row.replace(f"{day:%d.%m.%Y}.", "").replace(day.isoformat(), "")


def paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>\n" for line in lines)


_PLATFORM = Design(
    name="platform",
    template="tvp",
    list_path="/lv/jaunumi",
    release_path="/lv/jaunums/{slug}",
    article='<main><article class="node--type-article"><h1>{title}</h1><div class="article-info">'
    '<div class="date"><time datetime="{iso}">{day}</time></div></div>'
    '<div class="text__text-content">{body}</div></article></main>',
    row='<div class="views-row"><div class="title"><h3><a href="{href}">{title}</a></h3></div>'
    '<div class="date"><time datetime="{iso}">{day}</time></div></div>',
)
_NUMBERED = Design(
    name="numbered",
    template="own",
    settings='rows = ["li.item"]\nbody = ["div.text"]\npublished = ["p.day"]\npaths = ["^/r/[^/]+$"]\n',
    list_path="/r",
    release_path="/r/k{number}",
    article='<main><h1>{title}</h1><p class="day">{day}</p><div class="text">{body}</div></main>',
    row='<li class="item"><span>{day}</span> <a href="{href}">{title}</a></li>',
)
_BY_QUERY = Design(
    name="by-query",
    template="own",
    settings='rows = ["tr"]\nbody = [".open .text"]\npublished = [".open .date"]\n'
    'paths = ["^/zinas/?\\\\?doc="]\n',
    list_path="/zinas/",
    release_path="/zinas/?doc={number}",
    article='<div class="open"><h1>{title}</h1><div class="date">{day}</div>'
    '<div class="text">{body}</div></div>',
    row='<table><tr><td class="date">{day}</td>'
    '<td><a class="title" href="{href}">{title}</a></td></tr></table>',
    frame='<div id="top"><a href="/">Sākums</a></div><div id="middle">{content}</div>',
)
_BLOG = Design(
    name="blog",
    template="own",
    settings='general = true\nrows = ["article"]\n',
    list_path="/aktualitates",
    release_path="/2026/{slug}/",
    article='<main><article class="post"><header><h1 class="entry-title">{title}</h1>'
    '<time datetime="{iso}">{day}</time></header><div class="entry-content">{body}</div></article></main>',
    row='<article><h2><a href="{href}">{title}</a></h2><time datetime="{iso}">{day}</time></article>',
)
_DEFENCE = Design(
    name="defence",
    template="mod",
    list_path="/lv/zinas",
    release_path="/lv/zinas/{slug}",
    article='<h1 class="page-title">{title}</h1><article class="node--type-news node--view-mode-full">'
    '<div class="field--name-created">{day}</div><div class="field--name-body">{body}</div></article>',
    row='<div class="views-row"><h2><a href="{href}">{title}</a></h2><span class="date">{day}</span></div>',
)
DESIGNS = (_NUMBERED, _PLATFORM, _BLOG, _BY_QUERY, _DEFENCE)
REDESIGNED = (
    '<main class="grid"><section><small>Publicēts {day}</small><h1 id="t">{title}</h1></section>'
    '<section class="prose">{body}</section></main>'
)
"""The markup of the same sites after they have changed their design."""
