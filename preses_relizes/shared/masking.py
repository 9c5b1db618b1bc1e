"""Masks telephone numbers and e-mail addresses in everything that is searched or shown."""

import re

DOT = "•"
MASKING = 1
"""The version of these rules; raise it if they mask any text differently: logged texts are compared again."""

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++\s?(?:@|\(at\)|\[at\]|\(pie\)|\[pie\])\s?[\w-]+(?:\.[\w-]+)+")
# A quick test. It begins with a set of literal characters, which the regex engine finds fast.
_MAY_BE_EMAIL = re.compile(r"[@(\[](?:(?<=@)|(?:at|pie)[)\]])")

_EIGHT = r"(?:\d[\s-]?){7}\d(?!\d)"
_LABEL = r"t[āa]lr(?:\.|u[nņ]\w+)?(?: numur\w+)?|zvan\w+|mob(?:\.|ile)?|tel\.|phone|call|whatsapp|тел\.|моб\."
# A number without a label is masked if it begins like a Latvian telephone number and no unit follows.
_NO_UNIT = r"(?!\s?(?:eur|eir|€|%|tūkst|milj|lat|ls\b|gab|kg|kwh|mwh|m[²³23]))"
_NUMBER = re.compile(
    rf"\(?(?:\+\s?|\b00)371\)?[\s-]*{_EIGHT}"
    rf"|\b(?:{_LABEL})[\s.:]*{_EIGHT}"
    # A foreign number, but not an increase such as "+25 000 000".
    rf"|(?<![\w+])\+(?!\d{{1,3}}(?: \d{{3}})+(?!\s?\d))\d(?:[\s()-]{{0,2}}\d){{7,13}}(?!\d|[.,]\d){_NO_UNIT}"
    # Not two years, as in "2021-2027", nor an amount after its currency.
    rf"|(?<![\d.,])(?<!\d\s)(?<!eur )(?<!€ )(?!20\d\d[ -]20\d\d)"
    # The groupings of telephone numbers; other numbers are grouped by threes from the right.
    rf"[26](?:\d{{7}}|\d{{3}}[ -]\d{{4}}|\d(?:[ -]\d\d){{3}}|\d\d[ -]\d{{3}}[ -]\d\d|\d(?:-\d{{3}}){{2}})"
    rf"(?!\d|[.,]\d|-\d){_NO_UNIT}"
    # Toll-free numbers, but not ranges of round numbers, as in "8000-9000".
    rf"|(?<![\d.,+])(?<!\d\s)(?<!eur )(?<!€ )(?!80\d\d[ -]\d\d00)"
    rf"80(?:\d{{6}}|\d\d[ -]\d{{4}}|(?:[ -]\d\d){{3}}|0[ -]\d\d[ -]\d{{3}}|0[ -]\d{{5}})"
    rf"(?!\d|[.,]\d|-\d){_NO_UNIT}",
    re.IGNORECASE,
)
# All decimal digits, because a character set is matched faster than \d.
_DIGITS = "".join(filter(str.isdecimal, map(chr, range(1 << 16))))
_MAY_BE_NUMBER = re.compile(rf"[{_DIGITS}+](?:(?<=\+)\d|(?<=\d)(?:[\s-]?\d){{7}}(?!\d))")
# Longer than any telephone number or e-mail address, so that a cut cannot hide part of it from the mask.
_OVERLAP_CHARS = 300
_LETTER_OR_DIGIT, _DIGIT = re.compile(r"[^\W_]"), re.compile(r"\d")


def mask(text: str) -> str:
    """Return *text*, in the same length, with dots for its telephone numbers and e-mail addresses.

    >>> mask("Zvanīt 67000000, rakstīt a.b@iem.gov.lv par 25000000 eiro")
    'Zvanīt ••••••••, rakstīt •.•@•••.•••.•• par 25000000 eiro'
    """
    # Most texts have neither, and the quick tests rule them out.
    if _MAY_BE_EMAIL.search(text):
        text = _EMAIL.sub(lambda match: _LETTER_OR_DIGIT.sub(DOT, match[0]), text)
    if _MAY_BE_NUMBER.search(text):
        # A label such as "tālr." stays: it belongs to the sentence, and is searched with it.
        text = _NUMBER.sub(lambda match: _DIGIT.sub(DOT, match[0]), text)
    return text


def mask_start(text: str, chars: int) -> str:
    """Return the first *chars* characters of *text*, masked."""
    return mask(text[: chars + _OVERLAP_CHARS])[:chars]
