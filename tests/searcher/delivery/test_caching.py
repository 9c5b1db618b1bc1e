import os
import shutil
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

import searcher
from searcher import create_app
from searcher.delivery.answer_cache import cache_answers
from searcher.delivery.caching import Version, answer_unless_known, program_version, tag_by_content
from tests.conftest import Walk, run_command

SEARCHES = ("/?q=valsts", "/en/?q=valsts", "/api/v1/search?q=valsts")


@pytest.mark.parametrize("address", SEARCHES)
def test_a_client_that_has_the_answer_gets_304(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert first.headers["ETag"].startswith('W/"')
    assert first.headers["Cache-Control"] == "public, no-cache"
    by_tag = client.get(address, headers={"If-None-Match": f'"x", {first.headers["ETag"]}'})
    by_time = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    for answer in (by_tag, by_time):
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == first.headers["ETag"]
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_each_search_has_its_own_tag(client: FlaskClient) -> None:
    tags = [client.get(address).headers["ETag"] for address in (*SEARCHES, "/?q=valsts&page=2")]
    assert len({*tags}) == len(tags)
    stale = client.get(SEARCHES[0], headers={"If-None-Match": tags[1]})
    assert stale.status_code == 200


@pytest.mark.parametrize("path", ["/releases/{}", "/en/releases/{}", "/palidziba"])
def test_pages_from_the_store_are_tagged_by_their_content(
    client: FlaskClient, release_id: str, path: str
) -> None:
    address = path.format(release_id)
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("address", ["/?page=0", "/api/v1/search?page=0", "/nowhere"])
def test_an_error_is_not_cached(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.headers["Cache-Control"], "ETag" in answer.headers) == ("no-store", False)


@pytest.mark.parametrize("status", [200, 302, 400, 404, 429, 500, 503])
def test_only_an_answer_that_is_whole_is_tagged(client: FlaskClient, status: int) -> None:
    version = Version.of("x", modified=datetime.now(UTC))
    with client.application.test_request_context("/?q=valsts"):
        answer = answer_unless_known(version, lambda: Response(status=status))
    tagged = {"ETag", "Last-Modified", "Cache-Control"} & {*answer.headers.keys()}
    assert len(tagged) == (3 if status == 200 else 0)


def test_a_new_index_changes_the_tag(walked: Walk, tmp_path: Path) -> None:
    data = Path(shutil.copytree(walked.config.parent, tmp_path / "data"))
    text = walked.config.read_text(encoding="utf-8").replace(str(walked.config.parent), str(data))
    config = tmp_path / "config.toml"
    config.write_text(text, encoding="utf-8")
    client = create_app(config).test_client()
    before = client.get(SEARCHES[2]).headers
    run_command("reindex", "--config", str(config), "--full")
    after = client.get(SEARCHES[2], headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, after.headers["ETag"] != before["ETag"]) == (200, True)


def test_the_version_changes_with_the_settings(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    before = program_version(config)
    assert program_version(config) == before
    config.write_text("[searcher]\nper_page = 20\n", encoding="utf-8")
    os.utime(config, (4e9, 4e9))
    after = program_version(config)
    assert after.digest != before.digest
    assert after.modified == datetime.fromtimestamp(4e9, UTC)


def test_each_part_counts_in_a_version() -> None:
    now = datetime.now(UTC)
    digests = [Version.of(*parts, modified=now).digest for parts in (("a", "b"), ("ab",), ("b", "a"))]
    assert len({*digests}) == 3


def test_the_version_is_that_of_our_code_templates_and_texts(tmp_path: Path) -> None:
    root = Path(searcher.__file__).parents[1]
    ours = [
        path
        for package in ("index", "preses_relizes", "searcher")
        for path in (root / package).rglob("*")
        if path.suffix in {".css", ".html", ".js", ".po", ".py", ".svg"}
    ]
    newest = max(path.stat().st_mtime for path in ours)
    assert program_version().modified == datetime.fromtimestamp(newest, UTC)
    old = tmp_path / "config.toml"
    old.write_text("a", encoding="utf-8")
    os.utime(old, (0, 0))
    assert program_version(old).modified == program_version().modified
    assert program_version(old).digest != program_version().digest


def test_a_version_is_of_universal_time() -> None:
    riga = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=3)))
    version = Version.of("x", modified=riga)
    assert (version.modified, version.modified.tzinfo) == (riga, UTC)
    assert len(version.digest) == 24


def test_settings_that_are_not_unicode_have_a_version(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff")
    assert program_version(tmp_path / "a").digest != program_version().digest


@pytest.fixture
def tagging() -> FlaskClient:
    """A client of an app whose answers depend on a version, or on their text alone."""
    app, made = Flask(__name__), count(1)
    cache_answers(app)
    version = Version.of("x", modified=datetime(2026, 3, 1, tzinfo=UTC))

    @app.get("/made/<path>")
    def answer(path: str) -> Response:
        return answer_unless_known(version, lambda: Response(f"{path} {next(made)}"))

    @app.get("/text/<text>")
    def text(text: str) -> Response:
        day = datetime(2026, 3, 2, tzinfo=UTC) if text == "dated" else None
        return tag_by_content(Response(text), day)

    return app.test_client()


def test_an_answer_is_made_once_for_a_version_and_never_for_a_client_that_has_it(
    tagging: FlaskClient,
) -> None:
    first = tagging.get("/made/a?q=1")
    assert (first.text, first.headers["Last-Modified"]) == ("a 1", "Sun, 01 Mar 2026 00:00:00 GMT")
    known = tagging.get("/made/a?q=1", headers={"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    assert known.headers["Cache-Control"] == first.headers["Cache-Control"] == "public, no-cache"
    assert [tagging.get(path).text for path in ("/made/a?q=1", "/made/a?q=2", "/made/b?q=1")] == [
        "a 1",
        "a 2",
        "b 3",
    ]


def test_a_text_is_tagged_by_itself_and_dated_only_if_its_day_is_known(tagging: FlaskClient) -> None:
    bare, dated = tagging.get("/text/bare"), tagging.get("/text/dated")
    assert bare.headers["ETag"] != dated.headers["ETag"]
    assert "Last-Modified" not in bare.headers
    assert dated.headers["Last-Modified"] == "Mon, 02 Mar 2026 00:00:00 GMT"
    for answer in (bare, dated):
        assert answer.headers["ETag"].startswith('W/"')
        assert answer.headers["Cache-Control"] == "public, no-cache"
        again = tagging.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
