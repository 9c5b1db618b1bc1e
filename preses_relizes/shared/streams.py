"""Standard output and error of a command: they take any text, and fail without a traceback."""

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO, TextIOWrapper
from typing import TextIO

BROKEN = 4
"""Exit status of a command whose output cannot be written."""
OUTPUT = "standard output"
_ESCAPES = "preses-relizes-escapes"


def take_any_text() -> None:
    r"""Let both streams write letters that their encoding lacks as `\u0101`, which JSON reads back."""
    codecs.register_error(_ESCAPES, _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and (stream.errors == "strict" or stream.encoding != "utf-8"):
            stream.reconfigure(errors=_ESCAPES)


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    escaped = "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
    return escaped, error.end


def reason_of(error: OSError, place: str = "a file") -> str:
    """Return what cannot be read or written, and why; *place* is where, if *error* does not say.

    An error of a stream names no file: it is that of standard output if that still cannot be written.
    """
    if error.filename is None and _flush(sys.stdout, ending="\n") is not None:
        place = OUTPUT
    return f"{error.filename or place}: {error.strerror or error}"


@contextmanager
def exit_if_unwritable(command: str) -> Iterator[None]:
    """Exit when the block ends; if standard output could not be written, such as on a full disk, say so."""
    status, fault = None, None
    try:
        yield
    except SystemExit as ending:
        status = ending.code
    except OSError as error:
        fault = error
    unwritten = _flush(sys.stdout)
    fault = fault or unwritten
    if fault and not status:
        status = BROKEN
        with suppress(OSError):
            print(f"{command}: {reason_of(fault, OUTPUT)}", file=sys.stderr)
    _flush(sys.stderr)
    sys.exit(status)


def _flush(stream: TextIO | None, *, ending: str = "") -> OSError | None:
    """Write what is left in *stream*; return the fault if it cannot be written, and discard the rest.

    An unbuffered stream has nothing left: *ending* is written to it.
    """
    if stream is None or stream.closed:
        return None
    try:
        if ending and isinstance(stream.buffer, FileIO):
            stream.write(ending)
        stream.flush()
    except OSError as error:
        # Python would try again at its end, and complain.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return error
    return None
