"""config.toml read and checked: one line names file, key and value of the first mistake."""

import os
import stat
import tomllib
from datetime import date, time
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from crawler.config.contradictions import contradictions
from crawler.config.settings import CrawlerConfig, Storage

# No settings file is that long; something else was named.
_FILE_BYTES_MAX = 1_000_000


_SHOWN_CHARS_MAX = 80


SectionT = TypeVar("SectionT", bound=BaseModel)


class ConfigError(Exception):
    """A settings file is missing or wrong; the message, one line, names file, key and value."""

    def __init__(self, message: str) -> None:
        super().__init__(_line(message))


# Whose module reads a table, by its name; all hold a function `load`.
_OWNERS = {"crawler": "crawler.config", "index": "index.config", "searcher": "searcher.config"}


def load(path: Path) -> tuple[Storage, CrawlerConfig]:
    """Read the data directory and the crawler's settings from the TOML file at *path*.

    Raises:
        ConfigError: the file is missing or no TOML, a key is unknown, missing or of the wrong type, a value
            is not what it should be, or values contradict each other.
    """
    storage, config = load_storage(path), load_section(path, "crawler", CrawlerConfig)
    for wrong in contradictions(config):
        raise ConfigError(f"{path}: crawler.{wrong.key} = {_shown(wrong.value)}: {wrong.reason}")
    return storage, config


def load_all(path: Path) -> tuple[Storage, CrawlerConfig]:
    """Read what `load` does, and see that the tables of index and search page can be read, too.

    Raises:
        ConfigError: as `load`.
    """
    # Found by name, since imports point the other way.
    for owner in _OWNERS.values():
        import_module(owner).load(path)
    return load(path)


def load_storage(path: Path) -> Storage:
    """Read where the data lives; a relative ``data_dir`` counts from the folder of the file at *path*."""
    top = {key: value for key, value in _toml(path).items() if key not in _OWNERS}
    storage = _validated(path, "", Storage, top)
    return storage.model_copy(update={"data_dir": path.absolute().parent / storage.data_dir})


def load_section(path: Path, name: str, model: type[SectionT]) -> SectionT:
    """Read the table *name* of the TOML file at *path* as a *model*.

    Raises:
        ConfigError: as `load`.
    """
    return _validated(path, name, model, _toml(path).get(name, {}))


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(_bytes(path).decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: not a TOML file: nested too deep") from error
    except ValueError as error:  # no UTF-8, no TOML, or a number of more digits than Python reads
        raise ConfigError(f"{path}: not a TOML file: {error}") from error


def _bytes(path: Path) -> bytes:
    """Return what is in the file at *path*; a pipe or device, which may never end, is not waited for."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ConfigError(f"{path}: not a file")
        content = file.read(_FILE_BYTES_MAX + 1)
    if len(content) > _FILE_BYTES_MAX:
        raise ConfigError(f"{path}: longer than {_FILE_BYTES_MAX:,} bytes: no settings file")
    return content


def _validated(path: Path, name: str, model: type[SectionT], table: object) -> SectionT:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(_cut(part) for part in (name, *first["loc"]) if part != "")
        value = "" if first["type"] in ("missing", "extra_forbidden") else f" = {_shown(first['input'])}"
        reason = {"missing": "missing", "extra_forbidden": "no such option"}.get(first["type"], first["msg"])
        reason = reason.removeprefix("Value error, ")
        raise ConfigError(f"{path}: {key}{value}: {reason}") from error


def _shown(value: object) -> str:
    try:
        return _cut(value if isinstance(value, date | time) else repr(value))
    except ValueError:  # Python prints no number of so many digits
        return "a number of thousands of digits"


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN_CHARS_MAX else f"{text[:_SHOWN_CHARS_MAX]}…"


def _line(text: str) -> str:
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
