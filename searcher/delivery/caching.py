"""Validators: a client that has the current answer gets 304, before any search runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path

from flask import Response, request
from werkzeug.http import is_resource_modified, quote_etag

from searcher.delivery.answer_cache import find_or_make

_PACKAGES = ("index", "preses_relizes", "searcher")
_SUFFIXES = {".css", ".html", ".js", ".po", ".py", ".svg"}
# Browsers and proxies may store an answer, but revalidate it each time, so a new index shows at once.
_REVALIDATE = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Version:
    """Identifies what answers depend on besides the request."""

    digest: str
    modified: datetime
    """When the newest of it changed (UTC)."""

    @classmethod
    def of(cls, *parts: str, modified: datetime) -> "Version":
        """Return the version that changes with each of *parts*."""
        return cls(_digest(*parts), modified.astimezone(UTC))


def program_version(*settings: Path) -> Version:
    """Return the version of our code, templates and texts, and of the files of *settings*."""
    chosen, ours = _version_of(*settings), _our_version()
    return Version.of(chosen.digest, ours.digest, modified=max(chosen.modified, ours.modified))


@cache  # a process may make several apps
def _our_version() -> Version:
    return _version_of(*_program_files())


def _version_of(*files: Path) -> Version:
    modified = max((path.stat().st_mtime for path in files), default=0)
    texts = (path.read_bytes().decode("utf-8", "replace") for path in files)
    return Version.of(*texts, modified=datetime.fromtimestamp(modified, UTC))


def _program_files() -> Iterator[Path]:
    root = Path(__file__).parents[2]
    for package in _PACKAGES:
        yield from sorted(path for path in (root / package).rglob("*") if path.suffix in _SUFFIXES)


def answer_unless_known(version: Version, answer: Callable[[], Response]) -> Response:
    """Return 304 if the client has the answer of this *version*, else one from the cache or from *answer*.

    The entity tag is weak: answers report how long they took.
    """
    tag = _digest(version.digest, request.path, request.query_string.decode("latin-1"))
    is_modified = is_resource_modified(
        request.environ, etag=quote_etag(tag, weak=True), last_modified=version.modified
    )
    response = find_or_make(tag, answer) if is_modified else Response(status=HTTPStatus.NOT_MODIFIED)
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        response.set_etag(tag, weak=True)
        response.last_modified = version.modified
        response.headers["Cache-Control"] = _REVALIDATE
    return response


def tag_by_content(response: Response, modified: datetime | None = None) -> Response:
    """Return *response* with an entity tag of its body, or 304 if the client has it.

    For answers from the store, which has no version that could be checked first.
    """
    response.set_etag(_digest(response.get_data(as_text=True)), weak=True)
    if modified is not None:  # else werkzeug would send the current time
        response.last_modified = modified
    response.headers["Cache-Control"] = _REVALIDATE
    response.make_conditional(request)
    return response


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
