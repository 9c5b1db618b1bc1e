"""Telephone numbers and e-mail addresses, dotted out of everything that is searched or shown."""

import re

DOT = "•"

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++\s?(?:@|\(at\)|\[at\]|\(pie\)|\[pie\])\s?[\w-]+(?:\.[\w-]+)+")
# These begin with the sign to look for, which is what makes them fast.
_MAY_BE_EMAIL = re.compile(r"[@(\[](?:(?<=@)|(?:at|pie)[)\]])")

_EIGHT = r"(?:\d[\s-]?){7}\d(?!\d)"
_LABEL = r"t[āa]lr(?:\.|u[nņ]\w+)?(?: numur\w+)?|zvan\w+|mob(?:\.|ile)?|tel\.|phone|call|whatsapp|тел\.|моб\."
# A bare number is a telephone's if it begins as Latvia's do and counts nothing.
_COUNTS = r"(?!\s?(?:eur|eir|€|%|tūkst|milj|lat|ls\b|gab|kg|kwh|mwh|m[²³23]))"
_NUMBER = re.compile(
    rf"\(?(?:\+\s?|\b00)371\)?[\s-]*{_EIGHT}"
    rf"|\b(?:{_LABEL})[\s.:]*{_EIGHT}"
    # Of another country, but no growth: "+25 000 000".
    rf"|(?<![\w+])\+(?!\d{{1,3}}(?: \d{{3}})+(?!\s?\d))\d(?:[\s()-]{{0,2}}\d){{7,13}}(?!\d|[.,]\d){_COUNTS}"
    # Two years, as in "2021-2027", are no telephone; nor is money with its currency before it.
    rf"|(?<![\d.,])(?<!\d\s)(?<!eur )(?<!€ )(?!20\d\d[ -]20\d\d)"
    # Numbers are written by threes from the right.
    rf"[26](?:\d{{7}}|\d{{3}}[ -]\d{{4}}|\d(?:[ -]\d\d){{3}}|\d\d[ -]\d{{3}}[ -]\d\d|\d(?:-\d{{3}}){{2}})"
    rf"(?!\d|[.,]\d|-\d){_COUNTS}"
    # Numbers that are free to call; no range to a round number, as in "8000-9000".
    rf"|(?<![\d.,+])(?<!\d\s)(?<!eur )(?<!€ )(?!80\d\d[ -]\d\d00)"
    rf"80(?:\d{{6}}|\d\d[ -]\d{{4}}|(?:[ -]\d\d){{3}}|0[ -]\d\d[ -]\d{{3}}|0[ -]\d{{5}})"
    rf"(?!\d|[.,]\d|-\d){_COUNTS}",
    re.IGNORECASE,
)
# A set of characters is looked up at once, a class is asked of each.
_DIGITS = "".join(filter(str.isdecimal, map(chr, range(1 << 16))))
_MAY_BE_NUMBER = re.compile(rf"[{_DIGITS}+](?:(?<=\+)\d|(?<=\d)(?:[\s-]?\d){{7}}(?!\d))")
_SIGN = re.compile(r"[^\W_]")


def masked(text: str) -> str:
    """Return *text* with its telephone numbers and e-mail addresses dotted out, in the same length.

    >>> masked("Zvanīt 67000000, rakstīt a.b@iem.gov.lv par 25000000 eiro")
    '•••••• ••••••••, rakstīt •.•@•••.•••.•• par 25000000 eiro'
    """
    # Most texts hold neither, and looking for what both must have is fast.
    if _MAY_BE_EMAIL.search(text):
        text = _EMAIL.sub(_dotted, text)
    if _MAY_BE_NUMBER.search(text):
        text = _NUMBER.sub(_dotted, text)
    return text


def _dotted(found: re.Match[str]) -> str:
    return _SIGN.sub(DOT, found[0])
