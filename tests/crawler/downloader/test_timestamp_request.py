import pytest

from crawler.downloader import FetchError
from crawler.downloader.timestamp_request import ask_authority
from crawler.downloader.transport import tls_context
from tests.support.answering_server import Prepared, answer_in_turn, answer_with


def ask(url: str) -> bytes:
    return ask_authority(url, b"query", tls=tls_context())


@pytest.mark.parametrize(
    ("prepared", "message"),
    [
        (Prepared(503, b""), "status 503"),
        (Prepared(302, b""), "status 302"),
        (Prepared(200, bytes((1 << 18) + 1)), "too large"),
    ],
)
def test_an_authority_that_does_not_answer_is_named(prepared: Prepared, message: str) -> None:
    with answer_in_turn([prepared]) as serving, pytest.raises(FetchError, match=message) as caught:
        ask(serving.url)
    assert str(caught.value).startswith(serving.url)


def test_an_authority_that_is_not_there_is_named() -> None:
    with answer_in_turn([Prepared(200, b"")]) as gone:
        url = gone.url
    with pytest.raises(FetchError, match="Connection refused"):
        ask(url)


def test_the_query_is_sent_as_the_standard_says() -> None:
    with answer_with(lambda _path, query: Prepared(200, query)) as serving:
        assert ask(f"{serving.url}/tsr") == b"query"
    [(path, headers, _)] = serving.requests
    assert (path, headers["content-type"]) == ("/tsr", "application/timestamp-query")
