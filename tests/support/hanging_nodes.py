"""Nodes of a cluster on loopback that say their names, answer searches, and hang when they are told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.answering_server import Answering, Prepared, answer_with

# A test that waits for longer has failed.
_HANGS_S = 60


@dataclass
class HangingNode:
    """A node: what it answers to all but its name, and whether it says anything."""

    name: str
    choose: Callable[[str, bytes], Prepared]
    said: Prepared
    """What it answers when it is asked for its name."""
    asked: int = 0
    goes_on: threading.Event = field(default_factory=threading.Event)
    named: threading.Event = field(default_factory=threading.Event)
    """Set when it has said its name."""
    serving: Answering = field(init=False)

    def hang(self) -> None:
        """Take requests and answer none."""
        self.goes_on.clear()

    def searches(self) -> list[str]:
        """Return the paths of what it answered, but for its name."""
        return [path for path, _, _ in self.serving.requests if not path.startswith("/?")]

    def answer(self, path: str, body: bytes) -> Prepared:
        """Answer once the node goes on."""
        self.asked += 1
        self.goes_on.wait(_HANGS_S)
        if not path.startswith("/?"):
            return self.choose(path, body)
        self.named.set()
        return self.said


@contextmanager
def hanging_nodes(*choices: Callable[[str, bytes], Prepared]) -> Iterator[list[HangingNode]]:
    """Start a node for each of *choices*, named a, b and so on; none hangs."""
    nodes = [
        HangingNode(name, choose, Prepared(200, json.dumps({"name": name}).encode()))
        for name, choose in zip("abc", choices, strict=False)
    ]
    with _serving(nodes):
        yield nodes
        for node in nodes:
            node.goes_on.set()


@contextmanager
def _serving(nodes: list[HangingNode]) -> Iterator[None]:
    if not nodes:
        yield
        return
    with answer_with(nodes[0].answer) as serving, _serving(nodes[1:]):
        nodes[0].serving = serving
        nodes[0].goes_on.set()
        yield
