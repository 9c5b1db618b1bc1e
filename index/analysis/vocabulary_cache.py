"""A cache of the words analysed so far; it can be written to a file and loaded by the next process."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import get_args

from crawler.config import Language
from index.analysis.forms import FIELD_END, Forms, Terms, unpack
from index.analysis.latvian.tokenizer import SURFACE_CHARS

# The most packed words per language, about 40 MB; words not seen recently are dropped first.
PACKED_MAX = 150_000
# The most words per language as objects, which take three times the memory.
FORMS_MAX = 150_000
# Separate the words and the languages in the file. Words contain no control characters.
_WORD_END, _LANGUAGE_END = "\x1d", "\x1c"


class VocabularyCache:
    """Words and their terms by language; *look_up* analyses a word that is not cached."""

    def __init__(self, look_up: Callable[[Language, str], bytes]) -> None:
        self.packed = {language: PackedCache(partial(look_up, language)) for language in get_args(Language)}
        self.forms = {language: FormsCache(packed) for language, packed in self.packed.items()}

    def save(self, path: Path, fingerprint: str) -> None:
        """Write the cached words to *path*, as analysed under *fingerprint*."""
        content = _LANGUAGE_END.join(
            _WORD_END.join(map(FIELD_END.join, packed.rows())) for packed in self.packed.values()
        ).encode()
        path.write_bytes(_seal(content, fingerprint) + b"\n" + content)

    def load(self, path: Path, fingerprint: str) -> bool:
        """Add the words at *path*; return False if it is missing, damaged or has another *fingerprint*."""
        content = _unseal(path, fingerprint)
        if content is None:
            return False
        for packed, rows in zip(self.packed.values(), content.decode().split(_LANGUAGE_END), strict=True):
            packed.recall(rows.split(_WORD_END) if rows else ())
        return True

    def clear(self) -> None:
        """Drop all words."""
        for packed in self.packed.values():
            packed.clear_all()
        for forms in self.forms.values():
            forms.clear_all()


def can_load(path: Path, fingerprint: str) -> bool:
    """Return whether ``VocabularyCache.load`` would accept the file at *path*."""
    return _unseal(path, fingerprint) is not None


def _unseal(path: Path, fingerprint: str) -> bytes | None:
    try:
        seal, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if seal == _seal(content, fingerprint) else None


def _seal(content: bytes, fingerprint: str) -> bytes:
    return f"{fingerprint} {hashlib.sha256(content).hexdigest()}".encode()


class PackedCache(dict[str, bytes]):
    """Words and their packed terms; looks a missing word up once."""

    def __init__(self, look_up: Callable[[str], bytes]) -> None:
        super().__init__()
        self._look_up = look_up
        self._recalled: dict[str, str] = {}
        """Words of an earlier process, not yet seen in this one."""
        self._older: dict[str, bytes] = {}
        """Words not seen recently."""

    def __missing__(self, word: str) -> bytes:
        if len(word) > SURFACE_CHARS:
            return self[word[:SURFACE_CHARS]]  # the tokenizer reads no further either
        packed = self._older.get(word) or self._new(word)
        if len(self) >= PACKED_MAX:
            self._older = dict(self)
            self.clear()
        return self.setdefault(word, packed)

    def _new(self, word: str) -> bytes:
        recalled = self._recalled.pop(word, None)
        return self._look_up(word) if recalled is None else recalled.encode()

    def peek(self, word: str) -> bytes | None:
        """Return the terms of *word* if they are cached; never look it up."""
        return self.get(word) or self._older.get(word)

    def clear_all(self) -> None:
        """Drop all words."""
        self.clear()
        self._older, self._recalled = {}, {}

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield each cached word and its terms, for a file."""
        return ((word, packed.decode()) for word, packed in (self._older | self).items())

    def recall(self, rows: Iterable[str]) -> None:
        """Add the words that ``rows`` yielded, one row per word."""
        self._recalled |= dict(row.split(FIELD_END, 1) for row in rows)


class FormsCache(dict[str, Forms]):
    """The same words as ``Forms`` objects."""

    def __init__(self, packed: PackedCache) -> None:
        super().__init__()
        self._packed = packed
        self._shared: dict[Terms, Terms] = {}
        """Equal terms, as one object: the forms of a word share its lemma."""

    def __missing__(self, word: str) -> Forms:
        if len(word) > SURFACE_CHARS:
            return self[word[:SURFACE_CHARS]]
        if len(self) >= FORMS_MAX:
            self.clear_all()
        forms = Forms(*(self._shared.setdefault(terms, terms) for terms in unpack(self._packed[word])))
        return self.setdefault(word, forms)

    def clear_all(self) -> None:
        """Drop all words."""
        self.clear()
        self._shared.clear()
