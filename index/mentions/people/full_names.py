"""Full names in a Latvian text: a given name, or initials, with the surname that agrees with it."""

import re
from collections.abc import Iterator, Sequence, Set
from functools import cache, lru_cache
from typing import NamedTuple

from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.declension import UNCHANGED, Case, Gender, nominatives
from index.mentions.people.given_names import NameForm, given_names
from index.mentions.people.offices import callings, office_nouns

UPPER = "A-ZÀ-ÖØ-ÞĀČĒĢĪĶĻŅŌŖŠŪŽŁŻŹŚĆŃĘĄ"
_CAPITALIZED = rf"[{UPPER}][\w’'-]*"
_PARTICLE = "(?:[Ff]on|[Vv]an|[Dd](?:e[rnl]?|i|a|u|os)|[Ll][ae]|[EeAa]l|[Bb]in|[Ii]bn|[Aa]bu)"
# Words that begin with a capital, with spaces or the points of initials between them. The capital itself is
# first in the pattern, because it is searched for fastest.
_RUN = re.compile(
    rf"[{UPPER}](?<![\w’'-].)[\w’'-]*"
    rf"(?:(?:\.[ \u00a0]?|[ \u00a0])(?:{_PARTICLE}[ \u00a0]){{0,2}}{_CAPITALIZED})+"
)
_PIECE = re.compile(rf"((?:{_PARTICLE}[ \u00a0]){{0,2}})({_CAPITALIZED})(\.?)")
_WORDS_MAX = 4
_CASE_ORDER = "NGDALV"


class NameReading(NamedTuple):
    """What a written name may be: a person's name, likeliest nominatives first, in a case."""

    names: tuple[str, ...]
    gender: Gender
    case: Case


class WrittenName(NamedTuple):
    """A name as written; its readings are possible together with what stands around it."""

    start: int
    end: int
    readings: tuple[NameReading, ...]
    is_initialed: bool = False
    """Whether only the initials of the given names are written."""
    is_guess: bool = False
    """Whether the given name is unknown, so that only a noun beside it tells that it is a person's."""


class _Piece(NamedTuple):
    start: int
    end: int
    particle: str
    text: str
    has_point: bool

    @property
    def is_initial(self) -> bool:
        return self.has_point and (len(self.text) == 1 or self.text in ("Dz", "Dž"))

    @property
    def is_acronym(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def find_full_names(text: AnnotatedText) -> Iterator[WrittenName]:
    """Yield the full names of *text*, and surnames with initials, in order."""
    for match in _RUN.finditer(text.text):
        start = match.start()
        if not _may_be_name(text.text, start, match[0]):
            continue
        pieces = [
            _Piece(piece.start(), piece.end(2), piece[1], piece[2], bool(piece[3]))
            for piece in _PIECE.finditer(text.text, start, match.end())
        ]
        yield from _names_of_run(text, pieces[1:] if _continues_word(text.text, start) else pieces)


def _may_be_name(text: str, start: int, run: str) -> bool:
    """Return whether capitalised words hold an initial or a known given name, or follow an office."""
    words = run.replace("\u00a0", " ").split(" ")
    known = given_names()
    if "." in run or run.isupper() or any(word in known for word in words):
        return True
    before = text[max(0, start - 30) : max(0, start - 1)].replace("\u00a0", " ").rpartition(" ")[2]
    return not _personal_nouns().isdisjoint([word.lower() for word in (before, *words)])


@cache
def _personal_nouns() -> frozenset[str]:
    """Return the forms of nouns that say what a person is."""
    return frozenset((*office_nouns(), *callings()))


def _continues_word(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    return before.isalnum() or before in ("-", "’", "'") or (before == "." and text[start - 2].isupper())


def _names_of_run(text: AnnotatedText, pieces: Sequence[_Piece]) -> Iterator[WrittenName]:
    at = 0
    while at < len(pieces) - 1:
        name, used = _initialed(pieces, at) if pieces[at].is_initial else _named(text, pieces, at)
        if name is not None and (name.readings or name.is_guess):
            yield name
        at += used


def _named(text: AnnotatedText, pieces: Sequence[_Piece], at: int) -> tuple[WrittenName | None, int]:
    first = pieces[at]
    if first.is_acronym and first.text.capitalize() in given_names():  # JURIS KAŽA
        pieces = [*pieces[:at], *map(_in_small_letters, pieces[at:])]
        first = pieces[at]
    forms = given_names().get(first.text, ()) if not first.has_point else ()
    best: tuple[int, list[NameReading]] = (0, [])
    for form in forms:
        names, last = _agreeing(text, pieces, at, form)
        if last > best[0]:
            best = (last, [])
        if last and last == best[0]:
            best[1].append(NameReading(tuple(names), form.gender, form.case))
    if not best[0]:
        return (_guessed(text, pieces, at), 1) if not forms else (None, 1)
    last = best[0]
    readings = tuple(sorted(best[1], key=lambda reading: _CASE_ORDER.index(reading.case)))
    return WrittenName(first.start, pieces[last].end, readings), last - at + 1


def _in_small_letters(piece: _Piece) -> _Piece:
    return piece._replace(text="-".join(part.capitalize() for part in piece.text.split("-")))


def _agreeing(
    text: AnnotatedText, pieces: Sequence[_Piece], at: int, form: NameForm
) -> tuple[list[str], int]:
    """Return the nominatives of the longest name from *at* that agrees with *form*, and its last piece."""
    names, last = [form.nominative], 0
    has_surname = False
    for place in range(at + 1, min(len(pieces), at + _WORDS_MAX)):
        piece = pieces[place]
        if pieces[place - 1].has_point and not pieces[place - 1].is_initial:
            break
        if piece.is_initial:
            names = [f"{name} {piece.text}." for name in names]
            continue
        if piece.is_acronym or len(piece.text) < 2 or (has_surname and not _may_follow(text, piece, form)):
            break
        given = [known.nominative for known in given_names().get(piece.text, ()) if known[1:] == form[1:]]
        surnames = given[:1] or _surname_nominatives(piece.text, form.case, form.gender)
        if (
            form.case == "N"
            and not given
            and piece.text.endswith(UNCHANGED)
            and text.is_in_dictionary(piece.text)
        ):
            break  # Agita Āfriku
        if not surnames:
            break
        names = [f"{name} {piece.particle}{surname}" for name in names for surname in surnames]
        last, has_surname = place, not given
    return names, last


_GIVEN_ENDINGS: tuple[tuple[str, Gender, Case], ...] = (
    # Endings of foreign given names by case.
    ("s", "m", "N"), ("o", "m", "N"), ("a", "m", "G"), ("am", "m", "D"), ("im", "m", "D"), ("u", "m", "A"),
    ("i", "m", "A"), ("a", "f", "N"), ("e", "f", "N"), ("as", "f", "G"), ("es", "f", "G"), ("ai", "f", "D"),
    ("ei", "f", "D"), ("u", "f", "A"), ("i", "f", "A"),
)  # fmt: skip


def _guessed(text: AnnotatedText, pieces: Sequence[_Piece], at: int) -> WrittenName | None:
    """Return two words, of which the first is in no dictionary, as a name if they agree."""
    first, second = pieces[at], pieces[at + 1]
    if (
        first.has_point or first.is_acronym or second.is_acronym
        or min(len(first.text), len(second.text)) < 3
        or (len(pieces) > at + 2 and not second.has_point)
        or (text.is_in_dictionary(first.text) and first.text.lower() not in text.lemmas(first.text))
    ):  # fmt: skip
        return None
    return WrittenName(first.start, second.end, (), is_guess=True)


def other_readings(
    text: AnnotatedText, name: WrittenName, forms: Set[tuple[Gender, Case]]
) -> tuple[NameReading, ...]:
    """Return what a known given name with a surname may be besides, in *forms*: another given name."""
    words = text.text[name.start : name.end].replace("\u00a0", " ").split(" ")
    return _any_readings(words[0], words[1], forms) if len(words) == 2 and not name.is_initialed else ()


def _any_readings(given: str, surname: str, forms: Set[tuple[Gender, Case]]) -> tuple[NameReading, ...]:
    """Return what two words may be as a name if the first is an unknown given name."""
    particle, _, written = surname.rpartition(" ")
    readings = (
        NameReading(
            tuple(
                f"{first} {particle} {last}" if particle else f"{first} {last}"
                for first in nominatives(given, case, gender)[:1]
                for last in _surname_nominatives(written, case, gender)
            ),
            gender,
            case,
        )
        for ending, gender, case in _GIVEN_ENDINGS
        if (gender, case) in forms and given.endswith(ending)
    )
    return tuple(reading for reading in readings if reading.names)


_SECOND_ENDINGS: dict[tuple[Gender, Case], tuple[str, ...]] = {
    ("m", "N"): ("s", "š"), ("m", "G"): ("a",), ("m", "D"): ("am", "im"), ("m", "A"): ("u", "i"),
    ("f", "N"): ("a", "e"), ("f", "G"): ("as", "es"), ("f", "D"): ("ai", "ei"), ("f", "A"): ("u", "i"),
}  # fmt: skip


def _may_follow(text: AnnotatedText, piece: _Piece, form: NameForm) -> bool:
    """Return whether a word after a surname may be a second one, with a plain ending."""
    endings = _SECOND_ENDINGS.get((form.gender, form.case), ())
    return piece.text.endswith(endings) and not text.is_in_dictionary(piece.text)


def _surname_nominatives(written: str, case: Case, gender: Gender) -> list[str]:
    """Return the nominatives of a surname; each part of a double one is declined.

    >>> _surname_nominatives("Pētersonei-Godmanei", "D", "f")
    ['Pētersone-Godmane']
    """
    parts = [(part, nominatives(part, case, gender)) for part in written.split("-")]
    if len(parts) == 1:
        return list(parts[0][1])
    if not parts[0][1]:
        return []
    # A part may be undeclined, or a man's name: Podziņa-Trops.
    return ["-".join(options[0] if options else part for part, options in parts)]


@lru_cache(1 << 14)
def _surname_readings(written: str) -> tuple[NameReading, ...]:
    """Return what a surname may be in all cases."""
    cases: tuple[Case, ...] = ("N", "G", "D", "A", "L")
    genders: tuple[Gender, ...] = ("m", "f")
    return tuple(
        NameReading(tuple(names), gender, case)
        for case in cases
        for gender in genders
        if (names := _surname_nominatives(written, case, gender))
    )


def _initialed(pieces: Sequence[_Piece], at: int) -> tuple[WrittenName | None, int]:
    """Return a surname with the initials before it."""
    last = at
    while last < len(pieces) and pieces[last].is_initial:
        last += 1
    if last == len(pieces) or pieces[last].is_acronym or len(pieces[last].text) < 3:
        return None, last - at + 1
    surname = pieces[last]
    initials = "".join(f"{piece.text}. " for piece in pieces[at:last])
    readings = tuple(
        NameReading(tuple([f"{initials}{surname.particle}{name}" for name in names]), gender, case)
        for names, gender, case in _surname_readings(surname.text)
    )
    return WrittenName(pieces[at].start, surname.end, readings, is_initialed=True), last - at + 1
