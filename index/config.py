"""The [index] section of config.toml."""

import os
import ssl
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

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


def _check_address(url: str) -> str:
    """Return the address of a node, which has no credentials: they would be shown in messages."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("not an address such as https://search.example.lv:9200")
    if parts.username is not None:
        raise ValueError("user and password belong in the environment, not in the settings")
    if parts.port == 0:
        raise ValueError("0 is not a port")
    return url


class ClusterSettings(Section):
    """[index.opensearch]: the cluster that holds the index if ``engine`` is ``opensearch``."""

    urls: Annotated[
        tuple[Annotated[Line, AfterValidator(_check_address)], ...], Field(min_length=1, max_length=100)
    ] = ("http://127.0.0.1:9200",)
    """The nodes that requests are sent to, in turn."""
    prefix: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,60}[a-z0-9]$")] = "preses-relizes"
    """The alias of the index in use; all names in the cluster begin with it."""
    shards: Annotated[Count, Field(ge=1, le=1000)] = 1
    replicas: Annotated[Count, Field(ge=0, le=20)] = 1
    """Copies of each shard on other nodes; each lets one more node fail."""
    timeout_s: Annotated[Number, Field(gt=0, le=600)] = 30.0
    """A request that takes longer fails."""
    ca_file: FilePath = Path()
    """The certificate authority of the nodes; empty for those that the machine trusts."""


class IndexConfig(Section):
    """[index]: the engine, the analysis, the conditions for a new index, and how many old ones are kept."""

    engine: Literal["whoosh", "opensearch"] = "whoosh"
    """``whoosh`` keeps the index in the data directory, ``opensearch`` in a cluster."""
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
    opensearch: ClusterSettings = ClusterSettings()


def load(path: Path) -> IndexConfig:
    """Read [index] of the TOML file at *path*; relative paths start from the file's folder.

    Raises:
        ConfigError: the file is missing or not TOML, a key is unknown or has the wrong type, or a file that
            it names is missing.
    """
    settings = load_section(path, "index", IndexConfig)
    if settings.engine == "opensearch" and find_spec("opensearchpy") is None:
        raise ConfigError(
            f"{path}: index.engine = 'opensearch': needs the extra: pip install 'preses-relizes[opensearch]'"
        )
    values = {name: getattr(settings, name) for name in ("dictionary", "concepts", "judged")}
    paths = {key: path.absolute().parent / value for key, value in values.items() if value != Path()}
    for key, file in paths.items():
        if not _is_readable(file):
            raise ConfigError(f"{path}: index.{key} = {str(values[key])!r}: there is no file {file} to read")
    cluster = settings.opensearch
    if cluster.ca_file != Path():
        cluster = cluster.model_copy(update={"ca_file": path.absolute().parent / cluster.ca_file})
        if not _is_readable(cluster.ca_file):
            raise ConfigError(f"{path}: index.opensearch.ca_file: there is no file {cluster.ca_file} to read")
        if not _has_certificates(cluster.ca_file):
            raise ConfigError(f"{path}: index.opensearch.ca_file: no certificate (PEM) in {cluster.ca_file}")
    return settings.model_copy(
        update={"dictionary": DICTIONARY, "concepts": CONCEPTS, "opensearch": cluster, **paths}
    )


def _is_readable(file: Path) -> bool:
    try:
        return file.is_file() and os.access(file, os.R_OK)
    except OSError:
        return False


def _has_certificates(file: Path) -> bool:
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError:
        return False
    return True
