#!/usr/bin/env python3
"""Check a log of press releases offline, with `cryptography` and nothing of the program that wrote it.

verify.py text KEY PROOF TEXT       TEXT is what stood in the log; the leaf printed must be the one you mean
verify.py log KEY FOLDER [OLD ...]  the log in FOLDER is whole, and extends each OLD: a checkpoint or a proof

KEY is the file `vkey` of the log, from a source that you trust. Exit codes: 0 right; 1 wrong; 2 usage.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FAULTS = (AttributeError, InvalidSignature, LookupError, OSError, RecursionError, TypeError, ValueError)


def require(is_right, what):
    """Raise ValueError unless *is_right*."""
    if not is_right:
        raise ValueError(what)


def unb64(text, length):
    """Return *length* bytes from their one form in base64."""
    content = base64.b64decode(text, validate=True)
    require(base64.b64encode(content).decode() == text and len(content) == length, "base64")
    return content


def sha256(content):
    """Return the SHA-256 of *content*."""
    return hashlib.sha256(content).digest()


def canonical(value):
    """Return JSON in canonical form (RFC 8785; there are no fractions)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def root_of(hashes):
    """Return the root above the *hashes* of leaves (RFC 6962, 2.1)."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"")
    left = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(b"\x01" + root_of(hashes[:left]) + root_of(hashes[left:]))


def root_by_proof(leaf, index, size, proof):
    """Return the root to which *proof* leads from the leaf's hash (RFC 9162, 2.1.3.2)."""
    require(0 <= index < size, "index")
    last = size - 1
    for sibling in proof:
        require(last > 0, "proof: too long")
        if index & 1 or index == last:
            leaf = sha256(b"\x01" + sibling + leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = sha256(b"\x01" + leaf + sibling)
        index, last = index >> 1, last >> 1
    require(last == 0, "proof: too short")
    return leaf


def open_checkpoint(vkey, note):
    """Return size and root of a checkpoint, or that of a proof, signed by *vkey* (C2SP tlog-checkpoint)."""
    note = json.loads(note)["checkpoint"] if note.startswith("{") else note
    name, key_id, encoded_key = vkey.strip().split("+", 2)
    key = unb64(encoded_key, 33)
    expected = sha256(name.encode() + b"\n" + key)[:4]
    require(key[0] == 1 and expected.hex() == key_id, "key")
    text, _, signatures = note.rpartition("\n\n")
    *lines, end = (line.split(" ") for line in signatures.split("\n"))
    require(end == [""] and all(dash == "—" for dash, _, _ in lines), "checkpoint: not of signatures")
    ours = [one for _, signer, one in lines if signer == name and base64.b64decode(one)[:4] == expected]
    require(ours, "checkpoint: not signed by this key")
    for one in ours:
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(unb64(one, 68)[4:], f"{text}\n".encode())
    origin, size, root = text.split("\n")[:3]
    require(origin == name and str(int(size)) == size and int(size) >= 0, "checkpoint")
    return int(size), unb64(root, 32)


def verify_text(vkey, proof_file, text):
    """Return the leaf of *text*, and the size of the log, from the bytes of a proof."""
    proof = json.loads(proof_file)
    require(canonical(proof) == proof_file, "proof: not canonical JSON")
    require(sorted(proof) == ["checkpoint", "index", "leaf", "nonce", "proof"], "proof: fields")
    size, root = open_checkpoint(vkey, proof["checkpoint"])
    leaf, siblings = canonical(proof["leaf"]), [unb64(one, 32) for one in proof["proof"]]
    require(root_by_proof(sha256(b"\x00" + leaf), proof["index"], size, siblings) == root, "not in the log")
    require(sha256(unb64(proof["nonce"], 32) + text) == unb64(proof["leaf"]["commitment"], 32), "the text")
    return proof["leaf"], size


def read_tiles(read, kind, count):
    """Yield the files with the first *count* entries or hashes of a level, and how many each must have."""
    for number in range(-(-count // 256)):
        width = min(256, count - 256 * number)
        groups = [f"x{number // 1000**place % 1000:03}" for place in range((len(str(number)) + 2) // 3)]
        path = "/".join(["tile", str(kind), *groups[:0:-1], groups[0][1:]])
        yield read(path if width == 256 else f"{path}.p/{width}"), width


def verify_log(vkey, read, olds):
    """Return the size of the log whose files *read* returns by path; *olds* are checkpoints of its past."""
    size, root = open_checkpoint(vkey, read("checkpoint").decode())
    hashes = []
    for bundle, width in read_tiles(read, "entries", size):
        end = 0
        for _ in range(width):
            start, end = end + 2, end + 2 + int.from_bytes(bundle[end : end + 2], "big")
            hashes.append(sha256(b"\x00" + bundle[start:end]))
        require(end == len(bundle), f"entries: not {width} of them")
    require(root_of(hashes) == root, "the entries are not those of the checkpoint")
    for old_size, old_root in (open_checkpoint(vkey, old) for old in olds):
        require(
            old_size <= size and root_of(hashes[:old_size]) == old_root, "an old checkpoint is of another"
        )
    level, nodes = 0, hashes
    while nodes:
        for number, (tile, width) in enumerate(read_tiles(read, level, len(nodes))):
            require(tile == b"".join(nodes[256 * number :][:width]), f"tile {number} of level {level}")
        nodes = [root_of(nodes[start : start + 256]) for start in range(0, len(nodes) - 255, 256)]
        level += 1
    return size


def main(kind, key, *names):
    """Run one check; return what is right."""
    vkey, (first, *others) = Path(key).read_text(encoding="utf-8"), map(Path, names)
    if kind == "text":
        leaf, size = verify_text(vkey, first.read_bytes(), others[0].read_bytes())
        return f"in the log of {size} leaves: {canonical(leaf).decode()}"
    olds = [old.read_bytes().decode() for old in others]
    return f"a log of {verify_log(vkey, lambda path: (first / path).read_bytes(), olds)} leaves"


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in {"text", "log"}:
        sys.exit(print(__doc__, file=sys.stderr) or 2)
    try:
        print("right:", main(*sys.argv[1:]))
    except FAULTS as fault:
        sys.exit(f"WRONG: {fault or type(fault).__name__}")
