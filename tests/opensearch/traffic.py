"""Clients that search without a pause, and ask the next server if one is away, as a reverse proxy does."""

import threading
from collections import Counter
from collections.abc import Sequence
from types import TracebackType

import requests

PATIENCE_S = 300
CLIENTS = 3
UNCACHED = {"Accept-Encoding": ", ".join(["identity"] * 30)}
"""Headers of a search that the cluster answers each time: an answer for so many encodings is not cached."""


class Traffic:
    """Searches sent to *addresses* in turn while the block runs; each must find one of *totals* releases."""

    def __init__(self, addresses: Sequence[str], query: str, *totals: int) -> None:
        self.addresses = list(addresses)
        """The servers in use."""
        self.answers: Counter[int] = Counter()
        """By HTTP status; 0 if no server took the request."""
        self.wrong: list[str] = []
        """What is wrong with answers of status 200."""
        self._path, self._totals = f"/api/v1/search?q={query}", totals
        self._open: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._clients = [threading.Thread(target=self._search, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> "Traffic":
        for client in self._clients:
            client.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        for client in self._clients:
            client.join()

    def wait_for(self, count: int, status: int = 200) -> None:
        """Return when *count* more answers with *status* have arrived."""
        with self._changed:
            wanted = self.answers[status] + count
            arrived = self._changed.wait_for(lambda: self.answers[status] >= wanted, PATIENCE_S)
        assert arrived, f"no {count} answers with {status} within {PATIENCE_S} s: {self.answers}"

    def use(self, addresses: Sequence[str]) -> None:
        """Send further requests to *addresses* alone; return when no other server has one."""
        with self._changed:
            self.addresses = list(addresses)
            left = self._changed.wait_for(lambda: set(+self._open) <= set(addresses), PATIENCE_S)
        assert left, f"requests are still open: {self._open}"

    def _search(self, turn: int) -> None:
        with requests.Session() as session:
            while not self._stopped.is_set():
                turn += 1
                self._record(self._ask(session, turn))

    def _ask(self, session: requests.Session, turn: int) -> requests.Response | None:
        """Return the answer of the next server that takes the request."""
        for place in range(len(self.addresses)):
            with self._changed:
                address = self.addresses[(turn + place) % len(self.addresses)]
                self._open[address] += 1
            try:
                return session.get(address + self._path, headers=UNCACHED, timeout=PATIENCE_S)
            except requests.ConnectionError:
                continue
            except requests.RequestException:  # half an answer, which no proxy can send again
                return None
            finally:
                with self._changed:
                    self._open[address] -= 1
                    self._changed.notify_all()
        return None

    def _record(self, answer: requests.Response | None) -> None:
        with self._changed:
            self.answers[answer.status_code if answer is not None else 0] += 1
            if answer is not None and answer.status_code == 200:
                total = answer.json()["total"]
                if total not in self._totals:
                    self.wrong.append(f"{total}, not one of {self._totals}")
            self._changed.notify_all()
