from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from flask_openapi.openapi import OpenAPI
from werkzeug.test import create_environ, run_wsgi_app

from searcher import create_app
from searcher.delivery.hosts import Hosts
from tests.conftest import Walk
from tests.support.addresses import PATHS, get

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


def create_apps(walked: Walk, folder: Path) -> Iterator[OpenAPI]:
    """Yield the app as configured without a proxy, and behind one."""
    for proxies in (0, 1):
        config = folder / f"{proxies}.toml"
        data = walked.config.parent
        config.write_text(f'data_dir = "{data}"\n[searcher]\nproxies = {proxies}\n', encoding="utf-8")
        yield create_app(config)


def test_the_host_of_a_request_is_never_in_the_answer(walked: Walk, release_id: str, tmp_path: Path) -> None:
    for app in create_apps(walked, tmp_path):
        for path in PATHS:
            for host in HOSTS:
                names = (
                    "HTTP_HOST",
                    "HTTP_X_FORWARDED_HOST",
                    "HTTP_X_FORWARDED_PROTO",
                    "HTTP_X_FORWARDED_FOR",
                )
                status, answer = get(app, path.format(id=release_id), **dict.fromkeys(names, host))
                assert status < 500, (path, host)
                assert "//evil" not in answer
                assert "localhost" not in answer


def test_only_trusted_hosts_are_accepted(walked: Walk, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    hosts = 'trusted_hosts = ["relizes.example", ".lv.example"]'
    config.write_text(f'data_dir = "{walked.config.parent}"\n[searcher]\n{hosts}\n', encoding="utf-8")
    app = create_app(config)
    statuses = {host: get(app, "/palidziba", HTTP_HOST=host)[0] for host in HOSTS}
    assert {*statuses.values()} == {400}
    for host in ("relizes.example", "relizes.example:8000", "Relizes.EXAMPLE", "a.b.lv.example"):
        assert get(app, "/palidziba", HTTP_HOST=host)[0] == 200


def test_a_program_learns_of_an_unknown_host_by_problem_details(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher]\ntrusted_hosts = ["a.lv"]\nurl_prefix = "/relizes"\n', encoding="utf-8")
    client = create_app(config).test_client()
    for path in ("/api/v1/search", "/relizes/api/v1/search", "/relizes/metrics"):
        answer = client.get(path)
        assert (answer.status_code, answer.get_json()["detail"]) == (400, "unknown host")
    assert client.get("/relizes/palidziba").text == "unknown host\n"


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forwarded_host_counts_only_behind_a_configured_proxy(
    walked: Walk, tmp_path: Path, proxies: int
) -> None:
    config = tmp_path / "config.toml"
    settings = f'[searcher]\nproxies = {proxies}\ntrusted_hosts = ["relizes.example"]\n'
    config.write_text(f'data_dir = "{walked.config.parent}"\n{settings}', encoding="utf-8")
    sent = {"HTTP_HOST": "127.0.0.1:8000", "HTTP_X_FORWARDED_HOST": "relizes.example"}
    assert get(create_app(config), "/palidziba", **sent)[0] == (200 if proxies else 400)


def seen_by_app(trusted: Sequence[str], **environ: str) -> tuple[int, dict[str, object]]:
    """Return the status of a request and the environment that the app gets."""
    seen: dict[str, object] = {}

    def app(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        seen.update(environ)
        start("200 OK", [])
        return [b""]

    sent = {**create_environ("/palidziba", "https://a.lv"), **environ}
    _, status, _ = run_wsgi_app(Hosts(app, trusted), sent)
    return int(status.split()[0]), seen


@pytest.mark.parametrize("trusted", [(), ("A.lv",), (".LV",)])
def test_the_app_sees_the_same_host_whatever_was_asked(trusted: Sequence[str]) -> None:
    status, seen = seen_by_app(trusted)
    assert (status, seen["HTTP_HOST"], seen["wsgi.url_scheme"]) == (200, "localhost", "http")
    assert seen["PATH_INFO"] == "/palidziba"


@pytest.mark.parametrize(
    ("trusted", "host", "status"),
    [
        ((), "any.example", 200),
        (("a.lv",), "b.a.lv", 400),
        ((".a.lv",), "a.lv", 200),
        ((".a.lv",), "ba.lv", 400),
        (("a.lv", "b.lv"), "b.lv", 200),
        (("a.lv",), "A.LV:443", 200),
        (("a.lv",), "xn--a", 400),
    ],
)
def test_a_host_is_trusted_by_name_or_by_domain(trusted: Sequence[str], host: str, status: int) -> None:
    answered, seen = seen_by_app(trusted, HTTP_HOST=host)
    assert answered == status
    assert bool(seen) == (status == 200)
