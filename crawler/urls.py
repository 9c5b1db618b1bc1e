"""URLs: which can be fetched, and which spellings name the same page; pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_to_bytes

import idna
from ada_url import URL

PORTS = {"http": 80, "https": 443}
# Longer URLs are traps or mistakes. Source: Nutch's default.
ADDRESS_CHARS_MAX = 4096
# Size of the caches.
CACHED_URLS = 1024

# Parameters that identify a reader or a referrer, never the page.
TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|_hs(?:enc|mi)|mkt_tok"
    r"|themecode"  # the section of the statistics portal that the reader came from
    r"|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|sessionid|session_id",
    re.IGNORECASE,
)
# A shorter value may be the number of a section.
SESSION_ID = re.compile(r"(?:sid|s|sess|session|oscsid|zenid)=(?=[^&]*[0-9])[0-9a-z]{16,}", re.IGNORECASE)
# The same page laid out for printing.
PRINT_VIEW = re.compile(r"tmpl=component|print=1|layout=default", re.IGNORECASE)
# Served for the folder itself.
FOLDER_PAGES = frozenset({"index.php", "index.html", "index.htm", "default.aspx"})

_CONTROL_AND_SPACE = "".join(map(chr, range(0x21)))
_TABS_AND_BREAKS = re.compile(r"[\t\r\n]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_HIGH_ESCAPES = re.compile(r"(?:%[89A-F][0-9A-F])+")
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
# Stricter than the URL standard: names that DNS and requests accept.
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Neither requests nor urllib3 rewrites these, so the URL that was checked is the URL that is fetched.
_SAFE_IN_PATH = "%/!$&'()*+,;=:@~"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The scheme, host and port of a URL."""

    scheme: str
    host: str
    port: int

    @property
    def name(self) -> str:
        """``host``, or ``host:port`` unless the port is the scheme's default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def root(self) -> str:
        """The origin as a URL without a path (``https://example.org``)."""
        return f"{self.scheme}://{self.name}"

    @property
    def host_port(self) -> str:
        """``host:port``, always with the port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    origin: Origin
    path: str
    query: str | None

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""  # requests drops an empty query as well
        return f"{self.origin.scheme}://{self.origin.name}{self.path}{query}"


def address(url: str, base: str | None = None) -> str | None:
    """Return *url*, relative to the page at *base*, in the form in which it is fetched; None if it cannot be.

    The result is ASCII, http or https, without fragment and credentials, and parsed as browsers do (by the
    URL standard): every parser finds the same host in it.

    >>> address("../jaunums?id=1#sākums", "https://www.iem.gov.lv/lv/zinas/")
    'https://www.iem.gov.lv/lv/jaunums?id=1'
    >>> address("mailto:prese@example.org") is None
    True
    """
    parts = _parse(url, None if base is None else _parse(base, None))
    return None if parts is None or len(str(parts)) > ADDRESS_CHARS_MAX else str(parts)


def origin(url: str) -> Origin | None:
    """Return the origin of *url*; None if it cannot be fetched."""
    parts = _parse(url, None)
    return None if parts is None else parts.origin


@lru_cache(maxsize=CACHED_URLS)  # called for each page once for every site that may own it
def canonical_host(url: str) -> str | None:
    """Return the host of *url* without ``www.`` and a final dot, with the port unless it is the default.

    >>> canonical_host("http://www.mfa.gov.lv./zinas")
    'mfa.gov.lv'
    """
    url_origin = origin(url)
    return None if url_origin is None else _canonical_origin(url_origin).name


@lru_cache(maxsize=CACHED_URLS)
def canonical(url: str) -> str:
    """Return the spelling of *url* that identifies its page: a key, which usually can be fetched as well.

    It ignores http or https, ``www.``, tracking parameters, print views, ``index.php/``, final and doubled
    slashes, the order of parameters, and the spelling of escapes and IDNs. Anything but a URL is returned
    unchanged.

    >>> canonical("http://www.mfa.gov.lv/index.php/zinas//48-x/?utm_source=a#top")
    'https://mfa.gov.lv/zinas/48-x'
    """
    parts = _parse(url, None)
    if parts is None:
        return url.strip()
    parts = _parse(_compose(str(parts)), None) or parts
    return str(
        _Parts(
            origin=_canonical_origin(parts.origin),
            path=_canonical_path(parts.path),
            query=_canonical_query(parts.query or ""),
        )
    )


def without_tracking(url: str) -> str:
    """Return *url* without tracking parameters.

    >>> without_tracking("http://www.mfa.gov.lv/zinas/?id=48&utm_source=a")
    'http://www.mfa.gov.lv/zinas/?id=48'
    """
    parts = _parse(url, None)
    if parts is None:
        return url
    kept = "&".join(pair for pair in (parts.query or "").split("&") if not _is_tracking(pair))
    return str(_Parts(origin=parts.origin, path=parts.path, query=kept))


def _compose(text: str) -> str:
    """Return *text* in NFC, also where letters are escaped; bytes that are not UTF-8 stay."""

    def unescape(match: re.Match[str]) -> str:
        raw = unquote_to_bytes(match[0])
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return match[0]

    return unicodedata.normalize("NFC", _HIGH_ESCAPES.sub(unescape, text))


def _canonical_origin(found: Origin) -> Origin:
    host = found.host.rstrip(".") or found.host
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    is_usual = found.port == PORTS[found.scheme]
    return Origin(
        scheme="https" if is_usual else found.scheme, host=host, port=443 if is_usual else found.port
    )


def _canonical_path(path: str) -> str:
    segments = (_SESSION_IN_PATH.sub("", segment) for segment in path.split("/"))
    kept = [part for part in segments if part not in ("", ".", "..") and part.lower() not in FOLDER_PAGES]
    return "/" + "/".join(kept)


def _canonical_query(query: str) -> str | None:
    pairs = {pair for pair in query.split("&") if pair and not _is_tracking(pair)}
    return "&".join(sorted(pairs)) or None


def _is_tracking(pair: str) -> bool:
    name = unquote(pair.partition("=")[0])
    return bool(TRACKING.fullmatch(name) or SESSION_ID.fullmatch(pair) or PRINT_VIEW.fullmatch(pair))


# --- Parsing as the URL standard says ---------------------------------------------------------


# A page repeats its own URL many times, and the menus are the same on all pages of a site.
@lru_cache(maxsize=CACHED_URLS)
def _parse(url: str, base: _Parts | None) -> _Parts | None:
    text = _SURROGATES.sub("\ufffd", _TABS_AND_BREAKS.sub("", url.strip(_CONTROL_AND_SPACE)))
    before, mark, query = text.partition("#")[0].partition("?")
    # The parser would escape quotation marks in a query, which would change the ids of stored releases.
    without_query = f"{before}{mark}#"
    try:
        parsed = URL(without_query) if base is None else URL(without_query, str(base))
    except ValueError:
        return None
    scheme, host = parsed.protocol.removesuffix(":"), parsed.hostname.strip("[]")
    if scheme not in PORTS or not _is_host(host) or parsed.port == "0":
        return None
    inherited = base.query if base and parsed.search else None
    return _Parts(
        origin=Origin(scheme=scheme, host=host, port=int(parsed.port or PORTS[scheme])),
        path=_escape(parsed.pathname, _SAFE_IN_PATH),
        query=_escape(query, _SAFE_IN_QUERY) if mark else inherited,
    )


@lru_cache(maxsize=CACHED_URLS)
def _is_host(host: str) -> bool:
    """Whether name servers and requests accept *host*: the URL standard allows more."""
    if ":" in host:  # an IPv6 address
        return True
    if not _HOST.fullmatch(host) or len(host) > 254:
        return False
    try:
        return "xn--" not in host or bool(idna.encode(host))
    except UnicodeError:
        return False


def _escape(text: str, safe: str) -> str:
    """Escape the characters that need it, in capitals, and unescape the others; ``%zz`` becomes ``%25zz``."""
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(_ESCAPE.sub(_normalize_escape, text), safe=safe)


def _normalize_escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()
