"""The commands as a shell starts them: Ctrl-C and SIGTERM end them quietly, while they are loaded, too."""

import os
import signal
import sys
from importlib import import_module

INTERRUPTED = 130
# What ends a command, with what Python does about it by itself.
ENDING = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
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
    # Those that are ignored, as Ctrl-C in the background of a script, stay so.
    heard = [one for one, default in ENDING.items() if signal.getsignal(one) is default]
    for one in heard:
        # An exception is no way to end what loads modules: some of them take it for a fault, or lose it.
        signal.signal(one, lambda *_: os._exit(INTERRUPTED))
    main = import_module(name).main
    for one in heard:
        signal.signal(one, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
