"""What config.toml says of the index."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from crawler.config import ConfigError, Section, Share, Storage, load_section, load_storage
from index.latvian.lexicon import DICTIONARY

__all__ = ["ConfigError", "IndexConfig", "Section", "Storage", "load", "load_section", "load_storage"]


class IndexConfig(Section):
    """[index]: how releases are analysed, what an index must answer, and how many old ones are kept."""

    dictionary: Path = Path()
    """The .aff file of a Hunspell dictionary, its .dic beside it; empty: the one that we ship."""
    generations_kept: Annotated[int, Field(ge=0, le=20)] = 2
    """Old generations that stay on disk for `reindex --rollback`."""
    loss_share: Share = 0.3
    """More of the releases in the index lost at once: the index is kept, unless `reindex --accept-loss`."""
    processes: Annotated[int, Field(ge=0, le=64)] = 0
    """That build a whole index together; 0: as many as the machine has processors, at most four."""
    judged: Path = Path()
    """A file of judged queries that a new index must answer well enough; empty: none."""


def load(path: Path) -> IndexConfig:
    """Read [index] of the TOML file at *path*; relative paths in it count from its folder.

    Raises:
        ConfigError: the file is missing or no TOML, or a key is unknown or of the wrong type.
    """
    settings = load_section(path, "index", IndexConfig)
    folder = path.absolute().parent
    dictionary = folder / settings.dictionary if settings.dictionary != Path() else DICTIONARY
    judged = folder / settings.judged if settings.judged != Path() else Path()
    return settings.model_copy(update={"dictionary": dictionary, "judged": judged})
