"""Two servers under load: a rebuild, a rolling restart, moving to the cluster and back; no request fails."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from benchmarks.parity import delete_indices
from tests.opensearch.installation import Installation, installed, serving, until
from tests.opensearch.traffic import Traffic

RELEASES = 200


@pytest.fixture
def made(opensearch_urls: tuple[str, ...], tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, opensearch_urls, releases=RELEASES) as installation:
        yield installation


class Servers:
    """Two servers, each of which can be replaced by a new one."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._running: list[ExitStack] = []
        self.addresses: list[str] = []

    def __enter__(self) -> "Servers":
        for _ in range(2):
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        for running in self._running:
            running.close()

    def _start(self) -> None:
        running = ExitStack()
        self.addresses.append(running.enter_context(serving(self._config)))
        self._running.append(running)

    def restart(self, traffic: Traffic) -> None:
        """Replace each server in turn; the other one takes the requests meanwhile."""
        for _ in range(2):
            traffic.use(self.addresses[1:])
            self.addresses.pop(0)
            self._running.pop(0).close()
            self._start()
            traffic.use(self.addresses)
            traffic.wait_for(10)


def generation(address: str) -> str:
    return str(requests.get(f"{address}/healthz", timeout=60).json()["generation"])


def test_a_rebuild_and_a_rolling_restart_fail_no_request(made: Installation) -> None:
    with Servers(made.config) as servers, Traffic(servers.addresses, "", RELEASES) as traffic:
        traffic.wait_for(10)
        before = {generation(address) for address in servers.addresses}
        made.rebuild()
        traffic.wait_for(10)
        after = {generation(address) for address in servers.addresses}
        servers.restart(traffic)
        assert made.reindex("--rollback") == (0, [])
        until(
            lambda: {generation(address) for address in servers.addresses} == before, "the rollback is seen"
        )
        traffic.wait_for(10)
    assert len(before | after) == 2
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
            servers.restart(traffic)
            assert moving.indexed() == moving.stored()
    assert (set(traffic.answers), traffic.wrong) == ({200}, [])
