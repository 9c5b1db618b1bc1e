"""`make demo`: the sample sites, crawled over HTTP, indexed and served until Ctrl-C."""

import argparse
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from samples import server
from samples.bets import BETS, best_bets
from samples.content import DemoDay
from samples.judged import judged_queries

DATA = Path(__file__).parent / "data"


def main() -> int:
    """Run the demo; return the exit code of the step that failed, or 0."""
    parser = argparse.ArgumentParser(prog="python -m samples.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port of the search page (default 8000)")
    parser.add_argument(
        "--base-port", type=int, default=8101, help="first port of the sample sites (default 8101)"
    )
    parser.add_argument(
        "--day", type=int, choices=(1, 2), default=1, help="2: with some releases edited, removed and added"
    )
    asked = parser.parse_args()
    # A shell makes background processes ignore Ctrl-C.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    try:
        return _demo(asked.port, asked.base_port, asked.day)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


def _demo(port: int, base_port: int, day: DemoDay) -> int:
    try:
        with ExitStack() as stack:
            sites, data = _serve_sites(stack, base_port, day)
            config, judged = data / "config.toml", data / "judged.toml"
            judged.write_text(judged_queries(sites), encoding="utf-8")
            (data / BETS.name).write_text(best_bets(sites), encoding="utf-8")
            config.write_text(server.crawl_config(sites, data, judged=judged), encoding="utf-8")
            for step in ("crawler.crawl", "index.reindex"):
                if status := subprocess.run(_command(step, "--config", str(config)), check=False).returncode:
                    return status
            return _serve(config, _free_port(port))
    except OSError as error:
        print(
            f"demo: {error.filename or 'the sample sites cannot listen'}: {error.strerror}", file=sys.stderr
        )
        return 1


def _serve_sites(stack: ExitStack, base_port: int, day: DemoDay) -> tuple[server.Sites, Path]:
    """Serve the sample sites, on free ports if need be; return them and the folder of their data."""
    data = DATA
    try:
        sites = stack.enter_context(server.serve_sites(day=day, base_port=base_port))
    except OSError as error:
        print(f"Port {base_port} and up: {error.strerror}; the sample sites take free ports.")
        sites = stack.enter_context(server.serve_sites(day=day, base_port=0))
        data = DATA / "free-ports"  # at other addresses, the releases of an earlier demo would be lost
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    print(f"Serving {len(sites)} sample sites at {next(iter(sites.values()))} and other ports.", flush=True)
    return sites, data


def _free_port(port: int) -> int:
    """Return *port*, or a free one if another program listens there."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        print(f"Port {port}: {error.strerror}; the search page takes a free port.", flush=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            return int(free.getsockname()[1])
    return port


def _serve(config: Path, port: int) -> int:
    """Serve until Ctrl-C, which the terminal also sends to the child; forward SIGTERM."""
    with subprocess.Popen(
        _command("searcher.serve", "--config", str(config), "--port", str(port))
    ) as process:
        try:
            return process.wait()
        finally:
            process.terminate()


def _command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs the `main` of *module* with this Python."""
    return [sys.executable, "-c", f"import sys; from {module} import main; sys.exit(main())", *arguments]


if __name__ == "__main__":
    sys.exit(main())
