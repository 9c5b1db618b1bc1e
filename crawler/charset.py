"""Bytes of a page -> text: the encoding standard's order, then repair of mislabelled Latvian and Russian."""

import codecs
import re
from functools import lru_cache

import webencodings


def without_comments(text: str) -> str:
    """Return *text* without its comments; what only begins like one stays."""
    pieces, at = [], 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        pieces.append(text[at:begin])
        at = end + 3
    return "".join((*pieces, text[at:]))


# Encodings whose labels count as no label: stateful ones and `replacement` can hide markup, and Arabic is
# not among our languages.
_IGNORED = frozenset({"iso-2022-jp", "iso-8859-6", "replacement", "x-user-defined"})
# gb18030 contains gbk; the two forms of Hebrew differ in direction only.
_ALIASES = {"gbk": "gb18030", "iso-8859-8-i": "iso-8859-8"}
LABELS = {
    label: _ALIASES.get(name, name) for label, name in webencodings.LABELS.items() if name not in _IGNORED
}
# HTML says so of a page that declares it.
LABELS["x-user-defined"] = "windows-1252"
ENCODINGS = frozenset(LABELS.values())
MULTI_BYTE = frozenset({"utf-8", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr", "utf-16be", "utf-16le"})
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xfe\xff", "utf-16be"),
    (b"\xff\xfe", "utf-16le"),
)

# In which Latvian and Russian pages were written before UTF-8; the first of equals wins.
GUESSED = ("windows-1257", "windows-1251", "iso-8859-4", "koi8-r", "iso-8859-5", "ibm866")
# What is said of the encoding is believed unless this share of the accented words reads badly by it ...
BELIEVED_SHARE = 0.5
# ... and by another at least this share reads well. Between them lie names and quotations.
READS_WELL_SHARE = 0.8
# Fewer accented words among all are foreign names in an English text, which look Latvian by chance.
ACCENTED_SHARE_MIN = 0.05
SAMPLE_WORDS = 2_000
# A declaration further in than this is another page's, quoted.
DECLARATION_BYTES = 1_000_000

# Of western names in an English text.
WESTERN = frozenset("äöüßéèêëáàâãåæçíîïñóôõøúùûÄÖÜÉÈÁÀÅÆÇÍÑÓÔØÚ")
LATVIAN = frozenset("āčēģīķļņōŗšūžĀČĒĢĪĶĻŅŌŖŠŪŽ")
_ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_META = re.compile(rb"<meta[\s/]([^>]{0,2000})", re.IGNORECASE)
_CONTENT = re.compile(rb"content\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_CONTENT_TYPE = re.compile(rb"http-equiv\s*+=\s*+[\"']?\s*+content-type", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*+=\s*+[\"']?\s*+([\w.:-]{1,40})", re.IGNORECASE)
# What is not closed goes on to the end: then nothing is looked at twice.
_MARKUP = re.compile(rb"<(script|style)\b(?:.*?</\1|.*)|<[^<>]*>?", re.DOTALL | re.IGNORECASE)
_ANY_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
# Quotation marks: windows-1257 has none where iso-8859-13 has them, and the other way round.
_QUOTES = {"iso-8859-13": re.compile(rb"[\x84\x93\x94]"), "windows-1257": re.compile(rb"[\xa1\xa5]")}
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache
def load() -> None:
    """Load all codecs, each of which is a file."""
    for name in ENCODINGS:
        codecs.lookup(codec_of(name))


def codec_of(name: str) -> str:
    """Return Python's name of the encoding that the standard calls *name*."""
    return str(webencodings.PYTHON_NAMES.get(name, name))


def decoded(body: bytes, content_type: str) -> str:
    """Return *body* as text: by its byte order mark, the header, its own declaration, or what reads best.

    What is declared is overruled where it makes no words and another encoding does.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], name)
    return repaired(_decoded(body, _encoding(body, _declared(body, content_type))))


def _declared(body: bytes, content_type: str) -> str | None:
    """Return the encoding that the header names, or else the page."""
    match = _CHARSET.search(content_type.encode("ascii", "replace"))
    return (match and _named(match[1])) or _declared_inside(body[:DECLARATION_BYTES])


def _declared_inside(head: bytes) -> str | None:
    xml = _XML_DECLARATION.match(head)
    found = _named(xml[1]) if xml else None
    if found is None:
        bare = without_comments(head.decode("latin-1")).encode("latin-1")
        tags = (match[1] for match in _META.finditer(bare))
        found = next((name for name in map(_declared_in_meta, tags) if name), None)
    # A page that could be read this far in ASCII is not in UTF-16, whatever it says.
    return "utf-8" if found in ("utf-16le", "utf-16be") else found


def _declared_in_meta(tag: bytes) -> str | None:
    match = _CHARSET.search(_CONTENT.sub(b"", tag))
    if match is None and _CONTENT_TYPE.search(tag):
        match = _CHARSET.search(tag)
    return _named(match[1]) if match else None


def _named(label: bytes) -> str | None:
    return LABELS.get(label.decode("ascii", "replace").strip().lower())


def _encoding(body: bytes, declared: str | None) -> str:
    if declared in ("utf-16le", "utf-16be") and 0 not in body:  # all mark-up in it has zeros
        declared = None
    if declared in MULTI_BYTE and declared != "utf-8":
        return declared
    if wide := _without_mark(body):
        return wide
    if _is_utf8(body):
        return "utf-8"
    return _by_quotes(body, _best(body, declared if declared != "utf-8" else None))


def _without_mark(body: bytes) -> str | None:
    """Return which UTF-16 it is if every other byte is zero, as in Latin text."""
    head = body[:256]
    if len(head) < 8 or head.count(0) < len(head) // 4:
        return None
    return "utf-16le" if head[1::2].count(0) > head[::2].count(0) else "utf-16be"


def _is_utf8(body: bytes) -> bool:
    """Whether *body* is UTF-8, but for odd bytes here and there: a cut letter, a pasted quotation mark."""
    try:
        body.decode()
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        right = sum(1 for char in text if char > "\x7f") - wrong
        return right > 4 * wrong
    return True


def _best(body: bytes, declared: str | None) -> str:
    """Return *declared* unless it reads badly and another reads well; without it, what reads best."""
    words = _ANY_WORD.findall(_MARKUP.sub(b" ", body))
    accented = [word for word in words if _HIGH_BYTE.search(word)][:SAMPLE_WORDS]
    share = {name: _reads_well(accented, name) for name in (declared, *GUESSED) if name}
    best = max(GUESSED, key=lambda name: share[name])
    if declared is None:
        western = _reads_well(accented, "windows-1252", WESTERN)
        return "windows-1252" if western > share[best] else best
    is_doubted = share[declared] <= BELIEVED_SHARE and share[best] >= READS_WELL_SHARE
    return best if is_doubted and len(accented) >= ACCENTED_SHARE_MIN * len(words) else declared


def _by_quotes(body: bytes, name: str) -> str:
    """Return the other of windows-1257 and iso-8859-13, whose letters are the same, where quotes tell."""
    if name not in _QUOTES:
        return name
    [other] = _QUOTES.keys() - {name}
    return other if len(_QUOTES[name].findall(body)) > 1 and not _QUOTES[other].search(body) else name


def _reads_well(words: list[bytes], name: str, letters: frozenset[str] = LATVIAN) -> float:
    """Return the share of *words* that look like words when read by the encoding *name*.

    Words in capitals count half: between the Cyrillic encodings, small letters turn into capitals.
    """
    read = [_decoded(word, name).strip("“”„‘’‚«»…–—\xa0") for word in words]
    good = sum((0.5 if word.isupper() else 1.0) for word in read if _is_word(word, letters))
    return good / len(words) if words else 0.0


def _is_word(text: str, letters: frozenset[str]) -> bool:
    """Whether *text* is a word: Latin with *letters*, or Cyrillic; capitals first or all over."""
    if not _WORD.fullmatch(text) or not (text.islower() or text.isupper() or text[1:].islower()):
        return False
    if all("Ѐ" <= char <= "ӿ" for char in text):
        return True
    accented = [char in letters for char in text]
    # Latvian has no three accented letters in a row but in very few words.
    runs = max(len(run) for run in "".join("x" if is_so else " " for is_so in accented).split(" "))
    return runs <= 2 and all(
        is_so or char in _ASCII_LETTERS for char, is_so in zip(text, accented, strict=True)
    )


def _decoded(body: bytes, name: str) -> str:
    if name in MULTI_BYTE:
        return body.decode(codec_of(name), "replace")
    return codecs.charmap_decode(body, "strict", _table(name))[0]


@lru_cache
def _table(name: str) -> str:
    """Return what the 256 bytes mean, control characters where Python has none, as the standard says."""
    return "".join(_char(byte, codec_of(name)) for byte in range(256))


def _char(byte: int, codec: str) -> str:
    char = bytes([byte]).decode(codec, "replace")
    return chr(byte) if char == "\ufffd" and byte < 0xA0 else char


# --- UTF-8 that was once read as something else, and written as UTF-8 again ---

# What may come out of a repair.
_MENDED = "".join(sorted(LATVIAN)) + "".join(map(chr, range(0x410, 0x450))) + "Ёё“”„‘’–—…«»"
# Where the characters that begin a garbled letter mostly stand for themselves, nothing is garbled.
GARBLED_SHARE_MIN = 0.6


def repaired(text: str) -> str:
    r"""Return *text* with letters put right that someone decoded wrongly into two characters each.

    >>> repaired("DroÅ¡Ä«bas izaicinÄ\x81jumi")
    'Drošības izaicinājumi'
    """
    for name in ("windows-1252", "windows-1257", "windows-1251"):
        mended, firsts, begins, pattern = _garbled(name)
        if not any(begin in text for begin in begins):
            continue
        found = sum(match in mended for match in pattern.findall(text))
        if found >= 2 and found >= GARBLED_SHARE_MIN * sum(text.count(first) for first in firsts):
            text = _mended(text, pattern, mended)
    return text


def _mended(text: str, pattern: re.Pattern[str], mended: dict[str, str]) -> str:
    return pattern.sub(lambda match: mended.get(match[0], match[0]), text)


@lru_cache
def _garbled(name: str) -> tuple[dict[str, str], str, frozenset[str], re.Pattern[str]]:
    """Return what letters look like when read by *name*, how they and all else begin, and how to find it."""
    mended = {_decoded(char.encode(), name): char for char in _MENDED}
    if name == "windows-1252":  # or true Latin-1, which has control characters where that has quotes
        mended |= {char.encode().decode("latin-1"): char for char in _MENDED}
    pairs = [garbled for garbled in mended if len(garbled) == 2]
    firsts = "".join(sorted({pair[0] for pair in pairs}))
    lasts = "".join(sorted({garbled[-1] for garbled in mended}))
    quotes = {garbled[:2] for garbled in mended if len(garbled) == 3}
    begins = "|".join([f"[{re.escape(firsts)}]", *map(re.escape, sorted(quotes))])
    return mended, firsts, frozenset(firsts) | quotes, re.compile(f"(?:{begins})[{re.escape(lasts)}]")
