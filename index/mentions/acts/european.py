"""Regulations, directives and decisions of the European Union, named by their CELEX numbers."""

import re
from collections.abc import Iterator

from index.mentions.acts.citing import DAY, SPACE, Cited, listed

_INSTITUTION = (
    rf"(?:Eiropas{SPACE}Parlamenta{SPACE}un{SPACE}(?:Eiropas{SPACE}Savienības{SPACE})?(?:\(ES\){SPACE})?Padomes"
    rf"|Eiropas{SPACE}Komisijas|(?:Eiropas{SPACE}Savienības{SPACE})?Padomes|Komisijas|(?:Eiropas{SPACE}Savienības|ES)"
    rf"|Eiropas{SPACE}Centrālās{SPACE}[Bb]ankas)"
)
_LATVIAN_NOUN = (
    rf"(?:(?:[ĪīDd](?:stenošanas|eleģēt(?:ā|ās|ajā|ajai|o|ajām)){SPACE})?"
    r"(?:[Rr]egul(?:a|as|ai|u|ā|ām|ās)|[Dd]irektīv(?:a|as|ai|u|ā|ām|ās)"
    r"|(?:[Pp]amat)?[Ll]ēmum(?:s|a|am|u|ā|i|iem|us|os)))"
)
_ENGLISH_NOUN = r"(?:Implementing |Delegated |Framework )?(?:Regulation|Directive|Decision)s?"
_RUSSIAN_NOUN = r"(?:[Рр]егламент\w*|[Дд]иректив\w*)(?: (?:Европейского парламента и )?(?:Совета|Комиссии))?"
_SCOPE = r"(?:EU|ES|EK|EEK|EC|EEC|ЕС|ES, Euratom|EU, Euratom|Euratom)"
_NUMBER = (
    rf"(?:\({_SCOPE}\){SPACE}?(?:(?P<sign>N[ro]\.?|№){SPACE}?)?(?P<one>\d{{1,4}})/(?P<other>\d{{1,4}})(?!\d)"
    rf"|(?<=[Rr]egul[aāu] )Nr\.?{SPACE}?(?P<old>\d{{1,4}})/(?P<old_year>19[5-9]\d|20[01]\d)(?![\d/])"
    r"|(?P<plain>201[5-9]|202\d)/(?P<plain_serial>\d{1,4})(?![\d/])"
    rf"|(?:(?:N[ro]\.?|№){SPACE}?)?(?P<year>\d{{1,4}})/(?P<serial>\d{{1,4}})/(?:ES|EK|EEK|EU|EC|EEC|ЕС|TI|JHA|KĀDP|CFSP|Euratom)\b)"
)
_ACT = re.compile(
    rf"(?<!\w)(?:{_INSTITUTION}{SPACE}(?:\({DAY}\){SPACE}|{DAY}{SPACE})?)?"
    rf"(?P<noun>{_LATVIAN_NOUN}|{_ENGLISH_NOUN}|{_RUSSIAN_NOUN})"
    rf"(?:{SPACE}N[Rr]\.?(?=[^/]{{0,40}}/[^/]{{0,40}}/))?{SPACE}{_NUMBER}"
)
_SLASHED = re.compile(r"/(?<=\d/)\d")
_NEXT = re.compile(rf"(?:,|{SPACE}(?:un|vai|and|и)){SPACE}(?P<span>{_NUMBER})")
_SPOKEN = re.compile(
    rf"(?<!\w)(?:Vispārīg(?:ā|ās|ajā|ajai|o){SPACE}[Dd]atu{SPACE}aizsardzības{SPACE}regul(?:a|as|ai|u|ā)"
    rf"|General Data Protection Regulation)(?!\w)"
)
_SPOKEN_FIRST = ("Vispārīg", "General")
_GDPR = "32016R0679"
_SINCE_YEAR_FIRST = 2015
"""Acts are numbered by year and number since; before, regulations by number and year."""
_TYPES = (("direk", "L"), ("дирек", "L"), ("direc", "L"), ("pamatl", "F"), ("framework", "F"))

_NOUNS = ("egul", "irektīv", "ēmum", "irective", "ecision", "егламент", "иректив")


def find_european_acts(text: str) -> Iterator[Cited]:
    """Yield the acts of the European Union that *text* cites by number, and the one known by its name."""
    if not any(map(text.__contains__, _NOUNS)):
        return
    for match in _ACT.finditer(text) if _SLASHED.search(text) else ():
        if key := _celex(match["noun"], match):
            yield Cited(*match.span(), "european", key)
        for following in listed(_NEXT, text, match.end()):
            if key := _celex(match["noun"], following):
                yield Cited(*following.span("span"), "european", key)
    for match in _SPOKEN.finditer(text) if any(map(text.__contains__, _SPOKEN_FIRST)) else ():
        yield Cited(*match.span(), "european", _GDPR)


def _celex(noun: str, match: re.Match[str]) -> str | None:
    if match["plain"] or match["old"]:
        year, serial = _year(match["plain"] or match["old_year"]), int(match["plain_serial"] or match["old"])
    elif match["year"]:
        year, serial = _year(match["year"]), int(match["serial"])
        if year is None:  # decisions until 2014: Nr. 1313/2013/ES
            year, serial = _year(match["serial"]), int(match["year"])
    else:
        one, other = match["one"], match["other"]
        is_year_first = (
            _is_year(one) and int(one) >= _SINCE_YEAR_FIRST and not (match["sign"] and _is_year(other))
        )
        year, serial = (int(one), int(other)) if is_year_first else (_year(other), int(one))
    if year is None or not serial:
        return None
    return f"3{year}{_type(noun, match[0])}{serial:04}"


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and 1952 <= int(digits) < 2100


def _year(digits: str) -> int | None:
    if len(digits) == 2:
        return 1900 + int(digits)
    return int(digits) if _is_year(digits) else None


def _type(noun: str, number: str) -> str:
    lower = noun.lower()
    letter = next((letter for starts, letter in _TYPES if lower.startswith(starts)), None)
    if letter:
        return letter
    return "R" if "egul" in lower or "егл" in lower else "F" if number.endswith(("/TI", "/JHA")) else "D"
