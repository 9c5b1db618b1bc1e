"""Mail addresses as people type them: checked, and spelt in one way."""

import re
import unicodedata

import idna

from searcher.params import ParameterError

CHARS_MAX = 254
"""RFC 5321, 4.5.3.1.3."""
_LOCAL_CHARS_MAX = 64
# RFC 5322's dot-atom: no quotes, spaces, comments or control characters, so nothing that ends a header.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


def read_address(typed: str) -> str:
    """Return the address *typed*, with its domain in lower case and ASCII.

    Raises:
        ParameterError: it is none that mail can be sent to; the field is ``address``.
    """
    text = unicodedata.normalize("NFC", typed).strip(" ")
    local, at, domain = text.rpartition("@")
    if not text:
        raise _error("is missing")
    if len(text) > CHARS_MAX or len(local) > _LOCAL_CHARS_MAX:
        raise _error("is too long")
    if not at or not _LOCAL.fullmatch(local):
        raise _error("is not a mail address such as name@example.lv")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise _error("is not a mail address such as name@example.lv") from error
    address = f"{local}@{ascii_domain}"
    if not _DOMAIN.fullmatch(ascii_domain) or len(address) > CHARS_MAX:
        raise _error("is not a mail address such as name@example.lv")
    return address


def mailbox_of(address: str) -> str:
    """Return what limits count *address* by: mail to `Name+tag@` and `name@` reaches one person."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0].lower()}@{domain}"


def _error(reason: str) -> ParameterError:
    return ParameterError({"address": reason})
