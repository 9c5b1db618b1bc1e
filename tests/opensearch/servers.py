"""Two servers on one index, each of which can be replaced by a new one."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.opensearch.installation import serving
from tests.opensearch.traffic import Traffic


class Servers:
    """Two servers with the settings in *config*; *addresses* are those that run."""

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

    def restart(self, traffic: Traffic, use: Callable[[Sequence[str]], None]) -> None:
        """Replace each server in turn; *use* sends requests to some, and returns when others have none."""
        for _ in range(2):
            use(self.addresses[1:])
            self.addresses.pop(0)
            self._running.pop(0).close()
            self._start()
            use(self.addresses)
            traffic.wait_for(10)
