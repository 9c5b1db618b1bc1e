"""Against the test vectors of Go's implementation of signed notes."""

import base64

import pytest

from crawler.store.log.checkpoint import (
    SigningKey,
    VerifierKey,
    faults_of_signature,
)
from crawler.store.log.records import LogError, TreeHead
from tests.support.kept_log import KeptLog

PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def test_keys_are_read_and_written_as_elsewhere() -> None:
    key = SigningKey.parse(PRIVATE)
    assert (str(key), str(key.verifier)) == (PRIVATE, PUBLIC)
    assert str(VerifierKey.parse(f"{PUBLIC}\n")) == PUBLIC


def test_a_signature_is_the_one_of_the_reference() -> None:
    key = SigningKey.parse(PRIVATE)
    assert base64.b64encode(key.verifier.id + key.key.sign(TEXT.encode())).decode() == SIGNATURE


def test_a_checkpoint_is_a_note_of_three_lines() -> None:
    root = bytes(range(32))
    note = SigningKey.parse(PRIVATE).sign(20852163, root)
    name, size, hash_, empty, signature, end = note.split("\n")
    assert (name, size, empty, end) == ("PeterNeumann", "20852163", "", "")
    assert base64.b64decode(hash_) == root
    assert signature.startswith("— PeterNeumann x08go")
    assert VerifierKey.parse(PUBLIC).open(note) == TreeHead("PeterNeumann", 20852163, root)


def test_signatures_of_others_are_ignored() -> None:
    note = SigningKey.parse(PRIVATE).sign(5, bytes(32))
    other = SigningKey.make("witness.example").verifier
    line = f"— witness.example {base64.b64encode(other.id + bytes(64)).decode()}\n"
    assert VerifierKey.parse(PUBLIC).open(note + line).size == 5
    with pytest.raises(LogError, match="not signed by the key of witness"):
        other.open(note)


@pytest.mark.parametrize(("old", "new"), [("\n5\n", "\n6\n"), ("— Peter", "— Beter"), ("x08go", "x08gp")])
def test_a_changed_checkpoint_is_refused(old: str, new: str) -> None:
    note = SigningKey.parse(PRIVATE).sign(5, bytes(32)).replace(old, new)
    with pytest.raises(LogError):
        VerifierKey.parse(PUBLIC).open(note)


@pytest.mark.parametrize(
    "text", ["", "PeterNeumann", PUBLIC.replace("c74f20a3", "c74f20a4"), PUBLIC[:-4], "a+b+!!", PRIVATE]
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(LogError):
        VerifierKey.parse(text)


@pytest.mark.parametrize("content", [b"junk", b"\xff", PUBLIC.encode()[:-4]])
@pytest.mark.parametrize("name", ["key", "vkey", "checkpoint"])
def test_a_damaged_file_of_the_log_is_named(kept: KeptLog, name: str, content: bytes) -> None:
    path = kept.folder.path / name
    path.write_bytes(content)
    [fault] = faults_of_signature(kept.folder)
    assert fault.startswith(f"{path}: ")


def test_a_public_key_signs_nothing() -> None:
    with pytest.raises(LogError, match="no private key"):
        SigningKey.parse(PUBLIC)
