"""Text to tokens: what both engines are fed, and the same as Whoosh analysers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forms:
    """The terms of one word, by index field; all stand at the word's position."""

    lemma: tuple[str, ...]
    stem: tuple[str, ...]
    exact: tuple[str, ...]
    fold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text; ``start`` and ``end`` are characters of the original, half-open.

    ``forms`` is one shared object for each distinct word, so a bulk indexer may key on its identity.
    """

    start: int
    end: int
    forms: Forms
