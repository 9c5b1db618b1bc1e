"""The [index] section of config.toml."""

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
from index.meaning.concepts import CONCEPTS

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
    """[index]: the analysis, the conditions for a new index, and how many old ones are kept."""

    dictionary: FilePath = Path()
    """The .aff file of a Hunspell dictionary, with its .dic beside it; empty for the one we ship."""
    generations_kept: Annotated[Count, Field(ge=0, le=20)] = 2
    """Old generations kept on disk for `reindex --rollback`."""
    loss_share: Share = 0.3
    """A reindex that would lose a larger share of the releases stops, unless `--accept-loss` is given."""
    processes: Annotated[Count, Field(ge=0, le=64)] = 0
    """Number of processes that build a whole index; 0 means one per processor, at most four."""
    concepts: FilePath = Path()
    """A file of words and phrases that mean the same; empty for the one we ship."""
    judged: FilePath = Path()
    """A file of judged queries, with the relevance that a new index must reach; empty for none."""


def load(path: Path) -> IndexConfig:
    """Read [index] of the TOML file at *path*; relative paths start from the file's folder.

    Raises:
        ConfigError: the file is missing or not TOML, a key is unknown or has the wrong type, or a file that
            it names is missing.
    """
    settings = load_section(path, "index", IndexConfig)
    values = {name: getattr(settings, name) for name in ("dictionary", "concepts", "judged")}
    paths = {key: path.absolute().parent / value for key, value in values.items() if value != Path()}
    for key, file in paths.items():
        if not _is_readable(file):
            raise ConfigError(f"{path}: index.{key} = {str(values[key])!r}: there is no file {file} to read")
    return settings.model_copy(update={"dictionary": DICTIONARY, "concepts": CONCEPTS, **paths})


def _is_readable(file: Path) -> bool:
    try:
        return file.is_file() and os.access(file, os.R_OK)
    except OSError:
        return False
