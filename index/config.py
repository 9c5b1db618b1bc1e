"""What config.toml says of the index."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field

from crawler.config import (
    ConfigError,
    Count,
    FilePath,
    Line,
    Number,
    Section,
    Share,
    Storage,
    load_section,
    load_storage,
)
from index.analysis.latvian.hunspell import DICTIONARY

__all__ = [
    "ConfigError",
    "Count",
    "IndexConfig",
    "Line",
    "Number",
    "Section",
    "Storage",
    "load",
    "load_section",
    "load_storage",
]


class IndexConfig(Section):
    """[index]: how releases are analysed, what an index must answer, and how many old ones are kept."""

    dictionary: FilePath = Path()
    """The .aff file of a Hunspell dictionary, its .dic beside it; empty: the one that we ship."""
    generations_kept: Annotated[Count, Field(ge=0, le=20)] = 2
    """Old generations that stay on disk for `reindex --rollback`."""
    loss_share: Share = 0.3
    """More of the releases in the index lost at once: the index is kept, unless `reindex --accept-loss`."""
    processes: Annotated[Count, Field(ge=0, le=64)] = 0
    """That build a whole index together; 0: as many as the machine has processors, at most four."""
    judged: FilePath = Path()
    """A file of judged queries that a new index must answer well enough; empty: none."""


def load(path: Path) -> IndexConfig:
    """Read [index] of the TOML file at *path*; relative paths in it count from its folder.

    Raises:
        ConfigError: the file is missing or no TOML, a key is unknown or of the wrong type, or names a file
            that is missing.
    """
    settings = load_section(path, "index", IndexConfig)
    given = {"dictionary": settings.dictionary, "judged": settings.judged}
    named = {key: path.absolute().parent / value for key, value in given.items() if value != Path()}
    for key, file in named.items():
        if not _is_readable(file):
            raise ConfigError(f"{path}: index.{key} = {str(given[key])!r}: there is no file {file} to read")
    return settings.model_copy(update={"dictionary": DICTIONARY, **named})


def _is_readable(file: Path) -> bool:
    try:
        return file.is_file() and os.access(file, os.R_OK)
    except OSError:
        return False
