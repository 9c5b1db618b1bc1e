"""Two verifiers find random damage to logs, texts and proofs, and a rewritten log: ours and an outsider's."""

import json
import random
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from crawler.store.log.checkpoint import SigningKey
from crawler.store.log.merkle import leaf_hash
from crawler.store.log.records import LogError, b64, canonical
from tests.support.children import run_bounded
from tests.support.logs import TOOL, entry_of, files_of, load_verifier, plain_proof
from tests.tools import outside_verifier

VERIFIER = load_verifier()
KEY = SigningKey.make("relizes.example.lv/log")
VKEY = str(KEY.verifier)
# Around the widths at which a tree gets another tile or level.
SIZES = (1, 2, 3, 7, 100, 255, 256, 257, 300, 513)

Files = dict[str, bytes]


def text_of(number: int) -> str:
    return f"Virsraksts {number}\n\nPiešķirti {number} 800 eiro."


def nonce_of(number: int) -> bytes:
    return random.Random(number).randbytes(32)


def entries_of(size: int, *, salt: int = 0) -> list[bytes]:
    return [entry_of(text_of(number + salt), nonce_of(number + salt)) for number in range(size)]


@cache
def log_of(size: int) -> Files:
    return files_of(entries_of(size), KEY)


@cache
def proof_of(size: int, index: int) -> bytes:
    entries = entries_of(size)
    proof = {
        "checkpoint": log_of(size)["checkpoint"].decode(),
        "index": index,
        "leaf": json.loads(entries[index]),
        "nonce": b64(nonce_of(index)),
        "proof": [*map(b64, plain_proof(index, [*map(leaf_hash, entries)]))],
    }
    return canonical(proof)


def accepts(check: Callable[[], object]) -> bool:
    try:
        check()
    except VERIFIER.FAULTS:
        return False
    return True


def is_right(ours: Callable[[], object], outsiders: Callable[[], object]) -> bool:
    """Return what both verifiers say."""
    verdict = accepts(ours)
    assert accepts(outsiders) == verdict
    return verdict


def is_whole(files: Files, *olds: bytes) -> bool:
    return is_right(
        lambda: VERIFIER.verify_log(VKEY, files.__getitem__, [old.decode() for old in olds]),
        lambda: outside_verifier.check_log(VKEY, files, olds),
    )


def is_proven(proof: bytes, text: bytes) -> bool:
    return is_right(
        lambda: VERIFIER.verify_text(VKEY, proof, text),
        lambda: outside_verifier.check_text(VKEY, proof, text),
    )


def flip(content: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(content))
    return content[:place] + bytes([content[place] ^ dice.randrange(1, 256)]) + content[place + 1 :]


def flipped_file(dice: random.Random) -> bool:
    files = log_of(dice.choice(SIZES))
    path = dice.choice([*files])
    return is_whole(files | {path: flip(files[path], dice)})


def flipped_proof(dice: random.Random) -> bool:
    size = dice.choice(SIZES)
    index = dice.randrange(min(size, 20))
    return is_proven(flip(proof_of(size, index), dice), text_of(index).encode())


def flipped_text(dice: random.Random) -> bool:
    size = dice.choice(SIZES)
    index = dice.randrange(min(size, 20))
    return is_proven(proof_of(size, index), flip(text_of(index).encode(), dice))


def changed(entries: list[bytes], dice: random.Random) -> list[bytes]:
    """Return *entries* with one dropped, inserted, moved or replaced."""
    place, other = dice.randrange(len(entries)), dice.randrange(len(entries))
    match dice.choice(["drop", "insert", "swap", "replace"]):
        case "drop":
            return entries[:place] + entries[place + 1 :]
        case "insert":
            return [*entries[:place], entry_of("ielikts", dice.randbytes(32)), *entries[place:]]
        case "swap" if place != other:
            pair = {place: entries[other], other: entries[place]}
            return [pair.get(at, entry) for at, entry in enumerate(entries)]
        case _:
            return [*entries[:place], entry_of("cits", dice.randbytes(32)), *entries[place + 1 :]]


def other_leaves(dice: random.Random) -> bool:
    """Whoever keeps the files, but not the key, changes leaves and all hashes above them."""
    size = dice.choice(SIZES)
    files = files_of(changed(entries_of(size), dice), KEY)
    return is_whole(files | {"checkpoint": log_of(size)["checkpoint"]})


def rewritten_history(dice: random.Random) -> bool:
    """The owner of the key changes leaves that an older checkpoint has, lets the log grow, and signs it."""
    size = dice.choice(SIZES)
    grown = changed(entries_of(size), dice) + entries_of(dice.randrange(1, 4), salt=1000)
    return is_whole(files_of(grown, KEY), log_of(size)["checkpoint"])


def forked_log(dice: random.Random) -> bool:
    """The owner of the key shows one log to some, another with the same beginning to others."""
    size = dice.choice(SIZES)
    one, other = (entries_of(size) + entries_of(dice.randrange(1, 4), salt=salt) for salt in (1000, 2000))
    return is_whole(files_of(one, KEY), files_of(other, KEY)["checkpoint"])


def shrunken_log(dice: random.Random) -> bool:
    """A log restored from a backup is signed anew."""
    size = dice.choice(SIZES)
    return is_whole(files_of(entries_of(size)[:-1] or entries_of(1, salt=9), KEY), log_of(size)["checkpoint"])


def another_proof(dice: random.Random) -> bool:
    """The proof of another text, another checkpoint or another place stands in for the right one."""
    index = dice.randrange(20)
    other = dice.choice([one for one in range(20) if one != index])
    proof, wrong = json.loads(proof_of(300, index)), json.loads(proof_of(513, other))
    key = dice.choice([*proof])
    return is_proven(canonical(proof | {key: wrong[key]}), text_of(index).encode())


TRIALS = [
    flipped_file,
    flipped_proof,
    flipped_text,
    other_leaves,
    rewritten_history,
    forked_log,
    shrunken_log,
    another_proof,
]


def missed(trials: int) -> list[tuple[str, int]]:
    """Return the trials, and their seeds, whose damage is not found."""
    each = [(trial, seed) for seed in range(-(-trials // len(TRIALS))) for trial in TRIALS]
    return [(trial.__name__, seed) for trial, seed in each[:trials] if trial(random.Random(seed))]


@pytest.mark.parametrize("size", SIZES)
def test_a_log_is_right_and_extends_its_past(size: int) -> None:
    grown = files_of(entries_of(size) + entries_of(3, salt=1000), KEY)
    assert is_whole(log_of(size))
    assert is_whole(grown, log_of(size)["checkpoint"], proof_of(size, 0), log_of(1)["checkpoint"])
    assert is_proven(proof_of(size, size - 1), text_of(size - 1).encode())


ID = KEY.verifier.id


@pytest.mark.parametrize(
    ("line", "accepted"),
    [
        ("— other.example/log AAAA", True),
        (f"— {KEY.name} {b64(bytes(68))}", True),
        (f"— {KEY.name} {b64(ID + bytes(64))}", False),
        ("— other.example/log", False),
        ("- other.example/log AAAA", False),
        ("", False),
    ],
)
def test_further_lines_of_signatures_are_ignored_if_they_are_some(line: str, *, accepted: bool) -> None:
    note = log_of(7)["checkpoint"].decode() + f"{line}\n"
    key = outside_verifier.read_key(VKEY)
    verdict = is_right(
        lambda: VERIFIER.open_checkpoint(VKEY, note),
        lambda: outside_verifier.read_checkpoint(key, note.encode()),
    )
    assert verdict is accepted
    try:
        KEY.verifier.open(note)
    except LogError:
        assert not accepted
    else:
        assert accepted


def test_damage_is_found() -> None:
    assert missed(400) == []


@pytest.mark.long_sweep
def test_ten_thousand_kinds_of_damage_are_found() -> None:
    assert missed(10_000) == []


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, TOOL, *arguments]
    ended = run_bounded(command, cwd=folder, capture_output=True, text=True, env={"PYTHONUTF8": "1"})
    return ended.returncode, ended.stdout, ended.stderr


def test_a_text_is_proven_by_a_command(tmp_path: Path) -> None:
    (tmp_path / "vkey").write_text(f"{VKEY}\n", encoding="utf-8")
    (tmp_path / "proof.json").write_bytes(proof_of(300, 7))
    (tmp_path / "text").write_text(text_of(7), encoding="utf-8")
    code, said, _ = run(tmp_path, "text", "vkey", "proof.json", "text")
    assert (code, said[:41]) == (0, 'right: in the log of 300 leaves: {"commit')
    (tmp_path / "text").write_text(text_of(8), encoding="utf-8")
    assert run(tmp_path, "text", "vkey", "proof.json", "text") == (1, "", "WRONG: the text\n")


def test_a_folder_is_checked_by_a_command(tmp_path: Path) -> None:
    for path, content in log_of(257).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "vkey").write_text(f"{VKEY}\n", encoding="utf-8")
    (tmp_path / "old").write_bytes(log_of(100)["checkpoint"])
    (tmp_path / "newer").write_bytes(log_of(300)["checkpoint"])
    assert run(tmp_path, "log", "vkey", ".", "old") == (0, "right: a log of 257 leaves\n", "")
    assert run(tmp_path, "log", "vkey", ".", "newer") == (1, "", "WRONG: an old checkpoint is of another\n")


def test_wrong_options_show_the_usage(tmp_path: Path) -> None:
    assert run(tmp_path, "texts", "vkey", "proof.json") == (2, "", f"{VERIFIER.__doc__}\n")


def test_the_verifier_is_short() -> None:
    assert len(TOOL.read_text(encoding="utf-8").splitlines()) <= 150
