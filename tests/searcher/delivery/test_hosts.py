from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_openapi.openapi import OpenAPI

from searcher import create_app
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
