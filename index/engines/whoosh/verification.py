"""Checks that the files of an index are what was written."""

from collections.abc import Iterator
from pathlib import Path

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import VOCABULARY
from index.errors import EngineError


def find_damage(folder: Path, analyzer: Analyzer) -> Iterator[str]:
    """Yield a message for each file of the index in *folder* that is missing or not what was written.

    A vocabulary file may be missing: it is a cache, and the next full build writes it again.
    """
    try:
        WhooshEngine(folder).verify()
    except EngineError as error:
        yield str(error)
        return
    for path in sorted(folder.glob(f"{VOCABULARY}*")):
        if not analyzer.can_load(path):
            yield f"{path}: damaged; run `reindex --full`"
