"""Invented pages with structure, in the forms in which sites write it, and what must be kept of each."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape

from crawler.store.structure import Span

WORDS = (
    "ministrija atbalsta jaunu kārtību pašvaldībām skolām robežsardzei mežiem ceļiem slimnīcām valsts "
    "budžeta grozījumi paredz lielāku finansējumu nozarei ģimenēm uzņēmējiem šogad drošībai sadarbībai"
).split()
BASE = "https://www.iem.gov.lv/lv/"
# As written in a page, and where it leads.
LINKS = (
    ("/lv/noteikumi", "https://www.iem.gov.lv/lv/noteikumi"),
    ("noteikumi?lapa=2&amp;skats=viss", "https://www.iem.gov.lv/lv/noteikumi?lapa=2&skats=viss"),
    ("https://likumi.lv/ta/id/57207#p12", "https://likumi.lv/ta/id/57207#p12"),
    ("//em.gov.lv/lv/raksts", "https://em.gov.lv/lv/raksts"),
    (" http://example.org/a(b) ", "http://example.org/a(b)"),
)
NO_LINKS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#9;script:alert(1)", "&#1;javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:x", "mailto:prese@iem.gov.lv", "tel:+37167000000",
    "#top", "", "file:///etc/passwd", "https://", "blob:https://iem.gov.lv/1", "view-source:https://iem.gov.lv",
)  # fmt: skip


@dataclass
class StructuredPage:
    """A page while it is written: its markup, the text that it has and the spans of that text."""

    chance: random.Random
    markup: list[str] = field(default_factory=list)
    text: str = ""
    spans: list[Span] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    """Spans that start with the next words."""
    empty: list[int] = field(default_factory=list)
    """Cells without words, which are where the next words start, or where their row ends."""

    # --- what every form is made of ---

    def begin(self, span: Span) -> None:
        self.spans.append(span)
        self.open.append(len(self.spans) - 1)
        self.pending.append(len(self.spans) - 1)

    def end(self) -> None:
        at = self.open.pop()
        self.spans[at] = replace(self.spans[at], end=len(self.text))

    def write(self, words: str) -> None:
        for at in (*self.pending, *self.empty):
            self.spans[at] = replace(self.spans[at], start=len(self.text), end=len(self.text))
        self.pending, self.empty = [], []
        self.text += words

    def new_paragraph(self) -> None:
        self.text += "\n\n" if self.text else ""

    def pick(self, *forms: str) -> str:
        return self.chance.choice(forms)

    def gap(self) -> str:
        return self.pick("", "", "\n", "  \n\t", "<!-- piezīme -->")

    def sentence(self, least: int = 5) -> str:
        words = self.chance.choices(WORDS, k=self.chance.randint(least, least + 6))
        return f"{' '.join(words).capitalize()}."

    # --- within a line ---

    def words(self, text: str) -> None:
        """Write *text* in a way that leaves it as it is: breaks for spaces, invisible characters."""
        self.write(text)
        space = self.pick(" ", " ", "\n ", "&nbsp;", "  ")
        shown = escape(text).replace(" ", space)
        self.markup.append(shown.replace("pašvald", self.pick("pašvald", "paš&shy;vald", "paš\u200bvald")))

    def styled(self, text: str) -> None:
        tag = self.pick("strong", "b", "em", "i", "STRONG")
        kind = {"b": "strong", "i": "em"}.get(tag.lower(), tag.lower())
        self.begin(Span(start=0, end=0, kind="em" if kind == "em" else "strong"))
        self.markup.append(f"<{tag}{self.pick('', ' class=x')}>")
        self.words(text)
        self.markup.append(f"</{tag}>")
        self.end()

    def link(self, text: str) -> None:
        written, target = self.chance.choice(LINKS)
        self.begin(Span(start=0, end=0, kind="a", href=target))
        self.markup.append(f"<a {self.pick('', 'target=_blank ')}href='{written}'>")
        self.pick_form(self.words, self.words, self.styled)(text)
        self.markup.append("</a>")
        self.end()

    def no_link(self, text: str) -> None:
        self.markup.append(f"<a href='{self.chance.choice(NO_LINKS)}'>")
        self.words(text)
        self.markup.append("</a>")

    def pick_form(self, *forms: Callable[[str], None]) -> Callable[[str], None]:
        return self.chance.choice(forms)

    def line(self) -> None:
        """Write a line of some parts."""
        for number in range(self.chance.randint(1, 4)):
            if number:
                self.write(" ")
                self.markup.append(" ")
            self.pick_form(self.words, self.words, self.styled, self.link, self.no_link)(self.sentence())

    # --- blocks ---

    def paragraph(self) -> None:
        tag = self.pick("p", "p", "div")
        span = self.pick("", "span")
        self.markup.append(f"{self.gap()}<{tag}>{f'<{span} style=color:red>' if span else ''}")
        for number in range(self.chance.randint(1, 3)):
            if number:
                is_new = self.chance.random() < 0.5
                self.markup.append(self.pick("<br><br>", "<br />\n<br>") if is_new else "<br>")
            if not number or is_new:
                self.new_paragraph()
            else:
                self.text += "\n"
            self.line()
        self.markup.append(f"{f'</{span}>' if span else ''}</{tag}>")

    def bold_paragraph(self) -> None:
        """Write a paragraph in bold type, which is no heading."""
        self.new_paragraph()
        self.markup.append(f"{self.gap()}<p>")
        self.styled(self.sentence())
        self.markup.append("</p>")

    def heading(self) -> None:
        level = self.chance.randint(2, 5)
        self.new_paragraph()
        self.begin(Span(start=0, end=0, kind=("h2", "h3", "h4", "h5")[level - 2]))
        self.markup.append(f"{self.gap()}<h{level}>")
        self.pick_form(self.words, self.styled, self.link)(self.sentence())
        self.markup.append(f"</h{level}>")
        self.end()

    def quotation(self) -> None:
        self.begin(Span(start=0, end=0, kind="blockquote"))
        self.markup.append(f"{self.gap()}<blockquote>")
        for _ in range(self.chance.randint(1, 2)):
            self.paragraph()
        self.markup.append("</blockquote>")
        self.end()

    def list(self, depth: int = 0) -> None:
        if self.chance.random() < 0.5:
            self.begin(Span(start=0, end=0, kind="ul"))
            tag, given = "ul", ""
        else:
            first, numbering = self.chance.choice(((1, "1"), (4, "1"), (1, "a"), (3, "I")))
            self.begin(Span(start=0, end=0, kind="ol", first=first, numbering=numbering))  # type: ignore[arg-type] # one of them
            tag, given = "ol", f"{'' if first == 1 else f' start={first}'} type='{numbering}'"
        self.markup.append(f"{self.gap()}<{tag}{given}>")
        is_closed = self.chance.random() < 0.7
        for _ in range(self.chance.randint(1, 4)):
            self.item(depth, is_closed=is_closed)
        self.markup.append(f"{self.gap()}</{tag}>")
        self.end()

    def item(self, depth: int, *, is_closed: bool) -> None:
        self.begin(Span(start=0, end=0, kind="li"))
        self.markup.append(f"{self.gap()}<li>")
        if self.chance.random() < 0.3:
            for _ in range(self.chance.randint(1, 2)):
                self.paragraph()
        else:
            self.new_paragraph()
            self.line()
        is_nested = depth < 2 and self.chance.random() < 0.35
        # Old editors put a list beside the item that it belongs to.
        is_beside = is_nested and is_closed and self.chance.random() < 0.3
        self.markup.append("</li>" if is_beside else "")
        if is_nested:
            self.list(depth + 1)
        self.markup.append("</li>" if is_closed and not is_beside else "")
        self.end()

    def table(self) -> None:
        columns, rows = self.chance.randint(2, 4), self.chance.randint(2, 5)
        self.begin(Span(start=0, end=0, kind="table"))
        self.markup.append(f"{self.gap()}<table border=1>{self.pick('', '<tbody>')}")
        for number in range(rows):
            self.row(columns, is_head=not number and self.chance.random() < 0.7)
        self.markup.append("</table>")
        self.end()

    def row(self, columns: int, *, is_head: bool) -> None:
        self.new_paragraph()
        self.begin(Span(start=0, end=0, kind="tr"))
        self.markup.append(f"{self.gap()}<tr>")
        filled, at, has_words = self.chance.randrange(columns), 0, False
        is_closed = self.chance.random() < 0.7
        while at < columns:
            width = self.chance.choice((1, 1, 1, 2)) if at + 1 < columns else 1
            is_empty = not at <= filled < at + width and self.chance.random() < 0.3
            self.cell(width, is_head=is_head or not at, is_empty=is_empty, is_next=has_words)
            self.markup.append(("</th>" if is_head or not at else "</td>") if is_closed else "")
            has_words |= not is_empty
            at += width
        self.markup.append("</tr>" if is_closed else "")
        for number in self.empty:
            self.spans[number] = replace(self.spans[number], start=len(self.text), end=len(self.text))
        self.empty = []
        self.end()

    def cell(self, width: int, *, is_head: bool, is_empty: bool, is_next: bool) -> None:
        self.markup.append(f"<{'th' if is_head else 'td'}{f' colspan={width}' if width > 1 else ''}>")
        span = Span(start=0, end=0, kind="th" if is_head else "td", columns=width)
        if is_empty:
            self.spans.append(span)
            self.empty.append(len(self.spans) - 1)
            self.markup.append(self.pick("", "&nbsp;", "<p></p>"))
            return
        self.text += " | " if is_next else ""
        self.begin(span)
        form = self.pick_form(self.words, self.words, self.link, self.styled)
        wrap = self.pick("", "p", "div")
        self.markup.append(f"<{wrap}>" if wrap else "")
        form(self.chance.choice((f"{self.chance.randint(1, 99)} %", self.sentence())))
        self.markup.append(f"</{wrap}>" if wrap else "")
        self.end()

    def image(self) -> None:
        caption, number = self.sentence(), self.chance.randint(1, 99)
        target = f"https://www.iem.gov.lv/attels-{number}.jpg"
        self.spans.append(Span(start=0, end=0, kind="img", href=target, text=caption))
        self.empty.append(len(self.spans) - 1)
        self.markup.append(
            f'<figure><img src="/attels-{number}.jpg" alt=""><figcaption>{caption}</figcaption></figure>'
        )


def write_page(seed: int) -> tuple[str, str, tuple[Span, ...]]:
    """Return the markup of the page of *seed*, the text of its body and the spans that must be kept."""
    page = StructuredPage(random.Random(seed))
    page.markup.append("<p>")
    page.words("Ministru kabinets otrdien apstiprināja grozījumus. Tie stāsies spēkā nākamā gada sākumā.")
    page.markup.append("</p>")
    forms = (page.paragraph, page.bold_paragraph, page.heading, page.quotation, page.list, page.table)
    for form in page.chance.choices((*forms, page.list, page.table, page.image), k=page.chance.randint(4, 9)):
        form()
    page.new_paragraph()
    page.markup.append("<p>")
    page.words("Grozījumi ir saskaņoti ar nozaru ministrijām un pašvaldību apvienībām visā valstī.")
    page.markup.append("</p>")
    body = f'<div class="field--name-body">{"".join(page.markup)}</div>'
    markup = f'<h1>Grozījumi ir apstiprināti</h1><time datetime="2021-03-01">01.03.2021.</time>{body}'
    return markup, page.text, tuple(page.spans)
