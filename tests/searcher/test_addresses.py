"""What a stranger writes into an address or a header changes no address in an answer, and fails nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_openapi.openapi import OpenAPI
from werkzeug.test import create_environ, run_wsgi_app

from searcher import create_app
from tests.conftest import Walk

RESERVED = (
    "endpoint",
    "values",
    "self",
    "_method",
    "_anchor",
    "_external",
    "_scheme",
    "interface",
    "release",
)
HOSTS = (
    *(
        "evil.example",
        "evil.example:99999",
        "evil.example@localhost",
        "[::1",
        "[::1]:x",
        "a..b",
        "xn--a",
        "a b",
    ),
    *("", "\xff\xfe", "x" * 3_000, "evil.example/x", "evil.example?x", "-", "."),
)
PATHS = (
    *("/", "/en", "/en/", "/palidziba", "/en/help", "/releases/x", "/en/releases/{id}", "/releases/{id}"),
    *(
        "/nowhere",
        "/en/nowhere",
        "/static/style.css",
        "/static/x",
        "/static/../x",
        "//evil.example",
        "//en//help",
    ),
    *("/\\evil.example", "/api/v1/search", "/api/v1/complete", "/api/v1/releases/{id}/similar", "/api/v1/x"),
    *("/openapi.json", "/healthz", "/robots.txt"),
)
DAYS = (
    *("0000", "0001", "0001-01-01", "9999", "9999-12", "9999-12-31", "31.12.9999", "10000-01-01", "2019-00"),
    *(
        "2019-13",
        "2019-02-29",
        "2020-02-29",
        "30.02.2019",
        "2019-W01",
        "2019-W53-7",
        "2019-366",
        "-1",
        "99",
        " ",
    ),
    *(
        "1 Jan 0001",
        "31 Dec 9999",
        "1 Foo 2019",
        "32 Jan 2019",
        "²019",
        "２０１９",
        "٢٠١٩-١٢",
        "2019-1-1T00:00",
    ),
)


@pytest.fixture(scope="module")
def known(client: FlaskClient) -> str:
    return str(client.get("/api/v1/search?q=ministrija").get_json()["hits"][0]["id"])


def asked(app: OpenAPI, path: str, **environ: str) -> tuple[int, str]:
    """Return the status, and all that the answer says."""
    body, status, headers = run_wsgi_app(app, {**create_environ(path), **environ}, buffered=True)
    return int(status.split()[0]), f"{headers}{b''.join(body).decode('utf-8', 'replace')}"


def applications(walked: Walk, folder: Path) -> Iterator[OpenAPI]:
    """Yield the app with no proxy before it, and with one."""
    for proxies in (0, 1):
        config = folder / f"{proxies}.toml"
        data = walked.config.parent
        config.write_text(f'data_dir = "{data}"\n[searcher]\nproxies = {proxies}\n', encoding="utf-8")
        yield create_app(config)


def test_no_header_that_names_a_host_comes_back(walked: Walk, known: str, tmp_path: Path) -> None:
    for app in applications(walked, tmp_path):
        for path in PATHS:
            for host in HOSTS:
                names = (
                    "HTTP_HOST",
                    "HTTP_X_FORWARDED_HOST",
                    "HTTP_X_FORWARDED_PROTO",
                    "HTTP_X_FORWARDED_FOR",
                )
                status, said = asked(app, path.format(id=known), **dict.fromkeys(names, host))
                assert status < 500, (path, host)
                assert "//evil" not in said
                assert "localhost" not in said


def test_what_url_for_reserves_is_a_parameter_as_any_other(walked: Walk, known: str) -> None:
    app = create_app(walked.config)
    for path in PATHS:
        for name in RESERVED:
            status, said = asked(app, f"{path.format(id=known)}?{name}=ftp://zzz")
            assert status < 500, (path, name)
            assert status == 308 or "zzz" not in said


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("path", ["/", "/en/", "/api/v1/search"])
def test_a_date_at_any_edge_is_read_or_refused(client: FlaskClient, path: str, name: str) -> None:
    statuses = {day: client.get(path, query_string={name: day}).status_code for day in DAYS}
    assert {*statuses.values()} == {200, 400}
    read = {"0001", "9999", "9999-12", "9999-12-31", "2020-02-29", "31.12.9999", "1 Jan 0001", "31 Dec 9999"}
    assert {day for day in read if statuses[day] != 200} == set()
    assert {day for day in ("0000", "2019-13", "2019-W01", "1 Foo 2019") if statuses[day] != 400} == set()


def test_only_trusted_hosts_are_answered_where_some_are_named(walked: Walk, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    hosts = 'trusted_hosts = ["relizes.example", ".lv.example"]'
    config.write_text(f'data_dir = "{walked.config.parent}"\n[searcher]\n{hosts}\n', encoding="utf-8")
    app = create_app(config)
    answered = {host: asked(app, "/palidziba", HTTP_HOST=host)[0] for host in HOSTS}
    assert {*answered.values()} == {400}
    for host in ("relizes.example", "relizes.example:8000", "Relizes.EXAMPLE", "a.b.lv.example"):
        assert asked(app, "/palidziba", HTTP_HOST=host)[0] == 200


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forwarded_host_counts_behind_a_configured_proxy_alone(
    walked: Walk, tmp_path: Path, proxies: int
) -> None:
    config = tmp_path / "config.toml"
    settings = f'[searcher]\nproxies = {proxies}\ntrusted_hosts = ["relizes.example"]\n'
    config.write_text(f'data_dir = "{walked.config.parent}"\n{settings}', encoding="utf-8")
    sent = {"HTTP_HOST": "127.0.0.1:8000", "HTTP_X_FORWARDED_HOST": "relizes.example"}
    assert asked(create_app(config), "/palidziba", **sent)[0] == (200 if proxies else 400)


@pytest.mark.parametrize(
    "path", ["search?q=a&q=b", "search?page=1&page=2", "complete?q=a&q=b", "search?to=&to="]
)
def test_the_api_refuses_a_parameter_that_is_given_twice(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    name = path.partition("?")[2].partition("=")[0]
    assert (answer.status_code, answer.get_json(force=True)["detail"]) == (
        400,
        f"{name}: must be given only once",
    )
    assert client.get("/api/v1/search?language=lv&language=en").status_code == 200


@pytest.mark.parametrize("path", ["search", "complete", "releases/x/similar"])
def test_the_api_refuses_what_it_does_not_know(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}?fbclid=x")
    assert (answer.status_code, answer.get_json(force=True)["detail"]) == (400, "fbclid: no such parameter")
