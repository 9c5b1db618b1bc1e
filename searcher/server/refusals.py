"""Answers to requests that are refused before the app sees them: malformed, too large or too late ones."""

import secrets
from dataclasses import dataclass
from typing import Any

from waitress.task import ErrorTask
from waitress.utilities import Error

from searcher.problems import ProblemType, describe_problem, type_of_status
from searcher.problems.problem_types import MALFORMED_REQUEST, REFUSED_REQUEST, RESTARTING
from searcher.server.request_parser import RefusableRequest

_HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
# By then another process may serve.
_RETRY_S = "5"


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that the app did not see."""

    status: int
    request_id: str
    bytes: int
    """The size of the body of the answer."""


class ServiceEndsError(Error):  # type: ignore[misc]  # waitress is not typed
    """The service ends before it can answer."""

    code, reason = 503, "Service Unavailable"


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
        if isinstance(error, ServiceEndsError):
            self.response_headers.append(("Retry-After", _RETRY_S))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.channel.server.on_refusal(Refused(error.code, request_id, len(body)))
        self.write(b"" if getattr(self.request, "command", "") == "HEAD" else body)

    def _explain(self, error: Any) -> tuple[str, str]:
        """Return the media type and the text of the answer."""
        if self._is_for_programs:
            service = self.channel.server.service_address
            text = describe_problem(_kind_of(error), error.code, error.reason, error.body, service=service)
            return "application/problem+json", f"{text}\n"
        return "text/plain; charset=utf-8", f"{error.reason}: {error.body}\n"

    @property
    def _is_for_programs(self) -> bool:
        # A request that the app failed to answer is of waitress's own class.
        return isinstance(self.request, RefusableRequest) and self.request.is_for_programs


def _kind_of(error: Error) -> ProblemType:
    if isinstance(error, ServiceEndsError):
        return RESTARTING
    kind = type_of_status(error.code)
    return MALFORMED_REQUEST if kind is REFUSED_REQUEST or error.code in MALFORMED_REQUEST.statuses else kind
