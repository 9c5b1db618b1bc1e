"""Signed checkpoints of a log, and its keys: C2SP tlog-checkpoint and signed-note, with Ed25519.

The only module that needs the extra `log`.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from crawler.store.log.log_folder import LogFolder
from crawler.store.log.records import LogError, TreeHead, b64, parse_checkpoint, read_from, strict_b64

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_DASH = "—"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The key by which anyone checks the checkpoints of the log *name*."""

    name: str
    key: Ed25519PublicKey

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Return the key in *text*: ``name+id+base64``.

        Raises:
            LogError: it is no such key.
        """
        name, key_id, content = _split_key(text)
        key = cls(name, Ed25519PublicKey.from_public_bytes(content))
        if key.id.hex() != key_id:
            raise LogError("the id of the key is not that of its bytes")
        return key

    @property
    def id(self) -> bytes:
        """The first four bytes of a hash of name and key, which its signatures begin with."""
        seed = self.name.encode() + b"\n" + _ED25519 + self.key.public_bytes_raw()
        return hashlib.sha256(seed).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(_ED25519 + self.key.public_bytes_raw())}"

    def open(self, note: str) -> TreeHead:
        """Return what the checkpoint *note* says.

        Raises:
            LogError: it is no checkpoint of this log, or not signed by this key.
        """
        head = parse_checkpoint(note)
        text, _, signatures = note.rpartition("\n\n")
        *lines, end = (line.split(" ") for line in signatures.split("\n"))
        if end != [""] or any(len(line) != 3 or line[0] != _DASH for line in lines):
            raise LogError("the checkpoint does not end with signatures")
        found = [strict_b64(signature) for _, name, signature in lines if name == self.name]
        ours = [signature[4:] for signature in found if signature[:4] == self.id]
        if head.origin != self.name or not ours:
            raise LogError(f"the checkpoint is not signed by the key of {self.name}")
        try:
            for signature in ours:
                self.key.verify(signature, f"{text}\n".encode())
        except InvalidSignature as error:
            raise LogError("the signature of the checkpoint is wrong") from error
        return head


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key that signs the checkpoints of the log *name*; whoever has it can speak for the log."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def make(cls, name: str) -> "SigningKey":
        """Return a new key."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Return the key in *text*: ``PRIVATE+KEY+name+id+base64``.

        Raises:
            LogError: it is no such key.
        """
        if not text.startswith(_PRIVATE):
            raise LogError("no private key of a log")
        name, key_id, content = _split_key(text.removeprefix(_PRIVATE))
        key = cls(name, Ed25519PrivateKey.from_private_bytes(content))
        if key.verifier.id.hex() != key_id:
            raise LogError("the id of the key is not that of its bytes")
        return key

    @property
    def verifier(self) -> VerifierKey:
        """The key that checks its signatures."""
        return VerifierKey(self.name, self.key.public_key())

    def __str__(self) -> str:
        content = b64(_ED25519 + self.key.private_bytes_raw())
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{content}"

    def sign(self, size: int, root: bytes) -> str:
        """Return the signed checkpoint of the log at *size*."""
        text = f"{self.name}\n{size}\n{b64(root)}\n"
        signature = self.verifier.id + self.key.sign(text.encode())
        return f"{text}\n{_DASH} {self.name} {b64(signature)}\n"


def signing_key_of(folder: LogFolder) -> SigningKey:
    """Return the private key in *folder*.

    Raises:
        LogError: it is none.
        OSError: it cannot be read.
    """
    with read_from(folder.key_path):
        return SigningKey.parse(folder.key_path.read_text(encoding="utf-8"))


def verifier_key_of(folder: LogFolder) -> VerifierKey:
    """Return the verifier key in *folder*.

    Raises:
        LogError: it is none.
        OSError: it cannot be read.
    """
    with read_from(folder.vkey_path):
        return VerifierKey.parse(folder.vkey_path.read_text(encoding="utf-8"))


def head_of(folder: LogFolder, verifier: VerifierKey) -> TreeHead:
    """Return what the last checkpoint in *folder* says.

    Raises:
        LogError: there is none, or *verifier* does not verify it.
        OSError: it cannot be read.
    """
    note = folder.checkpoint()
    with read_from(folder.checkpoint_path):
        return verifier.open(note)


def faults_of_signature(folder: LogFolder) -> Iterator[str]:
    """Yield what is wrong with keys and signature in *folder*.

    Raises:
        OSError: a file cannot be read.
    """
    try:
        verifier = verifier_key_of(folder)
        if signing_key_of(folder).verifier != verifier:
            yield f"{folder.vkey_path}: is not of the key that signs"
        head_of(folder, verifier)
    except LogError as error:
        yield str(error)


def _split_key(text: str) -> tuple[str, str, bytes]:
    name, _, rest = text.strip().partition("+")
    key_id, _, content = rest.partition("+")
    try:
        decoded = base64.b64decode(content, validate=True)
    except ValueError as error:
        raise LogError("no key of a log") from error
    if not name or decoded[:1] != _ED25519 or len(decoded) != 1 + 32:
        raise LogError("no key of a log")
    return name, key_id, decoded[1:]
