"""The commands as a shell starts them: Ctrl-C ends them quietly while they are still being loaded, too."""

import os
import signal
import sys
from importlib import import_module

INTERRUPTED = 130
# What a command takes from all files and folders it makes: writing by the group, everything by others.
OTHERS = 0o027


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
    """Load the module of a command, which takes half a second, and run it."""
    # Nobody outside the group reads what a command writes, and only its user writes there: 0640 and 0750, or
    # less where the umask says so.
    os.umask(os.umask(OTHERS) | OTHERS)
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:  # and not ignored, as in the background of a script
        # An exception is no way to end what loads modules: some of them take it for a fault, or lose it.
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    main = import_module(name).main
    signal.signal(signal.SIGINT, before)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
