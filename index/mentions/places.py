"""Regions, municipalities and towns of Latvia in a text, in all cases."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from index.analysis.latvian.letters import fold
from index.mentions.annotated_text import AnnotatedText
from index.mentions.inflected_names import forms_of, nominative_of
from index.mentions.known_names import KnownNames, NamePlace
from index.mentions.records import Place, Span

PLACES = Path(__file__).parent / "data" / "places.tsv"
_S = r"[ \u00a0]+"
# A street, a district, a university or a brand that bears the name of a place.
_OTHER_THING = re.compile(
    rf"{_S}(?:iel|gatv|bulvār|prospekt|šosej|laukum|krastmal|tilt|rajon|priekšpilsēt|līn|street|Street|улиц"
    rf"|(?:[\w]+{_S})?[Uu]niversitāt|Tehnisk|Stradiņa|Ekonomikas augst|jūras{_S}līc|līc)"
)
_MUNICIPALITIES = re.compile(
    rf"(?:,{_S}[^\W\d_]+|{_S}un{_S}[^\W\d_]+)*{_S}novad(?:s|a|am|u|ā|i|iem|us|os)(?!\w)"
)
_OPENING, _CLOSING = tuple('„“”"«'), tuple('“”"»')
_INITIAL_BEFORE = re.compile(r"(?:^|[^\w])[A-ZĀČĒĢĪĶĻŅŠŪŽ]\.[ \u00a0]?$")
_SURNAME = re.compile(r"[ \u00a0][A-ZĀČĒĢĪĶĻŅŠŪŽ][^\W\d_]+")
# Towns that are forenames or words, too.
_AMBIGUOUS = frozenset(("Madona", "Ape", "Seda", "Ogre", "Valka", "Saldus", "Līgatne", "Auce"))


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A row of the list of places."""

    kind: str
    name: str
    successor: str | None
    """The municipality of which a former one is now part."""
    forms: frozenset[str]


@cache
def listed_places() -> Mapping[str, PlaceName]:
    """Return the listed places by name."""
    return MappingProxyType({place.name: place for place in _rows()})


def _rows() -> Iterator[PlaceName]:
    for line in PLACES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, name, successor, russian = [*line.split("\t"), "", ""][:4]
            forms = forms_of(name) | (forms_of(russian) if russian else frozenset())
            yield PlaceName(kind, nominative_of(name), successor or None, forms)


@cache
def _names() -> KnownNames:
    """Return all names, and the first words of municipalities, which stand alone in lists of them."""
    places = listed_places().values()
    first_words = {place.name.split()[0]: place.name for place in places if place.name.endswith(" novads")}
    return KnownNames(first_words | {form: place.name for place in places for form in place.forms})


@cache
def _english_names() -> KnownNames:
    names = listed_places()
    return KnownNames({form: name for name in names for form in (fold_name(name), name)})


def fold_name(name: str) -> str:
    """Return *name* as English texts may write it: `Riga`."""
    folded = fold(name.lower())
    return " ".join(word.capitalize() for word in folded.split())


def find_places(annotated: AnnotatedText) -> tuple[Place, ...]:
    """Return the places that a text names, by their first mention."""
    text = annotated.text
    names = _english_names() if annotated.language == "en" else _names()
    found: dict[str, list[Span]] = {}
    for hit in names.find(text, annotated.capitalized):
        if _OTHER_THING.match(text, hit.end) or _is_person(text, hit) or _is_quoted(text, hit):
            continue
        if name := _name_of(text, hit):
            found.setdefault(name, []).append((hit.start, hit.end))
    return tuple(Place(name=name, places=tuple(spans)) for name, spans in found.items())


def _is_person(text: str, hit: NamePlace) -> bool:
    """Return whether a name is part of somebody's: `J. Madona`, `Madona Kalniņa`."""
    if _INITIAL_BEFORE.search(text[max(0, hit.start - 4) : hit.start]):
        return True
    return hit.key in _AMBIGUOUS and _SURNAME.match(text, hit.end) is not None


def _is_quoted(text: str, hit: NamePlace) -> bool:
    """Return whether quotes make it the name of something else: `lidosta „Rīga”`."""
    return text[hit.start - 1 : hit.start] in _OPENING and text[hit.end : hit.end + 1] in _CLOSING


def _name_of(text: str, hit: NamePlace) -> str | None:
    """Return the name of a place; in a list that ends with the word, of a municipality.

    `Rēzeknes, Ludzas un Viļānu novadā`. None if it is only the first word of the name of a municipality.
    """
    written = text[hit.start : hit.end]
    name = f"{written} novads"
    if name in listed_places() and _MUNICIPALITIES.match(text, hit.end):
        return name
    return None if name == hit.key else hit.key
