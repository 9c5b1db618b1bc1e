"""The file in which an operator says who is the same person, who is another, and who is not to be listed."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from crawler.config import ConfigError, Section
from index.mentions import KnownBodies, known_bodies

FILE = "names.toml"
"""Its name, in the data directory."""
NAMES_MAX = 5_000
"""Maximum number of entries of each kind."""
_FILE_BYTES_MAX = 10_000_000
_REMEDY = "docs/operations.md describes the file"

Name = Annotated[str, Field(min_length=1, max_length=200)]


class SamePerson(Section):
    """Other names of one person; all are listed as ``name``. A renaming has one entry in ``also``."""

    name: Name
    also: Annotated[tuple[Name, ...], Field(min_length=1, max_length=100)]


class OtherPerson(Section):
    """A namesake: in these institutions' releases, or in these releases, ``name`` is listed as ``as``."""

    name: Name
    as_: Annotated[Name, Field(alias="as")]
    institutions: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    releases: Annotated[tuple[Name, ...], Field(max_length=10_000)] = ()

    @model_validator(mode="after")
    def _check_where(self) -> "OtherPerson":
        if not self.institutions and not self.releases:
            raise ValueError("institutions or releases must say where this is another person")
        return self


class NamedBody(Section):
    """A public body that the shipped list lacks; it is listed by the first of its names.

    A hyphen parts the ending of each word that changes with the case: ``Rīgas Stradiņa universitāt-e``.
    """

    names: Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)]
    acronyms: Annotated[tuple[Name, ...], Field(max_length=20)] = ()


class NamesFile(Section):
    """What the operator says of names; nothing if there is no file."""

    same: Annotated[tuple[SamePerson, ...], Field(max_length=NAMES_MAX)] = ()
    other: Annotated[tuple[OtherPerson, ...], Field(max_length=NAMES_MAX)] = ()
    body: Annotated[tuple[NamedBody, ...], Field(max_length=NAMES_MAX)] = ()
    hide: Annotated[tuple[Name, ...], Field(max_length=NAMES_MAX)] = ()
    """Names that are listed nowhere, neither with their statements nor in exports."""


@dataclass(frozen=True)
class ListedNames:
    """The names of persons as they are listed."""

    file: NamesFile

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that the file says."""
        return blake2b(self.file.model_dump_json().encode(), digest_size=8).hexdigest()

    def listed(self, name: str, *, institution: str, release: str) -> str | None:
        """Return as whom *name* is listed in a *release* of an *institution*; None if it is hidden."""
        key = _key(name)
        listed = self._others.get((key, release)) or self._others.get((key, institution)) or name
        listed = self._same.get(_key(listed), listed)
        return None if key in self._hidden or _key(listed) in self._hidden else listed

    def is_hidden(self, name: str) -> bool:
        """Return whether *name* is to be listed nowhere."""
        key = _key(name)
        return key in self._hidden or _key(self._same.get(key, name)) in self._hidden

    @cached_property
    def bodies(self) -> KnownBodies:
        """What finds public bodies: those of the shipped list, and those of the file."""
        return known_bodies((one.names, one.acronyms) for one in self.file.body)

    @cached_property
    def _same(self) -> dict[str, str]:
        return {_key(also): one.name for one in self.file.same for also in one.also}

    @cached_property
    def _others(self) -> dict[tuple[str, str], str]:
        return {
            (_key(one.name), where): one.as_
            for one in self.file.other
            for where in (*one.institutions, *one.releases)
        }

    @cached_property
    def _hidden(self) -> frozenset[str]:
        return frozenset(map(_key, self.file.hide))


NO_NAMES = ListedNames(NamesFile())
"""What is said if there is no file."""


def load_names(path: Path) -> ListedNames:
    """Return what the file at *path* says of names; nothing if there is none.

    Raises:
        ConfigError: it cannot be read, or says what cannot be; the message names the entry.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        return NO_NAMES
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    if len(content) > _FILE_BYTES_MAX:
        raise ConfigError(f"{path}: larger than {_FILE_BYTES_MAX // 1_000_000} MB")
    try:
        file_content = NamesFile.model_validate(tomllib.loads(content.decode()))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {place}: {first['msg']}; {_REMEDY}") from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise ConfigError(f"{path}: {error}") from error
    _check(path, file_content)
    return ListedNames(file_content)


def _check(path: Path, file: NamesFile) -> None:
    """Check that no name is two persons, and none is listed under one that is itself listed elsewhere."""
    listed_as: dict[str, str] = {}
    for one in file.same:
        for also in one.also:
            name = listed_as.setdefault(_key(also), one.name)
            if name != one.name:
                raise ConfigError(f"{path}: same: {also!r} is both {name!r} and {one.name!r}")
    for one in file.same:
        if name := listed_as.get(_key(one.name), ""):
            raise ConfigError(
                f"{path}: same: {one.name!r} has others listed under it, but is itself listed as {name!r}"
            )


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
