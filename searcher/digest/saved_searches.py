"""The file of the operator: the mail server, the saved searches and who gets their new hits."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, ValidationError, field_validator
from werkzeug.datastructures import MultiDict

from index.config import ConfigError, Count, Line, Section
from searcher import search_address
from searcher.i18n import DEFAULT, LANGUAGES
from searcher.params import FilterParams, SearchParams

SEARCHES_MAX, RECIPIENTS_MAX = 1_000, 100
_FILE_BYTES_MAX = 1_000_000

MailAddress = Annotated[str, Field(pattern=r"^[!-?A-~]+@[!-?A-~]+$", max_length=254)]
"""An address in ASCII; without a name."""


class MailSettings(Section):
    """[mail]: the server that takes the mails, and who they are from."""

    sender: MailAddress
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]+$", max_length=253)]
    port: Annotated[Count, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """``tls`` from the first byte, usually at port 465; ``none`` suits only a server on this machine."""
    user: Annotated[str, Field(max_length=200)] = ""
    """Empty: no login."""
    password_file: Path = Path()
    """A file with the password alone; a relative path starts from the folder of this file."""


class SavedSearch(Section):
    """[[search]]: a search by the address of its result page, and who gets its new hits."""

    name: Line
    """The name in the subject of the mails."""
    address: Annotated[str, Field(max_length=5_000)]
    to: Annotated[tuple[MailAddress, ...], Field(min_length=1, max_length=RECIPIENTS_MAX)]

    @field_validator("address")
    @classmethod
    def _check_address(cls, address: str) -> str:
        search_of(address)
        return address

    @cached_property
    def language(self) -> str:
        """The interface language, as the path of the address says."""
        first = urlsplit(self.address).path.strip("/").rpartition("/")[2]
        return first if first in LANGUAGES else DEFAULT

    @cached_property
    def params(self) -> SearchParams:
        """The query and the filters, newest first."""
        return search_of(self.address)

    @cached_property
    def query(self) -> search_address.Pairs:
        """The canonical parameters of the result page, newest first."""
        return search_address.pairs(self.params, per_page=0)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A saved search for one of its recipients."""

    search: SavedSearch
    recipient: str

    @property
    def key(self) -> str:
        """The key of the subscription in the ledger; it does not depend on the name of the search."""
        return f"{self.recipient} {self.search.language}?{search_address.encode(self.search.query)}"


class DigestFile(Section):
    """The whole file."""

    mail: MailSettings
    search: Annotated[tuple[SavedSearch, ...], Field(max_length=SEARCHES_MAX)] = ()

    def subscriptions(self) -> Iterator[Subscription]:
        """Yield a subscription for each search and recipient; repeated ones only once."""
        known = set()
        for search in self.search:
            for recipient in search.to:
                subscription = Subscription(search, recipient)
                if subscription.key not in known:
                    known.add(subscription.key)
                    yield subscription


def load_digest(path: Path) -> DigestFile:
    """Read the file at *path*.

    Raises:
        ConfigError: it cannot be read, is not TOML, or has an invalid value; the message names the key.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_FILE_BYTES_MAX + 1)
        if len(text) > _FILE_BYTES_MAX:
            raise ConfigError(f"{path}: longer than {_FILE_BYTES_MAX:,} bytes")
        document = tomllib.loads(text.decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror}; see `releases digest --help`"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error
    try:
        found = DigestFile.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        reason = "unknown key" if first["type"] == "extra_forbidden" else first["msg"]
        raise ConfigError(f"{path}: {key}: {reason.removeprefix('Value error, ')}") from error
    secret = found.mail.password_file
    if secret == Path():
        return found
    mail = found.mail.model_copy(update={"password_file": path.absolute().parent / secret})
    return found.model_copy(update={"mail": mail})


def search_of(address: str) -> SearchParams:
    """Return the search at *address*, which may be a whole address or only its query string.

    Raises:
        ParameterError: a parameter is unknown or invalid.
    """
    query = urlsplit(address).query if "?" in address else address
    sent = MultiDict(parse_qsl(query, keep_blank_values=True))
    read = SearchParams.read(sent)
    of_search = (*FilterParams.model_fields, "verbatim")
    return SearchParams(sort="newest").model_copy(update={name: getattr(read, name) for name in of_search})
