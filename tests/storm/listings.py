"""Feeds, sitemaps and robots.txt: honest and malformed ones."""

from collections.abc import Callable, Sequence
from html import escape
from random import Random

from tests.storm import addresses
from tests.storm.framings import bomb
from tests.storm.markup import Row
from tests.storm.place import Place

Body = Callable[[Place, Sequence[Row]], str | bytes]


def feed(_place: Place, rows: Sequence[Row], *, before: str = "", inside: str = "", doctype: str = "") -> str:
    """Return a feed of *rows*."""
    items = "".join(
        f"<item><title>{escape(row.title)}</title><link>{escape(row.href)}</link>{inside}"
        f"<pubDate>{row.published:%a, %d %b %Y} 08:00:00 +0200</pubDate></item>"
        for row in rows
    )
    channel = f"<channel><title>Jaunumi</title>{before}{items}</channel>"
    return f'<?xml version="1.0"?>{doctype}<rss version="2.0">{channel}</rss>'


def sitemap(_place: Place, rows: Sequence[Row]) -> str:
    """Return a sitemap of *rows*."""
    urls = "".join(
        f"<url><loc>{escape(row.href)}</loc><lastmod>{row.published}</lastmod></url>" for row in rows
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def path(place: Place, _rows: Sequence[Row]) -> str:
    """The name of a file or FIFO, or a URL."""
    file = place.chance.choice(
        [*map(str, place.files), "/dev/zero", "/etc/passwd", f"http://{place.canary}/feed"]
    )
    return place.chance.choice(["", "file://"]) + file


def nested(place: Place, rows: Sequence[Row]) -> str:
    """Deeply nested elements in a feed."""
    name, count = (
        place.chance.choice(["a", "b", "div", "item", "x", "content:encoded"]),
        place.chance.choice([3000, 100_000]),
    )
    return feed(place, rows, before=f"<{name}>" * count)


def repetitive(place: Place, rows: Sequence[Row]) -> str:
    """One text repeated, in each item or before them."""
    piece = place.chance.choice(
        [
            "<!--",
            "<![CDATA[",
            "&lt;a href=x&gt;",
            "<a>",
            "&amp;",
            "&#0;",
            "x",
            " ",
            "<category>x</category>",
            "\0",
        ]
    )
    many = piece * place.chance.choice([1000, 100_000])
    return (
        feed(place, rows[:3], before=many)
        if place.chance.random() < 0.5
        else feed(place, rows[:3], inside=many[:200_000])
    )


def entities(place: Place, rows: Sequence[Row]) -> str:
    """Entities that expand without bound, or are external."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = place.chance.choice(
        [
            f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>',
            f'<!DOCTYPE x [<!ENTITY l9 SYSTEM "file://{place.files[0]}">]>',
            f'<!DOCTYPE x [<!ENTITY l9 SYSTEM "file://{place.files[1]}">]>',
            f'<!DOCTYPE x [<!ENTITY l9 SYSTEM "{place.outside}">]>',
            f'<!DOCTYPE x SYSTEM "{place.outside}">',
            f'<!DOCTYPE x [<!ENTITY % p SYSTEM "file://{place.files[1]}"> %p;]>',
        ]
    )
    return feed(place, rows, doctype=doctype, before="&l9;")


def malformed(place: Place, rows: Sequence[Row]) -> str:
    """A feed or sitemap that is truncated, doubled or incomplete."""
    whole = place.chance.choice([feed, sitemap])(place, rows)
    at, to = sorted(place.chance.choices(range(len(whole)), k=2))
    return place.chance.choice(
        [whole[:at], whole[at:], whole[:at] + whole[to:], whole + whole, whole[:to] + whole[at:]]
    )


def odd(place: Place, rows: Sequence[Row]) -> str:
    """A feed or sitemap of odd URLs."""
    many = [Row(href=addresses.odd(place), title="x", published=rows[0].published) for _ in range(40)]
    return place.chance.choice([feed, sitemap])(place, many)


def huge(place: Place, rows: Sequence[Row]) -> str:
    """A sitemap of very many URLs."""
    count = place.chance.choice([2000, 30_000])
    base = f"http://{place.origin}/lapas"
    return sitemap(
        place, [Row(href=f"{base}/{n}", title="", published=rows[0].published) for n in range(count)]
    )


def index(place: Place, _rows: Sequence[Row]) -> str:
    """A sitemap index that names itself, others like it, or foreign ones."""
    own = f"http://{place.origin}/sitemap"
    named = [f"{own}-{place.chance.randrange(10**9)}.xml" for _ in range(place.chance.choice([3, 300]))]
    urls = "".join(
        f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in (*named, f"{own}.xml", place.outside)
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</sitemapindex>'


def gzip_bomb(place: Place, rows: Sequence[Row]) -> bytes:
    """A sitemap as a gzip bomb."""
    return bomb(sitemap(place, rows).encode(), place.chance.choice([1_000_000, 100_000_000]))


def html(_place: Place, _rows: Sequence[Row]) -> str:
    """A page in place of a feed."""
    return "<!DOCTYPE html><html><head><title>404</title></head><body><p>Nav</p></body></html>"


NASTY: tuple[Body, ...] = (
    path,
    path,
    nested,
    nested,
    repetitive,
    entities,
    entities,
    malformed,
    malformed,
    odd,
    huge,
    index,
    gzip_bomb,
    html,
)


def robots(chance: Random, origin: str, canary: str) -> str | bytes:
    """Return a robots.txt that disallows only /slepens/, in an odd spelling."""
    rule = chance.choice(
        [
            "User-agent: *\nDisallow: /slepens/\n",
            "\ufeffUser-Agent : *\r\nDisallow : /slepens/ # no\r\n",
            "user-agent:*\rdisallow:/slepens/\r",
        ]
    )
    noise = chance.choice(
        [
            "", "Crawl-delay: 99999\n", "Crawl-delay: -1\n", "Crawl-delay: nan\n",
            f"Sitemap: http://{canary}/sitemap.xml\n", f"Sitemap: http://{origin}/sitemap.xml\n" * 90,
            "# x\n" * 100_000, "Disallow: /" + "x" * 5000 + "\n", "\0\0\0\n",
            "Disallow: /" + "*a" * 500 + "$\n", "Disallow: /*" * 200 + "x\n", "x: y\n" * 9000,
            "Request-rate: 1/9999\n", "Visit-time: 0000-0001\n", "\u202eDisallow: /\n", "Disallow: /%zz%\n",
            "Allow: /" + "a*" * 900 + "\n" ,
        ]
    )  # fmt: skip
    return rule + noise
