import gzip
import json

import brotli
import pytest
from flask.testing import FlaskClient

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
