"""Loads and checks config.toml; each fault is one line with file, key and value."""

import os
import re
import ssl
import stat
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crawler.config.built_in import built_in_sites, with_built_ins
from crawler.config.contradictions import find_contradictions
from crawler.config.known_keys import suggest_key
from crawler.config.settings import CrawlerConfig, Storage

# A longer file is not a settings file.
_FILE_BYTES_MAX = 1_000_000


_SHOWN_CHARS_MAX = 80
_UNQUOTED = re.compile(r"[^\s'\"]+")
_SHOWN_FAULTS_MAX = 40

# Messages by pydantic's types of errors, in the words of TOML.
_REASONS = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "dict_type": "not a table",
    "extra_forbidden": "unknown key",
    "float_parsing": "not a number",
    "float_type": "not a number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "int_from_float": "not a whole number",
    "int_parsing": "not a whole number",
    "int_type": "not a whole number",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "model_type": "not a table",
    "path_type": "not a path",
    "string_type": "not a string",
    "tuple_type": "not a list",
}


SectionT = TypeVar("SectionT", bound=BaseModel)


class ConfigError(Exception):
    """A settings file is missing or invalid; a line of the message has file, key and value."""

    def __init__(self, *faults: str) -> None:
        super().__init__(*map(_to_one_line, faults))

    def __str__(self) -> str:
        more = len(self.args) - _SHOWN_FAULTS_MAX
        return "\n".join(self.args[:_SHOWN_FAULTS_MAX]) + (f"\nand {more:,} more" if more > 0 else "")


# The module whose `load` reads each table.
_OWNERS = {"crawler": "crawler.config", "index": "index.config", "searcher": "searcher.config"}


def load(path: Path) -> tuple[Storage, CrawlerConfig]:
    """Read the data directory and the crawler's settings from the TOML file at *path*.

    Raises:
        ConfigError: the file is missing or not TOML, a key is unknown or missing, or a value is invalid or
            contradicts another one.
    """
    return load_storage(path), _load_crawler(path)


def load_all(path: Path) -> tuple[Storage, CrawlerConfig]:
    """Read what `load` does, and check the tables of index and search page as well.

    Raises:
        ConfigError: as `load`, with the faults of all tables.
    """
    faults: list[str] = []
    # Imported by name, since imports run the other way.
    others = (import_module(owner).load for owner in _OWNERS.values())
    for check in (load_storage, _load_crawler, *others):
        try:
            check(path)
        except ConfigError as error:
            faults += error.args
    if faults:
        raise ConfigError(*dict.fromkeys(faults))
    return load(path)


def _load_crawler(path: Path) -> CrawlerConfig:
    config = _validate(path, "crawler", CrawlerConfig, with_built_ins(_toml(path).get("crawler", {})))
    faults = [
        f"{path}: crawler.{key} = {_show(value)}: {reason}"
        for key, value, reason in find_contradictions(config)
    ]
    config = config.model_copy(update={"tls_ca": _beside(path, config.tls_ca)})
    if fault := _fault_of_authorities(config.tls_ca):
        faults.append(f"{path}: crawler.tls_ca: {fault}")
    if faults:
        raise ConfigError(*faults)
    return config


def _beside(path: Path, named: Path) -> Path:
    """Return the file *named* in the settings file at *path*; an empty name stays empty."""
    return named if named == Path() else path.absolute().parent / named


def _fault_of_authorities(file: Path) -> str | None:
    """Return why *file* is no file of certificate authorities; None if it is one, or none is named."""
    if file == Path():
        return None
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError:
        return f"no certificate (PEM) in {file}"
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
    return None


def load_storage(path: Path) -> Storage:
    """Read the data directory; a relative ``data_dir`` is relative to the folder of *path*, even of a link.

    Raises:
        ConfigError: as `load`; or *path* is a link, and only beside the file itself is there such a folder.
    """
    top = {key: value for key, value in _toml(path).items() if key not in _OWNERS}
    storage = _validate(path, "", Storage, top)
    data_dir, behind = path.absolute().parent / storage.data_dir, path.resolve().parent / storage.data_dir
    # A crawl would begin anew, and seem to have lost everything.
    if os.path.lexists(behind) and not os.path.lexists(data_dir):
        raise ConfigError(
            f"{path}: data_dir = {_show(str(storage.data_dir))}: this file is a link, so {data_dir} "
            f"is meant; it does not exist, but {behind} does: write the path in full"
        )
    return storage.model_copy(update={"data_dir": data_dir})


def load_section(path: Path, name: str, model: type[SectionT]) -> SectionT:
    """Read the table *name* of the TOML file at *path* as a *model*.

    Raises:
        ConfigError: as `load`.
    """
    return _validate(path, name, model, _toml(path).get(name, {}))


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(_bytes(path).decode("utf-8-sig"))
    except FileNotFoundError as error:
        init = "crawl init" + (f" --folder {path.parent}" if path.parent.name else "")
        raise ConfigError(f"{path}: cannot be read: {error.strerror}; `{init}` writes a new one") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: not a TOML file: nested too deeply") from error
    except ValueError as error:  # not UTF-8, not TOML, or a number with more digits than Python accepts
        raise ConfigError(f"{path}: not a TOML file: {error}") from error


def _bytes(path: Path) -> bytes:
    """Return the content of the file at *path*; refuse pipes and devices, which may never end."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ConfigError(f"{path}: not a regular file")
        content = file.read(_FILE_BYTES_MAX + 1)
    if len(content) > _FILE_BYTES_MAX:
        raise ConfigError(f"{path}: longer than {_FILE_BYTES_MAX:,} bytes: not a settings file")
    return content


def _validate(path: Path, name: str, model: type[SectionT], table: object) -> SectionT:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        faults = []
        for fault in _inmost(error.errors(include_url=False)):
            parts = (name, *_name_site(fault["loc"], table))
            key = ".".join(_shorten(part) for part in parts if part != "")
            value = "" if fault["type"] in ("missing", "extra_forbidden") else f" = {_show(fault['input'])}"
            faults.append(f"{path}: {key}{value}: {_explain(fault)}{_suggestion(model, table, fault)}")
        raise ConfigError(*faults) from error


def _inmost(faults: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Return *faults* without those of a list that only lacks what is wrong in it."""
    places = [fault["loc"] for fault in faults]
    return [
        fault
        for fault in faults
        if not any(fault["loc"] == place[: len(fault["loc"])] != place for place in places)
    ]


def _name_site(place: Sequence[str | int], table: object) -> Sequence[str | int]:
    """Return *place* with the id of a site of *table* instead of its number, which is hard to count."""
    match place:
        case ["sites", int(at), key, *_] if key != "id" and isinstance(table, Mapping):
            site = table["sites"][at]
            id_ = site.get("id") if isinstance(site, Mapping) else None
            return ("sites", id_, *place[2:]) if id_ and isinstance(id_, str) else place
    return place


def _explain(fault: ErrorDetails) -> str:
    if fault["type"] == "missing":
        return _explain_missing(fault["input"])
    if fault["type"] not in _REASONS:
        return fault["msg"].removeprefix("Value error, ")
    bounds = fault.get("ctx", {}).items()
    return _REASONS[fault["type"]].format_map(
        {name: f"{bound:.15g}" if isinstance(bound, float) else bound for name, bound in bounds}
    )


def _suggestion(model: type[BaseModel], table: object, fault: ErrorDetails) -> str:
    """Return the advice to write the key that was probably meant; "" if it is not known."""
    if fault["type"] != "extra_forbidden":
        return ""
    tables = _OWNERS if model is Storage else ()
    meant = suggest_key(model, table, fault["loc"], tables)
    return f"; did you mean `{meant}`?" if meant else ""


def _explain_missing(table: object) -> str:
    """Return the reason for a missing key of *table*, which may have been meant to change a built-in site."""
    id_ = table.get("id") if isinstance(table, dict) else None
    if isinstance(id_, str) and id_ in built_in_sites():
        return f"missing; to take it from the built-in institution, add {id_!r} to built_in_sites"
    return "missing"


def _show(value: object) -> str:
    try:
        return _shorten(value if isinstance(value, date | time) else _mask(repr(value)))
    except ValueError:  # Python refuses to print such a number
        return "a number with thousands of digits"


def _mask(shown: str) -> str:
    """Return *shown* without the credentials of addresses: what refuses them is logged, and sent on."""
    return _UNQUOTED.sub(lambda found: _mask_address(found[0]), shown)


def _mask_address(text: str) -> str:
    """Return *text* without user:password@ before a host, also if it has no scheme."""
    before, at, host = text.rpartition("@")
    scheme, slashes, _ = before.partition("//")
    name = scheme.removesuffix(":") if slashes else scheme
    if at and ":" in name.partition("/")[0]:
        return f"***@{host}"
    return f"{scheme}//***@{host}" if at and slashes else text


def _shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN_CHARS_MAX else f"{text[:_SHOWN_CHARS_MAX]}…"


def _to_one_line(text: str) -> str:
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
