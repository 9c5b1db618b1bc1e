"""Options and exit codes of the subcommands of `releases`, and the end of a command with a message."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from filelock import Timeout

from crawler.config import ConfigError
from crawler.store import StoreError
from crawler.store.log.records import LogError
from index.analysis.latvian.hunspell import LexiconError
from index.errors import EngineError
from preses_relizes.shared.streams import reason_of

# Exit codes: a check failed; wrong options or settings; a crawl or reindex is running; a broken file.
UNSOUND, USAGE, BUSY, BROKEN = 1, 2, 3, 4

ConfigOption = Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
DEFAULT_CONFIG = Path("config.toml")


class UnsoundFileError(Exception):
    """A file is not what was written; the message names the file and what is wrong."""


FAILURES = (ConfigError, LexiconError, Timeout, UnsoundFileError, LogError, StoreError, EngineError, OSError)
"""The errors that end a command with one line."""


@contextmanager
def exit_on_error() -> Iterator[None]:
    """End the command with one line if settings, store, a lock or a file prevent it."""
    try:
        yield
    except FAILURES as error:
        fail(*explain(error))


def explain(error: Exception) -> tuple[str, int]:
    """Return the message of one of `FAILURES`, and its exit code."""
    match error:
        case ConfigError() | LexiconError():
            return str(error), USAGE
        case Timeout():
            return f"{error.lock_file}: held by a crawl or a reindex; try again when it has ended", BUSY
        case UnsoundFileError() | LogError():
            return str(error), UNSOUND
        case StoreError() | EngineError():
            return str(error), BROKEN
        case OSError():
            return reason_of(error), BROKEN
        case _:
            raise error


def fail(message: str, code: int) -> NoReturn:
    """End the command with *message* on standard error."""
    typer.echo(f"releases: {message}", err=True)
    raise typer.Exit(code)


def size(count: int) -> str:
    """Return *count* bytes for people.

    >>> size(512), size(1_234_567), size(20_000_000_000)
    ('512 bytes', '1.2 MB', '20.0 GB')
    """
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} bytes"
