"""Logs in memory, made from the definitions of the specifications; and the verifier of strangers."""

import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from crawler.store.log.checkpoint import SigningKey
from crawler.store.log.merkle import EMPTY_ROOT, leaf_hash, node_hash, root_of_hashes
from crawler.store.log.records import b64, canonical, commitment
from crawler.store.log.tiles import Tile, bundle, tiles_of

TOOL = Path(__file__).parents[2] / "tools" / "verify.py"


def load_verifier() -> ModuleType:
    """Return `tools/verify.py` as a module."""
    spec = importlib.util.spec_from_file_location("verify", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def plain_root(hashes: Sequence[bytes]) -> bytes:
    """Return MTH of RFC 6962 of leaves with these *hashes*."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    left = max(1 << bits for bits in range(len(hashes).bit_length()) if 1 << bits < len(hashes))
    return node_hash(plain_root(hashes[:left]), plain_root(hashes[left:]))


def plain_proof(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Return PATH of RFC 6962, lowest first."""
    if len(hashes) < 2:
        return []
    left = max(1 << bits for bits in range(len(hashes).bit_length()) if 1 << bits < len(hashes))
    if index < left:
        return [*plain_proof(index, hashes[:left]), plain_root(hashes[left:])]
    return [*plain_proof(index - left, hashes[left:]), plain_root(hashes[:left])]


def tile_bytes(entries: Sequence[bytes], tile: Tile) -> bytes:
    """Return the bytes of *tile*, by the definition of C2SP tlog-tiles."""
    first = tile.number * 256
    if tile.level is None:
        return bundle(list(entries[first : first + tile.width]))
    span = 256**tile.level
    starts = range(first * span, (first + tile.width) * span, span)
    return b"".join(root_of_hashes(list(map(_hash, entries[start : start + span]))) for start in starts)


def files_of(entries: Sequence[bytes], key: SigningKey) -> dict[str, bytes]:
    """Return the files of a log of *entries* by path, signed by *key*."""
    files = {tile.path: tile_bytes(entries, tile) for tile in tiles_of(len(entries))}
    root = plain_root(list(map(_hash, entries)))
    return files | {"checkpoint": key.sign(len(entries), root).encode()}


def entry_of(text: str, nonce: bytes) -> bytes:
    """Return a leaf that commits to *text*."""
    return canonical({"commitment": b64(commitment(nonce, text)), "url": "https://www.iem.gov.lv/a"})


_hash = lru_cache(4096)(leaf_hash)
