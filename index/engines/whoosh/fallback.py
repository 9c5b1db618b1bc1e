"""The engine that answers while the index in use is damaged: an earlier one, without what was hidden."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from index.analysis import Analyzer
from index.engines.takedowns import ReadHidden
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import Generations
from index.errors import EngineError


def open_fallback(
    root: Path, analyzer: Analyzer | None, read_hidden: ReadHidden, before: WhooshEngine | None
) -> WhooshEngine:
    """Return *before*, which answered until now, if its files are sound, else the newest sound generation.

    Releases that were hidden since it was built are taken out.

    Raises:
        EngineError: no generation is sound, or it is not known what was hidden.
    """
    engine = next(_sound_engines(root, analyzer, before), None)
    if engine is None:
        raise EngineError(f"{root}: no sound generation; run `reindex --full`")
    return engine.without(read_hidden(engine.number))


def _sound_engines(
    root: Path, analyzer: Analyzer | None, before: WhooshEngine | None
) -> Iterator[WhooshEngine]:
    if before is not None and not before.is_harmed():
        yield before
    for folder in Generations(root).earlier():
        with suppress(EngineError):
            engine = WhooshEngine(folder, analyzer)
            engine.verify()
            yield engine
