"""The files of an installation that cannot be rebuilt: what a backup has and a restore brings back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.config import Section, load_section, load_storage
from index.config import IndexConfig
from preses_relizes.admin.backups.backup_file import Role
from searcher.config import SearcherConfig
from searcher.digest.ledger import FILE as LEDGER

STORE, SETTINGS = "releases.sqlite3", "config.toml"
SUBSCRIPTIONS = "subscriptions.sqlite3"
"""As `searcher.subscriptions` names it, which is an extra."""
# Files beside the store that people edit, such as abbreviations. All others but these can be rebuilt.
_EDITED, _GROWN = (".tsv", ".toml", ".txt"), (LEDGER, SUBSCRIPTIONS)
_SECTIONS: dict[str, type[Section]] = {"index": IndexConfig, "searcher": SearcherConfig}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """A file beside the store, the settings, or a file that they name."""

    name: str
    """Its name in a backup."""
    role: Role
    key: str = ""
    path: Path


def own_files(config: Path) -> Iterator[OwnFile]:
    """Yield the files of the installation with the settings at *config*, without the store.

    Raises:
        ConfigError: the settings are missing or invalid.
    """
    yield OwnFile(name=SETTINGS, role="settings", path=config)
    yield from (
        OwnFile(name=f"named/{key}/{path.name}", role="named", key=key, path=path)
        for key, path in named_files(config)
        if path.is_file()
    )
    folder = load_storage(config).data_dir
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        is_kept = path.suffix in _EDITED or path.name in _GROWN
        if path.is_file() and is_kept and path.resolve() != config.resolve():
            yield OwnFile(name=f"data/{path.name}", role="data", path=path)


def named_files(config: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files that the settings name, by key, whether they exist or not."""
    for section, model in _SECTIONS.items():
        for key, value in load_section(config, section, model):
            if isinstance(value, Path) and value != Path():
                path = config.absolute().parent / value
                yield f"{section}.{key}", path
                if path.suffix == ".aff":  # a Hunspell dictionary has a second file
                    yield f"{section}.{key}", path.with_suffix(".dic")
