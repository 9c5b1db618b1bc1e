"""People in English and Russian releases: only where an office or a known given name leaves no doubt."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crawler.config import Language
from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.declension import Gender
from index.mentions.people.given_names import given_names
from index.mentions.people.named_place import NamedPlace
from index.mentions.records import Role, Span

_FOLDER = Path(__file__).parent / "data"
_CAPITAL = r"[A-ZĀČĒĢĪĶĻŅŠŪŽÅÄÖÜŁŚŻŌŖÉ]"
_WORD = rf"{_CAPITAL}[\w’'-]*"
_SURNAME = rf"(?:(?:van|von|der|den|de|di|da) ){{0,2}}{_WORD}"
_ENGLISH_NAME = re.compile(rf"({_WORD})((?: {_CAPITAL}\.)? {_SURNAME}(?: {_WORD})?)")
# Words of an office: capitals with of, for and the like between.
_ENGLISH_OFFICE = rf"{_WORD}(?:,? (?:(?:of|for|and|the|in|on|to) ){{0,3}}[\w’'-]+){{0,11}}?"
_ENGLISH_BEFORE = re.compile(
    rf"(?<![\w’'-])({_WORD}(?: (?:(?:of|for|and|the|in|on|to) ){{0,3}}{_WORD}){{0,11}}?)(?:,)? $"
)
_ENGLISH_AFTER = re.compile(rf", (?:the )?({_ENGLISH_OFFICE})(?=[,.;)”\"]|$)")
_NOT_OFFICE = frozenset(("The", "On", "In", "At", "According", "When", "As", "But", "And", "After"))
_CYRILLIC = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_RUSSIAN_ADJECTIVE = re.compile(r"(?<![\w-])[А-ЯЁа-яё][а-яё]+(?:ый|ий|ой|ая|яя) $")
_RUSSIAN_TAIL = re.compile(r"(?: [\w«»-]+){0,12}")
_RUSSIAN_RUN = re.compile(rf"(?<= ){_CYRILLIC} {_CYRILLIC}(?![\w-]| {_CYRILLIC})")
_RUSSIAN_APPOSITION = re.compile(rf"({_CYRILLIC} {_CYRILLIC}), (?:[а-яё]+(?:ый|ий|ой|ая|яя) )?$")
_CYRILLIC_WORD = re.compile(r"[А-ЯЁа-яё]+(?:-[а-яё]+)?")
_PREPOSITIONS = frozenset("с со на за от к ко для о об при до из у после перед".split())
_RUSSIAN_VERB = re.compile(r"(?:[аеёиоуыя]л[аои]?|[аяеиую]т)(?:с[ья])?$")
_LIKE_VERBS = frozenset(("дел", "сил", "школ", "совет", "комитет"))
_OBLIQUE = ("ого", "его", "ой", "ей", "ых", "их", "ом", "ем", "ами", "ым", "им", "ую", "у", "ю")
_THINGS = re.compile(
    r" ?(?:Prize|Award|Museum|Street|School|University|Foundation|Institute|Hospital|Park|Square|Theatre"
    r"|Airport|Centre|Library|Bridge|House|Stadium|Fund|Cup|Order|Medal|Collection|Gallery)\b"
)
_OBLIQUE_SURNAME = ("ого", "его", "ых", "их", "ом", "ем", "ами", "ым", "им")
_REACH = 200


@dataclass(frozen=True, slots=True)
class OtherPeople:
    """Where people are named, and offices without a name by their first place."""

    places: list[NamedPlace]
    alone: Mapping[int, Role]


def read_english(text: AnnotatedText) -> OtherPeople:
    """Return the people in an English text whose given name is known."""
    places = list(_english_names(text.text))
    places += _surnames(text.text, places, r"(?:['’]s)?")
    places.sort(key=lambda place: place.start)
    return OtherPeople(places, _alone(text.text, "en", places))


def read_russian(text: AnnotatedText) -> OtherPeople:
    """Return the people in a Russian text beside whose name an office stands, both in the nominative."""
    places = list(_russian_names(text.text))
    places += _surnames(text.text, places, "")
    places.sort(key=lambda place: place.start)
    return OtherPeople(places, _alone(text.text, "ru", places))


def _english_names(text: str) -> Iterator[NamedPlace]:
    end = 0
    for match in re.finditer(_WORD, text):
        gender = _english_given_names().get(match[0])
        name = _ENGLISH_NAME.match(text, match.start()) if gender and match.start() >= end else None
        if gender is None or name is None:
            continue
        end = name.end()
        if _THINGS.search(text, name.start(), end + 12):
            continue
        role = _english_before(text, name.start()) or _english_after(text, end)
        yield NamedPlace(name.start(), end, name[0], "N", gender, role)


def _english_before(text: str, place: int) -> Role | None:
    start = max(0, place - _REACH, text.rfind("\n", 0, place) + 1)
    match = _ENGLISH_BEFORE.search(text, start, place)
    if match is None:
        return None
    words = match[1].split(" ")
    heads = [at for at, word in enumerate(words) if word.lower().strip(",") in office_words("en")]
    first = match.start(1)
    while words and words[0].strip(",") in _NOT_OFFICE:
        first += len(words.pop(0)) + 1
        while words and words[0] in ("of", "for", "and", "the", "in", "on", "to"):
            first += len(words.pop(0)) + 1
    return _role(text, first, match.end(1)) if heads and words else None


def _english_after(text: str, end: int) -> Role | None:
    match = _ENGLISH_AFTER.match(text, end)
    if match is None or not any(word.lower() in office_words("en") for word in match[1].split(" ")):
        return None
    return _role(text, *match.span(1))


def _russian_names(text: str) -> Iterator[NamedPlace]:
    for head in _CYRILLIC_WORD.finditer(text):
        if head[0].lower() not in office_words("ru"):
            continue
        adjective = _RUSSIAN_ADJECTIVE.search(text, max(0, head.start() - 30), head.start())
        start = adjective.start() if adjective else head.start()
        tail = _RUSSIAN_TAIL.match(text, head.end())
        end = tail.end() if tail else head.end()
        runs = [
            run
            for run in _RUSSIAN_RUN.finditer(text, head.end(), end)
            if _are_nominative(run[0]) and not _ends_office(text[head.end() : run.start()])
        ]
        if runs:
            role = _role(text, start, runs[0].start() - 1)
            yield _russian_place(*runs[0].span(), runs[0][0], role)
        elif before := _RUSSIAN_APPOSITION.search(text, max(0, start - 80), head.start()):
            yield _russian_place(*before.span(1), before[1], _role(text, start, end))


def _ends_office(passage: str) -> bool:
    """Return whether a verb or a preposition in a *passage* ends an office: *министр встретился с* X."""
    return any(
        word in _PREPOSITIONS or (_RUSSIAN_VERB.search(word) and word not in _LIKE_VERBS)
        for word in passage.split()
    )


def _are_nominative(name: str) -> bool:
    given, surname = name.split(" ")
    return not given.endswith(_OBLIQUE) and not surname.endswith(_OBLIQUE_SURNAME)


def _russian_place(start: int, end: int, name: str, role: Role) -> NamedPlace:
    return NamedPlace(start, end, name, "N", _gender(name.split(" ", maxsplit=1)[0]), role)


def _gender(given: str) -> Gender:
    return "f" if given.endswith(("а", "я")) else "m"


def _role(text: str, start: int, end: int) -> Role:
    return Role(written=text[start:end], start=start, end=end, office=text[start:end].lower())


def _surnames(text: str, named: Sequence[NamedPlace], ending: str) -> Iterator[NamedPlace]:
    """Yield the surnames alone, also with initials, after the full name."""
    by_surname: dict[str, set[str]] = {}
    for place in named:
        by_surname.setdefault(place.name.split(" ", 1)[1], set()).add(place.name)
    taken = [(place.start, place.end) for place in named]
    first = {place.name: place for place in reversed(named)}
    for surname, names in by_surname.items():
        place = first[min(names)]
        initial = re.escape(place.name[0])
        pattern = rf"((?:{initial}\. ?)?(?<![\w-]){re.escape(surname)}){ending}(?![\w-])"
        for match in re.finditer(pattern, text) if len(names) == 1 else ():
            if match.start() > place.start and not any(begin <= match.start() < end for begin, end in taken):
                yield NamedPlace(match.start(), match.end(1), place.name, "N", place.gender)


def _alone(text: str, language: Language, places: Sequence[NamedPlace]) -> Mapping[int, Role]:
    """Return the offices without a name, by their place: *the Minister*, *министр*."""
    taken: list[Span] = [(place.start, place.end) for place in places]
    taken += [(place.role.start, place.role.end) for place in places if place.role]
    found: dict[int, Role] = {}
    pattern = (
        r"[Tt]he ([A-Z][\w-]+)"
        if language == "en"
        else r"(?<![\w-])([А-ЯЁа-яё-]+)(?: [а-яё]+(?:ия|ства|ста|ки|ции|ления))?"
    )
    for match in re.finditer(pattern, text):
        start, end = match.start(1), match.end()
        if match[1].lower() in office_words(language) and not any(
            begin <= start < last for begin, last in taken
        ):
            found[start] = _role(text, start, end)
    return found


@cache
def office_words(language: Language) -> frozenset[str]:
    """Return the nouns of offices of English or Russian, in lower case."""
    file = "english-offices.txt" if language == "en" else "russian-offices.txt"
    lines = (_FOLDER / file).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def _english_given_names() -> Mapping[str, Gender]:
    """Return the gender of each given name in an English text: Latvian ones, too."""
    genders: dict[str, Gender] = {
        reading.nominative: reading.gender
        for readings in given_names().values()
        for reading in readings
        if reading.case == "N"
    }
    for line in (_FOLDER / "english-given-names.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, gender = line.split("\t")
            genders[name] = "f" if gender == "f" else "m"
    return genders
