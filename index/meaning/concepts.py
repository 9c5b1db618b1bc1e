"""Concepts: words and phrases that mean the same or nearly so, read from a text file."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from crawler.config import ConfigError, Language

CONCEPTS = Path(__file__).parent / "data" / "concepts.txt"
"""The concepts that we ship, written for this project; the file can be replaced."""

_COLUMNS: tuple[Language, ...] = ("lv", "en", "ru")
_WEAK = "+"
"""Before a term that has concepts of its own, which another one would dilute."""


class ConceptTerm(Struct, frozen=True, gc=False):
    """A word or phrase that expresses a concept, in its dictionary form."""

    text: str
    language: Language
    is_weak: bool = False
    """Whether the term leads here weakly, since it has concepts of its own."""


Concept = tuple[ConceptTerm, ...]


def read_concepts(path: Path) -> tuple[Concept, ...]:
    """Read the concepts at *path*: a line each, `Latvian, terms | English, +terms | Russian, terms`.

    Raises:
        ConfigError: the file is missing or not UTF-8, or a line has too many columns or only one term.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    return tuple(
        _read_line(f"{path}:{number}", line)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    )


def _read_line(place: str, line: str) -> Concept:
    columns = line.split("|")
    if len(columns) > len(_COLUMNS):
        raise ConfigError(f"{place}: {len(columns)} columns instead of at most {len(_COLUMNS)}")
    concept = tuple(_terms(columns))
    if len(concept) < 2:
        raise ConfigError(f"{place}: a concept needs two terms or more, separated by commas")
    return concept


def _terms(columns: list[str]) -> Iterator[ConceptTerm]:
    for language, column in zip(_COLUMNS, columns, strict=False):
        for text in map(str.strip, column.split(",")):
            if name := text.removeprefix(_WEAK).strip():
                yield ConceptTerm(name, language, is_weak=text.startswith(_WEAK))
