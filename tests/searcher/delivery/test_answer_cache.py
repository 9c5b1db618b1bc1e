import gzip
from collections.abc import Iterator
from itertools import count

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from searcher.delivery.answer_cache import ANSWER_BYTES, ANSWERS_BYTES, cache_answers, find_or_make, on_reuse
from searcher.delivery.compression import compress_answers


@pytest.fixture
def numbering() -> Iterator[FlaskClient]:
    """Return a client of an app whose answers are numbered as they are made: /TAG/STATUS/CHARACTERS."""
    app, numbers = Flask(__name__), count(1)
    cache_answers(app)
    compress_answers(app)

    @app.get("/<tag>/<int:status>/<int:chars>")
    def answer(tag: str, status: int, chars: int) -> Response:
        return find_or_make(tag, lambda: _text(next(numbers), status, chars))

    with app.test_client() as client:
        yield client


def _text(number: int, status: int, chars: int) -> Response:
    response = Response(str(number).ljust(chars), status, mimetype="text/plain")
    response.headers["Link"] = f"</{number}>"
    return response


def test_an_answer_is_made_once(numbering: FlaskClient) -> None:
    first, second = (numbering.get("/a/200/1000") for _ in range(2))
    assert first.text.strip() == "1"
    assert (second.data, second.headers) == (first.data, first.headers)


def test_another_tag_has_another_answer(numbering: FlaskClient) -> None:
    assert [numbering.get(f"/{tag}/200/1").text for tag in "aba"] == ["1", "2", "1"]


def test_a_kept_answer_is_compressed_as_its_client_accepts(numbering: FlaskClient) -> None:
    for _ in range(2):
        plain = numbering.get("/a/200/1000")
        zipped = numbering.get("/a/200/1000", headers={"Accept-Encoding": "gzip"})
        assert (plain.headers.get("Content-Encoding"), plain.text.strip()) == (None, "1")
        assert (zipped.headers["Content-Encoding"], gzip.decompress(zipped.data).strip()) == ("gzip", b"2")
        assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"


def test_an_answer_to_head_is_kept_with_its_body(numbering: FlaskClient) -> None:
    assert numbering.head("/a/200/1000").data == b""
    assert numbering.get("/a/200/1000").text.strip() == "1"


def test_an_error_is_not_kept(numbering: FlaskClient) -> None:
    assert [numbering.get("/a/503/1").text for _ in range(2)] == ["1", "2"]


def test_a_very_large_answer_is_not_kept(numbering: FlaskClient) -> None:
    answers = [numbering.get(f"/a/200/{ANSWER_BYTES + 1}").text.strip() for _ in range(2)]
    assert answers == ["1", "2"]


def test_an_answer_to_an_odd_client_is_not_kept(numbering: FlaskClient) -> None:
    """Else strangers could fill the memory with keys."""
    odd = {"Accept-Encoding": "identity, " + "x" * 200}
    assert [numbering.get("/a/200/1", headers=odd).text for _ in range(2)] == ["1", "2"]


def test_the_query_counts_in_the_room_that_an_answer_takes(numbering: FlaskClient) -> None:
    long = "x" * 200_000
    requests = ANSWERS_BYTES // (4 * len(long)) + 1
    for number in range(requests):
        numbering.get(f"/{number}/200/1?q={long}")
    assert numbering.get(f"/0/200/1?q={long}").text.strip() == str(requests + 1)


def test_the_oldest_answer_makes_room(numbering: FlaskClient) -> None:
    tags = ANSWERS_BYTES // ANSWER_BYTES + 1
    for tag in range(tags):
        numbering.get(f"/{tag}/200/{ANSWER_BYTES}")
    assert numbering.get(f"/{tags - 1}/200/{ANSWER_BYTES}").text.strip() == str(tags)
    assert numbering.get(f"/0/200/{ANSWER_BYTES}").text.strip() == str(tags + 1)


@pytest.mark.parametrize("address", ["/?q=valsts", "/en/?q=valsts", "/api/v1/search?q=valsts"])
def test_a_search_asked_again_has_the_same_answer(client: FlaskClient, address: str) -> None:
    first, again = (client.get(address, headers={"Accept-Encoding": "br"}) for _ in range(2))
    assert again.data == first.data
    assert _headers(again) == _headers(first)


def _headers(answer: TestResponse) -> set[tuple[str, str]]:
    """Return the headers of an answer without those that differ each time."""
    return {(name, value) for name, value in answer.headers if name not in {"Date", "X-Request-ID"}}


@pytest.mark.parametrize(("chars", "second"), [(200, "1"), (201, "2")])
def test_an_answer_is_kept_for_clients_that_say_briefly_what_they_accept(
    numbering: FlaskClient, chars: int, second: str
) -> None:
    accepted = {"Accept-Encoding": "identity".ljust(chars, "x")}
    assert [numbering.get("/a/200/1", headers=accepted).text for _ in range(2)] == ["1", second]


def test_the_cache_holds_32_megabytes_in_answers_of_at_most_one() -> None:
    assert (ANSWERS_BYTES, ANSWER_BYTES) == (32 * 1024 * 1024, 1024 * 1024)


@pytest.fixture
def acting() -> Iterator[tuple[FlaskClient, list[str]]]:
    """Return a client of an app whose answers act when they are sent again, and what they did."""
    app, acts = Flask(__name__), list[str]()
    cache_answers(app)

    @app.get("/<tag>")
    def answer(tag: str) -> Response:
        def make() -> Response:
            if tag != "silent":
                on_reuse(lambda: acts.append(tag))
            return Response((part for part in "xy") if tag == "stream" else "xy")

        return find_or_make(tag, make)

    with app.test_client() as client:
        yield client, acts


def test_an_answer_acts_whenever_it_is_sent_again(acting: tuple[FlaskClient, list[str]]) -> None:
    client, acts = acting
    for path, done in (("/a", []), ("/a", ["a"]), ("/b", ["a"]), ("/a", ["a", "a"]), ("/silent", ["a", "a"])):
        assert client.get(path).text == "xy"
        assert acts == done
    assert client.get("/silent").text == "xy"
    assert acts == ["a", "a"]


def test_a_stream_is_not_kept(acting: tuple[FlaskClient, list[str]]) -> None:
    client, acts = acting
    assert [client.get("/stream").text for _ in range(2)] == ["xy", "xy"]
    assert acts == []


def test_outside_of_requests_nothing_is_noted_for_later() -> None:
    on_reuse(lambda: None)
