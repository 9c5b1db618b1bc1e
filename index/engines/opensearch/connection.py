"""The HTTP connection to a cluster: requests, and their errors in one line that names the address."""

import json
import logging
import os
import socket
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionTimeout, OpenSearchException, SSLError, TransportError

from index import deadline
from index.config import ClusterSettings
from index.engines.opensearch.nodes import HangingNodeError, Nodes, NodeSelector
from index.errors import EngineError

Json = Mapping[str, Any]
"""A JSON object, sent or received."""

USER, PASSWORD, API_KEY = "OPENSEARCH_USER", "OPENSEARCH_PASSWORD", "OPENSEARCH_API_KEY"
"""The environment variables with the credentials; these are never in the settings, nor in a log."""

# A request is sent to this number of nodes before it fails; each may be the one that has just died.
_TRIES = 3
# Connections that are kept open to a node: one for each thread of a server.
_CONNECTIONS = 32
_REASON_CHARS = 300
_BAD_REQUEST = 400
UNAVAILABLE = 503
"""The status of an answer that lacks a shard."""
# Half a page of hits would be counted as all of them.
_WHOLE = {"allow_partial_search_results": "false"}
# Only a score needs the statistics of all shards, for which each is asked twice and nothing is cached.
_SCORED, _UNSCORED = "dfs_query_then_fetch", "query_then_fetch"


class RefusedError(EngineError):
    """The cluster refused a request; ``status`` is that of HTTP, 0 if there was no answer."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class _GivenUpError(RefusedError):
    """A node hangs that the request may wait for."""


class ClusterConnection:
    """A connection to the cluster of *settings*; shared by all threads, and opened by the first request.

    If it *leaves_out* nodes that hang, no request may change the cluster: it may be sent again.
    """

    def __init__(self, settings: ClusterSettings, *, leaves_out: bool = False) -> None:
        self.location = f"{settings.urls[0].rstrip('/')}/{settings.prefix}"
        self._url, self._timeout_s = settings.urls[0], settings.timeout_s
        # It would log each request that fails; what fails at last is an error of ours, which `Outages` logs.
        logging.getLogger("opensearch").setLevel(logging.CRITICAL)
        self._client = OpenSearch(
            hosts=list(settings.urls),
            timeout=settings.timeout_s,
            pool_maxsize=_CONNECTIONS,
            max_retries=_TRIES - 1,
            retry_on_status=(502, 504),
            retry_on_timeout=False,
            selector_class=NodeSelector,
            **_options(settings),
        )
        has_others = len(settings.urls) > 1
        self._nodes = Nodes(self._client.transport) if leaves_out and has_others else None

    @property
    def left_out(self) -> frozenset[object]:
        """The nodes that hang, and are asked nothing."""
        return self._nodes.left_out if self._nodes else frozenset()

    @property
    def preference(self) -> dict[str, str]:
        """The option of a search that asks only nodes that answer; none if all do."""
        return self._nodes.preference if self._nodes else {}

    def request(self, method: str, path: Sequence[str], body: object = None, **params: str) -> Json:
        """Send *body* to *path*, and return the answer.

        Raises:
            RefusedError: there is no answer, or it is an error.
        """
        return self._ask(lambda: self._send(method, path, body, params))

    def read(self, method: str, path: Sequence[str], body: object = None, **params: str) -> Json:
        """Return the answer to a request that any copies of the shards can answer; raises as ``request``."""
        try:
            return self._ask(lambda: self._send(method, path, body, params | self.preference))
        except RefusedError as error:
            if error.status != _BAD_REQUEST or not self.preference:
                raise
        # None of the nodes that answer has a copy: those that have are not in `urls`, or hang.
        return self._ask(lambda: self._send(method, path, body, params))

    def search(self, body: Json, path: Sequence[str] = ()) -> Json:
        """Return the answer of all shards.

        Raises:
            EngineError: a shard is missing, failed or took too long.
        """
        path, options = (*path, "_search"), _options_of(body)
        if _is_bound(body):
            return self._check_whole(self._send("POST", path, body, options))
        return self._check_whole(self.read("POST", path, body, **options))

    def search_all(
        self, bodies: Sequence[Json], indices: Mapping[int, str] = MappingProxyType({})
    ) -> list[Json]:
        """Return the answers to several searches, sent at once; some, by their place, are of other *indices*.

        Raises:
            EngineError: one of them is not of all shards.
        """
        if not bodies:
            return []
        lines: list[Json] = []
        for place, body in enumerate(bodies):
            index = {"index": indices[place]} if place in indices else {}
            preference = {} if _is_bound(body) else self.preference
            lines += ({**_options_of(body), **index, **preference}, body)
        answer = self._send("POST", ("_msearch",), write_lines(lines), {})
        answers: list[Json] = answer.get("responses", [])
        for one in answers:
            if "error" in one:
                raise RefusedError(f"{self._url}: {_reason(one)}", int(one.get("status", 0)))
            self._check_whole(one)
        if len(answers) != len(bodies):
            raise RefusedError(f"{self._url}: {len(answers)} answers to {len(bodies)} searches", 0)
        return answers

    def _ask(self, send: Callable[[], Json]) -> Json:
        """Return what *send* returns; if a node is found to hang that it may wait for, send again."""
        try:
            return send()
        except _GivenUpError:
            return send()

    def _send(self, method: str, path: Sequence[str], body: object, params: dict[str, str]) -> Json:
        deadline.check()
        url = "/" + "/".join(quote(part, safe=",*") for part in path)
        send = partial(self._client.transport.perform_request, method, url, params=params, body=body)
        try:
            answer = self._nodes.answer(send) if self._nodes else send()
        except OpenSearchException as error:
            raise self._refused(error) from error
        except HangingNodeError as error:
            raise _GivenUpError(str(error), UNAVAILABLE) from error
        if isinstance(answer, bool):  # of HEAD
            return {"exists": answer}
        if not isinstance(answer, Mapping):
            raise RefusedError(f"{self._url}: does not answer as OpenSearch does", 0)
        return answer

    def _check_whole(self, answer: Json) -> Json:
        shards = answer.get("_shards", {"failed": 1})
        if shards["failed"] or answer.get("timed_out"):
            reason = json.dumps(shards)[:_REASON_CHARS]
            raise RefusedError(f"{self._url}: not all shards answered ({reason})", UNAVAILABLE)
        return answer

    def _refused(self, error: OpenSearchException) -> RefusedError:
        if not isinstance(error, TransportError):
            return RefusedError(f"{self._url}: does not answer as OpenSearch does", 0)
        status = error.status_code
        if isinstance(error, SSLError):
            return RefusedError(f"{self._url}: {_tls_failure(str(error.error))}", 0)
        if not isinstance(status, int):  # "N/A" and "TIMEOUT"
            return RefusedError(f"{self._url}: no answer from the cluster: {_failure(error)}", 0)
        reason = _reason(error.info) or " ".join(str(error.error).split())[:_REASON_CHARS]
        return RefusedError(f"{self._url}: {status}: {reason}", status)


def write_lines(lines: Iterable[Json]) -> str:
    """Return *lines* as newline-delimited JSON."""
    return "".join(f"{json.dumps(line, ensure_ascii=False, separators=(',', ':'))}\n" for line in lines)


def _is_bound(body: Json) -> bool:
    """Return whether only the copies of shards that hold a point in time can answer a search."""
    return "pit" in body


def _options_of(body: Json) -> dict[str, str]:
    """Return the options of a search: one without hits, or in another order, needs no scores."""
    is_scored = body.get("size") != 0 and ("sort" not in body or {"_score": "desc"} in body["sort"])
    return {**_WHOLE, "search_type": _SCORED if is_scored else _UNSCORED}


def _reason(answer: object) -> str:
    """Return the first reason that an error answer gives, on one line."""
    with suppress(KeyError, IndexError, TypeError):
        error = answer["error"]  # type: ignore[index]  # whatever a proxy may answer
        cause = (error.get("root_cause") or [error])[0] if isinstance(error, dict) else {"reason": error}
        return " ".join(str(cause.get("reason") or cause.get("type")).split())[:_REASON_CHARS]
    return ""


def _failure(error: TransportError) -> str:
    """Return why there is no answer: what the system said of the connection."""
    cause: object = error.info
    while (inner := getattr(cause, "reason", None) or getattr(cause, "__cause__", None)) is not None:
        cause = inner
    if isinstance(cause, socket.gaierror):
        return f"the name of the host is not known ({cause.strerror})"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror[:1].lower() + cause.strerror[1:]
    if isinstance(error, ConnectionTimeout):
        return "it took too long"
    return type(cause if isinstance(cause, Exception) else error).__name__


def _tls_failure(text: str) -> str:
    """Return the reason for which a secure connection failed, from the message of OpenSSL."""
    # [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)
    _, code, after = " ".join(text.split()).rpartition("[SSL")
    text = (after.partition("]")[2] if code else after).partition("(_ssl.c")[0].strip()[:_REASON_CHARS]
    refused = "certificate verify failed: "
    if refused not in text:
        return f"no TLS: {text}"
    return f"the certificate is refused: {text.partition(refused)[2]} (index.opensearch.ca_file)"


def _options(settings: ClusterSettings) -> dict[str, Any]:
    """Return the certificate authority and the credentials in the environment, as options of the client."""
    options: dict[str, Any] = {}
    if settings.ca_file.name:
        options["ca_certs"] = str(settings.ca_file)
    if key := os.environ.get(API_KEY):
        options["headers"] = {"Authorization": f"ApiKey {key}"}
    elif user := os.environ.get(USER):
        # Not the option of the client, which cannot send letters such as ā.
        pair = f"{user}:{os.environ.get(PASSWORD, '')}".encode()
        options["headers"] = {"Authorization": f"Basic {b64encode(pair).decode()}"}
    return options
