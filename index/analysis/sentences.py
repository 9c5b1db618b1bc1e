"""Sentence boundaries; abbreviations, initials, dates and ordinals do not end a sentence."""

from collections.abc import Iterator

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
_ABBREVIATIONS = frozenset(BEFORE_CAPITALS)
_LONGEST = max(map(len, BEFORE_CAPITALS))
# Abbreviations that may nevertheless end a sentence.
_END_ANYWAY = ("u.c.", "u.t.t.", "и.т.д.")
_LONGEST_END = max(map(len, _END_ANYWAY))

# Kinds of characters, a bit for each: ends of sentences, what closes and opens a quotation, space within a
# line, beginnings of sentences, initials, and the end of a line.
_END, _CLOSING, _OPENING, _GAP, _BEGINNING, _INITIAL, _LINE_END = 1, 2, 4, 8, 16, 32, 64
_STOP = _END | _LINE_END
_CODES = 0x2100
"""The number of code points that are looked up: no other character is of any kind."""
_CHARACTERS = (
    (_END, ".!?…"),
    (_CLOSING, '"”“»’)]'),
    (_OPENING, '"„“«(['),
    (_GAP, " \t\u00a0"),
    (_BEGINNING, "ABCDEFGHIJKLMNOPQRSTUVWXYZĀČĒĢĪĶĻŅŠŪŽАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁ0123456789–—"),
    # The capital letters of the Latin, Greek and Cyrillic alphabets.
    (_INITIAL, "".join(letter for letter in map(chr, range(0x530)) if letter.isupper())),
    (_LINE_END, "\n"),
)


def _table_of_kinds() -> bytes:
    """Return the kinds of each code point."""
    kinds = bytearray(_CODES)
    for kind, characters in _CHARACTERS:
        for character in characters:
            kinds[ord(character)] |= kind
    return bytes(kinds)


_KINDS = _table_of_kinds()


def spans(text: str) -> Iterator[Span]:
    """Yield the span of each sentence of *text*, without surrounding space.

    >>> text = "Nr. 5. D. Trofimovs 2012. gadā bija Rīgā. Sākas 27. novembrī u.c. dienās."
    >>> [text[start:end] for start, end in spans(text)]
    ['Nr. 5. D. Trofimovs 2012. gadā bija Rīgā.', 'Sākas 27. novembrī u.c. dienās.']
    """
    following = 0
    while following < len(text):
        end, after = _next_break(text, following, len(text))
        start, end = _trim(text, following, end)
        if start < end:
            yield start, end
        following = after


def sentence_around(text: str, place: int, start: int, last: int) -> tuple[int, int, int]:
    """Return the span of the sentence of the word at *place*, and the start of the next sentence.

    A sentence begins at *start*, and one ends at *last*; *place* is between them.

    >>> sentence_around("Sākas šodien. Beidzas rīt. Atkal parīt.", 22, 0, 39)
    (14, 26, 27)
    """
    # Sentences end at line ends, so the lines before are not split.
    start = max(start, text.rfind("\n", start, place) + 1)
    end, following = _next_break(text, start, last)
    while following <= place:
        start = following
        end, following = _next_break(text, start, last)
    start, end = _trim(text, start, end)
    return start, end, following


def _next_break(text: str, start: int, last: int) -> Span:
    """Return the end of the sentence from *start*, and the start of the next one: *last* if there is none."""
    for place in range(start, last):
        kind = _kind(text[place])
        # Only the first sign of a run is tried, because trying each would be quadratic in a row of dots.
        if not kind & _STOP or (kind & _END and place and _kind(text[place - 1]) & _END):
            continue
        if kind & _LINE_END:
            return place, _skip(text, _LINE_END, place, last)
        end = _skip(text, _CLOSING, _skip(text, _END, place + 1, last), last)
        following = _skip(text, _GAP, end, last)
        if end < following and _begins(text, following, last) and _may_end(text, place):
            return end, following
    return last, last


def _kind(letter: str) -> int:
    code = ord(letter)
    return _KINDS[code] if code < _CODES else 0


def _skip(text: str, kind: int, place: int, last: int) -> int:
    """Return the first place from *place* to *last* whose character is not of a *kind*."""
    while place < last and _kind(text[place]) & kind:
        place += 1
    return place


def _begins(text: str, place: int, last: int) -> bool:
    """Return whether a sentence may begin at a *place* before *last*."""
    if place < last and _kind(text[place]) & _OPENING:
        place += 1
    return place < last and _kind(text[place]) & _BEGINNING != 0


def _may_end(text: str, place: int) -> bool:
    """Return whether the sign at *place* may end a sentence, whatever follows.

    A full stop may not after an abbreviation, an ordinal or an initial.
    """
    if text[place] != ".":
        return True
    first = place
    while first and place - first <= _LONGEST and text[first - 1].isalnum():
        first -= 1
    size = place - first
    if not size or size > _LONGEST:
        return True
    word = text[first:place]
    is_initial = size == 1 and _kind(text[first]) & _INITIAL != 0
    if is_initial or (size <= 2 and word.isdecimal()) or word.lower() in _ABBREVIATIONS:
        return text[max(0, place + 1 - _LONGEST_END) : place + 1].lower().endswith(_END_ANYWAY)
    return True


def _trim(text: str, start: int, end: int) -> Span:
    """Return a span without surrounding space."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
