"""The tables of the log: leaves and tiles, which only grow, and the nonces that open commitments."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.store.database import Database
from crawler.store.history.versions import NOT_DISCARDED
from crawler.store.log.merkle import leaf_hash, root_of, root_of_hashes
from crawler.store.log.records import NONCE_BYTES, digest_commitment, strict_b64
from crawler.store.log.tiles import WIDTH, split, subtree_of

# Versions whose release, and the one that replaced it, are not taken down.
_SHOWN = """(release.state <> 'hidden' OR release.moved_to IS NOT NULL
  AND (SELECT state FROM release AS successor WHERE successor.id = release.moved_to) <> 'hidden')"""


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens the commitment of a version: its nonce, and the place of its leaf."""

    release: str
    version: int
    position: int
    nonce: bytes
    """Of the text: proofs have it."""
    masking: int
    """The version of the rules by which the text was masked."""
    response_nonce: bytes = b""
    """Of the digest of the response: no proof has it; empty if the leaf has no such commitment."""


@dataclass(frozen=True, slots=True)
class Unlogged:
    """A version of which no leaf is in force."""

    release: str
    version: int
    url: str
    """The canonical URL of the release."""
    address: str
    """The URL that opens its page."""


class LogRows:
    """Reads and writes the tables of the log in *store*."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def size(self) -> int:
        """Return the number of leaves."""
        return int(self._store.rows("SELECT coalesce(max(position) + 1, 0) FROM log_leaf")[0][0])

    def root(self, size: int) -> bytes:
        """Return the root of the first *size* leaves."""
        return root_of(size, subtree_of(self.tile))

    def entries(self, start: int, end: int) -> list[bytes]:
        """Return the leaves from *start* to *end*."""
        sql = "SELECT entry FROM log_leaf WHERE position >= ? AND position < ? ORDER BY position"
        return [entry for (entry,) in self._store.rows(sql, start, end)]

    def commitment(self, position: int) -> bytes:
        """Return the commitment of the leaf at *position*."""
        [entry] = self.entries(position, position + 1)
        return strict_b64(json.loads(entry)["commitment"])

    def tile(self, level: int, number: int) -> bytes:
        """Return the hashes of a tile, as many as there are by now; empty if there are none."""
        rows = self._store.rows("SELECT hashes FROM log_tile WHERE level = ? AND number = ?", level, number)
        return bytes(rows[0][0]) if rows else b""

    def append(self, entries: Sequence[bytes]) -> int:
        """Append leaves; return the place of the first."""
        with self._store.transaction():
            first = self.size()
            self._store.execute_many("INSERT INTO log_leaf VALUES (?, ?)", enumerate(entries, first))
            self._add(0, first, [leaf_hash(entry) for entry in entries])
        return first

    def _add(self, level: int, count: int, hashes: list[bytes]) -> None:
        """Add *hashes* to the *count* of a level, and those of full tiles to the level above."""
        filled: list[bytes] = []
        above = count // WIDTH
        while hashes:
            number, place = divmod(count, WIDTH)
            taken, hashes = hashes[: WIDTH - place], hashes[WIDTH - place :]
            tile = (self.tile(level, number) if place else b"") + b"".join(taken)
            self._store.execute("INSERT OR REPLACE INTO log_tile VALUES (?, ?, ?)", level, number, tile)
            count += len(taken)
            if count % WIDTH == 0:
                filled.append(root_of_hashes(split(tile)))
        if filled:
            self._add(level + 1, above, filled)

    def begun(self) -> str | None:
        """Return when the log began, as in ISO 8601; None if it has not."""
        rows = self._store.rows("SELECT at FROM log_begun")
        return str(rows[0][0]) if rows else None

    def begin(self, moment: str) -> None:
        """Record when the log began."""
        self._store.execute("INSERT INTO log_begun VALUES (?)", moment)

    def unlogged(self, masking: int) -> list[Unlogged]:
        """Return the versions of which no leaf is in force under the rules of *masking*, in stored order.

        Those that may not be shown are left out, those of a discarded release before it, and those whose
        text is no longer kept.
        """
        # From events to nonces first: with most versions logged, no release is read.
        rows = self._store.rows(
            f"""SELECT version.release, version.number, url,
                  iif(json_valid(record), coalesce(record ->> 'address', url), url)
                FROM (
                  SELECT number, release, version FROM event
                  WHERE kind IN ('new', 'edit', 'reread', 'undo') AND NOT EXISTS (
                    SELECT 1 FROM log_nonce
                    WHERE release = event.release AND version = event.version AND masking = ?
                  )
                ) AS unlogged
                CROSS JOIN version ON version.release = unlogged.release AND version.number = version
                CROSS JOIN release ON id = version.release
                WHERE kept = 1 AND {_SHOWN} AND {NOT_DISCARDED}
                ORDER BY unlogged.number""",  # noqa: S608 # a constant
            masking,
        )
        return [Unlogged(*row) for row in rows]

    def opening(self, release: str, version: int) -> Opening | None:
        """Return what opens the leaf of a version that is in force; None if there is none."""
        return next(self._openings("WHERE release = ? AND version = ?", release, version), None)

    def response_opening(self, url: str, digest: bytes) -> Opening | None:
        """Return what opens the commitment to the *digest* of a response of the canonical *url*, if any."""
        condition = """WHERE length(nonce) = ?1 AND release IN (
          SELECT id FROM release WHERE url = ?2 UNION SELECT release FROM alias WHERE url = ?2
        ) ORDER BY version DESC"""
        for opening in self._openings(condition, 2 * NONCE_BYTES, url):
            [entry] = self.entries(opening.position, opening.position + 1)
            found = strict_b64(json.loads(entry)["response_commitment"])
            if found == digest_commitment(opening.response_nonce, digest):
                return opening
        return None

    def openings(self) -> Iterator[Opening]:
        """Yield what opens each leaf that is in force, by place."""
        yield from self._openings("ORDER BY position")

    def _openings(self, condition: str, *values: str | int) -> Iterator[Opening]:
        sql = f"SELECT release, version, position, nonce, masking FROM log_nonce {condition}"  # noqa: S608 # constants
        return (
            Opening(release, version, position, nonces[:NONCE_BYTES], masking, nonces[NONCE_BYTES:])
            for release, version, position, nonces, masking in self._store.rows(sql, *values)
        )

    def put(self, opening: Opening) -> None:
        """Put the leaf of a version in force."""
        self._store.execute(
            "INSERT OR REPLACE INTO log_nonce VALUES (?, ?, ?, ?, ?)",
            opening.release,
            opening.version,
            opening.position,
            opening.nonce + opening.response_nonce,
            opening.masking,
        )
