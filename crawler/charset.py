"""Decodes pages by the encoding standard; overrules declarations that yield no Latvian or Russian words."""

import codecs
import re
from functools import lru_cache

import webencodings


def without_comments(text: str) -> str:
    """Return *text* without its HTML comments; unclosed ones stay."""
    pieces, at = [], 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        pieces.append(text[at:begin])
        at = end + 3
    return "".join((*pieces, text[at:]))


# Encodings whose labels are ignored: stateful ones and `replacement` can hide markup, and Arabic is not among
# our languages.
_IGNORED = frozenset({"iso-2022-jp", "iso-8859-6", "replacement", "x-user-defined"})
# gb18030 contains gbk; the two forms of Hebrew differ in direction only.
_ALIASES = {"gbk": "gb18030", "iso-8859-8-i": "iso-8859-8"}
LABELS = {
    label: _ALIASES.get(name, name) for label, name in webencodings.LABELS.items() if name not in _IGNORED
}
# As the HTML standard requires for a label in a page.
LABELS["x-user-defined"] = "windows-1252"
ENCODINGS = frozenset(LABELS.values())
MULTI_BYTE = frozenset({"utf-8", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr", "utf-16be", "utf-16le"})
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xfe\xff", "utf-16be"),
    (b"\xff\xfe", "utf-16le"),
)

# The encodings of Latvian and Russian pages before UTF-8; on a tie the first wins.
GUESSED = ("windows-1257", "windows-1251", "iso-8859-4", "koi8-r", "iso-8859-5", "ibm866")
# A declared encoding is overruled if at most this share of the accented words reads well in it ...
BELIEVED_SHARE = 0.5
# ... and at least this share in another one. Foreign names and quotations lie between the two.
READS_WELL_SHARE = 0.8
# Below this share of accented words, the text is English with foreign names, which look Latvian by chance.
ACCENTED_SHARE_MIN = 0.05
SAMPLE_WORDS = 2_000
# Number of bytes searched for a declaration; one further down belongs to a quoted page.
DECLARATION_BYTES = 1_000_000

# The letters of western names in an English text.
WESTERN = frozenset("äöüßéèêëáàâãåæçíîïñóôõøúùûÄÖÜÉÈÁÀÅÆÇÍÑÓÔØÚ")
LATVIAN = frozenset("āčēģīķļņōŗšūžĀČĒĢĪĶĻŅŌŖŠŪŽ")
_ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_META = re.compile(rb"<meta[\s/]([^>]{0,2000})", re.IGNORECASE)
_CONTENT = re.compile(rb"content\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_CONTENT_TYPE = re.compile(rb"http-equiv\s*+=\s*+[\"']?\s*+content-type", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*+=\s*+[\"']?\s*+([\w.:-]{1,40})", re.IGNORECASE)
# Unclosed markup extends to the end, so that nothing is scanned twice.
_MARKUP = re.compile(rb"<(script|style)\b(?:.*?</\1|.*)|<[^<>]*>?", re.DOTALL | re.IGNORECASE)
_ANY_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
# Quotation marks, which the two encodings have at different bytes.
_QUOTES = {"iso-8859-13": re.compile(rb"[\x84\x93\x94]"), "windows-1257": re.compile(rb"[\xa1\xa5]")}
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache
def load() -> None:
    """Load all codecs: each is a file, which a confined reader cannot open."""
    for name in ENCODINGS:
        codecs.lookup(codec_of(name))


def codec_of(name: str) -> str:
    """Return Python's name of the encoding that the standard calls *name*."""
    return str(webencodings.PYTHON_NAMES.get(name, name))


def decode(body: bytes, content_type: str) -> str:
    """Decode *body* by its byte order mark, the header, its own declaration, or what reads best.

    A declaration is overruled if it yields no words and another encoding does.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _decode(body[len(mark) :], name)
    return repair(_decode(body, _encoding(body, _declared_encoding(body, content_type))))


def _declared_encoding(body: bytes, content_type: str) -> str | None:
    """Return the encoding declared by the header, or else by the page."""
    match = _CHARSET.search(content_type.encode("ascii", "replace"))
    return (match and _encoding_of_label(match[1])) or _declared_by_page(body[:DECLARATION_BYTES])


def _declared_by_page(head: bytes) -> str | None:
    xml = _XML_DECLARATION.match(head)
    declared = _encoding_of_label(xml[1]) if xml else None
    if declared is None:
        bare = without_comments(head.decode("latin-1")).encode("latin-1")
        tags = (match[1] for match in _META.finditer(bare))
        declared = next((name for name in map(_declared_in_meta, tags) if name), None)
    # A page that was readable as ASCII so far is not UTF-16, whatever it declares.
    return "utf-8" if declared in ("utf-16le", "utf-16be") else declared


def _declared_in_meta(tag: bytes) -> str | None:
    match = _CHARSET.search(_CONTENT.sub(b"", tag))
    if match is None and _CONTENT_TYPE.search(tag):
        match = _CHARSET.search(tag)
    return _encoding_of_label(match[1]) if match else None


def _encoding_of_label(label: bytes) -> str | None:
    return LABELS.get(label.decode("ascii", "replace").strip().lower())


def _encoding(body: bytes, declared: str | None) -> str:
    if declared in ("utf-16le", "utf-16be") and 0 not in body:  # in UTF-16 all markup contains zeros
        declared = None
    if declared in MULTI_BYTE and declared != "utf-8":
        return declared
    if wide := _utf16_without_mark(body):
        return wide
    if _is_utf8(body):
        return "utf-8"
    return _by_quotes(body, _best(body, declared if declared != "utf-8" else None))


def _utf16_without_mark(body: bytes) -> str | None:
    """Return the UTF-16 encoding if every other byte is zero, as in Latin text."""
    head = body[:256]
    if len(head) < 8 or head.count(0) < len(head) // 4:
        return None
    return "utf-16le" if head[1::2].count(0) > head[::2].count(0) else "utf-16be"


def _is_utf8(body: bytes) -> bool:
    """Whether *body* is UTF-8 except for a few bytes: a truncated letter, a pasted quotation mark."""
    try:
        body.decode()
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        right = sum(1 for char in text if char > "\x7f") - wrong
        return right > 4 * wrong
    return True


def _best(body: bytes, declared: str | None) -> str:
    """Return *declared* unless another encoding reads much better; if None, the one that reads best."""
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
    """Choose between windows-1257 and iso-8859-13, whose letters are equal, by their quotation marks."""
    if name not in _QUOTES:
        return name
    [other] = _QUOTES.keys() - {name}
    return other if len(_QUOTES[name].findall(body)) > 1 and not _QUOTES[other].search(body) else name


def _reads_well(words: list[bytes], name: str, letters: frozenset[str] = LATVIAN) -> float:
    """Return the share of *words* that read as words in the encoding *name*.

    Words in capitals count half: in a wrong Cyrillic encoding, small letters become capitals.
    """
    read = [_decode(word, name).strip("“”„‘’‚«»…–—\xa0") for word in words]
    good = sum((0.5 if word.isupper() else 1.0) for word in read if _is_word(word, letters))
    return good / len(words) if words else 0.0


def _is_word(text: str, letters: frozenset[str]) -> bool:
    """Whether *text* is a word, Cyrillic or Latin with *letters*, capitalised or not."""
    if not _WORD.fullmatch(text) or not (text.islower() or text.isupper() or text[1:].islower()):
        return False
    if all("Ѐ" <= char <= "ӿ" for char in text):
        return True
    accented = [char in letters for char in text]
    # Almost no Latvian word has three accented letters in a row.
    runs = max(len(run) for run in "".join("x" if is_so else " " for is_so in accented).split(" "))
    return runs <= 2 and all(
        is_so or char in _ASCII_LETTERS for char, is_so in zip(text, accented, strict=True)
    )


def _decode(body: bytes, name: str) -> str:
    if name in MULTI_BYTE:
        return body.decode(codec_of(name), "replace")
    return codecs.charmap_decode(body, "strict", _table(name))[0]


@lru_cache
def _table(name: str) -> str:
    """Return the characters of all 256 bytes; the standard has control characters where Python has none."""
    return "".join(_char(byte, codec_of(name)) for byte in range(256))


def _char(byte: int, codec: str) -> str:
    char = bytes([byte]).decode(codec, "replace")
    return chr(byte) if char == "\ufffd" and byte < 0xA0 else char


# --- Mojibake: UTF-8 that was decoded as something else and encoded again ---

# The characters that a repair may produce.
_REPAIRABLE = "".join(sorted(LATVIAN)) + "".join(map(chr, range(0x410, 0x450))) + "Ёё“”„‘’–—…«»"
# Minimum share of the first characters of garbled sequences that really begin one; below it, the
# characters are meant as they are.
GARBLED_SHARE_MIN = 0.6


def repair(text: str) -> str:
    r"""Return *text* with letters restored that were decoded wrongly into two characters each.

    >>> repair("DroÅ¡Ä«bas izaicinÄ\x81jumi")
    'Drošības izaicinājumi'
    """
    for name in ("windows-1252", "windows-1257", "windows-1251"):
        originals, firsts, begins, pattern = _mojibake_of(name)
        if not any(begin in text for begin in begins):
            continue
        garbled = sum(match in originals for match in pattern.findall(text))
        if garbled >= 2 and garbled >= GARBLED_SHARE_MIN * sum(text.count(first) for first in firsts):
            text = _replace(text, pattern, originals)
    return text


def _replace(text: str, pattern: re.Pattern[str], originals: dict[str, str]) -> str:
    return pattern.sub(lambda match: originals.get(match[0], match[0]), text)


@lru_cache
def _mojibake_of(name: str) -> tuple[dict[str, str], str, frozenset[str], re.Pattern[str]]:
    """Return the originals of characters by their garbled form, which is their UTF-8 decoded as *name*.

    Also return what finds garbled text: its first characters, its beginnings and its pattern.
    """
    originals = {_decode(char.encode(), name): char for char in _REPAIRABLE}
    if name == "windows-1252":  # or true Latin-1, with control characters instead of quotes
        originals |= {char.encode().decode("latin-1"): char for char in _REPAIRABLE}
    pairs = [garbled for garbled in originals if len(garbled) == 2]
    firsts = "".join(sorted({pair[0] for pair in pairs}))
    lasts = "".join(sorted({garbled[-1] for garbled in originals}))
    quotes = {garbled[:2] for garbled in originals if len(garbled) == 3}
    begins = "|".join([f"[{re.escape(firsts)}]", *map(re.escape, sorted(quotes))])
    return originals, firsts, frozenset(firsts) | quotes, re.compile(f"(?:{begins})[{re.escape(lasts)}]")
