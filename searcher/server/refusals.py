"""Answers to requests that are refused before the app sees them: malformed or too large ones."""

import json
import re
import secrets
from dataclasses import dataclass
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask

# Enough for the method and the beginning of the path.
_BEGINNING_BYTES = 200
_FOR_PROGRAMS = re.compile(rb"\s*[A-Za-z]+ [^ ?]*/(?:api/|mcp\b|openapi\.json)")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that the app did not see."""

    status: int
    request_id: str
    bytes: int
    """The size of the body of the answer."""


class RefusableRequest(HTTPRequestParser):  # type: ignore[misc]  # waitress is not typed
    """A request that remembers how it began, even if the rest of it is refused.

    Letters in its address need not be encoded: curl and many scripts send `?q=budžets` as it was typed.
    """

    _beginning = b""

    def received(self, data: bytes) -> int:
        """Process the bytes that arrived."""
        if len(self._beginning) < _BEGINNING_BYTES:
            self._beginning += data[:_BEGINNING_BYTES]
        return int(super().received(data))

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers."""
        first_line, line_end, headers = header_plus.partition(b"\r\n")
        encoded = _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], first_line)
        super().parse_header(encoded + line_end + headers)

    @property
    def is_for_programs(self) -> bool:
        """Whether its path is one of those that answer programs, as far as its beginning shows."""
        return _FOR_PROGRAMS.match(self._beginning) is not None


class RefusalTask(ErrorTask):  # type: ignore[misc]  # waitress is not typed
    """Refuses a request: with problem details (RFC 9457) on a path for programs, else with a line of text."""

    def execute(self) -> None:
        """Send the answer."""
        error, request_id = self.request.error, secrets.token_hex(8)
        kind, text = self._explain(error)
        body = text.encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend((("Content-Type", kind), ("X-Request-ID", request_id), *_HEADERS))
        if self._is_for_programs:  # a script may read why its request failed, as in the answers of the app
            self.response_headers.append(("Access-Control-Allow-Origin", "*"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.channel.server.on_refusal(Refused(error.code, request_id, len(body)))
        self.write(body)

    def _explain(self, error: Any) -> tuple[str, str]:
        """Return the media type and the text of the answer."""
        if self._is_for_programs:
            problem = {"type": "about:blank", "title": error.reason, "status": error.code}
            text = json.dumps(problem | {"detail": error.body, "errors": {}})
            return "application/problem+json", f"{text}\n"
        return "text/plain; charset=utf-8", f"{error.reason}: {error.body}\n"

    @property
    def _is_for_programs(self) -> bool:
        # A request that the app failed to answer is of waitress's own class.
        return isinstance(self.request, RefusableRequest) and self.request.is_for_programs
