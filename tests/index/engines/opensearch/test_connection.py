"""Requests to a cluster: whole answers or an error in one line, and credentials in no message."""

import json
import logging
import socket
from contextlib import closing
from pathlib import Path

import pytest

from index.config import ClusterSettings
from index.engines.opensearch.connection import API_KEY, PASSWORD, USER, ClusterConnection, Json, RefusedError
from tests.support.answering_server import Prepared, answer_in_turn
from tests.support.certificates import make_certificate, server_context

WHOLE = {"timed_out": False, "_shards": {"total": 2, "successful": 2, "failed": 0}, "hits": {}}


def prepare(answer: object, status: int = 200) -> Prepared:
    return Prepared(status, json.dumps(answer).encode())


def connect(url: str) -> ClusterConnection:
    return ClusterConnection(ClusterSettings(urls=(url,), prefix="test", timeout_s=30))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (prepare(WHOLE | {"timed_out": True}), "not all shards answered"),
        (prepare(WHOLE | {"_shards": {"total": 2, "failed": 1}}), "not all shards answered"),
        (prepare({}), "not all shards answered"),
        (
            prepare({"error": {"root_cause": [{"reason": "all\nshards failed"}]}}, 503),
            "503: all shards failed",
        ),
        (prepare({"error": "no handler"}, 400), "400: no handler"),
        (Prepared(200, b"<h1>It works</h1>", "text/html"), "does not answer as OpenSearch does"),
        (Prepared(200, b"{", "application/json"), "does not answer as OpenSearch does"),
        (Prepared(502, b"Bad Gateway", "text/plain"), "502: "),
        (prepare([]), "does not answer as OpenSearch does"),
    ],
)
def test_an_answer_that_is_not_whole_is_an_error_in_one_line(answer: Prepared, message: str) -> None:
    with answer_in_turn([answer]) as serving, pytest.raises(RefusedError, match=message) as refused:
        connect(serving.url).search({"size": 0})
    assert str(refused.value).startswith(serving.url)
    assert str(refused.value).isprintable()


PARTIAL = WHOLE | {"_shards": {"total": 2, "failed": 1}}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([WHOLE, PARTIAL], "not all shards answered"),
        ([WHOLE], "1 answers to 2 searches"),
        ([WHOLE, {"error": {"reason": "too busy"}, "status": 429}], "too busy"),
    ],
)
def test_each_of_several_searches_must_be_answered_in_full(answers: list[object], message: str) -> None:
    raises = pytest.raises(RefusedError, match=message)
    with answer_in_turn([prepare({"responses": answers})]) as serving, raises:
        connect(serving.url).search_all([{"size": 0}, {"size": 0}])


def test_a_cluster_that_is_away_is_named_in_the_error_alone(caplog: pytest.LogCaptureFixture) -> None:
    with answer_in_turn([prepare(WHOLE)]) as serving:
        url = serving.url
    with pytest.raises(RefusedError, match=f"{url}: no answer from the cluster"):
        connect(url).search({"size": 0})
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:9", "connection refused"),
        ("http://nowhere.invalid:9200", "the name of the host is not known"),
    ],
)
def test_a_node_that_is_not_reached_is_told_from_a_name_that_is_not_known(url: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=f"{url}: no answer from the cluster: {reason}"):
        connect(url).search({"size": 0})


def test_a_node_that_hangs_took_too_long() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = ClusterSettings(urls=(url,), prefix="test", timeout_s=0.2)
        with pytest.raises(RefusedError, match="no answer from the cluster: it took too long"):
            ClusterConnection(settings).search({"size": 0})


def test_the_next_node_answers_for_one_that_is_away() -> None:
    with answer_in_turn([prepare(WHOLE)]) as away:
        url = away.url
    with answer_in_turn([prepare(WHOLE)]) as serving:
        settings = ClusterSettings(urls=(url, serving.url), prefix="test")
        assert ClusterConnection(settings).search({"size": 0}) == WHOLE


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({USER: "meklētājs", PASSWORD: "pārāk slepena"}, "Basic "),
        ({API_KEY: "bm90LWEta2V5"}, "ApiKey bm90LWEta2V5"),
        ({}, None),
    ],
)
def test_credentials_come_from_the_environment_and_are_never_logged(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    environment: dict[str, str],
    header: str | None,
) -> None:
    for name in (USER, PASSWORD, API_KEY):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.DEBUG)
    with (
        answer_in_turn([prepare({"error": "refused"}, 401)]) as serving,
        pytest.raises(RefusedError) as refused,
    ):
        connect(serving.url).search({"size": 0})
    sent = serving.requests[0][1].get("authorization")
    assert sent is None if header is None else sent is not None and sent.startswith(header)
    shown = f"{refused.value}{caplog.text}"
    assert [value for value in (*environment.values(), sent) if value and value in shown] == []


# --- TLS -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A certificate for the node, one that no one trusts, and one for another host."""
    folder = tmp_path_factory.mktemp("certificates")
    names = {"right": "IP:127.0.0.1", "unknown": "IP:127.0.0.1", "other": "DNS:example.org"}
    return {name: make_certificate(folder, name, alternative) for name, alternative in names.items()}


def search_over_tls(shown: Path, trusted: Path) -> Json:
    with answer_in_turn([prepare(WHOLE)], server_context(shown)) as serving:
        settings = ClusterSettings(urls=(serving.url,), prefix="test", timeout_s=30, ca_file=trusted)
        return ClusterConnection(settings).search({"size": 0})


def test_a_node_with_a_trusted_certificate_is_asked(certificates: dict[str, Path]) -> None:
    assert search_over_tls(certificates["right"], certificates["right"]) == WHOLE


@pytest.mark.parametrize(
    ("shown", "trusted", "reason"),
    [
        ("unknown", "right", "self-signed certificate"),
        ("other", "other", "IP address mismatch, certificate is not valid for '127.0.0.1'"),
    ],
)
def test_a_certificate_that_proves_nothing_is_refused_in_one_line(
    certificates: dict[str, Path], shown: str, trusted: str, reason: str
) -> None:
    with pytest.raises(RefusedError, match=f": the certificate is refused: {reason}.*ca_file") as refused:
        search_over_tls(certificates[shown], certificates[trusted])
    assert str(refused.value).isprintable()


def test_a_node_without_tls_is_named() -> None:
    with answer_in_turn([prepare(WHOLE)]) as serving:
        url = serving.url.replace("http:", "https:")
        with pytest.raises(RefusedError, match=f"{url}: no TLS: "):
            connect(url).search({"size": 0})
