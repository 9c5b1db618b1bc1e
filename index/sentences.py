"""Where sentences begin and end in a release; abbreviations, initials, dates and ordinals end none."""

import re
from collections.abc import Iterator

# Abbreviations that stand before a capital letter or a number, as releases write them.
_BEFORE_CAPITALS = frozenset((
    "nr", "plkst", "t", "tālr", "tel", "lpp", "pag", "nov", "apr", "raj", "sk", "piem", "resp", "red", "sast",
    "ģen", "ltn", "plkv", "plkvltn", "kpt", "mjr", "srž", "kpr", "vltn", "leitn", "admir",
    "dr", "prof", "doc", "asoc", "akad", "inž", "kand", "sv", "god", "milj", "mljrd", "tūkst", "apm", "maks",
    "mr", "mrs", "ms", "vs", "st", "art", "vol", "fig", "gen", "col", "lt", "sgt", "maj", "capt",
    "ул", "им", "т", "тыс", "млн", "млрд", "руб", "см", "ст",
))  # fmt: skip
# `u.c.`, `t.sk.`: only the last one of them ends a sentence, and it may.
_ENDS_ANYWAY = re.compile(r"(?:u\.c|u\.tml|utt|u\.t\.t|и\.т\.д|etc)\Z", re.IGNORECASE)

_END = re.compile(r"[.!?…]+[\"”“»’)\]]*(?P<gap>[ \t\u00a0]+)(?=[\"„“«(\[]?[A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ0-9–—])|\n+")
_LAST_WORD = re.compile(r"(?P<word>[^\W_]+)\Z")
_ORDINAL_DIGITS = 2
_LOOKED_BACK = 12


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of *text* begins and ends, half-open, without the space around it.

    >>> text = "Nr. 5. D. Trofimovs 2012. gadā bija Rīgā. Sākas 27. novembrī u.c. dienās."
    >>> [text[start:end] for start, end in spans(text)]
    ['Nr. 5. D. Trofimovs 2012. gadā bija Rīgā.', 'Sākas 27. novembrī u.c. dienās.']
    """
    start = 0
    for found in _END.finditer(text):
        gap = found.start("gap")
        if gap >= 0 and not _ends(
            text[max(start, found.start() - _LOOKED_BACK) : found.start()], text[found.start()]
        ):
            continue
        yield from _trimmed(text, start, gap if gap >= 0 else found.start())
        start = found.end()
    yield from _trimmed(text, start, len(text))


def _ends(before: str, mark: str) -> bool:
    """Whether a sentence ends where *mark* stands after *before*."""
    if mark != "." or _ENDS_ANYWAY.search(before):
        return True
    found = _LAST_WORD.search(before)
    if found is None:
        return True
    word = found["word"]
    if word.isdigit():
        return len(word) > _ORDINAL_DIGITS
    is_initial = len(word) == 1 and word.isupper()
    return not is_initial and word.lower() not in _BEFORE_CAPITALS


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        yield start, start + len(stripped)
