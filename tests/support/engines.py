"""A Whoosh index made and checked directly, without the command."""

from pathlib import Path

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.verification import find_damage
from index.evaluation import find_faults


def faults(folder: Path, analyzer: Analyzer, *, releases: int | None = None) -> list[str]:
    """Return what is wrong with the index in *folder*, made by *analyzer*."""
    if damage := list(find_damage(folder, analyzer)):
        return damage
    return list(find_faults(WhooshEngine(folder, analyzer), str(folder), analyzer, releases=releases))
