import logging
import re
from collections.abc import Callable
from contextvars import Context
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from searcher import create_app
from searcher.delivery.request_ids import HEADER, RequestIds, current_request_id, log_with_ids
from tests.support.addresses import PATHS


def test_every_answer_has_its_own_request_id(client: FlaskClient, release_id: str) -> None:
    ids = [client.get(path.format(id=release_id), follow_redirects=False).headers[HEADER] for path in PATHS]
    assert all(re.fullmatch("[0-9a-f]{16}", request_id) for request_id in ids)
    assert len({*ids}) == len(PATHS)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text("[searcher]\nproxies = 1\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("sent", "is_kept"),
    [("abc-123._", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("ā", False), ("", False)],
)
def test_only_a_plain_id_of_a_trusted_proxy_is_kept(config: Path, sent: str, *, is_kept: bool) -> None:
    answer = (
        create_app(config).test_client().get("/palidziba", headers={HEADER: sent.encode().decode("latin-1")})
    )
    assert (answer.headers[HEADER] == sent) == is_kept


def test_without_a_proxy_the_id_of_the_client_is_ignored(client: FlaskClient) -> None:
    assert client.get("/palidziba", headers={HEADER: "chosen"}).headers[HEADER] != "chosen"


def test_log_lines_have_the_id_of_the_request(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = [*root.handlers]
    log_with_ids()
    try:
        # There is no index, which is logged.
        answer = create_app(config).test_client().get("/api/v1/search", headers={HEADER: "r-1"})
    finally:
        root.handlers[:] = before
    assert (answer.status_code, current_request_id()) == (503, "r-1")
    assert re.search(r"ERROR \[r-1\] .*no index", capsys.readouterr().err)


def answered(sent: str | None, *, is_proxied: bool) -> tuple[str, str]:
    """Return the id in an answer, and the one that the app saw."""
    seen: list[str] = []

    def app(_: object, start: Callable[..., object]) -> list[bytes]:
        seen.append(current_request_id())
        start("200 OK", [("X-A", "b")])
        return [b""]

    environ = create_environ("/") | ({} if sent is None else {"HTTP_X_REQUEST_ID": sent})
    _, _, headers = run_wsgi_app(RequestIds(app, is_proxied=is_proxied), environ)
    assert headers["X-A"] == "b"
    return headers["X-Request-ID"], seen[0]


@pytest.mark.parametrize("is_proxied", [False, True])
@pytest.mark.parametrize("sent", ["r-1", None, "a\n", "x" * 65])
def test_app_and_answer_have_the_same_id(sent: str | None, *, is_proxied: bool) -> None:
    in_answer, in_app = answered(sent, is_proxied=is_proxied)
    assert in_answer == in_app
    assert (in_answer == sent) == (is_proxied and sent == "r-1")
    assert in_answer == "r-1" or re.fullmatch("[0-9a-f]{16}", in_answer)


def test_outside_of_requests_there_is_no_id() -> None:
    assert Context().run(current_request_id) == "-"
