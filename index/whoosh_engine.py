"""The engine on an embedded Whoosh index."""

import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from whoosh.index import EmptyIndexError

from index import highlight
from index.columnar.format import DamagedError
from index.columnar.marks import Mark
from index.columnar.searcher import Searcher
from index.columnar.writing import open_dir
from index.document import schema
from index.engine import EngineError, Hit, IndexInfo, Query, Results


class WhooshEngine:
    """The index in the folder *path* as it was when opened; immutable, shared by all threads.

    Raises:
        EngineError: there is none, or it is damaged.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._searcher = Searcher(open_dir(path, schema()))
        except EmptyIndexError as error:
            raise EngineError(f"{path}: no index; run `reindex`") from error
        except (DamagedError, OSError) as error:
            raise EngineError(f"{path}: {error}; run `reindex --full`") from error
        meta = self._searcher.snapshot.meta
        self._info = IndexInfo(
            generation=path.name,
            documents=self._searcher.snapshot.live_count,
            number=meta.get("number", 0),
            fingerprint=meta.get("fingerprint", ""),
        )

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for."""
        started = time.perf_counter()
        found = self._searcher.search(query)
        marks = self._searcher.marks(query.clause, found.docs)
        shown = zip(found.docs, found.scores, found.folded, marks, strict=True)
        hits = tuple(self._hit(*one) for one in shown)
        took_ms = (time.perf_counter() - started) * 1000
        return Results(hits=hits, total=found.total, facets=found.facets, took_ms=took_ms)

    def _hit(self, doc: int, score: float, folded: tuple[int, ...], marks: tuple[Mark, ...]) -> Hit:
        stored = self._searcher.stored(doc)
        shown: Mapping[str, Any] = stored["shown"]
        published: date | None = shown["published"]
        others = {self._searcher.stored(other)["shown"]["ministry"] for other in folded}
        return Hit(
            id=stored["id"],
            url=shown["url"],
            title=highlight.title(shown["title"], marks),
            passages=highlight.passages(shown, marks),
            published=published,
            site=shown["site"],
            ministry=shown["ministry"],
            language=shown["language"],
            score=score,
            also_published_by=tuple(sorted(others - {shown["ministry"]})),
            gone=shown["gone"],
            edited=shown["edited"],
        )

    def info(self) -> IndexInfo:
        """Return what the index holds."""
        return self._info

    def forms(self) -> Iterator[tuple[str, int]]:
        """Return the forms of words as they are written, and about how many releases each stands in."""
        return self._searcher.forms()

    def verify(self) -> None:
        """Compare every byte of the index with its checksum.

        Raises:
            EngineError: it is damaged.
        """
        try:
            self._searcher.verify()
        except DamagedError as error:
            raise EngineError(f"{error}; run `reindex --full`") from error
