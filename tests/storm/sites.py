"""One site of a world: alive, with honest releases among hostile pages, or dying."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.storm import addresses, floods, framings, listings, prose
from tests.storm.markup import DESIGNS, Design, Row, Text, listing, release
from tests.storm.place import Place
from tests.support.hostile_site import HostileSite, Script, Visit, answer, in_turn, page

ROWS_ON_A_PAGE = 12
LIST_PAGES_MAX = 40
# Each of these costs seconds to read.
SLOW = (framings.stall, framings.drip, framings.too_short)
TYPES = (
    "text/html",
    "text/html",
    "text/html; charset=utf-8",
    "text/html; charset=windows-1257",
    "text/html; charset=utf-16",
)
ODD_TYPES = (
    "application/pdf",
    "text/plain",
    "application/xml",
    "image/png",
    "application/octet-stream",
    "text/html; charset=x-none",
)


@dataclass(slots=True)
class Honest:
    """A release that a living site publishes and lists on ``days``."""

    path: str
    text: Text
    days: range
    edited_on: int | None = None

    def on(self, day: int) -> Text:
        """Return its content on a day."""
        if self.edited_on is None or day < self.edited_on:
            return self.text
        return Text(
            title=self.text.title,
            published=self.text.published,
            paragraphs=(*self.text.paragraphs, "Labots."),
        )


@dataclass(slots=True)
class Site:
    """A site; the scripts of its server hold its answers."""

    id: str
    server: HostileSite
    origin: str
    """Host and port."""
    chance: Random
    design: Design
    today: Callable[[], int]
    dying: str = ""
    """The way in which it dies; empty: it lives."""
    honest: list[Honest] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    """Further rows of its lists."""
    nasties: list[tuple[str, str]] = field(default_factory=list)
    """Path and name of each hostile page."""
    starts: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    forbids: bool = False
    """Whether its robots.txt forbids /slepens/."""
    _place: Place = field(init=False)

    def add_honest(self, count: int) -> None:
        """Publish releases; some are edited or removed later."""
        for _ in range(count):
            published = date(2026, 11, 1) - timedelta(days=self.chance.randrange(900))
            paragraphs = tuple(prose.paragraph(self.chance) for _ in range(self.chance.randint(3, 7)))
            text = Text(title=prose.title(self.chance), published=published, paragraphs=paragraphs)
            path = f"{self.design.release_path}{prose.random_word(self.chance)}".encode().decode(
                "ascii", "ignore"
            )
            drawn = self.chance.random()
            days = range(1) if drawn < 0.05 else range(1, 99) if drawn < 0.15 else range(99)
            edited_on = 1 if self.chance.random() < 0.1 else None
            self.publish(Honest(f"{path}-{self.chance.randrange(10**6)}", text, days, edited_on))

    def publish(self, honest: Honest) -> None:
        """Serve and list a release on its days."""
        self.honest.append(honest)
        framing, kind = self.chance.choice(framings.KIND), self.chance.choice(TYPES)
        charset = kind.partition("charset=")[2] or "utf-8"
        seed = self.chance.random()

        def script(visit: Visit) -> None:
            if self.today() not in honest.days:
                visit.send(answer("<h1>404</h1>", 404))
                return
            body = release(self.design, honest.on(self.today())).replace('<meta charset="utf-8">', "")
            framing(
                Random(seed),
                body.encode(charset, "xmlcharrefreplace"),
                {"content_type": f"text/html; charset={charset}"},
            )(visit)

        hiccup = (
            self.chance.choice([framings.reset, framings.wait_a_while])
            if self.chance.random() < 0.1
            else None
        )
        first = hiccup(Random(1), b"", {}) if hiccup else script
        self.server.scripts[honest.path] = in_turn(first, script)

    def add_nasty(self, place: Place, count: int) -> None:
        """Serve and list *count* hostile pages."""
        for number in range(count):
            path = f"{self.design.release_path}n{number}"
            name, script = self._nasty(place, path)
            self.server.scripts[path] = script
            self.nasties.append((path, name))
            self._list(path)
        for _ in range(self.chance.randrange(12)):
            self._list(addresses.odd(place))
        self._list(f"/slepens/{self.chance.randrange(100)}")

    def _nasty(self, place: Place, path: str) -> tuple[str, Script]:
        for _ in range(5000):
            name, script = self._any_nasty(place, path)
            if place.page_filter.selects(name):
                return name, script
        return "nothing", page(status=404)

    def _any_nasty(self, place: Place, path: str) -> tuple[str, Script]:
        drawn = self.chance.random()
        if drawn < 0.2:
            return addresses.redirect(place, path)
        if drawn < 0.23:
            return addresses.endless(place, path)
        body_of = self.chance.choice(floods.NASTY)
        framing = self.chance.choice(framings.KIND if drawn < 0.75 else framings.NASTY)
        if framing in SLOW and sum("stall" in name or "drip" in name for _, name in self.nasties) > 1:
            framing = framings.reset
        kind = self.chance.choice(TYPES if self.chance.random() < 0.9 else ODD_TYPES)
        headers = {"content_type": kind}
        if self.chance.random() < 0.05:
            headers["x_robots_tag"] = self.chance.choice(
                ["noindex", "none", "googlebot: noindex", "max-image-preview:none", "\0"]
            )
        text = Text(
            title=prose.title(self.chance),
            published=date(2026, 10, 1),
            paragraphs=(prose.paragraph(self.chance),) * 3,
        )
        seed = self.chance.randrange(10**9)

        def script(visit: Visit) -> None:
            again = Random(seed)
            body = body_of(place.drawn_by(again), self.design, text)
            sent = body.encode("utf-8", "replace") if isinstance(body, str) else body
            framing(again, sent, headers)(visit)

        return f"{body_of.__name__} {framing.__name__} {kind}", script

    def _list(self, href: str) -> None:
        self.rows.append(Row(href=href, title=prose.title(self.chance), published=date(2026, 10, 1)))

    def add_lists(self, place: Place) -> None:
        """Serve list pages, feeds, sitemaps and robots.txt."""
        self._place = place
        self.starts = [self.design.list_path]
        self.chance.shuffle(self.rows)
        if self.chance.random() < 0.25:
            self.starts.append(self.chance.choice(["/arhivs", "/kalendars/1", "/kopijas", "/sesijas"]))
        for name, honest, known in (
            ("feed", listings.feed, self.feeds),
            ("sitemap", listings.sitemap, self.sitemaps),
        ):
            if self.chance.random() < 0.5:
                known.append(f"/{name}.xml")
                self.server.scripts[f"/{name}.xml"] = self._named(place, honest)
        self._add_robots(place)
        self.server.missing = self._other

    def _named(self, place: Place, honest: Callable[..., str]) -> Script:
        allowed = [
            body_of
            for body_of in listings.NASTY
            if place.page_filter.allows(f"{honest.__name__} {body_of.__name__}")
        ]
        body_of = self.chance.choice(allowed) if self.chance.random() < 0.7 else honest
        framing = self.chance.choice(framings.NASTY) if self.chance.random() < 0.2 else framings.plain
        seed = self.chance.randrange(10**9)
        self.nasties.append((honest.__name__, f"{body_of.__name__} {framing.__name__}"))

        def script(visit: Visit) -> None:
            rows = [
                Row(
                    href=f"http://{self.origin}{row.href}" if row.href.startswith("/") else row.href,
                    title=row.title,
                    published=row.published,
                )
                for row in self._rows()
            ]
            body = body_of(place.drawn_by(Random(seed)), rows)
            sent = body.encode("utf-8", "replace") if isinstance(body, str) else body
            framing(Random(7), sent, {"content_type": "application/xml"})(visit)

        return script

    def _add_robots(self, place: Place) -> None:
        drawn = self.chance.random()
        body = listings.robots(self.chance, self.origin, place.canary)
        sent = body.encode() if isinstance(body, str) else body
        script = framings.plain(
            self.chance, sent, {"content_type": self.chance.choice(["text/plain", "text/html", "x"])}
        )
        self.forbids = drawn < 0.7
        if drawn < 0.55:
            self.server.scripts["/robots.txt"] = script
        elif drawn < 0.7:
            hiccup = self.chance.choice([page(status=503), framings.reset(Random(1), sent, {})])
            self.server.scripts["/robots.txt"] = in_turn(hiccup, script)
        else:
            self.server.scripts["/robots.txt"] = page(
                "<html><h1>404</h1>", self.chance.choice([200, 404, 410])
            )

    def _rows(self) -> list[Row]:
        today = self.today()
        honest = [one for one in self.honest if today in one.days]
        rows = [Row(href=one.path, title=one.text.title, published=one.text.published) for one in honest]
        both = [*rows, *self.rows]
        Random(self.id).shuffle(both)
        return both

    def _other(self, visit: Visit) -> None:
        """Serve every other path: list pages and endless ones."""
        path, _, query = visit.request.path.partition("?")
        if path == self.design.list_path:
            number = int(query.removeprefix("page=")) if query.removeprefix("page=").isdecimal() else 0
            self._send_list(visit, number)
        elif path in ("/arhivs", "/sesijas", "/kopijas") or path.startswith("/kalendars"):
            self._send_endless(visit, path, query)
        elif path.rpartition("/")[2].startswith("sitemap-"):
            visit.send(
                answer(
                    listings.index(self._place.drawn_by(Random(path)), self._rows()),
                    content_type="application/xml",
                )
            )
        elif path.startswith(self.design.release_path + "kopija"):
            text = Text(
                title=f"Kopija {path[-1:]}",
                published=date(2026, 1, 1),
                paragraphs=(*self.honest[0].text.paragraphs, path),
            )
            visit.send(answer(release(self.design, text)))
        elif ";jsessionid=" in path and (script := self.server.scripts.get(path.partition(";")[0])):
            script(visit)
        else:
            visit.send(answer("<h1>404</h1>", 404))

    def _send_list(self, visit: Visit, number: int) -> None:
        rows = self._rows()
        pages = range(-(-len(rows) // ROWS_ON_A_PAGE))
        shown = rows[number * ROWS_ON_A_PAGE : (number + 1) * ROWS_ON_A_PAGE]
        visit.send(answer(listing(self.design, shown, pager=[f"?page={other}" for other in pages])))

    def _send_endless(self, visit: Visit, path: str, query: str) -> None:
        number = int(query[5:]) if query[5:].isdecimal() else 0
        hrefs = {
            "/arhivs": [f"/{self.id}/nav/{number}-{n}" for n in range(3)],
            "/sesijas": [
                f"{one.path};jsessionid={visit.number}-{len(self.server.requests)}" for one in self.honest[:5]
            ],
            "/kopijas": [f"{self.design.release_path}kopija-{number}-{n}" for n in range(15)],
        }.get(path, [f"{path}{n}" for n in range(5)])
        rows = [
            Row(href=href, title=f"Nr. {number} {href[-9:]}", published=date(2026, 9, 1)) for href in hrefs
        ]
        visit.send(answer(listing(self.design, rows, pager=[f"{path}?page={number + 1}", f"{path}1"])))


def design(chance: Random) -> Design:
    """Return the markup of a site."""
    return chance.choice([*DESIGNS, DESIGNS[0]])


DYING = (
    *("closed", "silent", "reset", "garbage", "drip", "503", "429", "robots-503", "robots-stall"),
    *("robots-forbids", "redirects-out", "login", "one-answer", "halfway"),
)


def die(site: Site, place: Place) -> None:
    """Make *site* answer according to its way of dying; part of its releases remain."""
    server = site.server
    everywhere: dict[str, Script] = {
        "silent": lambda visit: visit.stall(),
        "reset": lambda visit: visit.reset(),
        "garbage": lambda visit: visit.send(site.chance.randbytes(500)),
        "drip": framings.drip(Random(1), b"x" * 500, {}),
        "503": page("down", 503),
        "429": page("slow", 429, retry_after=site.chance.choice(["1", "99999", "x"])),
        "redirects-out": lambda visit: visit.send(answer(b"", 302, location=place.outside)),
        "login": page("<h1>Pieslēgties</h1><form><input type=password></form>"),
        "one-answer": lambda visit: visit.send(answer(release(site.design, site.honest[0].text))),
    }
    robots: dict[str, Script] = {
        "robots-503": page(status=503),
        "robots-stall": lambda visit: visit.stall(),
        "robots-forbids": page("User-agent: *\nDisallow: /\n"),
    }
    if site.dying in everywhere:
        server.scripts = dict.fromkeys(server.scripts, everywhere[site.dying])
        server.missing = everywhere[site.dying]
    if site.dying in robots:
        server.scripts["/robots.txt"] = robots[site.dying]
    if site.dying == "halfway":
        scripts, missing, until = (
            dict(server.scripts),
            server.missing or page(status=404),
            site.chance.randint(3, 15),
        )

        def dies(visit: Visit) -> None:
            if len(server.requests) > until:
                visit.stall()
            scripts.get(visit.request.path, missing)(visit)

        server.scripts, server.missing = {"/robots.txt": dies}, dies
