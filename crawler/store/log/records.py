"""What a log says: its leaves, byte for byte, the texts to which they commit, and its size and root.

docs/log.md describes all of it for strangers.
"""

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.store.log.merkle import HASH_BYTES
from preses_relizes.shared.masking import mask

NONCE_BYTES = 32


class LogError(Exception):
    """A log is not what it should be; the message says in which way."""


@contextmanager
def read_from(path: Path) -> Iterator[None]:
    """Name the file at *path* in the error of what is read from it.

    Raises:
        LogError: what is read is not what it should be, or no text.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise LogError(f"{path}: not a file of a log") from error
    except LogError as error:
        raise LogError(f"{path}: {error}") from error


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint says of its log."""

    origin: str
    """The name of the log."""
    size: int
    """The number of its leaves."""
    root: bytes


def parse_checkpoint(note: str) -> TreeHead:
    """Return what a checkpoint says, whoever signed it.

    Raises:
        LogError: it is no checkpoint.
    """
    lines = note.split("\n")
    if len(lines) < 5 or not lines[0] or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
        raise LogError("no checkpoint of a log")
    root = strict_b64(lines[2])
    if len(root) != HASH_BYTES:
        raise LogError("no checkpoint of a log")
    return TreeHead(origin=lines[0], size=int(lines[1]), root=root)


def shown_text(title: str, lead: str, body: str) -> str:
    """Return a text as it is shown: masked, its parts separated by an empty line."""
    return unicodedata.normalize("NFC", "\n\n".join(mask(part) for part in (title, lead, body) if part))


def commitment(nonce: bytes, text: str) -> bytes:
    """Return the commitment to *text*, from which nobody without *nonce* can guess it."""
    return hashlib.sha256(nonce + text.encode()).digest()


def digest_commitment(nonce: bytes, digest: bytes) -> bytes:
    """Return the commitment to the *digest* of a response: the page may have what its text does not show."""
    return hashlib.sha256(nonce + digest).digest()


def canonical(value: Mapping[str, object]) -> bytes:
    """Return *value*, without fractions, as canonical JSON (RFC 8785): sorted names, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def b64(content: bytes) -> str:
    """Return *content* in base64 (RFC 4648, section 4)."""
    return base64.b64encode(content).decode()


def strict_b64(text: str) -> bytes:
    """Return the bytes of *text* in base64.

    Raises:
        LogError: it is not their one form in base64.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise LogError(f"not base64: {text[:100]}") from error
    if b64(content) != text:
        raise LogError(f"not canonical base64: {text[:100]}")
    return content
