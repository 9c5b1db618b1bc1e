"""Sample sites, crawled and indexed once with the commands that users run, for every test that needs them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from index.analysis import Analyzer, default_analyzer
from samples import server
from searcher import create_app
from tests.conftest import UNHURRIED, Walk, run_command
from tests.opensearch.cluster import QUICK_START, Cluster, start_cluster
from tests.opensearch.distribution import MissingError
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS


def pytest_configure(config: pytest.Config) -> None:
    """Set how properties are tried: with the same examples every time, unless `--explore` asks for others.

    No verdict depends on the time that anything takes, since machines are busy.
    """
    settings.register_profile(
        "ours",
        derandomize=not config.getoption("explore"),
        database=None,
        deadline=None,
        max_examples=config.getoption("few_cases") or settings.default.max_examples,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("ours")


@pytest.fixture(scope="session")
def dictionary() -> Analyzer:
    """Keep the dictionary in memory: each app or command that is run would load it again."""
    return default_analyzer()


@pytest.fixture(scope="session")
def sites() -> Iterator[server.Sites]:
    with server.serve_sites(day=1, base_port=0) as serving:
        yield serving


@pytest.fixture(scope="session")
def walked(sites: server.Sites, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    folder = tmp_path_factory.mktemp("whole-path")
    config, lean = folder / "config.toml", folder / "lean.toml"
    settings = server.crawl_config(sites, folder)
    config.write_text(settings + UNHURRIED, encoding="utf-8")
    lean.write_text(settings + FEW_CONCEPTS + UNHURRIED, encoding="utf-8")
    crawled = run_command("crawl", "--config", str(config))
    return Walk(config, lean, crawled, run_command("reindex", "--config", str(config)))


@pytest.fixture(scope="session")
def client(walked: Walk) -> FlaskClient:
    return browse(create_app(walked.config))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Three nodes of our own, for tests that kill them; a test that does so ends with ``heal``."""
    if os.environ.get("OPENSEARCH_URL") != "start":
        pytest.skip("needs a cluster whose nodes it may kill: run `make test-opensearch`")
    with ExitStack() as stack:
        try:
            started = stack.enter_context(start_cluster(java_options=QUICK_START))
        except MissingError as error:
            pytest.skip(str(error))
        yield started


@pytest.fixture(scope="session")
def opensearch_urls(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The nodes that OPENSEARCH_URL names, separated by commas; `start` starts nodes of our own."""
    named = os.environ.get("OPENSEARCH_URL", "")
    if not named:
        pytest.skip("needs an OpenSearch cluster: run `make test-opensearch`, or set OPENSEARCH_URL")
    if named != "start":
        return tuple(named.split(","))
    started: Cluster = request.getfixturevalue("cluster")
    return tuple(started.urls)
