"""Pages that are expensive or wrong: repetitive, nested, unclosed, garbled, misleading."""

from collections.abc import Callable
from html import escape

from tests.storm import addresses, prose
from tests.storm.markup import Design, Text, around, release
from tests.storm.place import Place

Body = Callable[[Place, Design, Text], str | bytes]
"""Makes the body of a page that seems to be the release *text*."""

# Texts to repeat at any length: a quadratic pattern shows in one of them.
PIECES = (
    *("<!--", "<!-- x -->", "<!", "<![CDATA[", "<?", "</", "<", ">", "<script>", "<script", "<style>",
    "<svg>", "<textarea>", "<noscript>"),
    *("<template>", "<title>", "<iframe srcdoc='", "<p>", "<div>", "<b>", "<a href=x>", "<table>", "<li>",
    "<select><option>", "<form>"),
    *("<article>", "<section class='text__text-content'>", "<font color=", "<img src=",
    "<img src='data:image/png;base64,", "<object>", "<frameset>"),
    *("&", "&amp;", "&#", "&#x110000;", "&lt", "&zzzz", '"', "'", "=", " ", "\n", "\t", "\0", "\x0b",
    "\u00a0", "\u200b", "\u202e", "\u0301"),
    *(".", ". ", "... ", "!", "?", "-", "- ", "—", "(", ")", "[", "@", "a@", "a@b.", "a.b [at] ", "+371 ",
    "1", "1.", "1.1.", "01.01.2020 "),
    *("2020. gada ", "Foto: ", "Tālr. ", "http://", "http://x.lv/ ", "www.", "ā", "š ", "A", "Aa", "aa ",
    "UN ", "İ", "ß", "\U0001f4a9", "ﷺ", "\ufffd"),
    *("{", "}", "{{", '{"@type":"NewsArticle",', "[[", "\\", "\\u", "/*", "*/", "//", "//<![CDATA[", "<br>",
    "<br>\n", "<p>a</p>", "<wbr>", "<meta>"),
)  # fmt: skip
COUNTS = (1_000, 20_000, 60_000, 350_000)
BYTES_MAX = 3_000_000


def flood(place: Place, design: Design, text: Text) -> str:
    """A release with one text repeated before, inside or after it, or in its head."""
    piece, count = place.chance.choice(PIECES), place.chance.choice(COUNTS)
    many = piece * min(count, BYTES_MAX // len(piece.encode()))
    where = place.chance.choice(["head", "before", "after", "after"])
    return release(design, text, **{where: many})


def flood_in_text(place: Place, design: Design, text: Text) -> str:
    """A release whose text is one word repeated."""
    piece, count = place.chance.choice(PIECES), place.chance.choice(COUNTS)
    many = piece * min(count, BYTES_MAX // 6 // len(piece.encode()))
    field = place.chance.choice(["title", "paragraph", "paragraph"])
    title, paragraphs = (
        (many, text.paragraphs) if field == "title" else (text.title, (*text.paragraphs, many))
    )
    return release(design, Text(title=title, published=text.published, paragraphs=paragraphs))


def nested(place: Place, design: Design, text: Text) -> str:
    """Deeply nested elements."""
    name, depth = (
        place.chance.choice(["div", "b", "a", "table", "ul", "span", "p", "svg", "x-y"]),
        place.chance.choice(COUNTS),
    )
    return release(
        design, text, before=f"<{name}>" * depth, after=f"</{name}>" * place.chance.choice([0, depth])
    )


def attributes(place: Place, design: Design, text: Text) -> str:
    """An element with very many attributes or classes, or a very long one."""
    count = place.chance.choice([1000, 100_000])
    many = place.chance.choice(
        [
            " ".join(f"a{number}=x" for number in range(count)),
            f'class="{" ".join(f"c{number}" for number in range(count))}"',
            f'id="{"x" * count * 10}"',
            f'style="{"a:b;" * count}"',
            "a " * count,
        ]
    )
    return release(design, text, before=f"<div {many}>", after="</div>")


def repetitive(place: Place, design: Design, text: Text) -> str:
    """A text of few words, repeated in random order."""
    words = place.chance.choices(["viens", "divi", "trīs"], k=place.chance.choice([1000, 20_000]))
    paragraphs = (*text.paragraphs, " ".join(words))
    return release(design, Text(title=text.title, published=text.published, paragraphs=paragraphs))


def garbled(place: Place, design: Design, text: Text) -> bytes:
    """A release with some random bytes."""
    body = bytearray(
        release(design, text).encode(
            place.chance.choice(["utf-8", "utf-16", "windows-1257", "utf-7"]), "replace"
        )
    )
    for _ in range(place.chance.choice([3, 100, len(body)])):
        body[place.chance.randrange(len(body))] = place.chance.randrange(256)
    return bytes(body)


def noise(place: Place, _design: Design, _text: Text) -> bytes:
    """Random bytes, or bytes with the signature of another format."""
    begins = place.chance.choice(
        [
            b"",
            b"%PDF-1.7\n",
            b"PK\3\4",
            b"\x1f\x8b\x08",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"<?xml",
            b"{",
            b"GIF89a",
        ]
    )
    return begins + place.chance.randbytes(place.chance.choice([0, 10, 5000, 500_000]))


def path(place: Place, _design: Design, _text: Text) -> str:
    """A body that consists of a file name."""
    file = place.chance.choice(
        [*map(str, place.files), "/dev/zero", "/etc/passwd", f"http://{place.canary}/x"]
    )
    return place.chance.choice(["", "file://", "\n", " "]) + file


def login(_place: Place, _design: Design, _text: Text) -> str:
    """A login page in place of the release."""
    return around(
        "<main><h1>Pieslēgties</h1><form><input name=user><input name=pass type=password></form></main>"
    )


def error_page(place: Place, _design: Design, _text: Text) -> str:
    """An error page with status 200."""
    return place.chance.choice(
        [around("<h1>Kļūda 404</h1><p>Lapa nav atrasta.</p>"), around(""), "", " ", "<html>", "null"]
    )


def noindex(place: Place, design: Design, text: Text) -> str:
    """A page with noindex, or with something that resembles it."""
    meta = '<meta name="robots" content="noindex">'
    head = place.chance.choice(
        [meta, f"<!-- {meta} -->", f"<template>{meta}</template>", f"<script>'{meta}'</script>"]
    )
    return release(design, text, head=head)


def misleading_urls(place: Place, design: Design, text: Text) -> str:
    """A page whose refresh, canonical, base or alternate URL leads elsewhere."""
    to = escape(place.chance.choice([addresses.odd(place), addresses.elsewhere(place, ""), place.outside]))
    head = place.chance.choice(
        [
            f'<meta http-equiv="refresh" content="0; url={to}">', f'<link rel="canonical" href="{to}">',
            f'<base href="{to}">',
            f'<meta property="og:url" content="{to}">', f'<link rel="alternate" hreflang="en" href="{to}">',
            f'<link rel="next" href="{to}">',
            f'<script type="application/ld+json">{{"@type":"NewsArticle","url":"{to}",'
            '"datePublished":"9999-99-99"}</script>',
        ]
    )  # fmt: skip
    return release(design, text, head=head)


def many_links(place: Place, design: Design, text: Text) -> str:
    """A release with very many links: files, pictures, odd URLs."""
    count = place.chance.choice([100, 5000])
    made = place.chance.choice(
        [lambda n: f"/faili/{n}.pdf", lambda n: f"/x{n}", lambda _: addresses.odd(place)]
    )
    links = "".join(f'<p><a href="{escape(made(number))}">fails {number}</a></p>' for number in range(count))
    return release(design, text, after=f'<div class="attachments field--name-field-files">{links}</div>')


def bad_dates(place: Place, design: Design, text: Text) -> str:
    """A release with an impossible date."""
    odd = place.chance.choice(
        [
            "32.13.2020.",
            "0000-00-00",
            "9999-12-31",
            "1.1.1",
            "29.02.2021.",
            "2020-13-45T99:99",
            "1" * 5000,
            "٣٣.٣.٢٠٢٠",
        ]
    )
    return (
        release(design, text)
        .replace(text.published.isoformat(), odd)
        .replace(f"{text.published:%d.%m.%Y}.", odd)
    )


def odd_classes(place: Place, design: Design, text: Text) -> str:
    """A release with utility classes on any element."""
    names = [
        "d-print-block",
        "lang-lv",
        "print-content",
        "text-search",
        "no-js",
        "has-sidebar",
        "cookie-ok",
        "menu-open",
        "share",
        "hidden",
    ]
    return release(design, text).replace('class="', f'class="{place.chance.choice(names)} ')


def tiny(_place: Place, design: Design, text: Text) -> str:
    """A release of one word."""
    return release(design, Text(title="A", published=text.published, paragraphs=("B",)))


def long_line(place: Place, design: Design, text: Text) -> str:
    """A release of very many words without punctuation."""
    words = " ".join(place.chance.choices(prose.WORDS, k=200_000))
    return release(design, Text(title=text.title, published=text.published, paragraphs=(words,)))


NASTY: tuple[Body, ...] = (
    *(flood, flood, flood, flood_in_text, flood_in_text, nested, attributes, repetitive, garbled, noise,
    path, login, error_page),
    *(noindex, misleading_urls, misleading_urls, many_links, bad_dates, odd_classes, tiny, long_line),
)  # fmt: skip
