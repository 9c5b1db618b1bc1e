"""The entry points of the commands."""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path

from preses_relizes.keeper import OPTION, keep
from preses_relizes.shared.signals import INTERRUPTED, exit_at_once
from preses_relizes.shared.streams import exit_if_unwritable, take_any_text

# Permission bits to clear in all new files and folders: write for the group, all for others.
_MASKED = 0o027


def crawl() -> None:
    """Run `crawl`."""
    _run("crawler.crawl")


def reindex() -> None:
    """Run `reindex`."""
    _run("index.reindex")


def serve() -> None:
    """Run `serve`: a process that keeps its sockets, and starts this command again for those that answer."""
    if OPTION in sys.argv or sys.platform != "linux":
        signal.signal(
            signal.SIGUSR2, signal.SIG_IGN
        )  # for the keeper, but it may reach all processes of a group
        _run("searcher.serve")
    else:
        program = [sys.argv[0]] if os.access(sys.argv[0], os.X_OK) else [sys.executable, sys.argv[0]]
        sys.exit(keep([*program, *sys.argv[1:]]))


def releases() -> None:
    """Run `releases`."""
    _run("preses_relizes.admin.releases")


def _run(name: str) -> None:
    """Import the module of a command, which takes half a second, and run its `main`."""
    # Files are 0640 and folders 0750, or stricter if the umask is stricter.
    os.umask(os.umask(_MASKED) | _MASKED)
    with exit_at_once():
        main = import_module(name).main
    take_any_text()
    with exit_if_unwritable(Path(sys.argv[0]).name):
        try:
            main()
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
