"""Repairs Latvian text that was decoded with the wrong encoding; old pages do not declare their encoding."""

import re
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

_LATVIAN = re.compile("[āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ]")
# Letters of windows-1257 text read as windows-1252: Iekðlietu. Several must occur, because French and
# Icelandic use these letters, too.
_MISREAD_BALTIC = re.compile("[ðïíìòþçèâîûÐÏÍÌÒÞÇÈÂÎÛ]")
_SUSPECT = re.compile("[ðïíìòþçèâîûÐÏÍÌÒÞÇÈÂÎÛÄÅ]")


def _bytes_of(encoding: str) -> dict[str, int]:
    """Return the byte of each character; as in browsers, undefined bytes map to themselves."""
    table = {chr(byte): byte for byte in range(256)}
    return table | {bytes([byte]).decode(encoding, "ignore") or chr(byte): byte for byte in range(256)}


class _Table:
    """A single-byte encoding in which UTF-8 may have been misread."""

    def __init__(self, encoding: str) -> None:
        self.byte = _bytes_of(encoding)
        letter, sign, more = self._any_of(0xC2, 0xDF), self._any_of(0xE2, 0xE2), self._any_of(0x80, 0xBF)
        self._pieces = re.compile(f"{letter}{more}|{sign}{self._any_of(0x80, 0x8A)}{more}|.", re.DOTALL)

    def _any_of(self, first: int, last: int) -> str:
        letters = [re.escape(letter) for letter, byte in self.byte.items() if first <= byte <= last]
        return f"[{''.join(letters)}]"

    def repair(self, text: str) -> "Repaired | None":
        pieces = self._pieces.findall(text)
        misread = {piece: self._letter(piece) for piece in set(pieces) if len(piece) > 1}
        if not any(map(_LATVIAN.match, misread.values())):
            return None
        letters = (misread.get(piece, piece) for piece in pieces)
        return Repaired("".join(letters), array("I", accumulate(map(len, pieces), initial=0)))

    def _letter(self, piece: str) -> str:
        return bytes(self.byte[character] for character in piece).decode()


class Repaired(NamedTuple):
    """A repaired text; its character ``i`` begins at ``starts[i]`` of the original."""

    text: str
    starts: Sequence[int]


_WESTERN, _BALTIC = _Table("cp1252"), _Table("cp1257")


def repair(text: str) -> Repaired | None:
    r"""Return *text* repaired, or None if nothing is wrong with it.

    >>> repair("Iekðlietu ministrijas sekretârs îpaði").text
    'Iekšlietu ministrijas sekretārs īpaši'
    >>> repair("ministrijas sekretÄ\x81rs").text
    'ministrijas sekretārs'
    >>> repair("Crème brûlée à la carte") is None
    True
    """
    if not _SUSPECT.search(text):
        return None
    repaired = [attempt for table in (_WESTERN, _BALTIC) if (attempt := table.repair(text))]
    if repaired:
        return min(repaired, key=lambda attempt: len(attempt.text))  # the encoding that explains more
    if len(_MISREAD_BALTIC.findall(text)) >= max(3, len(text) / 50) and not _LATVIAN.search(text):
        return Repaired("".join(map(_as_baltic, text)), range(len(text) + 1))
    return None


def _as_baltic(letter: str) -> str:
    byte = _WESTERN.byte.get(letter, 0)
    return bytes([byte]).decode("cp1257", "ignore") or letter if byte >= 0x80 else letter
