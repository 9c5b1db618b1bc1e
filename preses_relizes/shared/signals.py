"""Ctrl-C and SIGTERM end a command in the same way."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130
"""Exit status of a command that a signal ended."""

_DEFAULTS = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}


@contextmanager
def exit_at_once() -> Iterator[None]:
    """Exit at once on Ctrl-C or SIGTERM within the block; after it both raise KeyboardInterrupt.

    An ignored signal stays ignored, such as Ctrl-C in a background job of a script.
    """
    handled = [number for number, default in _DEFAULTS.items() if signal.getsignal(number) is default]
    for number in handled:
        # A module that is being imported may swallow an exception, or mistake it for a failed import.
        signal.signal(number, lambda *_: os._exit(INTERRUPTED))
    yield
    for number in handled:
        signal.signal(number, signal.default_int_handler)


@contextmanager
def sigterm_as_ctrl_c() -> Iterator[None]:
    """Raise KeyboardInterrupt on SIGTERM within the block, as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
