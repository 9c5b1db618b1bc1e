"""A program for tests of the keeper: answers each connection with the text of a file, read when it starts.

A text "exit N" ends it at once with that code. Each connection is answered when its client has sent a line.
"""

import argparse
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import wait
from pathlib import Path

from preses_relizes.keeper import OPTION, Kept


def main() -> None:
    """Answer until SIGTERM, or until another program has taken over."""
    options = argparse.ArgumentParser()
    options.add_argument(OPTION, type=int, dest="kept_by")
    options.add_argument("text", type=Path)
    options.add_argument("address", type=Path, help="file that gets the port")
    options.add_argument("hangups", type=Path, help="file that gets a line for each SIGHUP")
    given = options.parse_args()
    text = given.text.read_text(encoding="utf-8")
    kept = Kept(given.kept_by)
    if text.startswith("exit "):
        print("the reason", file=sys.stderr, flush=True)
        sys.exit(int(text.split()[1]))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    def note(*_: object) -> None:
        with given.hangups.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")

    signal.signal(signal.SIGHUP, note)
    listening = kept.sockets[0] if kept.sockets else socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0)
    kept.listen([listening])
    kept.ready()
    draft = given.address.with_suffix(".draft")
    draft.write_text(str(listening.getsockname()[1]), encoding="utf-8")
    draft.replace(given.address)
    while not (kept.should_leave or kept.is_orphan):
        if kept.fileno() in wait([kept.fileno(), listening.fileno()]):
            kept.hear()
        else:
            answer(listening, text)


def answer(listening: socket.socket, text: str) -> None:
    """Answer the next client."""
    with suppress(BlockingIOError):  # another program has taken it
        client, _ = listening.accept()
        client.settimeout(None)
        with client, client.makefile("rw", encoding="utf-8") as lines:
            lines.readline()
            lines.write(text)


if __name__ == "__main__":
    main()
