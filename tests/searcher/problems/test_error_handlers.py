from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import Forbidden, InternalServerError, NotFound

from index.deadline import DeadlineError
from index.errors import ArchiveError, EngineError
from index.history import EpochError, PlaceError
from index.search.cursor import CursorError
from searcher import create_app
from searcher.exports import BusyError
from searcher.params import ParameterError
from searcher.problems import is_for_programs
from searcher.waiting import NoRoomError
from tests.support.browsing import browse
from tests.support.shelf import build_shelf


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        ("page=0", "page: must be 1 or more"),
        ("page=1000000000", "page: reaches only the first 1000 hits; use cursor for more"),
        ("cursor=x", "cursor: not a cursor of this service"),
        ("cursor=*&page=2", "page: cannot be combined with cursor"),
        ("histogram=week", "histogram: must be 'auto', 'day', 'month', 'quarter' or 'year'"),
        ("per_page=101", "per_page: must be 100 or less"),
        ("from=nekad", "from: not a date, e.g. 2017-11-27"),
        ("sort=best", "sort: must be 'relevance', 'newest' or 'oldest'"),
        ("colour=red", "colour: no such parameter"),
    ],
)
def test_an_invalid_parameter_is_named(client: FlaskClient, arguments: str, detail: str) -> None:
    answer = client.get(f"/api/v1/search?{arguments}")
    assert (answer.status_code, answer.content_type) == (HTTPStatus.BAD_REQUEST, "application/problem+json")
    assert answer.get_json(force=True)["detail"] == detail


def test_all_invalid_parameters_are_named(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=a&q=b&page=0&colour=red&from_=2019").get_json(force=True)
    assert {*answer["errors"]} == {"q", "page", "colour", "from_"}


@pytest.mark.parametrize("path", ["/", "/en/", "/api", "/api/problems", "/api/v1/", "/api/v1/releases/x"])
def test_a_method_that_is_not_allowed_is_answered_with_those_that_are(client: FlaskClient, path: str) -> None:
    answer = client.delete(path)
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert {"GET", "HEAD"} <= {*answer.headers["Allow"].split(", ")}
    if path.startswith("/api"):
        assert answer.get_json(force=True)["type"] == "/api/problems/method-not-allowed"


LATER = "; try again in a few minutes"
FAULTS: tuple[tuple[str, Exception, int, str, str, str | None], ...] = (
    # The name, the error, and how it is answered: status, type, detail, Retry-After.
    ("index", EngineError("/srv/index: no"), 503, "index-not-ready", f"the index is not ready{LATER}", "60"),
    ("store", ArchiveError("/srv"), 503, "store-unreadable", f"the releases cannot be read{LATER}", "60"),
    ("late", DeadlineError("x"), 503, "too-slow", "this takes too long; ask for fewer words or hits", "10"),
    ("busy", BusyError(), 503, "exports-busy", "other exports are running; try again later", "30"),
    (
        "room",
        NoRoomError(),
        503,
        "too-many-wait",
        "too many programs wait; try again, or without wait",
        "30",
    ),
    ("cursor", CursorError("not ours"), 400, "invalid-cursor", "cursor: not ours", None),
    ("place", PlaceError("not ours"), 400, "invalid-cursor", "since: not ours", None),
    ("epoch", EpochError("restored"), 410, "outdated-cursor", "since: restored", None),
    ("parameter", ParameterError({"page": "bad", "q": "long"}), 400, "invalid-parameter", "page: bad", None),
    ("release", NotFound("no release"), 404, "not-in-collection", "no release", None),
    ("forbidden", Forbidden("no"), 403, "refused-request", "no", None),
    ("program", InternalServerError("no"), 500, "internal-error", "no", None),
)


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A service that fails in each way, at an address of programs and at one of people."""
    config = tmp_path_factory.mktemp("problems") / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    app = create_app(config)

    def fail(error: Exception) -> Callable[[], str]:
        def view() -> str:
            raise error

        return view

    for name, error, *_ in FAULTS:
        app.add_url_rule(f"/api/fails/{name}", f"api-{name}", fail(error))
        app.add_url_rule(f"/en/fails/{name}", f"en-{name}", fail(error))
    return app.test_client()


@pytest.mark.parametrize(("name", "_error", "status", "kind", "detail", "retry_after"), FAULTS)
def test_a_fault_is_told_to_programs_and_to_people(  # noqa: PLR0917 - pytest names them
    failing: FlaskClient,
    name: str,
    _error: Exception,
    status: int,
    kind: str,
    detail: str,
    retry_after: str | None,
) -> None:
    answer = failing.get(f"/api/fails/{name}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    told = answer.get_json(force=True)
    assert told["type"] == f"/api/problems/{kind}"
    assert (told["title"], told["status"]) == (HTTPStatus(status).phrase, status)
    assert told["detail"] == detail
    assert answer.headers.get("Retry-After") == retry_after
    page = failing.get(f"/en/fails/{name}")
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert '<html lang="en">' in page.text
    assert page.headers.get("Retry-After") == retry_after
    assert "/srv/index" not in page.text + answer.text


def test_the_errors_of_each_parameter_are_told(failing: FlaskClient) -> None:
    assert failing.get("/api/fails/parameter").get_json(force=True)["errors"] == {"page": "bad", "q": "long"}
    assert failing.get("/api/fails/cursor").get_json(force=True)["errors"] == {"cursor": "not ours"}
    assert failing.get("/api/fails/index").get_json(force=True)["errors"] == {}


@pytest.mark.parametrize(
    ("path", "is_json"),
    [
        ("/api/x", True),
        ("/api/v1/x", True),
        ("/api/v1/search/x", True),
        ("/api/v2/search", True),
        ("/apix", False),
        ("/mcp/x", True),
        ("/healthz/x", True),
        ("/readyz/x", True),
        ("/metrics/x", True),
        ("/openapi.json/x", True),
        ("/x.atom", True),
        ("/x.bib", True),
        ("/x.json", True),
        ("/x.xml", True),
        ("/x.html", False),
        ("/x/api/", False),
        ("/en/x", False),
    ],
)
def test_the_address_decides_whether_an_error_is_for_programs(
    failing: FlaskClient, path: str, is_json: bool
) -> None:
    answer = failing.get(path)
    assert (answer.status_code, answer.mimetype) == (
        404,
        "application/problem+json" if is_json else "text/html",
    )
    if is_json:
        assert answer.get_json(force=True)["type"] == "/api/problems/unknown-address"


def test_a_problem_that_there_is_not_is_a_problem(failing: FlaskClient) -> None:
    answer = failing.get("/api/problems/x")
    assert answer.status_code == 404
    assert answer.get_json(force=True)["type"] == "/api/problems/not-in-collection"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/v1/search", True),
        ("/relizes/api/v1/search", True),
        ("/mcp", True),
        ("/healthz", True),
        ("/readyz", True),
        ("/metrics", True),
        ("/openapi.json", True),
        ("/api", True),
        ("/relizes/api", True),
        ("/", False),
        ("/apix", False),
        ("/en/help", False),
    ],
)
def test_the_addresses_of_programs_are_known_below_any_prefix(path: str, expected: bool) -> None:
    assert is_for_programs(path) is expected


@pytest.mark.parametrize(
    ("path", "language"), [("/x", "lv"), ("/en/x", "en"), ("/ru/x", "ru"), ("/de/x", "lv")]
)
def test_an_error_page_is_in_the_language_of_its_address(
    failing: FlaskClient, path: str, language: str
) -> None:
    assert f'<html lang="{language}">' in failing.get(path).text


@pytest.fixture(scope="module")
def without_store(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over an index whose store was moved away."""
    shelf = build_shelf(tmp_path_factory.mktemp("moved"))
    shelf.store.unlink()
    return browse(create_app(shelf.config))


@pytest.mark.parametrize(
    "path", ["search?q=https://www.iem.example/labota", "releases/x", "releases/x/versions/1", "changes"]
)
def test_a_store_that_cannot_be_read_is_told_from_an_index_that_is_not_ready(
    without_store: FlaskClient, path: str
) -> None:
    answer = without_store.get(f"/api/v1/{path}")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.get_json()["detail"] == "the releases cannot be read; try again in a few minutes"


def test_words_are_searched_without_a_store(without_store: FlaskClient) -> None:
    assert without_store.get("/api/v1/search?q=seminars").get_json()["total"] == 1
    page = without_store.get("/en/", query_string={"q": "https://www.iem.example/labota"})
    assert "The releases cannot be read just now" in page.text
    assert "Search for words meanwhile" in page.text
