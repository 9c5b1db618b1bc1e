"""Web addresses: which may be asked, and which spellings mean one page; pure."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_to_bytes

import idna

PORTS = {"http": 80, "https": 443}
# Longer ones are traps or mistakes. Source: Nutch's default.
ADDRESS_CHARS_MAX = 4096
# So many are remembered.
ADDRESSES_KNOWN = 1024

# Parameters that say where a reader came from or who they are, never which page it is.
TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|_hs(?:enc|mi)|mkt_tok"
    r"|themecode"  # the shelf of the statistics portal that one came from
    r"|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|sessionid|session_id",
    re.IGNORECASE,
)
# A short one may well be the number of a section.
SESSION_ID = re.compile(r"(?:sid|s|sess|session|oscsid|zenid)=(?=[^&]*[0-9])[0-9a-z]{16,}", re.IGNORECASE)
# The same page, laid out for a printer.
PRINT_VIEW = re.compile(r"tmpl=component|print=1|layout=default", re.IGNORECASE)
# What servers answer with when a folder is asked for.
FOLDER_PAGES = frozenset({"index.php", "index.html", "index.htm", "default.aspx"})

_CONTROL_AND_SPACE = "".join(map(chr, range(0x21)))
_TABS_AND_BREAKS = re.compile(r"[\t\r\n]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]*))?")
_HIGH_ESCAPES = re.compile(r"(?:%[89A-F][0-9A-F])+")
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
# Less than the URL standard lets pass, and all that name servers and requests do.
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
_PLAIN_HOST = re.compile(r"(?!xn--)(?!.*\.xn--)[\x21-\x7e]+")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# What neither requests nor urllib3 rewrites, so that the address checked is the address asked for.
_SAFE_IN_PATH = "%/!$&'()*+,;=:@~"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whom an address belongs to."""

    scheme: str
    host: str
    port: int

    @property
    def name(self) -> str:
        """``host``, or ``host:port`` where the port is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def root(self) -> str:
        """The origin as a URL without a path (``https://example.org``)."""
        return f"{self.scheme}://{self.name}"

    @property
    def host_port(self) -> str:
        """``host:port``, the port always given."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    origin: Origin
    path: str
    query: str | None

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""  # requests, too, drops an empty one
        return f"{self.origin.scheme}://{self.origin.name}{self.path}{query}"


def address(url: str, base: str | None = None) -> str | None:
    """Return *url*, seen from the page at *base*, as it is asked for, or None where it is no web address.

    The answer is ASCII, http or https, without fragment and credentials, read as browsers read it (the URL
    standard): whoever reads it, reads the same host.

    >>> address("../jaunums?id=1#sākums", "https://www.iem.gov.lv/lv/zinas/")
    'https://www.iem.gov.lv/lv/jaunums?id=1'
    >>> address("mailto:prese@example.org") is None
    True
    """
    parts = _parse(url, None if base is None else _parse(base, None))
    return None if parts is None or len(str(parts)) > ADDRESS_CHARS_MAX else str(parts)


def origin(url: str) -> Origin | None:
    """Return whom *url* belongs to, or None where it is no web address."""
    parts = _parse(url, None)
    return None if parts is None else parts.origin


def canonical_host(url: str) -> str | None:
    """Return the host that tells the site of *url*: without ``www.`` and final dot, with an unusual port.

    >>> canonical_host("http://www.mfa.gov.lv./zinas")
    'mfa.gov.lv'
    """
    found = origin(url)
    return None if found is None else _canonical_origin(found).name


@lru_cache(maxsize=ADDRESSES_KNOWN)
def canonical(url: str) -> str:
    """Return the one spelling that stands for all of *url*'s: a key, though mostly it answers too.

    The same for http and https, with and without ``www.``, tracking, print views, ``index.php/``, closing and
    doubled slashes, order of parameters, percent and IDN spellings. No web address comes back as it is.

    >>> canonical("http://www.mfa.gov.lv/index.php/zinas//48-x/?utm_source=a#top")
    'https://mfa.gov.lv/zinas/48-x'
    """
    parts = _parse(url, None)
    if parts is None:
        return url.strip()
    parts = _parse(_composed(str(parts)), None) or parts
    return str(
        _Parts(
            origin=_canonical_origin(parts.origin),
            path=_canonical_path(parts.path),
            query=_canonical_query(parts.query or ""),
        )
    )


def untracked(url: str) -> str:
    """Return *url* as `address` does, without what only tells who came from where.

    >>> untracked("http://www.mfa.gov.lv/zinas/?id=48&utm_source=a")
    'http://www.mfa.gov.lv/zinas/?id=48'
    """
    parts = _parse(url, None)
    if parts is None:
        return url
    kept = "&".join(pair for pair in (parts.query or "").split("&") if not _is_tracking(pair))
    return str(_Parts(origin=parts.origin, path=parts.path, query=kept))


def _composed(text: str) -> str:
    """NFC also where letters are spelled as escapes; bytes that are no UTF-8 stay."""

    def decoded(match: re.Match[str]) -> str:
        raw = unquote_to_bytes(match[0])
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return match[0]

    return unicodedata.normalize("NFC", _HIGH_ESCAPES.sub(decoded, text))


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


# --- reading, as the URL standard reads ---


# A page names its own address many times, and the menus of a site are the same on all its pages.
@lru_cache(maxsize=ADDRESSES_KNOWN)
def _parse(url: str, base: _Parts | None) -> _Parts | None:
    text = _SURROGATES.sub("\ufffd", _TABS_AND_BREAKS.sub("", url.strip(_CONTROL_AND_SPACE)))
    before, mark, query = text.partition("#")[0].partition("?")
    before = before.replace("\\", "/")
    given = _escaped(query, _SAFE_IN_QUERY) if mark else None
    match = _SCHEME.match(before)
    if match is None:
        return base and _relative(before, given, base)
    scheme, rest = match[1].lower(), before[match.end() :]
    if scheme not in PORTS:
        return None
    if base is None or base.origin.scheme != scheme or rest.startswith("//"):
        return _absolute(scheme, rest, given)
    return _relative(rest, given, base)


def _absolute(scheme: str, rest: str, query: str | None) -> _Parts | None:
    authority, slash, path = rest.lstrip("/").partition("/")
    found = _origin(scheme, authority.rpartition("@")[2])
    return None if found is None else _Parts(origin=found, path=_path(slash + path), query=query)


def _relative(path: str, query: str | None, base: _Parts) -> _Parts | None:
    if path.startswith("//"):
        return _absolute(base.origin.scheme, path, query)
    if not path:
        return _Parts(origin=base.origin, path=base.path, query=base.query if query is None else query)
    if not path.startswith("/"):
        path = base.path.rpartition("/")[0] + "/" + path
    return _Parts(origin=base.origin, path=_path(path), query=query)


def _origin(scheme: str, authority: str) -> Origin | None:
    match = _AUTHORITY.fullmatch(authority)
    host = match and _host(match[1])
    if not match or not host:
        return None
    port = int(match[2]) if match[2] and len(match[2]) < 20 else PORTS[scheme] if not match[2] else 65536
    return Origin(scheme=scheme, host=host, port=port) if 0 < port <= 65535 else None


@lru_cache(maxsize=ADDRESSES_KNOWN)
def _host(text: str) -> str | None:
    if text.startswith("["):
        return _ipv6(text[1:-1])
    try:
        host = unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return None
    if not _PLAIN_HOST.fullmatch(host.lower()):
        host = _ascii_host(host)
    host = host.lower()
    if not _HOST.fullmatch(host) or len(host) > 254:
        return None
    labels = host.removesuffix(".").split(".")
    return _ipv4(labels) if _NUMBER.fullmatch(labels[-1]) else host


def _ascii_host(host: str) -> str:
    """Return the IDNA 2008 form, empty where there is none."""
    if len(host) > 1024:  # idna checks letter by letter; no name is that long
        return ""
    try:
        return idna.encode(host, uts46=True).decode()
    except UnicodeError:
        return ""


def _ipv6(text: str) -> str | None:
    try:
        ip = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    if ip.scope_id is not None:
        return None
    if ip.ipv4_mapped is None:
        return ip.compressed
    high, low = divmod(int(ip.ipv4_mapped), 0x10000)  # newer Pythons write it with dots
    return f"::ffff:{high:x}:{low:x}"


def _ipv4(labels: list[str]) -> str | None:
    """Return the address that ``127.1``, ``0x7f000001`` or ``0177.0.0.1`` mean to a browser."""
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) and len(label) < 20 for label in labels):
        return None
    try:
        *high, low = [_number(label) for label in labels]
    except ValueError:
        return None
    if any(part > 255 for part in high) or low >= 256 ** (4 - len(high)):
        return None
    return str(ipaddress.IPv4Address(low + sum(part << (24 - 8 * at) for at, part in enumerate(high))))


def _number(text: str) -> int:
    if text[:2] in ("0x", "0X"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if text.startswith("0") else int(text)


def _path(path: str) -> str:
    kept: list[str] = []
    segments = _escaped(path, _SAFE_IN_PATH).split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(text: str, safe: str) -> str:
    """Escape what must be, unescape what need not be, the rest in capitals; ``%zz`` becomes ``%25zz``."""
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(_ESCAPE.sub(_shortest, text), safe=safe)


def _shortest(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()
