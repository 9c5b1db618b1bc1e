"""The log as published: its files by path, and the proof of a version; all end with the last checkpoint."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.store.log.log_folder import LogFolder
from crawler.store.log.log_rows import LogRows, Opening
from crawler.store.log.merkle import HASH_BYTES, inclusion_proof
from crawler.store.log.records import LogError, TreeHead, b64, canonical, parse_checkpoint
from crawler.store.log.tiles import WIDTH, Tile, bundle, is_in, subtree_of, tiles_of
from crawler.store.releases import Store

CHECKPOINT, VKEY = "checkpoint", "vkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedLeaf:
    """The place of a version in the log."""

    index: int
    """From 0."""
    commitment: str
    """The salted commitment to its text, in base64."""


@dataclass(frozen=True, slots=True)
class PublishedLog:
    """The log of a store up to its last checkpoint."""

    rows: LogRows
    note: str
    """The checkpoint."""
    head: TreeHead
    vkey: str

    @classmethod
    def open(cls, store: Store, folder: LogFolder) -> "PublishedLog":
        """Return the log of *store*.

        Raises:
            LogError: there is no checkpoint, or the store was restored from a backup made before it.
        """
        note, rows = folder.checkpoint(), LogRows(store)
        head = parse_checkpoint(note)
        if rows.size() < head.size:
            raise LogError("the log in the store ends before its checkpoint")
        return cls(rows, note, head, folder.vkey_path.read_text(encoding="utf-8"))

    def tiles(self) -> Iterator[Tile]:
        """Yield the tiles and bundles, of which the last ones of a level may be partial."""
        return tiles_of(self.head.size)

    def content(self, tile: Tile) -> bytes | None:
        """Return the bytes of *tile*; None if the log has not so much."""
        if not is_in(tile, self.head.size):
            return None
        if tile.level is None:
            first = tile.number * WIDTH
            return bundle(self.rows.entries(first, first + tile.width))
        return self.rows.tile(tile.level, tile.number)[: tile.width * HASH_BYTES]

    def leaf(self, release: str, version: int) -> LoggedLeaf | None:
        """Return the leaf that proves a version; None if there is none yet, or its proof is gone."""
        opening = self._opening(release, version)
        if opening is None:
            return None
        [entry] = self.rows.entries(opening.position, opening.position + 1)
        return LoggedLeaf(index=opening.position, commitment=json.loads(entry)["commitment"])

    def proof(self, release: str, version: int) -> bytes | None:
        """Return the proof of a version by docs/log.md; None if there is none yet, or no longer."""
        opening = self._opening(release, version)
        if opening is None:
            return None
        [entry] = self.rows.entries(opening.position, opening.position + 1)
        proof = inclusion_proof(opening.position, self.head.size, subtree_of(self.rows.tile))
        fields = {
            "checkpoint": self.note,
            "index": opening.position,
            "leaf": json.loads(entry),
            "nonce": b64(opening.nonce),
            "proof": [b64(hash_) for hash_ in proof],
        }
        return canonical(fields)

    def _opening(self, release: str, version: int) -> Opening | None:
        opening = self.rows.opening(release, version)
        return opening if opening and opening.position < self.head.size else None
