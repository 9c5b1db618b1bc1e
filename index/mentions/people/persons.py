"""The people whom a text names, each with every place of the name and the roles beside it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.declension import unlikeliness
from index.mentions.people.full_names import NameReading, WrittenName, find_full_names, other_readings
from index.mentions.people.given_names import NameForm
from index.mentions.people.named_place import NamedPlace
from index.mentions.people.offices import callings
from index.mentions.people.other_languages import read_english, read_russian
from index.mentions.people.roles import OfficeReader, WrittenOffice, agreeing_form
from index.mentions.people.surnames import surname_forms, surname_places, words_from
from index.mentions.records import Person, Role
from index.mentions.speech_verbs import speech_verbs

_EPONYMS = Path(__file__).parent / "data" / "eponyms.txt"
_BEFORE_FIRM = re.compile(r"\b(?:SIA|AS|IK|Z/S|ZS|kuģ\w+|fond\w|firm\w)[ \u00a0]$")
_QUOTES = ("„", "“", "«", '"')
_AFTER_FIRM = re.compile(r"(?:[ \u00a0]\w+){0,2}[”“»\"]")
_GENITIVE_BEFORE = re.compile(r"\b(?:no|pie|bez|pēc|kopš|dēļ|pirms)[ \u00a0]$", re.IGNORECASE)
_NEXT_WORD = re.compile(r"[ \u00a0]([a-zāčēģīķļņšūž]\w+)")


@dataclass(frozen=True, slots=True)
class NamedPeople:
    """The people whom a text names."""

    persons: tuple[Person, ...]
    places: tuple[NamedPlace, ...]
    """Every place of their names, in order."""
    offices: OfficeReader
    alone: Mapping[int, Role]
    """In English and Russian texts, the offices without a name, by their place."""
    private: frozenset[str]
    """The names of suspects, victims and witnesses, whose words are testimony and no statements."""


def read_people(text: AnnotatedText) -> NamedPeople:
    """Return the people whom *text* names in full or with initials, by their first place."""
    if text.language != "lv":
        other = read_english(text) if text.language == "en" else read_russian(text)
        return NamedPeople(
            _persons(other.places),
            tuple(other.places),
            OfficeReader(text, ()),
            other.alone,
            _private(text.text, other.places),
        )
    written = [name for name in find_full_names(text) if not _is_firm(text.text, name)]
    offices = OfficeReader(text, [(name.start, name.end) for name in written if not name.is_guess])
    told = [(name, *_told(text, offices, name)) for name in written]
    places = _full_places(text, [row for row in told if not row[0].is_initialed])
    places.extend(_initialed_places(text.text, [row for row in told if row[0].is_initialed], places))
    places.extend(surname_places(text, places))
    places.sort(key=lambda place: place.start)
    return NamedPeople(_persons(places), tuple(places), offices, {}, _private(text.text, places))


@cache
def _named_after() -> re.Pattern[str]:
    """Return what follows the genitive of a name that is not a person: *iela*, *piemiņas stipendija*."""
    lines = _EPONYMS.read_text("utf-8").splitlines()
    nouns = "|".join(line for line in lines if not line.startswith("#"))
    between = r"[ \u00a0]\w+(?:(?:[^t]|aj)(?:ā|ās|o|a)|ajai|ajam|as|es|u)"
    other = r"[ \u00a0]un[ \u00a0][A-ZĀČĒĢĪĶĻŅŠŪŽ]\w+(?:[ \u00a0][A-ZĀČĒĢĪĶĻŅŠŪŽ]\w+)?"
    dedicated = r"[ \u00a0]veltīt"
    return re.compile(f"(?:{other})?(?:{between}){{0,2}}[ \u00a0](?:{nouns})|{dedicated}", re.IGNORECASE)


_PRIVATE = re.compile(
    r"\b(?:aizdomās tur\w+|apsūdzēt\w+|notiesāt\w+|cietuš\w+|cietus\w+|liecinie\w+|aizturēt\w+|apcietināt\w+"
    r"|pazudu\w+|upur\w+|suspect\w*|defendant|victim|witness|подозреваем\w+|обвиняем\w+|задержанн\w+"
    r"|потерпевш\w+|свидетел\w+)[ \u00a0]$",
    re.IGNORECASE,
)
_PRIVATE_AFTER = re.compile(
    r",[ \u00a0](?:kur[šua]\w*|kas)[ \u00a0][^.!?\n]{0,40}?(?:aizdomās|apsūdz|lieciniek|cietuš|cietus)"
    r"|, who is a (?:witness|suspect)"
)


_PRIVATE_STEMS = (
    "tur", "apsūdzēt", "notiesāt", "cietuš", "cietus", "liecinie", "aizturēt", "apcietināt", "pazudu",
    "upur", "suspect", "defendant", "victim", "witness", "подозреваем", "обвиняем", "задержанн", "потерпевш",
    "свидетел",
)  # fmt: skip
"""Of one of these is the last word that `_PRIVATE` finds, which takes longer."""


def _private(text: str, places: Sequence[NamedPlace]) -> frozenset[str]:
    """Return whom the text calls a suspect, a victim or a witness."""
    return frozenset(
        place.name
        for place in places
        if place.role is None
        and (_is_called_private(text, place.start) or _PRIVATE_AFTER.match(text, place.end))
    )


def _is_called_private(text: str, start: int) -> bool:
    before = text[max(0, start - 30) : start]
    last = before[before.rfind(" ", 0, -1) + 1 :].lower()
    return any(map(last.__contains__, _PRIVATE_STEMS)) and _PRIVATE.search(before) is not None


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
        is_genitive = any(reading.case in "GD" for reading in readings)
        if readings and not (is_genitive and _named_after().match(text.text, name.end)):
            reading, full = _chosen(text, name, readings, certain)
            places.append(NamedPlace(name.start, name.end, full, reading.case, reading.gender, role))
    return places


def _initialed_places(text: str, told: Sequence[_Told], full: Sequence[NamedPlace]) -> Iterator[NamedPlace]:
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
        elif not holders and (reading := _certain(text, name, readings)):
            yield NamedPlace(name.start, name.end, reading.names[0], reading.case, reading.gender, role)


def _certain(text: str, name: WrittenName, readings: Sequence[NameReading]) -> NameReading | None:
    """Return the reading of a surname with initials if nothing else is likely: *R. Kozlovskis*."""
    cases = {reading.case for reading in readings}
    first = readings[0] if readings else None
    if first is None or first.case != "N":
        return None
    return first if len(cases) == 1 or _is_speaker(text, name) else None


def _is_speaker(text: str, name: WrittenName) -> bool:
    """Return whether a verb of speech is right beside *name*: *uzsver A. Vītola*."""
    before = text[max(0, name.start - 30) : name.start].split()
    after = text[name.end : name.end + 30].split(maxsplit=1)
    return any(
        word.lower() in speech_verbs()
        for word in (*before[-1:], *(after[:1] if text[name.end : name.end + 1] == " " else ()))
    )


def _is_firm(text: str, name: WrittenName) -> bool:
    """Return whether a firm, a ship or a play has the *name*: it follows SIA, or is all that is quoted."""
    is_quoted = text[name.start - 1 : name.start] in _QUOTES and bool(_AFTER_FIRM.match(text, name.end))
    return is_quoted or bool(_BEFORE_FIRM.search(text, max(0, name.start - 25), name.start))


def _told(
    text: AnnotatedText, offices: OfficeReader, name: WrittenName
) -> tuple[tuple[NameReading, ...], Role | None]:
    """Return the readings of *name* that agree with the words beside it, and its role there."""
    for office in _offices(offices, name):
        # A given name that is known as a man's may be a woman's: ministre Marisa Ozola.
        for readings in _possible(text, name, office.forms):
            agreeing = [
                (reading, form)
                for reading in readings
                if (form := agreeing_form(office.forms, reading.gender, reading.case))
            ]
            if agreeing:
                return tuple(reading for reading, _ in agreeing), offices.role(office, agreeing[0][1])
    if not name.is_guess and (held := offices.held(name.end)) is not None:
        genders = {form.gender: form for form in held.forms if form.case == "G"}
        readings = tuple(reading for reading in name.readings if reading.gender in genders)
        if readings:
            return readings, offices.role(held, genders[readings[0].gender])
    if called := _called(text, name):
        return called, None
    return name.readings, None


def _possible(
    text: AnnotatedText, name: WrittenName, forms: Iterable[NameForm]
) -> Iterator[tuple[NameReading, ...]]:
    """Yield the readings of *name*, then those in *forms* with a given name that we do not know."""
    yield name.readings
    yield other_readings(text, name, {(form.gender, form.case) for form in forms})


def _offices(offices: OfficeReader, name: WrittenName) -> Iterator[WrittenOffice]:
    """Yield the office before *name*, then that after it; a guess needs one before it."""
    for office in (offices.before(name.start), None if name.is_guess else offices.after(name.end)):
        if office is not None:
            yield office


def _called(text: AnnotatedText, name: WrittenName) -> tuple[NameReading, ...]:
    """Return the readings of *name* that agree with a calling before it: *dzejniece* X."""
    forms = callings().get(_word_before(text.text, name.start), ())
    for readings in _possible(text, name, forms) if forms else ():
        agreeing = tuple(
            reading for reading in readings if agreeing_form(forms, reading.gender, reading.case)
        )
        if agreeing:
            return agreeing
    return ()


def _word_before(text: str, place: int) -> str:
    """Return the word before *place* in lower case, with a space between; "" if there is none."""
    if text[place - 1 : place] not in (" ", "\u00a0"):
        return ""
    return text[max(0, place - 30) : place - 1].replace("\u00a0", " ").rpartition(" ")[2].lower()


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
    rows = [(reading, full) for reading in readings for full in reading.names]
    if len(rows) == 1:
        return rows[0]
    others = _other_forms(text.text, name, rows[0][1])
    return min(rows, key=lambda row: (-_fitting(others, *row), _rank(text, row[0], row[1], name)))


def _other_forms(text: str, name: WrittenName, full: str) -> list[tuple[str, bool]]:
    """Return the other words that may be forms of a surname, and whether a verb of speech follows each."""
    surname = full.rsplit(" ", 1)[-1]
    beginning = surname[: max(3, len(surname) - 3)]
    found = []
    for at, written in words_from(text, beginning, 0):
        if not name.start <= at < name.end:
            following = _NEXT_WORD.match(text, at + len(written))
            found.append((written, following is not None and following[1] in speech_verbs()))
    return found


def _fitting(others: Sequence[tuple[str, bool]], reading: NameReading, full: str) -> int:
    """Return how many of the *others* are forms of the surname of a *full* name."""
    surname = full.rsplit(" ", 1)[-1]
    forms = {form for form, _ in surname_forms(surname, reading.gender)}
    return sum(written == surname if is_subject else written in forms for written, is_subject in others)


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
