import gzip
import json

import brotli
import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from searcher.delivery.compression import compress_answers

ADDRESS = "/api/v1/search?q=valsts"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("br;q=0.5, gzip", "gzip")],
)
def test_an_answer_is_compressed_as_the_client_accepts(
    client: FlaskClient, accepted: str, chosen: str
) -> None:
    plain = client.get(ADDRESS)
    packed = client.get(ADDRESS, headers={"Accept-Encoding": accepted})
    assert packed.headers["Content-Encoding"] == chosen
    assert json.loads(UNPACK[chosen](packed.data))["hits"] == plain.get_json()["hits"]
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert len(packed.data) < len(plain.data) / 2


def test_without_consent_nothing_is_compressed(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_page_is_small_on_the_wire(client: FlaskClient) -> None:
    page = client.get("/?q=valsts", headers={"Accept-Encoding": "br"})
    assert len(page.data) < 15_000


@pytest.fixture
def typed() -> FlaskClient:
    """A client of an app whose answers have the type that their address names: /text/html."""
    app = Flask(__name__)
    compress_answers(app)

    @app.get("/<path:mime_type>")
    def answer(mime_type: str) -> Response:
        whole = "ziņa " * 1_000
        return Response(iter([whole]) if "stream" in request.args else whole, mimetype=mime_type)

    return app.test_client()


@pytest.mark.parametrize(
    ("mime_type", "encoding"),
    [
        *(
            (mime_type, "br")
            for mime_type in (
                "application/atom+xml",
                "application/feed+json",
                "application/javascript",
                "application/json",
                "application/opensearchdescription+xml",
                "application/problem+json",
                "application/x-ndjson",
                "application/xml",
                "image/svg+xml",
                "text/css",
                "text/csv",
                "text/html",
                "text/javascript",
                "text/plain",
            )
        ),
        ("application/zip", None),
        ("image/png", None),
    ],
)
def test_what_is_text_is_compressed(typed: FlaskClient, mime_type: str, encoding: str | None) -> None:
    for address in (mime_type, f"{mime_type}?stream"):
        answer = typed.get(address, headers={"Accept-Encoding": "gzip, zstd, br"})
        assert answer.headers.get("Content-Encoding") == encoding


@pytest.mark.parametrize("address", ["/text/html", "/text/html?stream"])
@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [("gzip, zstd, br", "br"), ("gzip, zstd", "zstd"), ("gzip", "gzip"), ("deflate", None)],
)
def test_the_smallest_form_is_chosen(
    typed: FlaskClient, address: str, accepted: str, chosen: str | None
) -> None:
    answer = typed.get(address, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == chosen


def test_pages_are_compressed_in_little_time(typed: FlaskClient) -> None:
    whole = typed.get("/text/html")
    packed = typed.get("/text/html", headers={"Accept-Encoding": "br"})
    assert packed.data == brotli.compress(whole.data, quality=2)
