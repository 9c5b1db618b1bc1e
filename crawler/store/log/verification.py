"""Verifies the log in the store: leaves against tiles, the last checkpoint, and texts against commitments."""

import json
from collections.abc import Iterator, Sequence

from crawler.store.log.log_folder import LogFolder
from crawler.store.log.log_rows import LogRows
from crawler.store.log.merkle import leaf_hash, root_of_hashes
from crawler.store.log.records import LogError, b64, commitment, parse_checkpoint, read_from, shown_text
from crawler.store.log.tiles import WIDTH
from crawler.store.releases import Store
from preses_relizes.shared.masking import MASKING


def faults_of(store: Store, folder: LogFolder) -> Iterator[str]:
    """Yield what is wrong with the log of *store*; `checkpoint.faults_of_signature` has the rest."""
    rows = LogRows(store)
    size = rows.size()
    entries = rows.entries(0, size)
    if len(entries) != size:
        yield f"{size - len(entries)} leaves are missing"
        return
    faults = [*_faults_of_tiles(rows, entries), *_faults_of_checkpoint(rows, folder)]
    yield from faults or _faults_of_texts(store, rows, entries)


def _faults_of_tiles(rows: LogRows, entries: Sequence[bytes]) -> Iterator[str]:
    level, hashes = 0, [leaf_hash(entry) for entry in entries]
    while hashes:
        for number in range(-(-len(hashes) // WIDTH)):
            if rows.tile(level, number) != b"".join(hashes[number * WIDTH : (number + 1) * WIDTH]):
                yield f"tile {number} of level {level} has not the hashes of the leaves"
                return
        full = range(0, len(hashes) - WIDTH + 1, WIDTH)
        hashes, level = [root_of_hashes(hashes[start : start + WIDTH]) for start in full], level + 1


def _faults_of_checkpoint(rows: LogRows, folder: LogFolder) -> Iterator[str]:
    try:
        note = folder.checkpoint()
        with read_from(folder.checkpoint_path):
            head = parse_checkpoint(note)
    except LogError as error:
        yield str(error)
        return
    if (size := rows.size()) < head.size:
        yield f"the store has {size} of the {head.size} leaves that were published"
    elif rows.root(head.size) != head.root:
        yield "the leaves are not those that were published"


def _faults_of_texts(store: Store, rows: LogRows, entries: Sequence[bytes]) -> Iterator[str]:
    for opening in rows.openings():
        version = store.version(opening.release, opening.version)
        if version is None or not version.kept or opening.masking != MASKING:
            continue
        leaf = json.loads(entries[opening.position]) if opening.position < len(entries) else {}
        text = shown_text(version.title, version.lead, version.body)
        if leaf.get("commitment") != b64(commitment(opening.nonce, text)):
            yield f"version {version.number} of {version.release} is not the text that was logged"
            return
