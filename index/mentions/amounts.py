"""Sums of money, percentages, measures and counts, each with its number, its unit and what it counts."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from crawler.config import Language
from index.mentions.annotated_text import AnnotatedText
from index.mentions.records import Amount

_S = r"[ \u00a0\u202f]"
_FIGURES: Mapping[Language, str] = MappingProxyType(
    {
        "lv": rf"\d{{1,3}}(?:{_S}\d{{3}})+(?!\d)(?:,\d+)?"
        r"|\d{1,3}(?:\.\d{3})+(?![\d.])(?:,\d+)?|\d+(?:[.,]\d+)?",
        "en": rf"\d{{1,3}}(?:(?:,|{_S})\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?",
        "ru": rf"\d{{1,3}}(?:{_S}\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?",
    }
)
_MULTIPLIERS = (
    (r"tūkst(?:oš\w*|\.)?|thousand|тыс(?:яч\w*|\.)?", 3),
    (r"miljard\w*|mljrd?\.?|billion|миллиард\w*|млрд\.?", 9),
    (r"milj(?:on\w*|\.)?|mln\.?|million|миллион\w*|млн\.?", 6),
)
_UNITS = (
    ("EUR", r"eiro|EUR|€|euros?|евро"),
    ("LVL", r"lat(?:s|i|u|iem|us|a|am|os)|Ls|LVL|лат(?:а|ов|ы)?"),
    ("USD", r"(?:ASV{s})?dolār\w*|USD|\$|(?:US{s})?dollars?|доллар\w*".replace("{s}", _S)),
    ("%", r"%|procent(?:i|u|us|iem|a|am|os|s)?|percent|per cent|процент\w*"),
    ("km", r"km|kilometr\w*|километр\w*"),
    ("m²", r"m²|m2|kv\.?{s}?m|kvadrātmetr\w*".replace("{s}", _S)),
    ("ha", r"ha|hektār\w*|гектар\w*"),
    ("kg", r"kg|kilogram\w*|килограмм\w*"),
    ("t", r"t|tonn\w*|тонн\w*"),
    ("MW", r"MW|megavat(?:i|u|us|iem)"),
    ("MWh", r"MWh|megavatstund\w*"),
    ("GWh", r"GWh|gigavatstund\w*"),
)
_BEFORE = (("EUR", r"€|EUR"), ("USD", r"\$|USD"), ("LVL", r"Ls|LVL"))
_UNIT_GROUPS = "|".join(f"(?P<u{at}>{words})" for at, (_, words) in enumerate(_UNITS))
_UNIT_OF = {f"u{at}": unit for at, (unit, _) in enumerate(_UNITS)}
_AMOUNT = {
    language: re.compile(
        rf"(?<![\w.,/:–-])(?P<figures>{figures})(?![\d:/]|-\w)"
        rf"(?:{_S}?(?:{'|'.join(f'(?P<m{power}>{words})' for words, power in _MULTIPLIERS)})(?!\w))?"
        rf"(?:(?:{_S}|-)?(?:{_UNIT_GROUPS})(?!\w))?"
    )
    for language, figures in _FIGURES.items()
}
_DIGIT = re.compile(r"\d+")
_CURRENCY_BEFORE = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{unit}>{words})' for unit, words in _BEFORE)}){_S}?$"
)
_GROUP = re.compile(rf"{_S}|[.,](?=\d{{3}}(?:\D|$))")
_IS_GROUPED = re.compile(r"\d{1,3}(?:([ \u00a0\u202f.,])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
# What is no count, although a noun follows: numbers of acts, telephones, pages, classes and times of day.
_NO_COUNT_BEFORE = re.compile(
    r"(?:\b(?:[Nn]r|№|No|[Tt]ālr|[Tt]ālrunis|tel|plkst|pulksten|lpp|[Pp]hone|тел)\.?:?|[+(/#])[ \u00a0]*$"
)
_FOLLOWING = re.compile(rf"{_S}(?P<one>[^\W\d_]+)(?:{_S}(?P<other>[^\W\d_]+))?")
_PLURAL = ("i", "as", "es", "u", "us", "iem", "ām", "ēm", "os", "ās", "ēs", "īm", "is")
# Days and years are times.
_TIMES = frozenset(
    "gads diena mēnesis nedēļa stunda minūte sekunde desmitgade gadsimts diennakts reize".split()
)
_PHONE_DIGITS = 8
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def find_amounts(annotated: AnnotatedText) -> tuple[Amount, ...]:
    """Return the amounts of a text in order: those with a unit, and in Latvian whole numbers with a noun."""
    matches = _numbers(annotated.text, _AMOUNT[annotated.language])
    return tuple(filter(None, (_with_unit(match) or _count(annotated, match) for match in matches)))


def _numbers(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield the matches of *pattern*, which begins with a digit, faster than by trying it at every letter."""
    end = 0
    while digits := _DIGIT.search(text, end):
        match = pattern.match(text, digits.start())
        end = match.end() if match else digits.end()
        if match:
            yield match


def _with_unit(match: re.Match[str]) -> Amount | None:
    start = match.start()
    unit = _UNIT_OF.get(match.lastgroup or "")
    before = _CURRENCY_BEFORE.search(match.string, max(0, start - 5), start)
    if unit is None and before is None:
        return None
    if before and (unit is None or unit == before.lastgroup):
        start, unit = before.start(), before.lastgroup
    return Amount(value=_value(match), unit=unit or "", noun=None, start=start, end=match.end())


def _value(match: re.Match[str]) -> Decimal:
    figures = match["figures"]
    plain = _GROUP.sub("", figures) if _IS_GROUPED.fullmatch(figures) else figures
    power = next((power for _, power in _MULTIPLIERS if match[f"m{power}"]), 0)
    value = Decimal(plain.replace(",", ".")).scaleb(power)
    return value.to_integral_value() if value == value.to_integral_value() else value


def _count(annotated: AnnotatedText, match: re.Match[str]) -> Amount | None:
    """Return a whole number with the Latvian noun that it counts; None if that is not sure."""
    text = annotated.text
    following = _FOLLOWING.match(text, match.end()) if annotated.language == "lv" else None
    if not following or not following["one"].islower():
        return None
    value = _value(match)
    if value != value.to_integral_value() or _is_name(text, match, value):
        return None
    noun, end = _counted(annotated, following, int(value))
    return Amount(value=value, unit="", noun=noun, start=match.start("figures"), end=end) if noun else None


def _is_name(text: str, match: re.Match[str], value: Decimal) -> bool:
    """Return whether a number is an ordinal, a year, a telephone or the number of something."""
    digits = re.sub(r"\D", "", match["figures"])
    is_year = len(match["figures"]) == len(digits) == 4 and _FIRST_YEAR <= value <= _LAST_YEAR
    is_phone = len(digits) == _PHONE_DIGITS and digits[0] in "26" and not match["figures"].count(".")
    before = text[max(0, match.start() - 12) : match.start()]
    return is_year or is_phone or not value or _NO_COUNT_BEFORE.search(before) is not None


def _counted(annotated: AnnotatedText, following: re.Match[str], value: int) -> tuple[str | None, int]:
    """Return the lemma of the noun that a number counts, and where it ends.

    Of two nouns the first may be an attribute: `11 novērošanas torņi`, `535 tūkstoši pensiju saņēmēju`.
    """
    one, other = following["one"], following["other"]
    nouns = [(noun, following.end(group)) for group, noun in _nouns(annotated, one, other, value)]
    return nouns[-1] if nouns and nouns[-1][0] not in _TIMES else (None, 0)


def _nouns(annotated: AnnotatedText, one: str, other: str | None, value: int) -> Iterator[tuple[str, str]]:
    singular = value % 10 == 1 and value % 100 != 11
    first = _noun(annotated, one)
    if not first or not (singular or one.endswith(_PLURAL)):
        return
    yield "one", first
    if not other or not other.islower() or not other.endswith(_PLURAL):
        return
    many = one.endswith(("as", "es")) and (other.endswith(("i", "as", "es", "is", "us")) or value % 10 == 0)
    if (many or (one.endswith("u") and other.endswith("u"))) and (second := _noun(annotated, other)):
        yield "other", second


def _noun(annotated: AnnotatedText, word: str) -> str | None:
    """Return the lemma of *word* if it can only be a noun or an adjective."""
    lemmas = annotated.lemmas(word)
    is_sure = len(lemmas) == 1 and lemmas[0][0] != "~" and not lemmas[0].endswith(("t", "ties"))
    return lemmas[0] if is_sure and len(word) > 3 else None
