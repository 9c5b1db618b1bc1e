"""SQLite FTS5: a full-text table of the four fields and a plain table of the rest."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from benchmarks.corpus import CorpusRelease
from benchmarks.peers.engine import (
    COUNTED,
    FIELDS,
    PASSAGE_CHARS,
    SEARCHED,
    Answer,
    PeerQuery,
    Stopwatch,
    join_terms,
    year_of,
)


class SqliteFts5:
    """SQLite without journal; a connection belongs to one thread."""

    name = "fts5"
    threads = (1,)

    def build(self, folder: Path, releases: Iterable[CorpusRelease], commit_every: int) -> float:
        """Index the releases."""
        database, stopwatch = sqlite3.connect(folder / "fts5.sqlite3"), Stopwatch()
        database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE VIRTUAL TABLE text USING fts5(lemma, stem, exact, fold, content='', tokenize='ascii');"
            "CREATE TABLE release(number INTEGER PRIMARY KEY, id, title, body, ministry, language, year)"
        )
        for number, release in enumerate(releases, 1):
            with stopwatch:
                terms = [join_terms(release, name) for name in FIELDS]
                database.execute(
                    "INSERT INTO text(rowid, lemma, stem, exact, fold) VALUES(?,?,?,?,?)",
                    (release.number, *terms),
                )
                database.execute(
                    "INSERT INTO release VALUES(?,?,?,?,?,?,?)",
                    (
                        release.number,
                        release.id,
                        release.title,
                        release.body,
                        release.ministry,
                        release.language,
                        year_of(release),
                    ),
                )
                if commit_every and number % commit_every == 0:
                    database.commit()
        with stopwatch:
            database.commit()
            if not commit_every:
                database.execute("INSERT INTO text(text) VALUES('optimize')")
                database.commit()
        database.close()
        return stopwatch.seconds

    def open(self, folder: Path) -> int:
        """Open the index."""
        self._base = sqlite3.connect(folder / "fts5.sqlite3")
        (segments,) = self._base.execute("SELECT count(DISTINCT segid) FROM text_idx").fetchone()
        return int(segments)

    def search(self, peer_query: PeerQuery) -> Answer:
        """Answer one query."""
        match, run = _match(peer_query), self._base.execute
        hits = run(
            "SELECT rowid FROM text WHERE text MATCH ? ORDER BY bm25(text, 1, .5, .1, 0) LIMIT 10", (match,)
        ).fetchall()
        facets = total = 0
        for field in COUNTED:
            rows = run(
                f"SELECT {field}, count(*) FROM text JOIN release ON number = text.rowid"
                " WHERE text MATCH ? GROUP BY 1",
                (match,),
            ).fetchall()
            facets += bool(rows)
            total = sum(count for _, count in rows)
        passages = 0
        for (number,) in hits:
            title, body = run("SELECT title, body FROM release WHERE number = ?", (number,)).fetchone()
            passages += bool(title) and bool(_excerpt(body, peer_query.words[0].exact[0]))
        return Answer(total, len(hits), facets, passages)


def _match(peer_query: PeerQuery) -> str:
    if peer_query.is_phrase:
        return " OR ".join(
            f'{f} : "{" ".join(getattr(word, f)[0] for word in peer_query.words)}"' for f in SEARCHED
        )
    groups = [" OR ".join(f'{f} : "{t}"' for f in SEARCHED for t in getattr(w, f)) for w in peer_query.words]
    return " AND ".join(f"({group})" for group in groups)


def _excerpt(text: str, term: str) -> str:
    at = max(0, text.find(term) - 30)
    return text[at : at + PASSAGE_CHARS]
