"""Waiting for busy nodes: what they refuse is asked again, for as long as a node needs to come back."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from index.engines.opensearch.connection import RefusedError
from index.errors import BuildError

BUSY = (0, 429, 502, 503, 504)
"""The answers of a node that is busy or starting, and of none."""

Answer = TypeVar("Answer")
# A node that restarts takes a minute to recover its shards.
_PATIENCE_S, _PAUSE_S, _PAUSE_MAX_S = 180.0, 0.2, 10.0


class Patience:
    """The time that is left until the cluster must have done something of what it was asked."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew: the cluster did something."""
        self._since, self._pause_s = time.monotonic(), _PAUSE_S

    def wait(self, reason: str) -> None:
        """Wait a moment, longer each time.

        Raises:
            BuildError: nothing was done for three minutes, for this *reason*.
        """
        if time.monotonic() - self._since > _PATIENCE_S:
            raise BuildError(f"{reason} (for {_PATIENCE_S:.0f} s)")
        # The cluster does not say when it has room again.
        time.sleep(self._pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - spreads retries, keeps no secret
        self._pause_s = min(2 * self._pause_s, _PAUSE_MAX_S)


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Return the answer that *ask* gets, asked again while the nodes are busy.

    Raises:
        BuildError: they were busy for three minutes.
        RefusedError: the cluster refuses it for another reason.
    """
    patience = Patience()
    while True:
        try:
            return ask()
        except RefusedError as error:
            if error.status not in BUSY:
                raise
            patience.wait(str(error))
