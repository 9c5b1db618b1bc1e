"""The Merkle tree of RFC 6962, section 2.1: its root and inclusion proofs, from hashes of whole subtrees."""

import hashlib
from collections.abc import Callable

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()

Subtree = Callable[[int, int], bytes]
"""Returns the hash of the subtree of 2**level leaves with some number at that level, from 0."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of the leaf *entry*."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(size: int, subtree: Subtree) -> bytes:
    """Return the root of the tree of the first *size* leaves."""
    return _hash_of(0, size, subtree) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes between the leaf *index* and the root of the first *size* leaves, lowest first."""
    start, end, proof = 0, size, []
    while end - start > 1:
        middle = start + _left_size(end - start)
        if index < middle:
            proof.append(_hash_of(middle, end, subtree))
            end = middle
        else:
            proof.append(_hash_of(start, middle, subtree))
            start = middle
    return proof[::-1]


def root_of_hashes(hashes: list[bytes]) -> bytes:
    """Return the hash above *hashes*, whose number is a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def _hash_of(start: int, end: int, subtree: Subtree) -> bytes:
    """Return the hash above the leaves from *start*, a multiple of its largest subtree, to *end*."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtree(level, start >> level)
    middle = start + _left_size(size)
    return node_hash(_hash_of(start, middle, subtree), _hash_of(middle, end, subtree))


def _left_size(size: int) -> int:
    """Return the largest power of two below *size*."""
    return 1 << ((size - 1).bit_length() - 1)
