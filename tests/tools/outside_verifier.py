"""A second verifier, written from docs/log.md alone by somebody who had not seen our code.

It stays as it is: it shows that the document suffices.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256
HASH_LENGTH = 32
ID_LENGTH = 4
SIGNATURE_LENGTH = 64
LARGEST_NUMBER = 2**53 - 1
PROOF_FIELDS = {"checkpoint", "index", "leaf", "nonce", "proof"}
LEAF_HASHES = {"response", "response_commitment"}
CONTROL_CHARACTER = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Key(NamedTuple):
    """A verifier key: its name, its id of four bytes and the public key."""

    name: str
    id: bytes
    public: Ed25519PublicKey


class Checkpoint(NamedTuple):
    """What a checkpoint with a right signature says."""

    size: int
    root: bytes


def check_text(vkey: str, proof: bytes, text: bytes) -> dict[str, Any]:
    """Check that the text stood in the log, and return its leaf: compare release, version and url."""
    fields = read_proof(proof)
    index, hashes = fields["index"], fields["proof"]
    require(type(index) is int, "the index is not a number")
    require(isinstance(hashes, list), "the inclusion proof is not a list")
    leaf = checked_leaf(fields["leaf"])
    nonce = decode(fields["nonce"], HASH_LENGTH)
    path = [decode(item, HASH_LENGTH) for item in hashes]
    checkpoint = read_checkpoint(read_key(vkey), text_bytes(fields["checkpoint"]))
    check_inclusion(checkpoint, index, hash_leaf(canonical(leaf)), path)
    commitment = hashlib.sha256(nonce + text).digest()
    require(commitment == decode(leaf["commitment"], HASH_LENGTH), "the commitment is to another text")
    return leaf


def check_log(vkey: str, files: Mapping[str, bytes], olds: Sequence[bytes]) -> int:
    """Check the files of a log, and that it extends older checkpoints and proofs; return its size."""
    key = read_key(vkey)
    checkpoint = read_checkpoint(key, files["checkpoint"])
    hashes = [hash_leaf(leaf) for leaf in read_leaves(files, checkpoint.size)]
    require(tree_root(hashes) == checkpoint.root, "the root is not the one above the leaves")
    check_tiles(files, hashes)
    for old in olds:
        older = read_checkpoint(key, old_checkpoint(old))
        require(older.size <= checkpoint.size, "the older checkpoint has more leaves")
        require(tree_root(hashes[: older.size]) == older.root, "the log does not extend the older one")
    return checkpoint.size


def require(condition: bool, message: str) -> None:
    """Raise ValueError unless the condition holds."""
    if not condition:
        raise ValueError(message)


def decode(value: object, length: int | None = None) -> bytes:
    """Decode base64 in its one form, of this length if one is given."""
    if not isinstance(value, str):
        raise TypeError("base64 is not a string")
    data = base64.b64decode(value, validate=True)
    require(base64.b64encode(data).decode() == value, "base64 is not in its one form")
    require(length is None or len(data) == length, "base64 has another length")
    return data


def text_bytes(value: object) -> bytes:
    """Return the UTF-8 of a string."""
    if not isinstance(value, str):
        raise TypeError("the checkpoint is not a string")
    return value.encode()


def canonical(value: object) -> bytes:
    """Write the strings, whole numbers, true, lists and objects of a proof in the form of RFC 8785."""
    if value is True:
        return b"true"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).encode()
    if isinstance(value, list):
        return b"[" + b",".join(canonical(item) for item in value) + b"]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(name) + b":" + canonical(value[name]) for name in names) + b"}"
    if type(value) is int and 0 <= value <= LARGEST_NUMBER:
        return str(value).encode()
    raise ValueError("a value of another kind")


def read_proof(data: bytes) -> dict[str, Any]:
    """Read a proof and refuse it if it is not canonical JSON with exactly its fields."""
    fields: dict[str, Any] = json.loads(data.decode())
    require(canonical(fields) == data, "the proof is not canonical")
    require(isinstance(fields, dict) and fields.keys() == PROOF_FIELDS, "the proof has other fields")
    return fields


def checked_leaf(leaf: object) -> dict[str, Any]:
    """Return a leaf after a check of the kinds of its values, and of its base64."""
    if not isinstance(leaf, dict):
        raise TypeError("the leaf is not an object")
    simple = all(isinstance(value, str | int) for value in leaf.values())
    require(simple, "a value of the leaf is neither a string, a number nor true")
    decode(leaf["commitment"], HASH_LENGTH)
    for name in leaf.keys() & LEAF_HASHES:
        decode(leaf[name], HASH_LENGTH)
    return leaf


def read_key(vkey: str) -> Key:
    """Read NAME+ID+KEY, with or without the line feed of the file."""
    name, key_id, encoded = vkey.removesuffix("\n").split("+", 2)
    require(name != "" and not re.search(r"\s", name), "the key has no name, or one with a space")
    material = decode(encoded, 1 + HASH_LENGTH)
    require(material[0] == 1, "the key is not one of Ed25519")
    digest = hashlib.sha256(name.encode() + b"\n" + material).digest()[:ID_LENGTH]
    require(key_id == digest.hex(), "the id of the key is wrong")
    return Key(name, digest, Ed25519PublicKey.from_public_bytes(material[1:]))


def read_checkpoint(key: Key, data: bytes) -> Checkpoint:
    """Read a checkpoint and check its signatures by the key."""
    text = data.decode()
    require(not CONTROL_CHARACTER.search(text), "the checkpoint has a control character")
    body, separator, signatures = text.partition("\n\n")
    require(separator != "" and signatures.endswith("\n"), "the checkpoint is not of whole lines")
    check_signatures(key, f"{body}\n".encode(), signatures.removesuffix("\n").split("\n"))
    lines = body.split("\n")
    require(len(lines) >= 3, "the checkpoint has fewer than three lines")
    require(lines[0] == key.name, "the checkpoint is of another log")
    require(re.fullmatch("0|[1-9][0-9]*", lines[1]) is not None, "the size is not a decimal number")
    return Checkpoint(int(lines[1]), decode(lines[2], HASH_LENGTH))


def check_signatures(key: Key, body: bytes, lines: Iterable[str]) -> None:
    """Demand one right signature by the key, and no wrong one; ignore those of other keys."""
    right = False
    for line in lines:
        dash, name, encoded = line.split(" ")
        require(dash == "\u2014" and name != "" and encoded != "", "a signature line is malformed")
        if name != key.name:
            continue
        signature = decode(encoded)
        require(len(signature) >= ID_LENGTH, "a signature has no key id")
        if signature[:ID_LENGTH] != key.id:
            continue
        require(len(signature) == ID_LENGTH + SIGNATURE_LENGTH, "a signature has another length")
        key.public.verify(signature[ID_LENGTH:], body)
        right = True
    require(right, "no signature by the key")


def old_checkpoint(old: bytes) -> bytes:
    """Return the older checkpoint itself, or the one in an older proof."""
    if not old.startswith(b"{"):
        return old
    return text_bytes(json.loads(old.decode())["checkpoint"])


def hash_leaf(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node above two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root above hashes: pair them level by level, a last one without sibling goes up as it is."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        pairs = [hash_node(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        hashes = pairs + list(hashes[len(pairs) * 2 :])
    return hashes[0]


def check_inclusion(checkpoint: Checkpoint, index: int, leaf: bytes, path: Sequence[bytes]) -> None:
    """Check an inclusion proof by the steps of RFC 9162, section 2.1.3.2."""
    require(0 <= index < checkpoint.size, "the index is not in the log")
    first, last, root = index, checkpoint.size - 1, leaf
    for sibling in path:
        require(last > 0, "the inclusion proof is too long")
        if first % 2 == 1 or first == last:
            root = hash_node(sibling, root)
            while first % 2 == 0 and first != 0:
                first, last = first >> 1, last >> 1
        else:
            root = hash_node(root, sibling)
        first, last = first >> 1, last >> 1
    require(last == 0, "the inclusion proof is too short")
    require(root == checkpoint.root, "the inclusion proof leads to another root")


def tile_path(level: str, number: int, width: int) -> str:
    """Return the path of a tile, or of a bundle with the level `entries`."""
    path = f"{number % 1000:03}"
    while number := number // 1000:
        path = f"x{number % 1000:03}/{path}"
    return f"tile/{level}/{path}" + (f".p/{width}" if width < WIDTH else "")


def read_leaves(files: Mapping[str, bytes], size: int) -> list[bytes]:
    """Read as many leaves as the size says from their bundles."""
    leaves: list[bytes] = []
    while (width := min(WIDTH, size - len(leaves))) > 0:
        leaves += split_bundle(files[tile_path("entries", len(leaves) // WIDTH, width)], width)
    return leaves


def split_bundle(bundle: bytes, width: int) -> list[bytes]:
    """Split a bundle into exactly so many leaves, each after its length of two bytes."""
    leaves, start = [], 0
    while start < len(bundle):
        end = start + 2 + int.from_bytes(bundle[start : start + 2])
        require(end <= len(bundle), "a bundle ends within a leaf")
        leaves.append(bundle[start + 2 : end])
        start = end
    require(len(leaves) == width, "a bundle has another number of leaves")
    return leaves


def check_tiles(files: Mapping[str, bytes], hashes: Sequence[bytes]) -> None:
    """Check each tile of each level against the hashes of the leaves."""
    level = 0
    while hashes:
        tiles = [hashes[i : i + WIDTH] for i in range(0, len(hashes), WIDTH)]
        for number, tile in enumerate(tiles):
            content = files[tile_path(str(level), number, len(tile))]
            require(content == b"".join(tile), f"tile {number} of level {level} is wrong")
        hashes = [tree_root(tile) for tile in tiles if len(tile) == WIDTH]
        level += 1
