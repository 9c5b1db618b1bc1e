"""A cluster of three nodes on loopback, each a process of its own, so that `kill -9` is a real loss."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

import requests

from tests.opensearch.distribution import Distribution, MissingError, fetch

NODES = 3
HEAP_MB = 512
# Three JVMs start within 20 s on two idle cores, and within minutes beside other tests.
PATIENCE_S = 600
POLL_S = 0.2
# Without the second compiler a node starts with half the work, but answers slower later.
QUICK_START = ("-XX:TieredStopAtLevel=1",)
LOG_CONFIG = """
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


class Node:
    """One server of a cluster, started, killed and started again in the same folder."""

    def __init__(
        self, number: int, folder: Path, port: int, settings: Sequence[str], java_options: Sequence[str]
    ) -> None:
        self.name = f"node-{number}"
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "console.log"
        self._folder, self._settings, self._java_options = folder, settings, java_options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, distribution: Distribution) -> None:
        """Start the process; ``is_green`` says when it answers."""
        config = self._folder / "config"
        config.mkdir(parents=True, exist_ok=True)
        (self._folder / "tmp").mkdir(exist_ok=True)
        (config / "opensearch.yml").touch()
        (config / "log4j2.properties").write_text(LOG_CONFIG, encoding="utf-8")
        _give_to_server(self._folder)
        java = [
            str(distribution.java),
            *(f"-Xm{bound}{HEAP_MB}m" for bound in "sx"),
            "-XX:+UseSerialGC",
            *distribution.options,
            *self._java_options,
            "-Dlog4j2.disable.jmx=true",
            *(f"-D{name}={self._folder / 'tmp'}" for name in ("java.io.tmpdir", "jna.tmpdir")),
            f"-Dopensearch.path.home={distribution.home}",
            f"-Dopensearch.path.conf={config}",
            "-Dopensearch.distribution.type=zip",
            "-Dopensearch.bundled_jdk=false",
        ]
        options = [f"-E{setting}" for setting in (*self._settings, *self._paths())]
        main = ["-cp", str(distribution.home / "lib" / "*"), "org.opensearch.bootstrap.OpenSearch", *options]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_bound_to_us(), *java, *main],
                cwd=distribution.home,
                env={"PATH": os.environ["PATH"]},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in a terminal is ours alone: we stop the nodes in turn.
                start_new_session=True,
            )

    def _paths(self) -> Iterator[str]:
        yield from (f"path.{kind}={self._folder / kind}" for kind in ("data", "logs"))

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def signal(self, number: signal.Signals) -> None:
        """Send a signal: SIGSTOP makes the node hang, SIGCONT goes on."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End the process as a power cut would."""
        if self.is_running:
            assert self._process is not None
            self._process.kill()
            self._process.wait(PATIENCE_S)

    def stop(self) -> None:
        """Ask the node to close its files and end, and wait until it has."""
        if self.is_running:
            assert self._process is not None
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def is_green(self, nodes: int) -> bool:
        """Return whether the node sees *nodes* and a green cluster; waits a moment for it.

        Lets it place shards again that it gave up, as it does after five failures on a busy machine.
        """
        wanted = {"wait_for_status": "green", "wait_for_nodes": str(nodes), "timeout": "5s"}
        try:
            if requests.get(f"{self.url}/_cluster/health", wanted, timeout=30).ok:  # else 408
                return True
            again = {"retry_failed": "true", "metric": "none"}
            requests.post(f"{self.url}/_cluster/reroute", params=again, timeout=30)
        except requests.RequestException:
            time.sleep(POLL_S)  # it has not opened its port
        return False

    def last_log(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


class Cluster:
    """A node for each of *ports* (0: free ones; default: three), with files in *folder*; stopped on exit."""

    def __init__(
        self,
        folder: Path,
        distribution: Distribution,
        ports: Sequence[int] = (),
        java_options: Sequence[str] = (),
    ) -> None:
        self.distribution = distribution
        http = list(ports) if any(ports) else _free_ports(len(ports) or NODES)
        transport = _free_ports(len(http))
        names = [f"node-{number}" for number in range(1, len(http) + 1)]
        shared = [
            f"cluster.name={folder.name}",
            "network.host=127.0.0.1",
            "discovery.seed_hosts=" + ",".join(f"127.0.0.1:{port}" for port in transport),
            f"cluster.initial_cluster_manager_nodes={','.join(names)}",
            # A disk that is nearly full is no reason to refuse the few megabytes of a test.
            "cluster.routing.allocation.disk.threshold_enabled=false",
        ]
        self.nodes = []
        for number, (name, port, inner) in enumerate(zip(names, http, transport, strict=True), start=1):
            own = [f"node.name={name}", f"http.port={port}", f"transport.port={inner}"]
            self.nodes.append(Node(number, folder / name, port, [*shared, *own], java_options))

    @property
    def urls(self) -> list[str]:
        """The address of each node."""
        return [node.url for node in self.nodes]

    def __enter__(self) -> "Cluster":
        try:
            self.heal()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def heal(self) -> None:
        """Start every node that is not running; return when the cluster is whole and green."""
        for node in self.nodes:
            if not node.is_running:
                node.start(self.distribution)
        self.wait_until_green()

    def wait_until_green(self) -> None:
        """Return when every running node answers, sees the others, and every copy of a shard is in place."""
        running = [node for node in self.nodes if node.is_running]
        deadline = time.monotonic() + PATIENCE_S
        for node in running:
            while not node.is_green(len(running)):
                if not node.is_running:
                    raise RuntimeError(f"{node.name} ended by itself:\n{node.last_log()}")
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{node.name} is not green after {PATIENCE_S} s:\n{node.last_log()}")

    def leader(self) -> Node:
        """Return the node that leads the cluster."""
        url = next(node.url for node in self.nodes if node.is_running)
        rows = requests.get(f"{url}/_cat/cluster_manager", {"format": "json"}, timeout=60).json()
        return next(node for node in self.nodes if node.name == rows[0]["node"])

    def stop(self) -> None:
        """Stop all nodes, at once."""
        for node in self.nodes:
            if node.is_running:
                node.signal(signal.SIGCONT)
                node.signal(signal.SIGTERM)
        for node in self.nodes:
            node.stop()


@contextmanager
def start_cluster(ports: Sequence[int] = (), java_options: Sequence[str] = ()) -> Iterator[Cluster]:
    """Fetch and start a cluster in a temporary folder; on exit nothing of it is left but Maven's download.

    Raises:
        MissingError: this machine lacks something; the message says what.
    """
    if shutil.which("setpriv") is None:
        raise MissingError("the nodes are started by setpriv: install util-linux")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="opensearch-")))
        folder.chmod(0o755)  # the server runs as another user
        yield stack.enter_context(Cluster(folder, fetch(folder), ports, java_options))


def _bound_to_us() -> list[str]:
    """Return the command that starts a process which ends with ours; OpenSearch refuses to run as root."""
    command = ["setpriv", "--pdeathsig", "KILL"]
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        command += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return command


def _give_to_server(folder: Path) -> None:
    """Let the user that the server runs as write in *folder*."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
