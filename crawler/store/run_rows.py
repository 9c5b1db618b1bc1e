"""The table of runs: when each crawl began and ended."""

from dataclasses import dataclass

from crawler.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRun:
    """One crawl, which may take several starts of the program."""

    id: int
    started: int
    """Unix time."""


class RunRows:
    """Reads and writes the table `run` of *store*."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def insert(self, started: int) -> CrawlRun:
        """Add a run that began at *started* (Unix time)."""
        with self._store.transaction():
            [(id_,)] = self._store.rows("INSERT INTO run (started) VALUES (?) RETURNING id", started)
        return CrawlRun(id=id_, started=started)

    def unfinished_run(self) -> CrawlRun | None:
        """Return the last run if it never finished."""
        rows = self._store.rows("SELECT id, started, finished FROM run ORDER BY id DESC LIMIT 1")
        return CrawlRun(id=rows[0][0], started=rows[0][1]) if rows and rows[0][2] is None else None

    def get(self, run: int | None = None) -> CrawlRun | None:
        """Return the run of that number, by default the last one; None if there is none."""
        rows = self._store.rows(
            "SELECT id, started FROM run WHERE ? IN (id, 0) ORDER BY id DESC LIMIT 1", run or 0
        )
        return CrawlRun(id=rows[0][0], started=rows[0][1]) if rows else None

    def finish(self, run: int, finished: int) -> None:
        """Store when *run* ended (Unix time)."""
        self._store.execute("UPDATE run SET finished = ? WHERE id = ?", finished, run)
