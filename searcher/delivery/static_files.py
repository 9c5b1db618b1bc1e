"""Static files under addresses with their digest, which browsers need never request again."""

import mimetypes
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from flask import Flask, Response, abort

from searcher.delivery.caching import tag_by_content

_DIGEST_BYTES = 6
# A year, the longest that RFC 9111 caches are expected to keep anything.
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the folder `static`."""

    body: bytes
    mime_type: str
    address: str
    """Its name with the digest of its content: ``style.0f1e2d3c4b5a.css``."""


def add_static_files(app: Flask, folder: Path) -> None:
    """Serve the files of *folder* at ``/static/``; ``url_for("static", ...)`` adds the digest to the name."""
    files = {path.name: _read(path) for path in folder.iterdir()}
    by_address = {file.address: file for file in files.values()}

    def static(filename: str) -> Response:
        if file := by_address.get(filename):
            response = Response(file.body, content_type=file.mime_type)
            response.headers["Cache-Control"] = FOREVER
            return response
        if file := files.get(filename):
            return tag_by_content(Response(file.body, content_type=file.mime_type))
        return abort(HTTPStatus.NOT_FOUND)

    def add_digest(endpoint: str, values: dict[str, str]) -> None:
        if endpoint == "static" and values.get("filename") in files:
            values["filename"] = files[values["filename"]].address

    app.add_url_rule("/static/<path:filename>", "static", static)
    app.url_default_functions.setdefault(None, []).append(add_digest)


def _read(path: Path) -> StaticFile:
    body = path.read_bytes()
    name = PurePosixPath(path.name)
    digest = blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()
    mime_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if mime_type.startswith("text/") else ""
    return StaticFile(body, mime_type + charset, f"{name.stem}.{digest}{name.suffix}")
