"""Two servers under load: a rebuild, a rolling restart, moving to the cluster and back; no request fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from benchmarks.parity import delete_indices
from tests.opensearch.installation import Installation, installed, until
from tests.opensearch.reverse_proxy import proxied
from tests.opensearch.servers import Servers
from tests.opensearch.traffic import Traffic

RELEASES = 200


@pytest.fixture
def made(opensearch_urls: tuple[str, ...], tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, opensearch_urls, releases=RELEASES) as installation:
        yield installation


def generation(address: str) -> str:
    return str(requests.get(f"{address}/healthz", timeout=60).json()["generation"])


def test_a_rebuild_and_a_rolling_restart_fail_no_request(made: Installation) -> None:
    with Servers(made.config) as servers, Traffic(servers.addresses, "", RELEASES) as traffic:
        traffic.wait_for(10)
        before = {generation(address) for address in servers.addresses}
        made.rebuild()
        traffic.wait_for(10)
        after = {generation(address) for address in servers.addresses}
        servers.restart(traffic, traffic.use)
        assert made.reindex("--rollback") == (0, [])
        until(
            lambda: {generation(address) for address in servers.addresses} == before, "the rollback is seen"
        )
        traffic.wait_for(10)
    assert len(before | after) == 2
    assert (set(traffic.answers), traffic.wrong) == ({200}, [])


def test_a_rolling_restart_behind_nginx_fails_no_request(made: Installation, tmp_path: Path) -> None:
    with (
        Servers(made.config) as servers,
        proxied(tmp_path, servers.addresses) as proxy,
        Traffic([proxy.address], "", RELEASES) as traffic,
    ):
        traffic.wait_for(10)
        servers.restart(traffic, proxy.use)
    assert (set(traffic.answers), traffic.wrong) == ({200}, [])


def test_moving_to_the_cluster_and_back_fails_no_request(
    opensearch_urls: tuple[str, ...], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    moving = Installation(tmp_path, opensearch_urls)
    request.addfinalizer(lambda: delete_indices(opensearch_urls[0], moving.prefix))
    moving.use("whoosh")
    moving.fill(RELEASES)
    moving.rebuild()
    with Servers(moving.config) as servers, Traffic(servers.addresses, "", RELEASES) as traffic:
        traffic.wait_for(10)
        for engine in ("opensearch", "whoosh"):
            moving.use(engine)
            assert moving.reindex() == (0, [])
            servers.restart(traffic, traffic.use)
            assert moving.indexed() == moving.stored()
    assert (set(traffic.answers), traffic.wrong) == ({200}, [])
