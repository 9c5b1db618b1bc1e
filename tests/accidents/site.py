"""An invented site on loopback: what it answers on a day when all is well, and when it is not."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from email.utils import format_datetime
from html import escape
from random import Random

from tests.accidents.designs import DESIGNS, REDESIGNED, Design, ListTitle, paragraphs
from tests.accidents.texts import PLACES, Text, release_texts
from tests.support.hostile_site import HostileSite, Visit
from tests.support.hostile_site import answer as response

RELEASES = 12
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server sends."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def html(markup: str, status: int = 200, **headers: str) -> Answer:
    """Return an answer of markup; ``_`` in the names of *headers* becomes ``-``."""
    return Answer(body=markup.encode(), status=status, headers=headers)


def redirect(to: str, status: int = 302) -> Answer:
    return html("", status, location=to)


@dataclass(slots=True, kw_only=True)
class Publication:
    """A release at its address, and what becomes of it: days count from the first crawl."""

    path: str
    versions: dict[int, Text]
    """Its texts by the day from which they are shown."""
    copy: str = ""
    """A second address that shows it, named by the sitemap only; empty: there is none."""
    listed_from: int = 0
    removal: tuple[int, Answer | None] | None = None
    """The day, and what its address answers from then on; None: the same as any unknown address."""
    back_on: int = 10**6
    """The day on which a removed release is at its address again."""
    new_path: tuple[int, str] | None = None
    """The day from which it is listed elsewhere, and where; its old address then answers by `removal`."""

    def on(self, day: int) -> Text:
        """Return its text of a day."""
        return self.versions[max(since for since in self.versions if since <= max(day, min(self.versions)))]

    def path_on(self, day: int) -> str:
        return self.new_path[1] if self.new_path and day >= self.new_path[0] else self.path

    def is_shown(self, day: int) -> bool:
        """Whether it is listed on *day*."""
        return day >= self.listed_from and (not self.is_removed(day) or self.new_path is not None)

    def is_removed(self, day: int) -> bool:
        """Whether its first address answers by `removal`."""
        return self.removal is not None and self.removal[0] <= day < self.back_on


@dataclass(slots=True, kw_only=True)
class Site:
    """A site; its day and its health are set from outside."""

    id: str
    server: HostileSite
    design: Design
    publications: list[Publication]
    strangers: list[Text]
    """The texts of another site on the same machine."""
    list_titles: ListTitle = "full"
    is_dated: bool = True
    has_feed: bool = False
    has_sitemap: bool = False
    has_etags: bool = False
    is_soft: bool = False
    """Whether an unknown address is answered by 200."""
    has_soft_home: bool = False
    """Whether it is then answered by the home page."""
    day: int = 0
    accident: Callable[[str], Answer | None] = lambda _path: None
    """What is answered instead of what should be."""
    weather: Callable[[int], str] = lambda _day: ""
    """A line that each release shows above its text on a day."""
    redesigned_on: int = 10**6

    def url(self, path: str) -> str:
        return self.server.url(path)

    def serve(self, visit: Visit) -> None:
        """Answer a request."""
        path = visit.request.path
        sent = self.accident(path) or self.own_answer(path)
        headers = {"content_type": HTML, **sent.headers}
        if self.has_etags and sent.status == 200 and not sent.headers:
            headers["etag"] = f'"{hashlib.sha256(sent.body).hexdigest()[:16]}"'
            if visit.request.headers.get("if-none-match") == headers["etag"]:
                visit.send(response(b"", 304, etag=headers["etag"]))
                return
        visit.send(response(sent.body, sent.status, length=None, **headers))

    def own_answer(self, path: str) -> Answer:
        """Return what the site answers when it is well."""
        fixed = {
            self.design.list_path: self.listing,
            "/feed.xml": self.feed,
            "/sitemap.xml": self.sitemap,
            "/": self.home,
            "/kontakti": self.contacts,
        }
        if path in fixed:
            return fixed[path]()
        for publication in self.publications:
            if path in (publication.path, publication.copy, publication.path_on(self.day)):
                return self._publication(publication, path)
        return self.missing()

    def count_nonsense(self, paths: Iterable[str]) -> int:
        """Return how many of the requested *paths* nothing on the site ever named."""
        fixed = {"/robots.txt", "/feed.xml", "/sitemap.xml", "/", "/kontakti", "/en/"}
        named = {path for one in self.publications for path in (one.path, one.copy, one.path_on(10**6))}
        # Lists are asked for the page after the last one, and redirects lead where they want.
        begins = (
            self.design.list_path + "?page=", "/en/zina", "/pieslegties", "/sikdatnes", "/test/", "/zina-en-",
            "/ru/zina-", "/valoda-", "/lv/valoda-", "/jaunums-vietne", "/druka/", "/lapa?sesija=",
        )  # fmt: skip
        known = fixed | named | {self.design.list_path}
        return sum(path not in known and not path.startswith(begins) for path in paths)

    def _publication(self, publication: Publication, path: str) -> Answer:
        if self.day < publication.listed_from:
            return self.missing()
        if publication.removal and publication.is_removed(self.day) and path == publication.path:
            return publication.removal[1] or self.missing()
        return self.release(publication.on(self.day))

    def release(self, text: Text, **around: str) -> Answer:
        """Return the page of a release as the site shows it."""
        design, line = self.design, self.weather(self.day)
        if self.day >= self.redesigned_on:
            body = paragraphs(text.paragraphs)
            fields = REDESIGNED.format(title=escape(text.title), day=f"{text.published:%d.%m.%Y}.", body=body)
            return html(design.page(fields, text.title))
        if line:
            fields = design.fields(text, paragraphs((line, *text.paragraphs)))
            return html(design.page(fields, text.title))
        return html(design.release(text, **around))

    def rows(self) -> list[tuple[str, Text]]:
        """Return the listed addresses with their texts, the newest first."""
        shown = [one for one in self.publications if one.is_shown(self.day)]
        rows = [(one.path_on(self.day), one.on(self.day)) for one in shown]
        return sorted(rows, key=lambda row: row[1].published, reverse=True)

    def listing(self) -> Answer:
        return html(self.design.listing(self.rows(), titles=self.list_titles, dated=self.is_dated))

    def feed(self) -> Answer:
        items = "".join(
            f"<item><title>{escape(text.title)}</title><link>{escape(self.url(path))}</link>"
            f"<pubDate>{format_datetime(datetime.combine(text.published, time(10), UTC))}</pubDate></item>"
            for path, text in self.rows()
        )
        markup = f"<rss version='2.0'><channel><title>Jaunumi</title>{items}</channel></rss>"
        return html(markup, content_type="application/rss+xml; charset=utf-8")

    def sitemap(self) -> Answer:
        paths = [path for path, _ in self.rows()]
        paths += [one.copy for one in self.publications if one.copy and one.is_shown(self.day)]
        urls = "".join(f"<url><loc>{escape(self.url(path))}</loc></url>" for path in paths)
        markup = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
        return html(markup, content_type="application/xml")

    def home(self) -> Answer:
        first = self.rows()[:3]
        news = "".join(f'<p><a href="{escape(path)}">{escape(text.title)}</a></p>' for path, text in first)
        welcome = (
            "<p>Ministrija īsteno valsts politiku, sagatavo tiesību aktu projektus un sadarbojas ar "
            "iestādēm, lai iedzīvotāji saņemtu labus pakalpojumus visā Latvijā.</p>"
        )
        return html(self.design.page(f"<main><h1>Ministrijas mājaslapa</h1>{welcome}{news}</main>", "Sākums"))

    def contacts(self) -> Answer:
        return html(
            self.design.page("<main><h1>Kontakti</h1><p>Brīvības iela 1, Rīga</p></main>", "Kontakti")
        )

    def missing(self) -> Answer:
        """Return what any unknown address answers."""
        if self.is_soft and self.has_soft_home:
            return self.home()
        text = (
            "<p>Diemžēl šādas lapas mūsu vietnē vairs nav. Iespējams, adrese ir ievadīta kļūdaini vai arī "
            "saturs ir pārvietots; lūdzu, izmantojiet meklētāju vai dodieties uz sākumlapu.</p>"
        )
        content = f"<main><h1>Ups! Te nekā nav</h1><div class='text'>{text}</div></main>"
        return html(self.design.page(content, "Ups!"), 200 if self.is_soft else 404)

    def settings(self) -> str:
        """Return its table of the settings."""
        template = f"{self.id}-own" if self.design.settings else self.design.template
        own = f"[crawler.templates.{template}]\n{self.design.settings}" if self.design.settings else ""
        feeds = [self.url("/feed.xml")] if self.has_feed else []
        sitemaps = [self.url("/sitemap.xml")] if self.has_sitemap else []
        return (
            f'{own}[[crawler.sites]]\nid = "{self.id}"\nministry = "Ministrija {self.id}"\n'
            f'template = "{template}"\nstart = {json.dumps([self.url(self.design.list_path)])}\n'
            f"feeds = {json.dumps(feeds)}\nsitemaps = {json.dumps(sitemaps)}\n"
        )


def make_site(site_id: str, server: HostileSite, seed: str) -> Site:
    """Return the site of *seed*, which determines its design and its releases."""
    chance = Random(seed)
    design = chance.choice(DESIGNS)
    texts = _alike(release_texts(chance, 2 * RELEASES), Random(f"{seed}/alike"))
    site = Site(
        id=site_id,
        server=server,
        design=design,
        publications=[
            Publication(path=_path(design, number, text), versions={0: text})
            for number, text in enumerate(texts[:RELEASES])
        ],
        strangers=texts[RELEASES:],
        list_titles=chance.choice(("full", "full", "full", "short", "more")),
        is_dated=chance.random() < 0.8,
        has_feed=chance.random() < 0.3,
        has_sitemap=chance.random() < 0.3,
        has_etags=chance.random() < 0.5,
        is_soft=chance.random() < 0.3,
        has_soft_home=chance.random() < 0.3,
    )
    # A list says something of each release that it says of no other.
    titles = {one.on(0).title for one in site.publications}
    site.is_dated = site.is_dated or site.list_titles == "more" or len(titles) < RELEASES
    server.missing = site.serve
    return site


def _alike(texts: list[Text], chance: Random) -> list[Text]:
    """Return *texts*, of which some sites have several of one title, or of one day."""
    if chance.random() < 0.2:
        title = f"Valsts sekretāru sanāksmes darba kārtība {chance.choice(PLACES)}"
        for number in chance.sample(range(RELEASES), 4):
            texts[number] = replace(texts[number], title=title)
    if chance.random() < 0.3:
        for number in range(chance.randrange(2), len(texts) - 1, 2):
            texts[number + 1] = replace(texts[number + 1], published=texts[number].published)
    return texts


def _path(design: Design, number: int, text: Text) -> str:
    words = text.title.lower().translate(str.maketrans("āčēģīķļņšūž", "acegiklnsuz")).split()
    return design.release_path.format(number=number, slug="-".join([*words, str(number)]))


def new_path(site: Site, number: int, text: Text) -> str:
    """Return the address of a further release; every second one is made by copying another node's."""
    if number % 2:
        return site.publications[0].path.replace("=", f"=9{number}").rstrip("/") + f"-n{number}"
    return _path(site.design, 90 + number, text)


def add_copies(site: Site) -> None:
    """Give each release a second, shorter address, as `/node/7` beside `/lv/jaunums/virsraksts`."""
    site.has_sitemap = True
    for number, one in enumerate(site.publications):
        if site.design.name != "by-query":
            one.copy = one.path.rstrip("/").rpartition("/")[0] + f"/{number:02}"
