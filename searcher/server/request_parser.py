"""A request: its first line and headers, and why it is refused before the app sees it."""

import re

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error, RequestHeaderFieldsTooLarge

TARGET_BYTES = 200_000
"""The longest first line; the longest query that the app accepts takes 180,000 bytes when it is encoded."""
# Enough for the method and the beginning of the path.
_BEGINNING_BYTES = 200
_FOR_PROGRAMS = re.compile(rb"\s*[A-Za-z]+ [^ ?]*/(?:api[/? ]|mcp\b|openapi\.json)")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_VERSION = re.compile(rb" HTTP/([0-9]+)(?:\.([0-9]+))?\s*$")
# RFC 3986: a registered name or IPv4 address, or an IPv6 address in brackets; then the port. It may be empty.
_HOST = re.compile(r"(?:[\w.~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?", re.ASCII)
# The head of a request that is refused, for the parts of waitress that look at it.
_REFUSED_HEAD = b"GET / HTTP/1.0\r\n"


class TargetTooLongError(Error):  # type: ignore[misc]  # waitress is not typed
    """The first line is longer than `TARGET_BYTES`."""

    code, reason = 414, "URI Too Long"


class VersionNotSupportedError(Error):  # type: ignore[misc]  # waitress is not typed
    """The request is of another major version of HTTP than 1."""

    code, reason = 505, "HTTP Version Not Supported"


class RefusableRequest(HTTPRequestParser):  # type: ignore[misc]  # waitress is not typed
    """A request that remembers how it began, even if the rest of it is refused.

    Letters in its address need not be encoded: curl and many scripts send `?q=budžets` as it was typed.
    What RFC 9112 wants to be refused, and waitress lets pass, is refused here.
    """

    _beginning = b""

    def received(self, data: bytes) -> int:
        """Process the bytes that arrived."""
        if len(self._beginning) < _BEGINNING_BYTES:
            self._beginning += data[:_BEGINNING_BYTES]
        taken = int(super().received(data))
        if isinstance(self.error, RequestHeaderFieldsTooLarge) and self._is_target_too_long(self.header_plus):
            self._refuse_target()
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers."""
        first_line, line_end, headers = header_plus.partition(b"\r\n")
        version = _VERSION.search(first_line)
        if self._is_target_too_long(first_line):
            self._refuse_target()
        elif version is not None and int(version[1]) != 1:
            super().parse_header(_REFUSED_HEAD)
            self.error = VersionNotSupportedError("this server speaks HTTP/1.1")
        elif version is None:
            raise ParsingError("Start line is invalid")
        else:
            self._parse(_as_known_version(first_line, version), line_end + headers)
            self._check(headers)

    @property
    def is_for_programs(self) -> bool:
        """Whether its path is one of those that answer programs, as far as its beginning shows."""
        return _FOR_PROGRAMS.match(self._beginning) is not None

    def _parse(self, first_line: bytes, rest: bytes) -> None:
        encoded = _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], first_line)
        try:
            super().parse_header(encoded + rest)
        except ValueError as error:  # an address such as `http://[`, a length of thousands of digits
            raise ParsingError("Malformed address or length") from error
        # Waitress compares the whole list with each option.
        options = {option.strip().lower() for option in self.headers.get("CONNECTION", "").split(",")}
        kept = next((option for option in ("close", "keep-alive") if option in options), "")
        self.headers["CONNECTION"] = kept

    def _check(self, headers: bytes) -> None:
        """Raise ParsingError if it is not clear for which host the request is, or where it ends."""
        hosts = sum(line[:5].lower() == b"host:" for line in headers.split(b"\r\n"))
        if hosts > 1 or (hosts == 0 and self.version == "1.1"):
            raise ParsingError(f"Exactly one Host header is needed, not {hosts}")
        if not _HOST.fullmatch(self.headers.get("HOST", "")):
            raise ParsingError("Host is invalid")
        is_length_given = "CONTENT_LENGTH" in self.headers
        if (self.chunked and is_length_given) or "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding needs HTTP/1.1 and no Content-Length")

    def _is_target_too_long(self, head: bytes) -> bool:
        return len(head.lstrip().partition(b"\r\n")[0]) > TARGET_BYTES

    def _refuse_target(self) -> None:
        super().parse_header(_REFUSED_HEAD)
        self.error = TargetTooLongError(f"longer than {TARGET_BYTES:,} bytes")


def _as_known_version(first_line: bytes, version: re.Match[bytes]) -> bytes:
    """Return *first_line* with version 1.1 instead of a higher one: RFC 9110 has it treated so."""
    if version[2] and int(version[2]) > 1:
        return first_line[: version.start()] + b" HTTP/1.1"
    return first_line
