"""Sample sites, crawled and indexed once with the commands that users run, for every test that needs them."""

import gc
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import settings

from samples import server
from searcher import create_app
from tests.opensearch.cluster import QUICK_START, Cluster, start_cluster
from tests.opensearch.distribution import MissingError
from tests.support.browsing import browse

# The duration of an example depends on the load of the machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell script starts background jobs with Ctrl-C ignored, which our commands would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)


# The time of a search depends on the load of the machine, so tests of its cost count calls.
UNHURRIED = "\n[searcher]\nanswer_s = 60\n"

# What `make test-fast` runs, and a module that has nothing of it.
QUICK = "not (sweep or oracle or browser)"
SLOW_MODULE = re.compile(r"^pytestmark = (?:\[\s*)?pytest\.mark\.(?:sweep|oracle|browser)\b", re.MULTILINE)


@dataclass(frozen=True)
class Walk:
    """The sample sites of the first day, crawled and indexed."""

    config: Path
    crawled: dict[str, object]
    indexed: dict[str, object]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-fault",
        action="store_true",
        help="fail every file-system call of a crawl in turn; kill nodes at twenty moments of builds",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the modules that `make test-fast` runs nothing of: they are the slowest to import."""
    if config.option.markexpr != QUICK or collection_path.suffix != ".py":
        return None
    return bool(SLOW_MODULE.search(collection_path.read_text(encoding="utf-8"))) or None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect tests without collecting garbage: there is none, and ten thousand tests to look through."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def run_command(command: str, *arguments: str) -> dict[str, object]:
    """Run a command as a user does and return its JSON report."""
    program = Path(sys.executable).parent / command
    done = subprocess.run(
        [program, *arguments, "--json"], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return report


@pytest.fixture(scope="session")
def sites() -> Iterator[server.Sites]:
    with server.serve_sites(day=1, base_port=0) as serving:
        yield serving


@pytest.fixture(scope="session")
def walked(sites: server.Sites, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    folder = tmp_path_factory.mktemp("whole-path")
    config = folder / "config.toml"
    config.write_text(server.crawl_config(sites, folder) + UNHURRIED, encoding="utf-8")
    crawled = run_command("crawl", "--config", str(config))
    return Walk(config, crawled, run_command("reindex", "--config", str(config)))


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures that they need.

    All sample sites, crawled and indexed, make a sweep; so does a cluster.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"walked", "cluster", "opensearch_urls"}:
            item.add_marker(pytest.mark.sweep)
        if fixtures & {"cluster", "opensearch_urls"}:
            item.add_marker(pytest.mark.opensearch)
