"""The operator's key: addresses are encrypted with it, and links in mails cannot be forged without it."""

import base64
import binascii
import hmac
import os
import secrets
from hashlib import blake2b
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ID_BYTES = 12
_KEY_BYTES, _NONCE_BYTES, _MAC_BYTES = 32, 12, 16
_MODE = 0o600
_OTHERS = 0o077


class KeyFileError(Exception):
    """The file of the key cannot be used; the message names it and says what to do."""


class Keys:
    """What is derived from the operator's *secret*: one key for each use."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._cipher = AESGCM(self._derive("address"))

    def _derive(self, use: str) -> bytes:
        return blake2b(use.encode(), key=self._secret, digest_size=_KEY_BYTES).digest()

    def encrypt(self, id_: bytes, address: str) -> bytes:
        """Return the *address* of the subscription *id_*, encrypted; it fits no other subscription."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, address.encode(), id_)

    def decrypt(self, id_: bytes, encrypted: bytes) -> str:
        """Return the address of the subscription *id_*.

        Raises:
            KeyFileError: it was encrypted with another key.
        """
        try:
            nonce, text = encrypted[:_NONCE_BYTES], encrypted[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, text, id_).decode()
        except InvalidTag as error:
            raise KeyFileError(
                "an address was encrypted with another key: restore the file of the key"
            ) from error

    def digest(self, use: str, text: str) -> bytes:
        """Return a name for *text* that nobody without the key can guess or compare."""
        return blake2b(text.encode(), key=self._derive(use), digest_size=_MAC_BYTES).digest()

    def token(self, use: str, id_: bytes) -> str:
        """Return what a link in a mail has for one *use* of the subscription *id_*."""
        return base64.urlsafe_b64encode(id_ + self._mac(use, id_)).decode().rstrip("=")

    def read_token(self, use: str, token: str) -> bytes | None:
        """Return the id of the subscription that *token* is for; None if it is forged, or for another use."""
        try:
            given = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            return None
        id_, mac = given[:ID_BYTES], given[ID_BYTES:]
        is_ours = len(id_) == ID_BYTES and hmac.compare_digest(mac, self._mac(use, id_))
        # The last letter has bits to spare: four of them stand for the same bytes.
        return id_ if is_ours and token == self.token(use, id_) else None

    def _mac(self, use: str, id_: bytes) -> bytes:
        return blake2b(id_, key=self._derive(f"token {use}"), digest_size=_MAC_BYTES).digest()


def make_key(path: Path) -> None:
    """Write a new key to *path*, readable by its owner alone.

    Raises:
        FileExistsError: there is a file; without its key the addresses stored so far are lost.
        OSError: it cannot be written.
    """
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    with os.fdopen(file, "w", encoding="ascii") as opened:
        opened.write(f"{secrets.token_hex(_KEY_BYTES)}\n")
        opened.flush()
        os.fsync(opened.fileno())


def load_keys(path: Path) -> Keys:
    """Return the keys from the file at *path*.

    Raises:
        KeyFileError: it is missing, damaged or open to others.
    """
    try:
        with path.open(encoding="ascii") as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                raise KeyFileError(f"{path}: others than its owner may read it; `chmod 600 {path}`")
            secret = bytes.fromhex(file.read(4 * _KEY_BYTES).strip())
    except FileNotFoundError as error:
        raise KeyFileError(f"{path}: there is no key; `releases init-mail` makes one") from error
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise KeyFileError(f"{path}: not a key of subscriptions; restore it from your copy") from error
    if len(secret) != _KEY_BYTES:
        raise KeyFileError(f"{path}: not a key of subscriptions; restore it from your copy")
    return Keys(secret)
