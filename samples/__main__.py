"""`python -m samples`: serve the sample sites until Ctrl-C or SIGTERM."""

import argparse
import signal
import sys
from pathlib import Path

from samples.server import BASE_PORT, crawl_config, serve_sites


def main() -> int:
    """Serve the sample sites until a signal ends the command."""
    options = _build_parser().parse_args()
    stop = {signal.SIGINT, signal.SIGTERM}
    # Block the signals before the servers' threads start, so that only sigwait below receives them.
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    try:
        with serve_sites(day=options.day, base_port=options.base_port) as sites:
            if options.write_config:
                options.write_config.write_text(crawl_config(sites, "data"), encoding="utf-8")
            for site, origin in sites.items():
                print(f"{site:<6}{origin}", flush=True)
            signal.sigwait(stop)
    except OSError as error:
        print(f"samples: {error.strerror}; try another --base-port", file=sys.stderr)
        return 1
    return 0


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    parser.add_argument(
        "--day", type=int, choices=(1, 2), default=1, help="2: with some releases edited, removed and added"
    )
    parser.add_argument(
        "--base-port",
        type=int,
        default=BASE_PORT,
        help="port of the first site; 0: any free ports (default %(default)s)",
    )
    parser.add_argument(
        "--write-config",
        type=Path,
        metavar="PATH",
        help="write a config.toml for crawling these sites to PATH",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
