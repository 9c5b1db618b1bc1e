"""Child processes that must not outlive their parent."""

import fcntl
import multiprocessing
import os
import signal
import sys


def end_with_parent() -> None:
    """End this process as soon as its parent ends, even by `kill -9`, whatever this process is doing then.

    Works for every start method of `multiprocessing`; does nothing in a process that it did not start.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    # SIGIO's default action on Linux ends the process even inside a C function that never returns. Elsewhere
    # the default is to ignore it.
    end = signal.SIG_DFL if sys.platform == "linux" else lambda *_: os._exit(1)
    signal.signal(signal.SIGIO, end)
    # The sentinel is a pipe that the kernel closes with the parent.
    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(parent.sentinel, fcntl.F_GETFL)
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, flags | os.O_ASYNC)
    if not parent.is_alive():  # it ended before O_ASYNC was set
        os._exit(1)
