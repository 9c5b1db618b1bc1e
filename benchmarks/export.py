"""The cost of an export of all releases: time, the server's memory, the latency of searches meanwhile.

python -m benchmarks.export --docs 20000
python -m benchmarks.export --docs 200000 --folder somewhere

The releases are those of ``benchmarks.corpus``. One process serves, so that the export and the searches
compete. A client sends searches one after another while another process reads ``/api/v1/search.ndjson`` to
its end. The reader is paused now and then: then the searches have the service to themselves, on a machine
that is otherwise just as busy.
"""

import argparse
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from urllib.request import urlopen

from benchmarks.http import prepare, serving
from benchmarks.http_clients import Search, expected_searches
from benchmarks.performance import describe_machine, proportional_mb

# The export and the searches alone take turns; what is in buffers when the reader stops is made in SETTLE_S.
TURN_S, SETTLE_S, PAUSE_S = 10.0, 4.0, 0.02
# Reads a stream to its end, and prints its lines and bytes.
_READER = """
import sys
from urllib.request import urlopen
lines = size = 0
with urlopen(sys.argv[1]) as answer:
    while chunk := answer.read(1 << 16):
        lines += chunk.count(b"\\n")
        size += len(chunk)
print(lines, size)
"""


class Client:
    """Sends searches one after another, and measures their latencies in milliseconds."""

    def __init__(self, address: str) -> None:
        self._address, self._searches = address, cycle(expected_searches(address))

    def search_until(self, is_over: Callable[[], bool]) -> Iterator[float]:
        """Yield the latency of each search; end after *is_over* or `TURN_S`."""
        ends = time.monotonic() + TURN_S
        while time.monotonic() < ends and not is_over():
            yield self._measure(next(self._searches))
            time.sleep(PAUSE_S)

    def _measure(self, search: Search) -> float:
        started = time.perf_counter()
        with urlopen(self._address + search.path) as answer:
            assert json.load(answer)["total"] == search.total
        return 1000 * (time.perf_counter() - started)


def _report(name: str, latencies_ms: Sequence[float]) -> None:
    cuts = statistics.quantiles(latencies_ms, n=100)
    places = ", ".join(f"p{place} {cuts[place - 1]:.1f} ms" for place in (50, 95, 99))
    print(f"{name}: {len(latencies_ms)} searches, {places}")


def main() -> None:
    """Run the benchmark and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export", description=__doc__)
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        config = prepare(chosen.folder or Path(scratch), chosen.docs)
        with serving(config, "--processes", "1") as (address, process):
            _measure(address, process)


def _measure(address: str, process: int) -> None:
    print(describe_machine())
    client = Client(address)
    alone: list[float] = []
    beside: list[float] = []
    before_mb = most_mb = proportional_mb(process)
    exporting_s = 0.0
    with subprocess.Popen(
        [sys.executable, "-c", _READER, f"{address}/api/v1/search.ndjson"], stdout=subprocess.PIPE, text=True
    ) as reader:
        try:
            while True:
                started = time.monotonic()
                beside.extend(client.search_until(lambda: reader.poll() is not None))
                exporting_s += time.monotonic() - started
                most_mb = max(most_mb, proportional_mb(process))
                if reader.poll() is not None:
                    break
                reader.send_signal(signal.SIGSTOP)
                time.sleep(SETTLE_S)
                alone.extend(client.search_until(lambda: False))
                reader.send_signal(signal.SIGCONT)
            assert reader.stdout is not None
            lines, size = map(int, reader.stdout.read().split())
        finally:
            reader.kill()  # if a search failed, it may be stopped
    alone.extend(client.search_until(lambda: False))
    _report("alone", alone)
    _report("beside an export", beside)
    print(f"the export: {lines:,} releases, {size / 1e6:.0f} MB in {exporting_s:.0f} s")
    print(f"memory of the server: {before_mb:.0f} MB before, at most {most_mb:.0f} MB")


if __name__ == "__main__":
    main()
