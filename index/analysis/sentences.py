"""Sentence boundaries; abbreviations, initials, dates and ordinals do not end a sentence."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

Span = tuple[int, int]
"""The start and the end of a piece of text, half-open."""

# Abbreviations that releases write before a capital letter or a number.
BEFORE_CAPITALS = (
    "nr", "plkst", "t", "tālr", "tel", "lpp", "pag", "nov", "apr", "raj", "sk", "piem", "resp", "red", "sast",
    "ģen", "ltn", "plkv", "plkvltn", "kpt", "mjr", "srž", "kpr", "vltn", "leitn", "admir",
    "dr", "prof", "doc", "asoc", "akad", "inž", "kand", "sv", "god", "milj", "mljrd", "tūkst", "apm", "maks",
    "mr", "mrs", "ms", "vs", "st", "art", "vol", "fig", "gen", "col", "lt", "sgt", "maj", "capt",
    "ул", "им", "т", "тыс", "млн", "млрд", "руб", "см", "ст",
)  # fmt: skip
# Abbreviations that may nevertheless end a sentence.
_ENDS_ANYWAY = r"(?i:(?<=u\.c\.)|(?<=u\.t\.t\.)|(?<=и\.т\.д\.))"
# Initials are capital letters of the Latin, Greek and Cyrillic alphabets.
CAPITALS = "".join(letter for letter in map(chr, range(0x530)) if letter.isupper())


def _not_after(words: str) -> str:
    """Return a pattern that fails after one of *words* and a full stop; all have the same length."""
    return rf"(?<!(?<![^\W_])(?:{words})\.)"


# A lookbehind takes words of one length.
_NOT_AFTER_ABBREVIATION = "".join(
    _not_after("|".join(words)) for _, words in groupby(sorted(BEFORE_CAPITALS, key=len), len)
)
_NOT_AFTER_ORDINAL_OR_INITIAL = "".join(map(_not_after, (r"\d", r"\d\d", f"[{CAPITALS}]")))
# Sets of characters: ends, what closes and opens a quotation, space within a line, beginnings of sentences.
ENDS, CLOSING, OPENING, GAPS = ".!?…", r"\"”“»’)\]", r"\"„“«(\[", r" \t\u00a0"
BEGINNINGS = "A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ0-9–—"
_MAY_END = rf"(?:{_ENDS_ANYWAY}|{_NOT_AFTER_ORDINAL_OR_INITIAL}(?i:{_NOT_AFTER_ABBREVIATION}))"
may_end = re.compile(_MAY_END).match
"""Matches at the place after an end unless an abbreviation, an ordinal or an initial is before it."""
_CLOSING, _GAP = rf"[{ENDS}]*+[{CLOSING}]*+", rf"[{GAPS}]++"
# It begins with a character set, so the regex engine skips the text between ends quickly. Only the first sign
# of a run is tried, because trying each would be quadratic in a row of dots.
_find_end = re.compile(
    rf"[{ENDS}\n](?:(?<=\n)\n*+|(?<!\n)(?<![{ENDS}]{{2}})"
    rf"(?={_CLOSING}{_GAP}[{OPENING}]?[{BEGINNINGS}]){_MAY_END}{_CLOSING}({_GAP}))"
).search
# All that ``str.strip`` removes.
_SPACE = " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
_SPACE += "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def spans(text: str, first: int = 0, last: int | None = None) -> Iterator[Span]:
    """Yield the span of each sentence of *text* from *first* to *last*, without surrounding space.

    >>> text = "Nr. 5. D. Trofimovs 2012. gadā bija Rīgā. Sākas 27. novembrī u.c. dienās."
    >>> [text[start:end] for start, end in spans(text)]
    ['Nr. 5. D. Trofimovs 2012. gadā bija Rīgā.', 'Sākas 27. novembrī u.c. dienās.']
    """
    start, last = first, len(text) if last is None else last
    while start < last:
        end, following = _next_break(text, start, last)
        sentence = _trim(text, start, end)
        if sentence:
            yield sentence
        start = following


def spans_around(text: str, places: Sequence[int], first: int, last: int) -> list[Span]:
    """Return the span of each sentence from *first* to *last* that contains one of the ascending *places*.

    >>> spans_around("Sākas šodien. Beidzas rīt. Atkal parīt.", [14, 22, 33], 0, 39)
    [(14, 26), (27, 39)]
    """
    found: list[Span] = []
    start = end = first
    for place in places:
        if place >= last:
            break
        if place < end:
            continue
        # Sentences end at line ends, so the lines before are not split.
        start = text.rfind("\n", start, place) + 1 or start
        end, following = _next_break(text, start, last)
        while end <= place:
            start = following
            end, following = _next_break(text, start, last)
        found.append(_trim(text, start, end) or (start, end))
        start = following
    return found


def _next_break(text: str, start: int, last: int) -> Span:
    """Return the end of the sentence from *start*, and the start of the next one: *last* if there is none."""
    match = _find_end(text, start, last)
    if match is None:
        return last, last
    gap = match.span(1)
    return match.span() if gap[0] < 0 else gap  # without a gap, a line ends


def _trim(text: str, start: int, end: int) -> Span | None:
    """Return a span without surrounding space, or None if nothing remains."""
    if start < end and text[start] not in _SPACE and text[end - 1] not in _SPACE:
        return start, end
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(stripped)
