"""An installation whose index is in a cluster: settings, a store of generated releases, and the commands."""

import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import requests
from flask.testing import FlaskClient

from benchmarks.build import write_store
from benchmarks.parity import delete_indices
from crawler.store import Store
from index.analysis import Analyzer
from index.config import load, load_storage
from index.engines import open_builder
from searcher import create_app
from tests.support.browsing import browse
from tests.support.children import child
from tests.support.serving import started

# Time for anything to happen on a machine that starts three JVMs beside dozens of other processes.
PATIENCE_S = 300
POLL_S = 0.05
# A build goes on when nodes are lost, and nodes are killed many times.
REINDEX_S = 3_600
SETTINGS = """
data_dir = "."
[index]
engine = "{engine}"
dictionary = "small.aff"
loss_share = 1.0
processes = 1
[index.opensearch]
urls = {urls}
prefix = "{prefix}"
shards = {shards}
replicas = {replicas}
timeout_s = {timeout_s}
[searcher]
answer_s = 60
processes = 1
"""


def until(is_so: Callable[[], bool], what: str) -> None:
    """Return as soon as *is_so*; fail if it is not after five minutes."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(POLL_S)


class Installation:
    """A folder with settings and a store; its indices in the cluster are named with its own prefix."""

    def __init__(
        self,
        folder: Path,
        urls: Sequence[str],
        *,
        shards: int = 3,
        replicas: int = 1,
        timeout_s: float = 60,
        prefix: str = "",
    ) -> None:
        self.prefix = prefix or f"test-{uuid.uuid4().hex[:8]}"
        self.urls, self.config = list(urls), folder / "config.toml"
        self.releases = 0
        self._cluster = {"shards": shards, "replicas": replicas, "timeout_s": timeout_s}
        folder.mkdir(exist_ok=True)
        # Generated words are in no dictionary, and a small one loads at once.
        for ending, text in ((".aff", "SET UTF-8\n"), (".dic", "1\nvārds\n")):
            (folder / f"small{ending}").write_text(text, encoding="utf-8")
        self.use("opensearch")

    def use(self, engine: str) -> None:
        """Write the settings with the line that chooses the engine."""
        text = SETTINGS.format(engine=engine, urls=self.urls, prefix=self.prefix, **self._cluster)
        self.config.write_text(text, encoding="utf-8")

    def fill(self, releases: int) -> None:
        """Store generated releases: the first *releases* of the corpus."""
        write_store(load_storage(self.config).store_path, releases, first=self.releases)
        self.releases = releases

    def start_reindex(self, *options: str) -> AbstractContextManager["subprocess.Popen[str]"]:
        """Start the command as its users do."""
        program = Path(sys.executable).parent / "reindex"
        command = [str(program), "--config", str(self.config), *options]
        return child(command, lives_s=REINDEX_S, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def reindex(self, *options: str) -> tuple[int, list[str]]:
        """Run the command; return its exit code and its error messages, without the progress."""
        with self.start_reindex(*options) as process:
            _, errors = process.communicate(timeout=REINDEX_S)
        messages = [line for line in errors.splitlines() if line.startswith("reindex: ")]
        assert "Traceback" not in errors, errors
        return process.returncode, messages

    def rebuild(self) -> None:
        """Run `reindex --full`, which must succeed."""
        code, messages = self.reindex("--full")
        assert code == 0, messages

    def client(self) -> FlaskClient:
        """Return a client of the app, in this process."""
        return browse(create_app(self.config))

    def indexed(self) -> frozenset[str]:
        """Return the ids of the releases in the index in use."""
        settings = load(self.config)
        builder = open_builder(load_storage(self.config), settings)
        return builder.current(Analyzer(dictionary=settings.dictionary)).ids()

    def stored(self) -> frozenset[str]:
        """Return the ids of the releases in the store."""
        with Store.open_readonly(load_storage(self.config).store_path) as store:
            return frozenset(stored.id for stored in store.changes_since(0))

    def indices(self) -> set[str]:
        """Return the names of its indices in the cluster."""
        address = f"{self.urls[0]}/_cat/indices/{self.prefix}*"
        return {row["index"] for row in requests.get(address, {"format": "json"}, timeout=60).json()}


@contextmanager
def serving(config: Path) -> Iterator[str]:
    """Run `serve` until the block ends, and then end it as systemd does; yield its address."""
    with started(config) as (address, process):
        yield address
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0


@contextmanager
def installed(
    folder: Path, urls: Sequence[str], *, releases: int, replicas: int = 1
) -> Iterator[Installation]:
    """Yield an installation with an index of *releases* in the cluster; remove its indices afterwards."""
    made = Installation(folder, urls, replicas=replicas)
    made.fill(releases)
    try:
        made.rebuild()
        yield made
    finally:
        delete_indices(urls[0], made.prefix)
