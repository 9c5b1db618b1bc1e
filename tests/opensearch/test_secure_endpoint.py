"""A cluster behind TLS: credentials come from the environment, are needed, and stay secret."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.parity import delete_indices
from index.engines.opensearch.connection import API_KEY, PASSWORD, USER
from tests.opensearch.installation import Installation
from tests.opensearch.secure_endpoint import secured
from tests.support.certificates import make_certificate

RELEASES = 5
NAME, SECRET, KEY = "meklētājs", "ļoti-slepena-parole", "bm90LWEta2V5"
BASIC = f"Basic {b64encode(f'{NAME}:{SECRET}'.encode()).decode()}"
SIGNED_IN = {
    "a user and a password": (BASIC, {USER: NAME, PASSWORD: SECRET}),
    "an API key": (f"ApiKey {KEY}", {API_KEY: KEY}),
}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path, "right", "IP:127.0.0.1")


@pytest.fixture
def made(opensearch_urls: tuple[str, ...], tmp_path: Path) -> Iterator[Installation]:
    """An installation without an index, whose addresses each test names."""
    installation = Installation(tmp_path / "secure", opensearch_urls)
    installation.fill(RELEASES)
    yield installation
    delete_indices(opensearch_urls[0], installation.prefix)


def behind(made: Installation, address: str, ca_file: Path) -> Installation:
    """Return the installation with the settings for an endpoint."""
    secure = Installation(made.config.parent, [address], prefix=made.prefix)
    settings = secure.config.read_text(encoding="utf-8")
    named = settings.replace("[index.opensearch]", f'[index.opensearch]\nca_file = "{ca_file}"')
    secure.config.write_text(named, encoding="utf-8")
    return secure


@pytest.fixture(params=list(SIGNED_IN.values()), ids=list(SIGNED_IN))
def authorization(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The header that requests must have; its credentials are in the environment."""
    header, environment = request.param
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return str(header)


def test_an_index_is_built_and_searched_over_tls(
    opensearch_urls: tuple[str, ...], made: Installation, certificate: Path, authorization: str
) -> None:
    with secured(opensearch_urls[0], certificate, authorization) as address:
        secure = behind(made, address, certificate)
        assert secure.reindex() == (0, [])
        answer = secure.client().get("/api/v1/search")
    assert (answer.status_code, answer.get_json()["total"]) == (200, RELEASES)


def test_wrong_credentials_are_an_error_without_the_secret(
    opensearch_urls: tuple[str, ...], made: Installation, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(USER, NAME)
    monkeypatch.setenv(PASSWORD, f"{SECRET}?")
    with secured(opensearch_urls[0], certificate, BASIC) as address:
        secure = behind(made, address, certificate)
        code, messages = secure.reindex()
        shown = secure.client().get("/api/v1/search")
    assert (code, messages) == (4, [f"reindex: {address}: 401: Unauthorized"])
    assert shown.status_code == 503
    assert SECRET not in shown.text
