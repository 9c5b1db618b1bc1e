"""Public bodies in a text, by their names in three languages, all cases, and acronyms."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.mentions.annotated_text import AnnotatedText
from index.mentions.foreign import follows_foreign_word, precedes_foreign_word
from index.mentions.inflected_names import forms_of, nominative_of
from index.mentions.known_names import KnownNames, NamePlace
from index.mentions.records import Body, Citation, Span

BODIES = Path(__file__).parent / "data" / "bodies.tsv"
_SURE_LETTERS = 3
"""Shorter acronyms have other meanings (EM, KM), so the text must name the body in full."""


@dataclass(frozen=True, slots=True)
class BodyName:
    """A row of names of a body; a hyphen marks the ending of each word that changes with the case."""

    id: str
    names: tuple[str, ...]
    acronyms: tuple[str, ...]


class KnownBodies:
    """Finds public bodies: those of the shipped list, and those of *others*, which an operator adds."""

    def __init__(self, others: Iterable[BodyName] = ()) -> None:
        rows = (*read_bodies(BODIES.read_text(encoding="utf-8")), *others)
        forms = {form: row.id for row in rows for name in row.names for form in forms_of(name)}
        acronyms = {acronym: row.id for row in rows for acronym in row.acronyms}
        self._short = frozenset(one for one in acronyms if len(one) < _SURE_LETTERS)
        self._names = KnownNames(acronyms | forms)

    def find(self, annotated: AnnotatedText, citations: Iterable[Citation] = ()) -> tuple[Body, ...]:
        """Return the bodies of a text by their first places; the issuer of a cited act is none."""
        text = annotated.text
        cited = [(one.start, one.end) for one in citations]
        hits = [
            hit
            for hit in self._names.find(text, annotated.capitalized)
            if not _is_foreign(text, hit) and not _is_in(hit, cited)
        ]
        named = {hit.key for hit in hits if text[hit.start : hit.end] not in self._short}
        places: dict[str, list[Span]] = {}
        for hit in hits:
            if hit.key in named:
                places.setdefault(hit.key, []).append((hit.start, hit.end))
        return tuple(Body(id=id_, places=tuple(spans)) for id_, spans in places.items())


def _is_in(hit: NamePlace, spans: Iterable[Span]) -> bool:
    return any(start <= hit.start < end for start, end in spans)


def _is_foreign(text: str, hit: NamePlace) -> bool:
    return follows_foreign_word(text, hit.start) or precedes_foreign_word(text, hit.end)


def read_bodies(rows: str) -> Iterator[BodyName]:
    """Yield the bodies of the lines *rows*: id, Latvian, English and Russian names, acronyms, parted by tabs.

    Raises:
        ValueError: a line has no name.
    """
    for number, line in enumerate(rows.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        id_, *columns = line.split("\t")
        *names, acronyms = [*columns, "", "", "", ""][:4]
        split = tuple(name for column in names for name in column.split("|") if name)
        if not id_ or not split:
            raise ValueError(f"line {number}: write an id and a name, parted by a tab")
        yield BodyName(id_, split, tuple(filter(None, acronyms.split("|"))))


def known_bodies(others: Iterable[tuple[Sequence[str], Sequence[str]]] = ()) -> KnownBodies:
    """Return what finds the bodies of the shipped list, and *others*: the names and acronyms of each.

    These are known by the first of their names, as the shipped ones are by an id.
    """
    rows = (BodyName(nominative_of(names[0]), tuple(names), tuple(acronyms)) for names, acronyms in others)
    return KnownBodies(rows)


@cache
def shipped_bodies() -> KnownBodies:
    """Return what finds the bodies of the shipped list."""
    return known_bodies()


def body_name(id_: str) -> str:
    """Return the Latvian name of a listed body in the nominative; *id_* itself if it is not listed."""
    return _names().get(id_, id_)


@cache
def _names() -> dict[str, str]:
    """Return the first name of each body of the shipped list, by id."""
    rows = list(read_bodies(BODIES.read_text(encoding="utf-8")))
    return {row.id: nominative_of(row.names[0]) for row in reversed(rows)}
