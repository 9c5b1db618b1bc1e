"""Shell completion of site ids."""

from collections.abc import Iterator
from pathlib import Path

import typer

from crawler.config import ConfigError, load


def complete_site(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the ids that begin with *incomplete*, each with its institution; none without valid settings."""
    try:
        _, settings = load(Path(context.params.get("config") or "config.toml"))
    except ConfigError:
        return
    for site in settings.sites:
        if site.id.startswith(incomplete):
            yield site.id, site.ministry
