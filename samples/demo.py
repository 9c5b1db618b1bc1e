"""`make demo`: the sample sites, crawled over HTTP, indexed and served until Ctrl-C."""

import argparse
import signal
import subprocess
import sys
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
    DATA.mkdir(exist_ok=True)
    config = DATA / "config.toml"
    try:
        with server.serve_sites(day=day, base_port=base_port) as sites:
            print(f"Serving {len(sites)} sample sites on ports {base_port} and up.", flush=True)
            judged = DATA / "judged.toml"
            judged.write_text(judged_queries(sites), encoding="utf-8")
            (DATA / BETS.name).write_text(best_bets(sites), encoding="utf-8")
            config.write_text(server.crawl_config(sites, DATA, judged=judged), encoding="utf-8")
            for step in ("crawler.crawl", "index.reindex"):
                if status := subprocess.run(_command(step, "--config", str(config)), check=False).returncode:
                    return status
            return _serve(config, port)
    except OSError as error:
        print(
            f"demo: the sample sites cannot listen on port {base_port} and up: {error.strerror}",
            file=sys.stderr,
        )
        return 1


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
