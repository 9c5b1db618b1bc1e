"""Folding: removes diacritics, as people often do when they type."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_LATVIAN_LETTERS = "āčēģīķļņōŗšūžĀČĒĢĪĶĻŅŌŖŠŪŽ", "acegiklnorsuzACEGIKLNORSUZ"
_LATVIAN = str.maketrans(*_LATVIAN_LETTERS)
# Foreign letters that Unicode does not decompose; most Russian texts write е for ё.
_OTHER = str.maketrans("ёЁłŁøØđĐı", "еЕlLoOdDi") | {ord("ß"): "ss"}


def fold(text: str) -> str:
    """Return *text* without diacritics on Latin letters; Cyrillic й stays.

    >>> fold("ķēniņš Müllers Йога")
    'kenins Mullers Йога'
    """
    if text.isascii() or (text := text.translate(_LATVIAN)).isascii():
        return text
    return "".join(_bare(letter) for letter in text.translate(_OTHER))


@lru_cache(1 << 6)
def fold_word(word: str) -> str:
    """Return *word*, folded; the analysis of a new word folds it several times in a row.

    >>> fold_word("ķēniņš")
    'kenins'
    """
    return fold(word)


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return each of *texts*, folded, in a tenth of the time of ``fold``; they must not contain line feeds.

    >>> fold_all(["ķēniņš", "Müller"])
    ['kenins', 'Muller']
    """
    joined = "\n".join(texts)
    for letter, plain in zip(*_LATVIAN_LETTERS, strict=True):
        joined = joined.replace(letter, plain)
    return [text if text.isascii() else fold(text) for text in joined.split("\n")] if texts else []


@lru_cache(1 << 10)  # more letters than a text has
def _bare(letter: str) -> str:
    if letter.isascii():
        return letter
    if unicodedata.combining(letter):
        return ""
    first = unicodedata.normalize("NFD", letter)[0]
    return first if first.isascii() else letter
