"""The nodes that requests are sent to: one that hangs is left out until it answers again."""

import json
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from itertools import count
from time import monotonic
from typing import Any, TypeVar

from opensearchpy import Connection, ConnectionSelector, Transport
from opensearchpy.exceptions import TransportError

PING_S = 0.3
"""How long a node may take to say its name, and a request until nodes are asked for theirs."""
# One that collects garbage, or starts a process, may be late once.
_PINGS = 2
_HANGS_MAX_S = 2.0
_ASK_AGAIN_S = 1.0

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


class HangingNodeError(Exception):
    """A request is given up, since a node hangs that it may wait for."""


class NodeSelector(ConnectionSelector):
    """Selects the nodes of a client in turn, but for those that are left out."""

    def __init__(self, opts: Any) -> None:
        super().__init__(opts)
        self.left_out: frozenset[Connection] = frozenset()
        self._turn = count()

    def select(self, connections: Sequence[Connection]) -> Any:
        """Return the next one of *connections* that answers."""
        answering = [one for one in connections if one not in self.left_out] or connections
        return answering[next(self._turn) % len(answering)]


class Nodes:
    """The nodes of a client whose selector is a `NodeSelector`; shared by all threads.

    A busy node is slow to search but says its name at once; one that hangs accepts connections and says
    nothing, and a node that searches its shards waits for it.
    """

    def __init__(self, transport: Transport) -> None:
        self._selector: NodeSelector = transport.connection_pool.selector
        self._nodes: tuple[Connection, ...] = tuple(transport.connection_pool.connections)
        self._names: dict[Connection, str] = {}
        self._asking = threading.Lock()
        self._asked = self._ask_next = 0.0

    @property
    def left_out(self) -> frozenset[Connection]:
        """The nodes that hang."""
        return self._selector.left_out

    @property
    def preference(self) -> dict[str, str]:
        """The option of a search that asks only copies of shards on nodes that answer; none if all do."""
        names = sorted(self._names.get(node, "") for node in self._nodes if node not in self.left_out)
        return {"preference": f"_only_nodes:{','.join(names)}"} if self.left_out and all(names) else {}

    def answer(self, send: Callable[[], Answer]) -> Answer:
        """Return what *send* returns, in a thread of its own.

        Raises:
            HangingNodeError: a node is found to hang meanwhile, or one hangs and nothing has come for long.
        """
        before, began = self.left_out, monotonic()
        if before and began > self._ask_next:
            self._ask_next = began + _ASK_AGAIN_S
            _start(self.ask)
        answer = _start(send)
        while not wait([answer], PING_S).done:
            self.ask()
            is_late = bool(self.left_out) and monotonic() - began > _HANGS_MAX_S
            if is_late or self.left_out - before:
                hosts = ", ".join(sorted(node.host for node in self.left_out))
                raise HangingNodeError(f"{hosts}: hangs, and is waited for")
        return answer.result()

    def ask(self) -> None:
        """Ask each node for its name, unless that was done a moment ago, and leave out those that are silent.

        If all are, the fault is not theirs, and none is left out.
        """
        with self._asking:
            if monotonic() - self._asked < PING_S:
                return
            silent: Sequence[Connection] = self._nodes
            for _ in range(_PINGS):
                answers = {node: _start(partial(_name_of, node)) for node in silent}
                names = {node: answer.result() for node, answer in answers.items()}
                self._names |= {node: name for node, name in names.items() if name}
                silent = [node for node, name in names.items() if name is None]
            left_out = frozenset(silent) if len(silent) < len(self._nodes) else frozenset()
            _log_change(left_out, self.left_out)
            self._selector.left_out = left_out
            self._asked = monotonic()


def _name_of(node: Connection) -> str | None:
    """Return the name of a node, empty if it answers otherwise or refuses; None if it says nothing."""
    try:
        _, _, body = node.perform_request("GET", "/", params={"filter_path": "name"}, timeout=PING_S)
    except TransportError as error:
        # One that refuses connections is dead: nobody waits for it, and the client asks others.
        return "" if isinstance(error.status_code, int) or _is_refused(error.info) else None
    try:
        return str(json.loads(body)["name"])
    except (ValueError, KeyError, TypeError):  # a proxy, or a user who may not know
        return ""


def _is_refused(cause: object) -> bool:
    """Return whether *cause* is that nothing listens at the address."""
    while isinstance(cause, BaseException) and not isinstance(cause, ConnectionRefusedError):
        cause = cause.__cause__ or cause.__context__
    return isinstance(cause, ConnectionRefusedError)


def _log_change(left_out: frozenset[Connection], before: frozenset[Connection]) -> None:
    for node in sorted(left_out - before):
        log.warning("%s: hangs, and is left out until it answers", node.host)
    for node in sorted(before - left_out):
        log.warning("%s: answers again", node.host)


def _start(work: Callable[[], Answer]) -> "Future[Answer]":
    """Return what *work* will return: it runs in a thread, which does not hold up the end of a process."""
    future: Future[Answer] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whoever waits raises it
            future.set_exception(error)

    try:
        threading.Thread(target=run, daemon=True).start()
    except RuntimeError:  # the system allows no more threads
        run()
    return future
