"""The tokenizer: words, numbers, dates, phone numbers and addresses as press releases write them."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

TokenKind = Literal["word", "compound", "initial", "number", "date", "phone", "email", "url"]

TERM_CHARS = 64
"""Longer terms are cut; no word is that long."""
SURFACE_CHARS = 256
"""The most characters of a token that are read; an address may be longer than a term."""
_PARTS = 12  # parts of a compound or an address; more are noise
_GROUPS = SURFACE_CHARS // 4  # groups of three digits

# --- Finding tokens ------------------------------------------------------------------------------

_SPACE = "[ \u00a0\u2007\u2009\u202f]"
_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"  # soft hyphen, zero widths, byte order mark
_MARKS = "\u0300-\u036f"
_APOSTROPHE = "['\u2019\u02bc\u00b4]"
_HYPHEN = "[-\u2010\u2011]"
_DAY, _MONTH = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"

# Letters and digits, with combining marks (decomposed ā) and invisible characters among them.
_RUN = rf"[^\W_]++(?>(?:[{_INVISIBLE}{_MARKS}]++[^\W_]*+)*)"

_EMAIL = r"[^\W_][\w.+-]{0,63}+@[\w-]{1,63}(?>(?:\.[\w-]{1,63}){1,8})(?<![_-])"
_URL = r"(?:https?://|www\.)[^\s<>()\"“”„«»]{1,2000}(?<![.,;:!?'\]_-])"
_PHONE = (
    rf"\+371{_SPACE}?-?\d\d[ -]?\d{{3}}[ -]?\d{{3}}(?!\d)"
    rf"|[26]\d{_SPACE}?\d{{3}}{_SPACE}?\d{{3}}(?![^\W_])"
    rf"|[26]\d(?:{_SPACE}\d\d){{3}}(?![^\W_])"
)
_DATE = (
    rf"{_DAY}\.{_SPACE}?{_MONTH}\.{_SPACE}?[12]\d{{3}}(?!\d)"
    r"|[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
)
# The number of groups is bounded, or a letter after a table of numbers would make matching quadratic.
_NUMBER = rf"\d{{1,3}}(?>(?:{_SPACE}\d{{3}}){{1,{_GROUPS}}})(?:,\d++)?(?![^\W_])|\d+(?:[.,:]\d+)*(?![^\W_])"
_WORD = (
    # A hyphen at the end of a line, before a lower-case letter, only breaks the word.
    rf"{_RUN}(?>(?:{_APOSTROPHE}{_RUN})*)(?>(?:{_HYPHEN}(?:\r?\n(?=[a-zāčēģīķļņšūž]))?{_RUN})*)"
)

TOKEN = re.compile(
    # Most words match this, which avoids trying them as an address first.
    rf"[^\W\d_]++(?=[\s,;!?)]|[.:]\s|\Z)|{_EMAIL}|{_URL}|{_PHONE}|{_DATE}|{_NUMBER}|{_WORD}"
)
"""Matches one token of a text; ``read`` interprets it."""
_SPLIT = re.compile(f"({TOKEN.pattern})")


def split_tokens(text: str) -> list[str]:
    """Return *text* split at its tokens: text before the first, the first token, text after it, and so on.

    >>> split_tokens("Rīgas dome.")
    ['', 'Rīgas', ' ', 'dome', '.']
    """
    return _SPLIT.split(text)


def _matching(pattern: str) -> NDArray[np.bool_]:
    """Return, by code point, whether *pattern* matches it; the last entry, True, is for all others."""
    return np.array([*(re.fullmatch(pattern, chr(code)) is not None for code in range(_OTHERS)), True])


_OTHERS = 0x530  # all Latin and Cyrillic letters are below this code point
_DIGIT_OR_DOT, _DIGIT_OR_HYPHEN = _matching(r"[\d.]"), _matching(r"[\d-]")
_BREAK, _SMALL_LETTER = _matching(rf"\r|{_HYPHEN}"), _matching("[a-zāčēģīķļņšūž]")


def safe_cuts(letters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which of the *letters* of a text are blanks at which a cut does not change its tokens.

    Blanks inside numbers, dates, phone numbers and words broken across lines are not among them.

    >>> text = "Rīgas dome, 27. 11. 2017"
    >>> safe_cuts(np.frombuffer(text.encode("utf-32-le"), np.uint32)).nonzero()[0].tolist()
    [5, 11]
    """
    is_cut: NDArray[np.bool_] = (letters == ord(" ")) | (letters == ord("\n"))
    at = is_cut.nonzero()[0]
    kinds = np.minimum(letters, _OTHERS)
    before, after = kinds[at - 1], kinds[np.minimum(at + 1, len(kinds) - 1)]
    is_number = _DIGIT_OR_DOT[before] & _DIGIT_OR_HYPHEN[after]
    is_word = _BREAK[before] & _SMALL_LETTER[after]
    is_cut[at[np.where(letters[at] == ord(" "), is_number, is_word)]] = False
    return is_cut


# --- Interpreting tokens -------------------------------------------------------------------------


class TokenReading(NamedTuple):
    """The kind of a token and its terms in lower case: first the whole, then its parts."""

    kind: TokenKind
    terms: tuple[str, ...]


_COMMA_BELOW = {0x326: 0x327}  # a comma below to a cedilla, without which ģ ķ ļ ņ do not compose
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})  # from PDF files
_UNSEEN = re.compile(f"[{_INVISIBLE}{_MARKS}]|{_HYPHEN}\r?\n")
_PIECE = re.compile(r"\d+|[^\W\d_]+")
# Two or three words, as in a host name; a longer compound in a URL is a title.
_COMPOUND = re.compile(r"(?<![\w-])[^\W_]+(?:-[^\W_]+){1,2}(?![\w-])")
_ADDRESS_NOISE = frozenset(("http", "https", "www"))
_IS_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+").fullmatch
_IS_PHONE, _IS_DATE, _IS_NUMBER = (re.compile(pattern).fullmatch for pattern in (_PHONE, _DATE, _NUMBER))


def clean(surface: str) -> str:
    """Return *surface* in NFC, without invisible characters, with plain hyphens and apostrophes."""
    surface = surface[:SURFACE_CHARS]
    if surface.isascii() and "\n" not in surface:
        return surface
    if surface.isalpha() and max(surface) < "\u0250":  # Latin letters, composed
        return surface
    text = unicodedata.normalize("NFC", surface.translate(_COMMA_BELOW)).translate(_LIGATURES)
    text = re.sub(_APOSTROPHE, "'", _UNSEEN.sub("", text))
    return re.sub(_HYPHEN, "-", text)


def read(surface: str) -> TokenReading:
    """Interpret *surface*, a match of ``TOKEN``.

    >>> read("Covid-19").terms
    ('covid19', 'covid', '19')
    >>> read("1.7.2017").terms
    ('01.07.2017', '2017')
    >>> read("+371 67 219 363").terms
    ('67219363',)
    """
    text = clean(surface).lower().replace("i\u0307", "i")  # "i" plus a dot is the lower case of İ
    if text.isalpha():  # true for most tokens
        return _word(text)
    if "@" in text:
        return _address("email", text, (text,))
    if text.startswith(("http://", "https://", "www.")):
        return _address("url", text, ())
    return _word(text) if text[:1].isalpha() else _figures(text)


def _figures(text: str) -> TokenReading:
    if _IS_PHONE(text):
        return TokenReading("phone", (re.sub(r"\D", "", text)[-8:],))
    if _IS_DATE(text):
        return _date(text)
    if _IS_NUMBER(text):
        return TokenReading("number", _terms(*_spellings(re.sub(r"\s", "", text))))
    return _word(text)


def _spellings(number: str) -> Iterator[str]:
    """Yield the number as written and as in other languages: 0,7 and 0.7; 1,224 may be 1224."""
    yield number
    if number.count(",") + number.count(".") == 1:
        yield number.replace(",", ".") if "," in number else number.replace(".", ",")
    if _IS_GROUPED(number):
        yield number.replace(",", "")


def _word(text: str) -> TokenReading:
    if text.isalpha():
        return TokenReading("word" if len(text) > 1 else "initial", (text[:TERM_CHARS],))
    whole = text.replace("-", "")
    parts = _PIECE.findall(text.replace("'", ""))[:_PARTS]
    if len(parts) < 2:
        return TokenReading("word", (whole[:TERM_CHARS],))
    return TokenReading(
        "compound", _terms(whole, *(part for part in parts if len(part) > 1 or part.isdigit()))
    )


def _date(text: str) -> TokenReading:
    first, month, last = re.split(r"\D+", text)
    day, year = (last, first) if "-" in text else (first, last)
    return TokenReading("date", (f"{day:>02}.{month:>02}.{year}", year))


def _address(kind: TokenKind, text: str, whole: tuple[str, ...]) -> TokenReading:
    words = [word for word in re.findall(r"[^\W_]+", text) if word not in _ADDRESS_NOISE]
    compounds = [compound.replace("-", "") for compound in _COMPOUND.findall(text)]
    return TokenReading(kind, _terms(*whole, *words[:_PARTS], *compounds[:_PARTS]))


def _terms(*terms: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term[:TERM_CHARS] for term in terms))


# --- Acronyms ------------------------------------------------------------------------------------

_CAPITAL, _SMALL = "[A-ZĀČĒĢĪĶĻŅŠŪŽ]", "[a-zāčēģīķļņšūž]"
_IS_ACRONYM = re.compile(f"{_CAPITAL}{{2,8}}|{_CAPITAL}{_SMALL}?{_CAPITAL}+{_SMALL}?").fullmatch


def acronym(surface: str) -> str | None:
    """Return the term that distinguishes an acronym from an ordinary word, or None if it is not one.

    >>> acronym("ES"), acronym("IeM"), acronym("es")
    ('^es', '^iem', None)
    """
    if not surface[:1].isupper():
        return None
    text = clean(surface)
    return f"^{text.lower()}" if len(text) <= 8 and _IS_ACRONYM(text) else None
