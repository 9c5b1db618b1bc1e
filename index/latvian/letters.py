"""The alphabet: lower case without diacritics, as people type it."""

import unicodedata

_LATVIAN = str.maketrans("āčēģīķļņōŗšūžĀČĒĢĪĶĻŅŌŖŠŪŽ", "acegiklnorsuzACEGIKLNORSUZ")
# Letters of neighbours and names that Unicode does not decompose; ё is written е in most Russian texts.
_OTHER = str.maketrans("ёЁłŁøØđĐı", "еЕlLoOdDi") | {ord("ß"): "ss"}


def fold(text: str) -> str:
    """Return *text* without the marks on its Latin letters; Cyrillic й stays itself.

    >>> fold("ķēniņš Müllers Йога")
    'kenins Mullers Йога'
    """
    text = text.translate(_LATVIAN)
    if text.isascii():
        return text
    return "".join(_bare(letter) for letter in text.translate(_OTHER))


def _bare(letter: str) -> str:
    if letter.isascii():
        return letter
    if unicodedata.combining(letter):
        return ""
    first = unicodedata.normalize("NFD", letter)[0]
    return first if first.isascii() else letter
