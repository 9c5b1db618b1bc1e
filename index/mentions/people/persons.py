"""The people whom a text names, each with every place of the name and the roles beside it."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.declension import unlikeliness
from index.mentions.people.full_names import NameReading, WrittenName, find_full_names
from index.mentions.people.named_place import NamedPlace
from index.mentions.people.offices import callings
from index.mentions.people.roles import OfficeReader, agreeing_form
from index.mentions.people.surnames import surname_places
from index.mentions.records import Person, Role

_EPONYMS = Path(__file__).parent / "data" / "eponyms.txt"
_BEFORE_FIRM = re.compile(r"\b(?:SIA|AS|IK|Z/S|ZS|kuģ\w+|fond\w|firm\w)[ \u00a0]$")
_QUOTES = ("„", "“", "«", '"')
_AFTER_FIRM = re.compile('[”“»"]')
_GENITIVE_BEFORE = re.compile(r"\b(?:no|pie|bez|pēc|kopš|dēļ|pirms)[ \u00a0]$", re.IGNORECASE)
_NEXT_WORD = re.compile(r"[ \u00a0]([a-zāčēģīķļņšūž]\w+)")


@dataclass(frozen=True, slots=True)
class NamedPeople:
    """The people whom a text names."""

    persons: tuple[Person, ...]
    places: tuple[NamedPlace, ...]
    """Every place of their names, in order."""
    offices: OfficeReader


def read_people(text: AnnotatedText) -> NamedPeople:
    """Return the people whom *text* names in full or with initials, by their first place."""
    written = [name for name in find_full_names(text) if not _is_firm(text.text, name)]
    offices = OfficeReader(text, [(name.start, name.end) for name in written if not name.is_guess])
    told = [(name, *_told(text, offices, name)) for name in written]
    places = _full_places(text, [row for row in told if not row[0].is_initialed])
    places.extend(_initialed_places([row for row in told if row[0].is_initialed], places))
    places.extend(surname_places(text, places))
    places.sort(key=lambda place: place.start)
    return NamedPeople(_persons(places), tuple(places), offices)


@cache
def _named_after() -> re.Pattern[str]:
    """Return what follows the genitive of a name that is not a person: *iela*, *piemiņas stipendija*."""
    lines = _EPONYMS.read_text("utf-8").splitlines()
    nouns = "|".join(line for line in lines if not line.startswith("#"))
    between = r"[ \u00a0]\w+(?:(?:[^t]|aj)(?:ā|ās|o|a)|ajai|ajam|as|es|u)"
    return re.compile(f"(?:{between}){{0,2}}[ \u00a0](?:{nouns})", re.IGNORECASE)


_Told = tuple[WrittenName, tuple[NameReading, ...], Role | None]
"""A name, the readings that agree with the words beside it, and its role there."""


def _persons(places: Sequence[NamedPlace]) -> tuple[Person, ...]:
    by_name: dict[str, list[NamedPlace]] = {}
    for place in places:
        by_name.setdefault(place.name, []).append(place)
    return tuple(
        Person(
            name=name,
            forms=tuple((place.start, place.end) for place in own),
            roles=tuple(place.role for place in own if place.role),
        )
        for name, own in by_name.items()
    )


def _full_places(text: AnnotatedText, told: Sequence[_Told]) -> list[NamedPlace]:
    certain = {
        readings[0].names[0]
        for name, readings, _ in told
        if len(readings) == 1 and len(readings[0].names) == 1
    }
    places: list[NamedPlace] = []
    for name, readings, role in told:
        is_genitive = any(reading.case == "G" for reading in readings)
        if readings and not (is_genitive and _named_after().match(text.text, name.end)):
            reading, full = _chosen(text, name, readings, certain)
            places.append(NamedPlace(name.start, name.end, full, reading.case, reading.gender, role))
    return places


def _initialed_places(told: Sequence[_Told], full: Sequence[NamedPlace]) -> Iterator[NamedPlace]:
    """Yield the places of surnames with initials: of people named in full, and names that are certain."""
    known = {place.name: place.gender for place in full}
    for name, readings, role in told:
        *initials, _ = readings[0].names[0].split(" ") if readings else ("",)
        holders = {
            (holder, reading.case)
            for reading in readings
            for holder, gender in known.items()
            if gender == reading.gender and holder.startswith(initials[0].rstrip("."))
            and any(holder.endswith(" " + option.rsplit(" ", 1)[-1]) for option in reading.names)
        }  # fmt: skip
        if len({holder for holder, _ in holders}) == 1:
            holder, case = min(holders, key=lambda row: "NGDAL".index(row[1]))
            yield NamedPlace(name.start, name.end, holder, case, known[holder], role)
        elif not holders and (reading := _certain(readings, has_role=role is not None)):
            yield NamedPlace(name.start, name.end, reading.names[0], reading.case, reading.gender, role)


def _certain(readings: Sequence[NameReading], *, has_role: bool) -> NameReading | None:
    """Return the reading of initials with a surname if nothing else is likely: *R. Kozlovskis*."""
    first = readings[0] if readings else None
    if first is None or first.case != "N":
        return None
    if has_role and len({reading.gender for reading in readings}) == 1:
        return first
    return (
        first if first.names[0].endswith(("s", "š")) and not first.names[0].endswith(("as", "es")) else None
    )


def _is_firm(text: str, name: WrittenName) -> bool:
    """Return whether a firm, a ship or a play has the *name*: it follows SIA, or is all that is quoted."""
    is_quoted = text[name.start - 1 : name.start] in _QUOTES and bool(_AFTER_FIRM.match(text, name.end))
    return is_quoted or bool(_BEFORE_FIRM.search(text, max(0, name.start - 25), name.start))


def _told(
    text: AnnotatedText, offices: OfficeReader, name: WrittenName
) -> tuple[tuple[NameReading, ...], Role | None]:
    """Return the readings of *name* that agree with the words beside it, and its role there."""
    for office in (offices.before(name.start), offices.after(name.end)):
        if office is None:
            continue
        agreeing = [
            (reading, form)
            for reading in name.readings
            if (form := agreeing_form(office.forms, reading.gender, reading.case))
        ]
        if agreeing:
            return tuple(reading for reading, _ in agreeing), offices.role(office, agreeing[0][1])
    if called := _called(text, name):
        return called, None
    return (() if name.is_guess else name.readings), None


def _called(text: AnnotatedText, name: WrittenName) -> tuple[NameReading, ...]:
    """Return the readings of *name* that agree with a calling before it: *dzejniece* X."""
    before = text.text[max(0, name.start - 30) : name.start].replace("\u00a0", " ").split(" ")
    forms = callings().get(before[-2].lower(), ()) if len(before) > 1 and not before[-1] else ()
    return tuple(reading for reading in name.readings if agreeing_form(forms, reading.gender, reading.case))


def _chosen(
    text: AnnotatedText, name: WrittenName, readings: Sequence[NameReading], certain: Set[str]
) -> tuple[NameReading, str]:
    """Return the likeliest of *readings*, and its name."""
    for reading in readings:
        for full in reading.names:
            if full in certain:
                return reading, full
    if len(readings) > 1 and _is_genitive(text, name):
        readings = [reading for reading in readings if reading.case == "G"] or readings
    ranked = [
        (_rank(text, reading, full, name), at, reading, full)
        for at, reading in enumerate(readings)
        for full in reading.names
    ]
    _, _, reading, full = min(ranked, key=lambda row: row[:2])
    return reading, full


def _rank(text: AnnotatedText, reading: NameReading, full: str, name: WrittenName) -> tuple[int, int]:
    surname = full.rsplit(" ", 1)[-1]
    written = text.text[name.start : name.end].rsplit(" ", 1)[-1]
    points = unlikeliness(surname, reading.gender)
    if reading.case != "N" and surname.lower() in text.lemmas(written.lower()):
        points -= 5
    if reading.case == "N":
        return 0, points if points >= 5 else 0
    return 1, points


def _is_genitive(text: AnnotatedText, name: WrittenName) -> bool:
    """Return whether the words around an ambiguous name need a genitive: *no* X, X *vadītā komisija*."""
    if _GENITIVE_BEFORE.search(text.text, max(0, name.start - 8), name.start):
        return True
    following = _NEXT_WORD.match(text.text, name.end)
    if not following or len(following[1]) < 3:
        return False
    lemmas = text.lemmas(following[1])
    is_verb = any(lemma.endswith(("t", "ties")) for lemma in lemmas)
    return not is_verb and any(lemma.endswith(("s", "š", "a", "e")) for lemma in lemmas)
