"""Values of config.toml with a syntax of their own: selectors, patterns, hosts, origins, header text."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, HttpUrl

from crawler.config import patterns
from crawler.urls import address, origin
from preses_relizes import __version__

# Longer expressions are mistakes, or take seconds to compile.
_EXPRESSION_CHARS_MAX = 1000
_PATH_BYTES_MAX = 2000
_PRINTABLE = re.compile(r"[ -~]+")
_PRODUCT = re.compile(r"[^\s/;()]+")


def _selector(text: str) -> str:
    # The import takes a tenth of a second, and only [crawler] has selectors.
    import soupsieve  # noqa: PLC0415

    try:
        compiled = soupsieve.compile(text)
    except (soupsieve.SelectorSyntaxError, NotImplementedError, RecursionError, ValueError) as error:
        raise ValueError(f"not a CSS selector: {_first_line(error)}") from error
    # HTML has no namespaces to declare, so such a selector would compile and never match.
    if prefix := next(_namespace_prefixes(compiled.selectors), None):
        raise ValueError(f"not a CSS selector for HTML: undeclared namespace prefix {prefix!r}")
    return text


def _namespace_prefixes(selectors: Iterable[Any]) -> Iterator[str]:  # soupsieve exports no types of its tree
    """Yield the namespace prefixes in a compiled selector, nested ones too."""
    for selector in selectors:
        if not hasattr(selector, "tag"):  # the selector that never matches has no parts
            continue
        for named in (selector.tag, *selector.attributes):
            if named is not None and named.prefix not in (None, "", "*"):
                yield named.prefix
        nested = (selector.relation, *selector.selectors, *(nth.selectors for nth in selector.nth))
        for inner in nested:
            yield from _namespace_prefixes(inner)


def _pattern(text: str) -> str:
    try:
        patterns.check(text)
        re.compile(text)  # `site_paths` derives examples from its syntax tree
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        raise ValueError(f"not a regular expression: {_first_line(error)}") from error
    return text


def _host(text: str) -> str:
    parsed = origin(f"https://{text}")
    if parsed is None or urlsplit(f"//{text}").netloc != text or "@" in text:
        raise ValueError("not a host, e.g. www2.mfa.gov.lv")
    return parsed.name


def _allowed_origin(text: str) -> str:
    parsed = origin(f"http://{text}")
    has_port = re.search(r":[0-9]+$", text) is not None
    if parsed is None or not has_port or urlsplit(f"//{text}").netloc != text or "@" in text:
        raise ValueError("not host:port, e.g. 127.0.0.1:8101")
    return parsed.host_port


def _stamp_authority(text: str) -> str:
    if text and (not text.startswith(("http://", "https://")) or address(text) is None):
        raise ValueError("not the address of a time stamp authority, e.g. http://timestamp.example.org/tsr")
    return text


def _web_address(url: HttpUrl) -> HttpUrl:
    if address(str(url)) is None:
        raise ValueError("not a URL that can be fetched")
    if url.username or url.password:
        raise ValueError("must not contain a user name or password")
    return url


def _header(text: str) -> str:
    text = text.replace("{version}", __version__)
    if not _PRINTABLE.fullmatch(text) or text != text.strip() or not _PRODUCT.match(text):
        raise ValueError("not a User-Agent: must be printable ASCII and begin with the crawler's name")
    return text


def _line(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("must be one line without control characters or surrounding spaces")
    return text


def _path(path: Path) -> Path:
    if "\0" in str(path):
        raise ValueError("not a path: contains a null character")
    if len(os.fsencode(path)) > _PATH_BYTES_MAX or any(len(os.fsencode(part)) > 255 for part in path.parts):
        raise ValueError("not a path: too long for a file system")
    return path


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__


Selector = Annotated[str, Field(min_length=1, max_length=_EXPRESSION_CHARS_MAX), AfterValidator(_selector)]
"""A CSS selector for soupsieve."""
Pattern = Annotated[str, Field(min_length=1, max_length=_EXPRESSION_CHARS_MAX), AfterValidator(_pattern)]
"""A regular expression, searched for in the path of a URL."""
Host = Annotated[str, AfterValidator(_host)]
"""A host name, with its port unless it is the default; stored in lower case and ASCII."""
AllowedOrigin = Annotated[str, AfterValidator(_allowed_origin)]
"""``host:port``."""
StampAuthority = Annotated[str, AfterValidator(_stamp_authority)]
WebAddress = Annotated[HttpUrl, AfterValidator(_web_address)]
UserAgent = Annotated[str, Field(max_length=500), AfterValidator(_header)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line)]
"""Text that fits on one line."""
FilePath = Annotated[Path, AfterValidator(_path)]
