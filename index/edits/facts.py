"""The facts of a sentence that an edit may change: numbers, dates, denial, duty and possibility."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from crawler.config import Language
from index.analysis import Analyzer
from index.edits.edit_record import Subject
from index.edits.fact_words import (
    AMBIGUOUS_MONTH,
    DAY_NAME,
    MODALS,
    MONEY,
    MONTH,
    MULTIPLIERS,
    NEGATIONS,
    NUMBER_WORDS,
    PERCENT,
    calendar_key,
    conditionals,
    unit_of,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as written; two with one key mean the same."""

    subject: Subject
    key: tuple[str, ...]
    text: str
    start: int
    end: int


_S = r"[ \u00a0\u202f]"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"\b(?:(?P<year>{_YEAR})\.?{_S}?(?:gad\w*|g\.){_S})?"
    rf"(?:(?P<from>\d{{1,2}})\.?{_S}?[–-]{_S}?)?(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?{_S}?(?:of )?"
    rf"(?P<month>{MONTH})(?:,?{_S}(?P<late_year>{_YEAR}))?\b"
    rf"|\b(?P<first_month>{MONTH}){_S}(?P<then_day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?{_S}(?P<then_year>{_YEAR})\b)?"
    rf"|\b(?P<numeric>\d{{1,2}}\.{_S}?\d{{1,2}}\.{_S}?{_YEAR}|\d{{1,2}}/\d{{1,2}}/{_YEAR}|{_YEAR}-\d\d-\d\d)\b"
    rf"|\b(?P<only_year>{_YEAR})(?=\.?{_S}?(?:gad|g\.|год|г\.|/|[–-]{_YEAR}))"
    rf"|(?:(?<=\bin )|(?<=\bsince )|(?<=\bof )|(?<=\bby )|(?<=\buntil )|(?<=[–-]))(?P<in_year>{_YEAR})\b"
    rf"|\b(?P<name>{MONTH}|{DAY_NAME})\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    rf"\b(?:plkst\.?|pulksten){_S}?(?P<hour>\d{{1,2}}(?:[.:][0-5]\d)?)(?!\d)"
    rf"|\b(?P<clock>[0-2]?\d:[0-5]\d)\b"
    rf"|\b(?:no|līdz|at|в|до|с){_S}(?P<point>[0-2]?\d\.[0-5]\d)\b(?!{_S}?(?:%|milj|tūkst|eiro|eur|proc|млн|тыс))"
    rf"|(?<=\d)[–-](?P<until>[0-2]?\d[.:][0-5]\d)\b"
    rf"|\b(?P<half_day>\d{{1,2}}(?::\d\d)?{_S}?[ap]\.?m)\b",
    re.IGNORECASE,
)
_FIGURES = {
    "lv": rf"\d{{1,3}}(?:{_S}\d{{3}})+(?!\d)(?:,\d+)?"
    r"|\d{1,3}(?:\.\d{3})+(?![\d.])(?:,\d+)?|\d+(?:[.,]\d+)?",
    "en": rf"\d{{1,3}}(?:[,{_S[1:-1]}]\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?",
}
_FIGURES["ru"] = _FIGURES["lv"]
_NUMBER = {
    language: re.compile(
        rf"(?P<before>(?:€|\$|eur|usd){_S}?)?(?P<minus>(?<![\w.,])[-−])?(?<![\w.,])(?P<figures>{figures})"
        rf"(?:{_S}?(?:{'|'.join(f'(?P<m{power}>{words})' for words, power in MULTIPLIERS)}))?"
        rf"(?:{_S}?(?:(?P<percent>{PERCENT})|(?P<money>{MONEY})))?",
        re.IGNORECASE,
    )
    for language, figures in _FIGURES.items()
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_GROUPED = re.compile(rf"[{_S[1:-1]}]|[.,](?=\d{{3}}(?:\D|$))")


def find_facts(text: str, language: Language, analyzer: Analyzer) -> list[Fact]:
    """Return the facts of a sentence in reading order, without names."""
    figures = list(_numeric(text, language))
    taken = {place for fact in figures for place in range(fact.start, fact.end)}
    words = (fact for fact in _verbal(text, language, analyzer) if fact.start not in taken)
    return sorted((*figures, *words), key=lambda fact: fact.start)


def _numeric(text: str, language: Language) -> Iterator[Fact]:
    at = 0
    readers = [(_DATE, _date), (_TIME, _time), (_NUMBER[language], _number)]
    ahead = [pattern.search(text) for pattern, _ in readers]
    while any(ahead):
        for which, (pattern, _) in enumerate(readers):
            if (match := ahead[which]) and match.start() < at:
                ahead[which] = pattern.search(text, at)
        found = [(match.start(), which) for which, match in enumerate(ahead) if match]
        if not found:
            return
        _, which = min(found)
        match = ahead[which]
        if match is not None:
            at = max(match.end(), at + 1)
            if fact := readers[which][1](match):
                yield fact


def _date(match: re.Match[str]) -> Fact | None:
    part = match.groupdict()
    name = part["name"]
    if name and name.lower() in AMBIGUOUS_MONTH:
        return None
    if name and calendar_key(name)[0] == "m" and len(name) < 4 and not name[0].isupper():
        return None
    return Fact("date", _date_key(part), match[0], *match.span())


def _date_key(part: dict[str, str | None]) -> tuple[str, ...]:
    if month := part["month"] or part["first_month"]:
        day = part["day"] or part["then_day"] or ""
        year = part["year"] or part["late_year"] or part["then_year"] or ""
        return year, calendar_key(month), day.lstrip("0"), part["from"] or ""
    if part["numeric"]:
        figures = re.findall(r"\d+", part["numeric"])
        year, number, day = figures if len(figures[0]) == 4 else reversed(figures)
        return year, f"m{int(number)}", day.lstrip("0"), ""
    return (part["only_year"] or part["in_year"] or calendar_key(part["name"] or ""),)


def _time(match: re.Match[str]) -> Fact:
    group = match.lastgroup or "hour"
    hour, _, minute = (
        match[group].replace(".", ":", 1).partition(":") if group != "half_day" else (match[group], "", "")
    )
    return Fact("time", (hour.lstrip("0"), minute.replace("00", "")), match[group], *match.span(group))


def _number(match: re.Match[str]) -> Fact:
    plain = _GROUPED.sub("", match["figures"]) if _is_grouped(match["figures"]) else match["figures"]
    power = next((power for _, power in MULTIPLIERS if match[f"m{power}"]), 0)
    value = Decimal(plain.replace(",", ".")) * 10**power
    key = f"{'-' if match['minus'] else ''}{value.normalize():f}"
    subject: Subject = (
        "percent" if match["percent"] else "amount" if match["money"] or match["before"] else "number"
    )
    unit = unit_of((match["percent"] or match["money"] or match["before"] or "").strip())
    return Fact(subject, (key, subject, unit), match[0].strip(), *match.span())


def _is_grouped(figures: str) -> bool:
    return (
        re.fullmatch(rf"\d{{1,3}}(?:([{_S[1:-1]}.,])\d{{3}})(?:\1\d{{3}})*(?:[.,]\d+)?", figures) is not None
    )


def _verbal(text: str, language: Language, analyzer: Analyzer) -> Iterator[Fact]:
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word in NUMBER_WORDS:
            yield Fact("number", (str(NUMBER_WORDS[word]), "number", ""), match[0], *match.span())
            continue
        lemmas = analyzer.forms(word, language).lemma if language == "lv" else (word,)
        if word in NEGATIONS or (language == "lv" and _has_prefix(word, "ne", lemmas, analyzer)):
            yield Fact("negation", ("not", *lemmas), match[0], *match.span())
        if (modal := _modal(word, language, lemmas, analyzer)) is not None:
            yield Fact("modality", modal, match[0], *match.span())


def _modal(
    word: str, language: Language, lemmas: tuple[str, ...], analyzer: Analyzer
) -> tuple[str, ...] | None:
    if language != "lv":
        return (word,) if word in MODALS else None
    if _has_prefix(word, "jā", lemmas, analyzer):
        return ("must",)
    is_conditional = any(map(word.endswith, conditionals(lemmas)))
    if not MODALS.isdisjoint((word, *lemmas)):
        return (*lemmas, "would" if is_conditional else "")
    return ("would",) if is_conditional and analyzer.is_in_dictionary(word) else None


def _has_prefix(word: str, prefix: str, lemmas: tuple[str, ...], analyzer: Analyzer) -> bool:
    """Return whether *word* is a verb or an adjective with a *prefix* that its lemma lacks."""
    return (
        word.startswith(prefix)
        and len(word) > len(prefix) + 2
        and not any(lemma.lstrip("~^").startswith(prefix) for lemma in lemmas)
        and analyzer.is_in_dictionary(word)
    )
