"""The three commands as a shell starts them."""

import os
import sys
from importlib import import_module

from preses_relizes.signals import INTERRUPTED, exit_at_once

# Permissions that no file or folder made by a command has: write for the group, all for others.
_WITHHELD = 0o027


def crawl() -> None:
    """Run `crawl`."""
    _run("crawler.crawl")


def reindex() -> None:
    """Run `reindex`."""
    _run("index.reindex")


def serve() -> None:
    """Run `serve`."""
    _run("searcher.serve")


def _run(name: str) -> None:
    """Import the module of a command, which takes half a second, and run its `main`."""
    # Files are 0640 and folders 0750, or less if the umask asks for less.
    os.umask(os.umask(_WITHHELD) | _WITHHELD)
    with exit_at_once():
        main = import_module(name).main
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
