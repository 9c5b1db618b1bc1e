"""Records what a watched command does; each of its Python processes loads this module first (PYTHONPATH).

It notes the addresses connected to, the names looked up and the files of the world that are opened. On
SIGUSR1 it writes the stacks of all threads, then a line that ends them. It also moves the crawl to a later
day.
"""

import faulthandler
import json
import os
import signal
import sys
from pathlib import Path

NOTED = os.environ.get("STORM_NOTES", "")
DAYS = int(os.environ.get("STORM_DAYS", "0"))
END_OF_STACKS = "end of stacks"
FILES = ("stolen.xml", "/fifo", "/dev/zero")


def _note(event: str, what: object) -> None:
    with os.fdopen(os.open(NOTED, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "w") as notes:
        notes.write(json.dumps([event, what], default=repr) + "\n")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _note("connect", f"{arguments[1][0]}:{arguments[1][1]}")
    elif event == "socket.getaddrinfo":
        _note("name", arguments[0])
    elif event == "open" and isinstance(arguments[0], str) and arguments[0].endswith(FILES):
        _note("open", arguments[0])


def _end_stacks(_number: int, _frame: object) -> None:
    os.write(stacks.fileno(), f"{END_OF_STACKS}\n".encode())


def _advance_clock() -> None:
    import datetime as dt  # noqa: PLC0415 - only for this

    from crawler import run as runs  # noqa: PLC0415

    runs.now = lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=DAYS)


if NOTED:
    sys.addaudithook(_watch)
    stacks = Path(f"{NOTED}.stacks").open("a")  # noqa: SIM115 - as long as the process lives
    signal.signal(signal.SIGUSR1, _end_stacks)
    # This works in busy C code, too; the handler above runs when Python code does.
    faulthandler.register(signal.SIGUSR1, stacks, all_threads=True, chain=True)
    if DAYS and sys.orig_argv[1].endswith("crawl"):
        _advance_clock()
