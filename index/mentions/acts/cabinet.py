"""Regulations and orders of the Cabinet of Ministers, which are cited by number and often by day."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.mentions.acts.citing import DAY, NUMBER_SIGN, QUOTED, SPACE, YEAR, Cited, listed, read_day

_CABINET = r"(?:Ministru[ \u00a0]+kabineta?|MK|[Vv]aldības)"
_NOUN = rf"(?P<noun>[Nn]oteikum(?:i|u|iem|us|os)|not\.|N(?={SPACE}?Nr)|rīkojum(?:s|a|am|u|ā|i|iem|us|os))"
_ACT_NUMBER = r"0*(?P<number>[1-9]\d{0,3})(?![\d/]|[.,]\d)"
_TITLE = rf"(?:{SPACE}{{1,3}}{QUOTED})?"
_LATVIAN = re.compile(
    rf"(?<!\w)(?:(?:(?P<day_before>{DAY}){SPACE}+)?{_CABINET}{SPACE}*"
    rf"(?:\((?:turpmāk|MK)[^()\n]{{0,40}}\){SPACE}*)?"
    rf"(?:(?P<day>{DAY}){SPACE}*|(?P<year>{YEAR}){SPACE}*)?"
    rf"(?:(?P<number_before>\d{{1,4}})\.{SPACE}?(?=noteikum))?"
    rf"(?:grozītaj\w+{SPACE})?{_NOUN}"
    rf"(?:(?(number_before)|(?!))|{_TITLE}{SPACE}*(?:,{SPACE}*|(?P<bracket>\())?"
    rf"(?:(?P<day_after>{DAY}),?{SPACE}*)?{NUMBER_SIGN}{_ACT_NUMBER}"
    rf"(?:{SPACE}?\((?P<day_last>{DAY})\))?)(?(bracket)\)?|))"
)
_NEXT_LATVIAN = re.compile(
    rf"{_TITLE}(?:,|;|,?{SPACE}(?:un|vai|kā arī|gan)){SPACE}"
    rf"(?P<span>(?:(?P<day>{DAY}){SPACE})?(?:noteikum(?:i|u|iem|us|os){SPACE})?{NUMBER_SIGN}{_ACT_NUMBER})"
)
# Without the cabinet, but with a day: other bodies date theirs, too, so the word before decides.
_DATED = re.compile(
    rf"(?:(?<![\w-])(?P<issuer>[\w-]+){SPACE}{{1,3}})?(?<!\w)(?P<span>(?P<day>{DAY}){SPACE}(?P<noun>noteikum(?:i|u|iem|us|os)){SPACE}?"
    rf"{NUMBER_SIGN}{_ACT_NUMBER})"
)
_SHORT = re.compile(rf"(?<!\w)(?P<issuer>\w+{SPACE}+)?{_NOUN}{SPACE}*{NUMBER_SIGN}{_ACT_NUMBER}")
_ENGLISH = re.compile(
    rf"\b(?:Cabinet(?: of Ministers)?)(?: of the Republic of Latvia)?{SPACE}"
    rf"(?P<noun>Regulations?|Order){SPACE}No\.?{SPACE}?{_ACT_NUMBER}"
    rf"(?:{SPACE}(?:of|adopted on){SPACE}(?P<english_day>\d{{1,2}}{SPACE}[A-Z][a-z]+{SPACE}(?:19|20)\d\d))?"
)
_RUSSIAN_DAY = rf"\d{{1,2}}{SPACE}[а-я]+{SPACE}(?:19|20)\d\d(?:{SPACE}года)?"
_RUSSIAN = re.compile(
    rf"\b(?P<noun>[Пп]равил\w*|[Рр]аспоряжени\w*){SPACE}(?:Кабинета{SPACE}министров|КМ){SPACE}"
    rf"(?:от{SPACE}(?P<day>{_RUSSIAN_DAY}){SPACE})?(?:№|Nr\.?){SPACE}?{_ACT_NUMBER}"
    rf"(?:{SPACE}от{SPACE}(?P<day_after>{_RUSSIAN_DAY}))?"
)
# The beginning of a noun in three languages, the kind and the beginning of the key.
_KINDS = (
    (("rīk", "order", "расп"), "order", "MK rīkojums"),
    (("",), "regulation", "MK"),
)
_DAYS = ("day_before", "day", "day_after", "day_last", "english_day")


@dataclass(frozen=True, slots=True)
class _CabinetAct:
    start: int
    end: int
    kind: str
    issued: str
    """The day, the year, or nothing: as much as is written here."""
    number: str


_NUMBERED = ("Nr", "nr", "NR", "№")
# Each pattern with words of which the text must have one of each kind.
_PATTERNS = (
    (
        _LATVIAN,
        (("MK", "Ministru", "aldības"), ("oteikum", "rīkojum", "not.", "MKN"), (*_NUMBERED, ". noteikum")),
    ),
    (_ENGLISH, (("Cabinet",), (" No",))),
    (_RUSSIAN, (("КМ", "Кабинета"), _NUMBERED)),
)


def find_cabinet_acts(text: str) -> list[Cited]:
    """Return the acts of the cabinet that *text* cites.

    An act has one key: if a number is dated once, a mention without the day means that act, too. Numbers
    begin anew each year, so a number with two days stays a mere number.
    """
    patterns = [
        pattern for pattern, hints in _PATTERNS if all(any(map(text.__contains__, each)) for each in hints)
    ]
    full = [act for pattern in patterns for match in pattern.finditer(text) for act in _read(text, match)]
    if not full and _LATVIAN not in patterns and not any(map(text.__contains__, _NUMBERED)):
        return []
    full += _dated_alone(text, full)
    return [_cited(act, full) for act in (*full, *_short(text, full))]


def _read(text: str, match: re.Match[str]) -> Iterator[_CabinetAct]:
    part = match.groupdict()
    kind = _kind(match["noun"])
    issued = _day(part) or (part.get("year") or "")[:4]
    yield _CabinetAct(*match.span(), kind, issued, part.get("number") or part["number_before"])
    for following in listed(_NEXT_LATVIAN, text, match.end()):
        is_of_same_day = following["span"].startswith(_NUMBERED) and '"' not in following[0]
        day = _day(following.groupdict()) or (issued if is_of_same_day else "")
        yield _CabinetAct(*following.span("span"), kind, day, following["number"])


def _dated_alone(text: str, full: Sequence[_CabinetAct]) -> Iterator[_CabinetAct]:
    """Yield regulations with a day that no other body is said to have issued, besides those in *full*."""
    for match in _DATED.finditer(text) if "oteikum" in text else ():
        issuer = match["issuer"] or ""
        is_new = not any(act.start <= match.start("number") < act.end for act in full)
        if is_new and not issuer[:1].isupper() and not issuer.endswith(("ie", "as", "es", "a", "u", "o")):
            yield _CabinetAct(*match.span("span"), "regulation", _day(match.groupdict()), match["number"])


def _day(part: Mapping[str, str | None]) -> str:
    written = next(filter(None, map(part.get, _DAYS)), None)
    day = read_day(written) if written else None
    return day.isoformat() if day else ""


def _kind(noun: str) -> str:
    return next(kind for starts, kind, _ in _KINDS if noun.lower().startswith(starts))


def _short(text: str, full: Sequence[_CabinetAct]) -> Iterator[_CabinetAct]:
    """Yield `noteikumi Nr. 445` without the cabinet, if *text* cites such an act of it in *full*."""
    known = {(act.kind, act.number) for act in full}
    for match in _SHORT.finditer(text) if known else ():
        kind, place = _kind(match["noun"]), match.start("number")
        is_new = not any(act.start <= place < act.end for act in full)
        if is_new and (kind, match["number"]) in known and not _is_of_others(match["issuer"]):
            yield _CabinetAct(match.start("noun"), match.end(), kind, "", match["number"])


def _is_of_others(word: str | None) -> bool:
    """Return whether the *word* before names another body: `saistošie noteikumi`, `ministrijas rīkojums`."""
    return word is not None and word.strip().lower().endswith(("ie", "os", "iem", "as", "es"))


def _cited(act: _CabinetAct, full: Sequence[_CabinetAct]) -> Cited:
    same = {other.issued for other in full if (other.kind, other.number) == (act.kind, act.number)}
    fuller = {issued for issued in same if issued.startswith(act.issued)}
    longest = {
        issued for issued in fuller if not any(issued != one and one.startswith(issued) for one in fuller)
    }
    issued = next(iter(longest)) if len(longest) == 1 else act.issued
    prefix = next(prefix for _, kind, prefix in _KINDS if kind == act.kind)
    return Cited(act.start, act.end, act.kind, " ".join(filter(None, (prefix, issued, act.number))))
