"""Ctrl-C and SIGTERM end a command in the same way."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from preses_relizes.shared.notice import Notice

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


class Ending(Notice):
    """Notes within its block whether Ctrl-C or SIGTERM has come; a second Ctrl-C raises KeyboardInterrupt."""

    def __enter__(self) -> Self:
        self._before = {number: signal.getsignal(number) for number in _DEFAULTS}
        for number, handler in self._before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self.close()

    def _note(self, *_: object) -> None:
        if not self.has_come:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.give()


@contextmanager
def sigterm_as_ctrl_c() -> Iterator[None]:
    """Raise KeyboardInterrupt on SIGTERM within the block, as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
