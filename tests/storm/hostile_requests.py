"""Hostile requests: every route, typed and malicious parameters, odd hosts and methods."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

CANARY = "canary-host.invalid"
"""A host that no answer may name."""

OPERATORS = (
    "UN",
    "VAI",
    "NE",
    "AND",
    "OR",
    "NOT",
    "-",
    "+",
    "(",
    ")",
    '"',
    "„",
    "”",
    "*",
    "=",
    "~",
    "~5",
    ":",
    "^",
    "&",
    "|",
    "!",
    "[",
    "]",
    "{",
    "}",
    "?",
)
FIELDS = (
    *(
        "virsraksts:",
        "ministrija:",
        "valoda:",
        "gads:",
        "no:",
        "līdz:",
        "-ministrija:",
        "-gads:",
        "title:",
        "body:",
        "lemma:",
        "exact:",
        "id:",
    ),
    *("url:", "site:", "number:", "nekas:", "virsraksts:(", 'virsraksts:"'),
)
ODD_WORDS = (
    *("", " ", "\0", "\x01", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "\ufffe", "\U0001f4a9", "İ", "ß",
    "ﷺ", "a\u0301" * 30, "ā", "Ā", "q\u0323\u0307", "٣", "½"),
    *("<script>alert(1)</script>", "'\"><img src=x>", "{{7*7}}", "${7*7}", "%s%n", "../../etc/passwd",
    "' OR 1=1 --", "NaN", "Infinity", "-1", "1e999"),
    *("9" * 400, "0x10", "true", "null", "None", "[]", "{}", "\r\nSet-Cookie: a=b", "\u2028", "a" * 5000,
    "ab*", "*", "**", "a*b*c*", "?", "=" * 50, "~" * 50),
    *("27.11.2017", "2017-11-27", "2017. gada 27. novembrī", "pagājušajā gadā", "vakar",
    "pirms 99999 gadiem", "pagājušā gada rudenī", "no 2017 līdz 2016"),
    *("S. Birzkalne", "VUGD", "NATO", "COVID-19", "Nr. 5", "a.b@c.lv", "https://x.lv/a?b=c#d", "wi-fi",
    "1,5", "1 000 000", "§ 5", "50%", "A/S", "-", "--", "—"),
)  # fmt: skip
# Parameters that web frameworks interpret, and those that trackers add.
RESERVED = (
    *("endpoint", "_method", "_anchor", "_external", "_scheme", "values", "self", "interface", "release",
    "filename", "cls", "model", "context", "request"),
    *("template_name_or_list", "fbclid", "utm_source", "callback", "format", "debug", "__class__", "q[]",
    "q[0]", "Q", "", " ", "from_", "to_", "per_page[]", "language[]"),
)  # fmt: skip
NAMES = (
    "q",
    "ministry",
    "language",
    "from",
    "to",
    "sort",
    "page",
    "per_page",
    "cursor",
    "histogram",
    "explain",
)
TYPED: dict[str, tuple[str, ...]] = {
    "language": ("lv", "en", "ru", "de", "LV"),
    "from": (
        "2019",
        "2019-01",
        "2019-01-31",
        "1.1.2019.",
        "1 Jan 2019",
        "0001",
        "0000",
        "9999-12",
        "9999-12-31",
        "2019-13",
        "31.02.2019",
        "-1",
        "١٩",
        "10000",
    ),
    "to": (
        "2019",
        "9999",
        "9999-12",
        "9999-12-31",
        "0001-01-01",
        "1 Jan 2019",
        "31.12.9999.",
        "99.99.9999",
        "2019-2-30",
    ),
    "sort": ("relevance", "newest", "oldest", "score", ""),
    "page": ("1", "2", "100", "101", "1000", "0", "-1", "1.0", "9" * 30, "٢", " 1"),
    "per_page": ("1", "10", "100", "101", "0", "-5", "1e2"),
    "cursor": ("*", "", "x", "Kg", "W10", "%", "=" * 50),
    "histogram": ("day", "month", "year", "auto", "second"),
    "explain": ("true", "false", "1", "0", "yes", "maybe"),
}
METHODS = ("GET",) * 30 + (
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "get",
    "FOO",
    "CONNECT",
    "PROPFIND",
    "G\u00c4T",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileRequest:
    """A request as sent; ``target`` follows the method, escaped."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def is_whole(self) -> bool:
        """Whether all that the headers announce is sent; otherwise the server may wait for the rest."""
        return not {"content-length", "transfer-encoding", "expect"} & {
            name.lower() for name, _ in self.headers
        }

    @property
    def names_canary(self) -> bool:
        """Whether the URL itself contains the canary, so that an answer may show it."""
        return CANARY in self.target


class RequestGenerator:
    """Draws requests; *words* are words of the releases, *places* existing paths."""

    def __init__(self, chance: Random, *, words: Sequence[str], places: Sequence[str]) -> None:
        self._chance, self._words, self._places = chance, words, places
        self.cursors: list[str] = []
        """Cursors of real answers, to tamper with."""

    def next(self) -> HostileRequest:
        """Return the next request."""
        chance = self._chance
        target = self._path() + self._parameters()
        drawn = chance.random()
        if drawn < 0.02:
            target = chance.choice(
                [
                    f"http://{CANARY}{target}",
                    f"//{CANARY}{target}",
                    "*",
                    target * 3,
                    target.replace("?", "#"),
                    "/" + target,
                    "\\" + target,
                ]
            )
        headers = self._headers() if chance.random() < 0.2 else ()
        method = chance.choice(METHODS)
        body = (
            chance.randbytes(chance.choice([0, 10, 9_000, 50_000]))
            if method in ("POST", "PUT", "PATCH")
            else b""
        )
        return HostileRequest(method=method, target=target, headers=headers, body=body)

    def _path(self) -> str:
        chance = self._chance
        path = chance.choice(self._places)
        drawn = chance.random()
        if drawn < 0.9:
            return path
        odd = chance.choice(
            [
                "//",
                "/../",
                "/%2e%2e/",
                "/.",
                "%00",
                "%ff",
                "/" * 50,
                ";x",
                "%2f",
                "/a" * 900,
                "\\",
                "%",
                "%zz",
                "/" + quote(chance.choice(ODD_WORDS)),
            ]
        )
        at = chance.randrange(len(path) + 1)
        return path[:at] + odd + path[at:]

    def _parameters(self) -> str:
        chance = self._chance
        if chance.random() < 0.1:
            return ""
        pairs = [(name, self._value(name)) for name in self._names()]
        joined = "&".join(
            f"{quote(name)}={self._escape(value)}" if value is not None else quote(name)
            for name, value in pairs
        )
        return (
            f"?{joined}"
            if chance.random() < 0.97
            else "?"
            + chance.choice(["&" * 3000, "=" * 100, "%", "?" * 50, "a=" * 5000, "q", "q=%ff", "q=%ed%a0%80"])
        )

    def _names(self) -> list[str]:
        chance = self._chance
        names = ["q"] * (chance.random() < 0.85) + [name for name in NAMES[1:] if chance.random() < 0.15]
        drawn = chance.random()
        if drawn < 0.1:
            names += chance.choices(names or ["q"], k=chance.choice([1, 3, 200]))
        elif drawn < 0.25:
            names += chance.choices(RESERVED, k=chance.choice([1, 2, 30]))
        chance.shuffle(names)
        return names

    def _value(self, name: str) -> str | None:
        chance = self._chance
        drawn = chance.random()
        if drawn < 0.03:
            return None
        if name == "cursor" and self.cursors and drawn < 0.8:
            return self._tamper(chance.choice(self.cursors))
        if name in TYPED and drawn < 0.85:
            return chance.choice(TYPED[name])
        if name == "q" or drawn < 0.9:
            return self._query()
        return chance.choice([*ODD_WORDS, CANARY, f"https://{CANARY}/"])

    def _query(self) -> str:
        """Return words and operators: usually a few, sometimes as many as fit."""
        chance = self._chance
        size = chance.choice([1, 2, 2, 3, 3, 4, 5, 8, 12, 60, 400, 3000])
        if chance.random() < 0.25:  # one text repeated
            unit = [
                chance.choice([*OPERATORS, *FIELDS, *ODD_WORDS[:40], *self._words[:50]])
                for _ in range(chance.choice([1, 1, 2, 3]))
            ]
            return chance.choice([" ", ""]).join(unit * size)[: chance.choice([900, 9_000, 19_990, 25_000])]
        pools = chance.choices([self._words, OPERATORS, FIELDS, ODD_WORDS], weights=[6, 2, 1, 1], k=size)
        return chance.choice([" ", " ", " ", ""]).join(chance.choice(pool) for pool in pools)[:25_000]

    def _escape(self, value: str) -> str:
        sent = quote(value.encode("utf-8", "replace"), safe="")
        if self._chance.random() < 0.01:
            return sent.replace("%", "%25")
        return sent[: self._chance.choice([60_000, 60_000, 60_000, 1000])]

    def _tamper(self, cursor: str) -> str:
        chance = self._chance
        if chance.random() < 0.3:
            return cursor
        written = bytearray(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        odd = chance.choice(
            [b"NaN", b"1e999", b"-1", b"null", b"[]", b'"x"', b"\xff", b"", b"[" * 400, b"{}", b"true"]
        )
        at, to = sorted(chance.choices(range(len(written) + 1), k=2))
        written[at:to] = odd
        return urlsafe_b64encode(written).decode().rstrip("=")

    def _headers(self) -> tuple[tuple[str, str], ...]:
        chance = self._chance
        host = chance.choice(
            [
                CANARY,
                f"{CANARY}:80",
                "",
                "localhost",
                "127.0.0.1",
                "a b",
                "[::1]",
                f"{CANARY}/x?",
                f"x@{CANARY}",
                "\xff",
                "a" * 300,
                f"127.0.0.1, {CANARY}",
            ]
        )
        forwarded = [
            ("Host", host), ("Host", host), ("Host", host), ("X-Forwarded-Host", CANARY),
            ("X-Forwarded-Proto", chance.choice(["https", "javascript", "x\ty"])), ("X-Forwarded-Port", "1"),
            ("X-Forwarded-Prefix", f"//{CANARY}"), ("X-Forwarded-For", CANARY), ("Forwarded",
            f"host={CANARY};proto=https"), ("X-Script-Name", f"//{CANARY}"),
            ("X-Original-URL", f"//{CANARY}"), ("Origin", f"https://{CANARY}"), ("Referer",
            f"https://{CANARY}"), ("Range", "bytes=0-1,2-3,-5"), ("If-None-Match", "*" * 300),
            ("Accept", "*/*," * 900), ("Accept-Language", "x-" * 500), ("Cookie", "a=b;" * 900),
            ("Content-Length", chance.choice(["0", "-1", "x", "5"])), ("Accept-Encoding", "gzip;q=9"),
            ("Transfer-Encoding", "chunked"), ("Expect", "100-continue"), ("Connection", "close"),
            ("Upgrade", "h2c"), ("X-" + "a" * 3000, "b"), ("Content-Type", "application/json"),
            ("If-Modified-Since", "x"), ("Authorization", "Basic !!!"), ("User-Agent", "\xff" * 200),
        ]  # fmt: skip
        return tuple(dict(chance.choices(forwarded, k=chance.choice([1, 1, 2, 5]))).items())
