"""nginx before several servers, with the configuration that docs/scale.md shows."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.opensearch.installation import PATIENCE_S, until
from tests.support.children import stop
from tests.support.proxies import NGINX, program_or_skip
from tests.support.serving import free_port

SCALE = Path(__file__).parents[2] / "docs" / "scale.md"


class ReverseProxy:
    """An nginx with its files in *folder*, which passes requests on to the servers in use."""

    def __init__(self, folder: Path, addresses: Sequence[str]) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self._sample, self._main = folder / "releases.conf", folder / "nginx.conf"
        self._write(addresses)
        user = "user root;" if os.geteuid() == 0 else ""  # others may not read the folder
        self._main.write_text(NGINX.format(user=user, folder=folder, sample=self._sample))
        command = [
            program_or_skip("nginx", "apt-get install nginx-light"),
            "-p",
            str(folder),
            "-c",
            str(self._main),
        ]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL, text=True)

    def use(self, addresses: Sequence[str]) -> None:
        """Pass further requests on to *addresses* alone; return when no other server has one."""
        before = self._workers()
        self._write(addresses)
        self._process.send_signal(signal.SIGHUP)
        # The workers with the old settings end with their last requests.
        until(lambda: bool(self._workers()) and not before & self._workers(), "nginx has new workers")

    def stop(self) -> None:
        stop(self._process)

    def _write(self, addresses: Sequence[str]) -> None:
        shown = re.search(r"```nginx\n(.*?)```", SCALE.read_text(encoding="utf-8"), re.DOTALL)
        assert shown
        servers = iter([*addresses, *addresses])
        text = re.sub(r"app\d\.example\.lv:8000", lambda _: next(servers).removeprefix("http://"), shown[1])
        port = self.address.rpartition(":")[2]
        # A connection that is kept may be closed just as a request is sent, which browsers then repeat.
        listen = f"listen 127.0.0.1:{port};\n    keepalive_timeout 0;"
        self._sample.write_text(text.replace("listen 80;", listen), encoding="utf-8")

    def _workers(self) -> set[int]:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return set(map(int, children.split()))


@contextmanager
def proxied(folder: Path, addresses: Sequence[str]) -> Iterator[ReverseProxy]:
    """Run nginx before *addresses* until the block ends; it answers when the block begins."""
    proxy = ReverseProxy(folder, addresses)
    try:
        until(lambda: _answers(proxy.address), "nginx answers")
        yield proxy
    finally:
        proxy.stop()


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=PATIENCE_S).ok
    except requests.ConnectionError:
        return False
