"""Sentence boundaries; abbreviations, initials, dates and ordinals do not end a sentence."""

import re
from collections.abc import Iterator

# Abbreviations that releases write before a capital letter or a number.
_BEFORE_CAPITALS = frozenset((
    "nr", "plkst", "t", "tālr", "tel", "lpp", "pag", "nov", "apr", "raj", "sk", "piem", "resp", "red", "sast",
    "ģen", "ltn", "plkv", "plkvltn", "kpt", "mjr", "srž", "kpr", "vltn", "leitn", "admir",
    "dr", "prof", "doc", "asoc", "akad", "inž", "kand", "sv", "god", "milj", "mljrd", "tūkst", "apm", "maks",
    "mr", "mrs", "ms", "vs", "st", "art", "vol", "fig", "gen", "col", "lt", "sgt", "maj", "capt",
    "ул", "им", "т", "тыс", "млн", "млрд", "руб", "см", "ст",
))  # fmt: skip
# Abbreviations that may nevertheless end a sentence: `u.c.`
_ENDS_ANYWAY = re.compile(r"(?:u\.c|u\.tml|utt|u\.t\.t|и\.т\.д|etc)\Z", re.IGNORECASE)

# It begins with a character set, so the regex engine skips the text between ends quickly. Only the first sign
# of a run is tried, because trying each would be quadratic in a row of dots.
_END = re.compile(
    r"[.!?…\n](?:(?<=\n)\n*+"
    r"|(?<!\n)(?<![.!?…]{2})[.!?…]*+[\"”“»’)\]]*+([ \t\u00a0]++)(?=[\"„“«(\[]?[A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ0-9–—]))"
)
_LAST_WORD = re.compile(r"(?<![^\W_])(?P<word>[^\W_]++)\Z")
_ORDINAL_DIGITS = 2
_LOOKED_BACK = 12


def spans(text: str, first: int = 0, last: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the span of each sentence of *text* from *first* to *last*, without surrounding space.

    >>> text = "Nr. 5. D. Trofimovs 2012. gadā bija Rīgā. Sākas 27. novembrī u.c. dienās."
    >>> [text[start:end] for start, end in spans(text)]
    ['Nr. 5. D. Trofimovs 2012. gadā bija Rīgā.', 'Sākas 27. novembrī u.c. dienās.']
    """
    start, last = first, len(text) if last is None else last
    for _, end, following in _breaks(text, first, last):
        sentence = _trim(text, start, end)
        if sentence:
            yield sentence
        start = following
    sentence = _trim(text, start, last)
    if sentence:
        yield sentence


def sentence_around(text: str, place: int, first: int, last: int) -> tuple[int, int]:
    """Return the span of the sentence around *place* within *text* from *first* to *last*.

    >>> sentence_around("Sākas šodien. Beidzas rīt.", 22, 0, 26)
    (14, 26)
    """
    start = first
    for mark, end, following in _breaks(text, first, last):
        if mark > place:
            last = end
            break
        start = following
    return _trim(text, start, last) or (start, last)


def _breaks(text: str, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Yield, for each sentence, the place of its first closing sign, its end, and the start of the next."""
    start = first
    for match in _END.finditer(text, first, last):
        mark, gap = match.start(), match.start(1)
        if gap >= 0 and text[mark] == "." and not _is_end(text[max(start, mark - _LOOKED_BACK) : mark]):
            continue
        start = match.end()
        yield mark, gap if gap >= 0 else mark, start


def _is_end(before: str) -> bool:
    """Return whether a full stop after *before* ends a sentence."""
    word = before[before.rfind(" ") + 1 :]
    if not word.isalnum():
        match = _LAST_WORD.search(word)
        word = match["word"] if match else ""
    is_ordinal_or_initial = len(word) <= _ORDINAL_DIGITS and (
        word.isdigit() or (len(word) == 1 and word.isupper())
    )
    if not is_ordinal_or_initial and word.lower() not in _BEFORE_CAPITALS:
        return True
    return _ENDS_ANYWAY.search(before) is not None


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return a span without surrounding space, or None if nothing remains."""
    if start < end and not text[start].isspace() and not text[end - 1].isspace():
        return start, end
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(stripped)
