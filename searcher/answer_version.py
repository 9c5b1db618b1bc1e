"""The version of what every answer from the index depends on."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from index.best_bets import LiveBets
from index.engines import Engine
from index.errors import EngineError
from index.indexing import abbreviations
from index.institutions import Institutions
from preses_relizes.shared.calendar import RIGA, today
from searcher.delivery.caching import Version


@dataclass(slots=True, kw_only=True, eq=False)
class AnswerVersion:
    """The version of the program, the index, the abbreviations, the best bets, the day and the last crawl.

    "Yesterday" and recency depend on the day, and every page names the last crawl. Threads may share it.
    """

    program: Version
    """The version of our code and of the settings."""
    engine: Engine
    definitions: Path
    bets: LiveBets
    institutions: Institutions
    _last: tuple[tuple[object, ...], Version] | None = None

    def now(self) -> Version:
        """Return the version as of now.

        Raises:
            EngineError: the index is missing or damaged.
        """
        edited_ns = (abbreviations.modified_ns(self.definitions), *self.bets.version())
        info, day, crawled = self.engine.info(), today(), self.last_crawl()
        key = info, edited_ns, day, crawled
        last = self._last
        if last is None or last[0] != key:
            midnight = datetime.combine(day, time(), RIGA)
            edited = datetime.fromtimestamp(max(edited_ns) / 1e9, UTC)
            published = info.published or self.program.modified
            modified = max(midnight, edited, published, crawled or midnight, self.program.modified)
            parts = (self.program.digest, repr(info), str(edited_ns), str(day), str(crawled))
            self._last = last = key, Version.of(*parts, modified=modified)
        return last[1]

    def last_crawl(self) -> datetime | None:
        """Return the start of the last crawl that read anything (UTC); None if it is unknown."""
        with suppress(EngineError):  # searches need no store
            crawled = (one.crawled for one in self.institutions.all(datetime.now(UTC)))
            return max(filter(None, crawled), default=None)
        return None
