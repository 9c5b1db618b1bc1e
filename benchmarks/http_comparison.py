"""Our HTTP server beside gunicorn and granian: speed, memory, slow clients, killed workers, a new index."""

import os
import random
import signal
import socket
import statistics
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from benchmarks.build import family
from benchmarks.http_clients import (
    TURNS_MAX,
    ClientConnection,
    Outcome,
    Search,
    expected_searches,
    send_searches,
)
from benchmarks.peers.http_servers import EQUAL, SETUPS, WORKERS, Server, Setup, run_servers
from benchmarks.performance import cpu_s, proportional_mb

CLIENTS = (1, 8, 64)
SLICE_S = 2.0
PROBES, PROBE_S = 4, 3.0
"""Searches beside slow clients, and how long each may take."""
SETTLE_S = 5.0
"""Time for a server to do what slow clients requested."""
KILLS, REPLACED_S = 3, 20.0
SWAP_CLIENTS = 4


def compare(config: Path, rounds: int, reindex: Callable[[], None]) -> None:
    """Measure the servers over the index of *config*, side by side; print Markdown tables."""
    with run_servers(SETUPS, config) as servers:
        searches = expected_searches(servers[SETUPS[0]].address)
        for server in servers.values():
            _send_for(server, searches, max(CLIENTS[:2]), SLICE_S)
        _compare_speed(servers, searches, rounds)
        equal = [servers[setup] for setup in EQUAL]
        _print_row("", *(server.setup.server for server in equal))
        _print_row(*["---"] * (1 + len(equal)))
        memory = [sum(map(proportional_mb, family(server.process.pid))) for server in equal]
        _print_row("memory (PSS), MB", *(f"{megabytes:.0f}" for megabytes in memory))
        for name, be_slow in _slow_clients(searches).items():
            _print_row(f"{name}: next searches, ms", *(_probe(server, searches, be_slow) for server in equal))
        _print_row("40 connections, by worker", *(_share_connections(server) for server in equal))
        for number in range(KILLS):
            replaced = [_kill_worker(server, searches) for server in equal]
            _print_row(f"worker killed, {number + 1}: lost; both answer after", *replaced)
        _print_row("`reindex --full`: wrong or lost answers", *_swap_index(equal, searches, reindex))
        _print_row("parent killed: workers left after 3 s", *map(_kill_parent, equal))


def _print_row(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


# --- Speed ---------------------------------------------------------------------------------------


def _send_for(server: Server, searches: Sequence[Search], clients: int, seconds: float) -> Outcome:
    with _sending(server, searches, clients) as outcome:
        time.sleep(seconds)
    return outcome.result()


@contextmanager
def _sending(server: Server, searches: Sequence[Search], clients: int) -> Iterator[Future[Outcome]]:
    """Let clients send searches until the block ends."""
    stopped = threading.Event()
    # The clock is the seed: no round may repeat the searches of another, whose answers the server caches.
    turn = int(time.monotonic()) % TURNS_MAX
    with ThreadPoolExecutor(1) as executor:
        try:
            yield executor.submit(send_searches, server.address, searches, clients, stopped, turn=turn)
        finally:
            stopped.set()


def _compare_speed(servers: dict[Setup, Server], searches: Sequence[Search], rounds: int) -> None:
    """Send searches to the servers in turn, in random order, so that all meet the same disturbances."""
    chance = random.Random(23)
    outcomes: dict[tuple[int, Setup], list[Outcome]] = defaultdict(list)
    costs_ms: dict[tuple[int, Setup], list[float]] = defaultdict(list)
    for _ in range(rounds):
        for clients in CLIENTS:
            for setup in chance.sample(SETUPS, len(SETUPS)):
                processes = family(servers[setup].process.pid)
                before = sum(map(cpu_s, processes))
                outcome = _send_for(servers[setup], searches, clients, SLICE_S)
                used = sum(map(cpu_s, processes)) - before
                outcomes[clients, setup].append(outcome)
                costs_ms[clients, setup].append(1000 * used / len(outcome.latencies_ms))
    _print_row(
        "clients", "server, threads", "searches/s", "to ours", "p99, ms", "to ours", "CPU ms each", "errors"
    )
    _print_row(*["---"] * 8)
    for (clients, setup), measured in sorted(outcomes.items(), key=lambda item: _position(*item[0])):
        ours = outcomes[clients, Setup("ours", 1 if setup.threads == 1 else 4)]
        pairs = [*zip(measured, ours, strict=True)]
        _print_row(
            clients,
            setup,
            f"{statistics.median(one.per_s for one in measured):.0f}",
            f"{statistics.median(other.per_s / our.per_s for other, our in pairs):.2f}",
            f"{_p99(*measured):.0f}",
            f"{statistics.median(_p99(other) / _p99(our) for other, our in pairs):.2f}",
            f"{statistics.median(costs_ms[clients, setup]):.1f}",
            sum(sum(one.errors.values()) for one in measured),
        )
    print(flush=True)


def _position(clients: int, setup: Setup) -> tuple[int, int]:
    return clients, SETUPS.index(setup)


def _p99(*outcomes: Outcome) -> float:
    latencies = [latency for outcome in outcomes for latency in outcome.latencies_ms]
    return statistics.quantiles(latencies, n=100, method="inclusive")[98]


# --- Slow clients --------------------------------------------------------------------------------


def _send_half(server: Server, stack: ExitStack, count: int) -> None:
    with suppress(OSError):  # the server accepts no more
        for _ in range(count):
            client = stack.enter_context(socket.create_connection(server.target, timeout=2))
            client.sendall(b"GET / HTTP/1.1\r\nHost: ")
    time.sleep(1)


def _read_nothing(server: Server, stack: ExitStack, count: int, requests: bytes) -> None:
    for _ in range(count):
        client = stack.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with suppress(OSError):
            client.connect(server.target)
            client.sendall(requests)
    time.sleep(SETTLE_S)


BeSlow = Callable[[Server, ExitStack], None]


def _slow_clients(searches: Sequence[Search]) -> dict[str, BeSlow]:
    """Return the ways in which clients are slow, by name."""
    path = max(searches, key=lambda search: search.total).path
    large, small = (f"GET {path}&per_page={hits} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for hits in (100, 1))
    return {
        "200 half-sent requests": partial(_send_half, count=200),
        "2,500 half-sent requests": partial(_send_half, count=2_500),
        "20 clients that do not read 10 large answers": partial(_read_nothing, count=20, requests=large * 10),
        "50 clients that do not read 30 small answers": partial(_read_nothing, count=50, requests=small * 30),
    }


def _probe(server: Server, searches: Sequence[Search], be_slow: BeSlow) -> str:
    """Return the latencies of some searches while other clients are slow."""
    with ExitStack() as stack:
        be_slow(server, stack)
        latencies = []
        for search in searches[:PROBES]:
            started = time.perf_counter()
            try:
                with ExitStack() as probe:
                    connection = ClientConnection(server.address, PROBE_S)
                    probe.callback(connection.close)
                    connection.get(search.path)
                latencies.append(f"{1000 * (time.perf_counter() - started):.0f}")
            except (OSError, ValueError):
                latencies.append("lost")
    time.sleep(1)
    return ", ".join(latencies)


# --- Workers and the index -----------------------------------------------------------------------


def _share_connections(server: Server, count: int = 40) -> str:
    return ", ".join(str(number) for number in sorted(_workers(server, count).values()))


def _workers(server: Server, count: int = 40) -> Counter[int]:
    """Return the workers of *count* simultaneous connections, and the number of each."""
    with ExitStack() as stack:
        connections = [ClientConnection(server.address) for _ in range(count)]
        for connection in connections:
            stack.callback(connection.close)
            connection.get("/healthz")
        return Counter(worker for one in connections if (worker := server.worker_of(one)))


def _kill_worker(server: Server, searches: Sequence[Search]) -> str:
    """Kill a worker under load; return the lost answers, and the time until all workers answer again."""
    workers = _workers(server)
    with _sending(server, searches, CLIENTS[1]) as outcome:
        time.sleep(1)
        os.kill(max(workers), signal.SIGKILL)
        started, answering = time.monotonic(), set[int]()
        while len(answering) < WORKERS and time.monotonic() - started < REPLACED_S:
            with suppress(OSError), ExitStack() as stack:
                connection = ClientConnection(server.address, PROBE_S)
                stack.callback(connection.close)
                connection.get(searches[0].path)
                answering |= {worker for worker in [server.worker_of(connection)] if worker}
        seconds = time.monotonic() - started
        time.sleep(1)
    errors = outcome.result().errors
    return f"{sum(errors.values())}; {seconds:.1f} s" + (f" {errors}" if errors else "")


def _swap_index(
    servers: Sequence[Server], searches: Sequence[Search], reindex: Callable[[], None]
) -> list[str]:
    """Build a new index while clients search on all servers; return wrong and lost answers of each."""
    with ExitStack() as stack:
        outcomes = [stack.enter_context(_sending(server, searches, SWAP_CLIENTS)) for server in servers]
        reindex()
        time.sleep(SETTLE_S)
    measured = [outcome.result() for outcome in outcomes]
    return [f"{sum(one.errors.values())} of {len(one.latencies_ms):,}" for one in measured]


def _kill_parent(server: Server) -> str:
    workers = [*_workers(server)]
    server.process.kill()
    time.sleep(3)
    left = [worker for worker in workers if Path(f"/proc/{worker}/fd").exists()]
    for worker in left:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    return f"{len(left)} of {len(workers)}"
