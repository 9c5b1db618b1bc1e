"""A file of concepts and, beside the store, the lemmas of its terms: looking them up takes seconds.

`reindex` keeps them and `serve` reads them at its start; if concepts or analysis changed, it looks them up.
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Self

import msgspec

from index.analysis import Analyzer
from index.meaning import concept_index
from index.meaning.concept_index import ConceptIndex, Names, Terms
from index.meaning.concepts import read_concepts
from preses_relizes.shared.durable import put_in_place

KEPT = "concepts.bin"
"""The name of the file with the lemmas, beside the store."""


@dataclass(frozen=True, slots=True)
class ConceptFile:
    """The state of a file of concepts, and an analyzer: the key by which the index of its words is cached."""

    path: Path
    modified_ns: int
    analysis: str
    analyzer: Analyzer = field(compare=False)
    kept: Path = field(compare=False, default=Path())
    """The file with the lemmas of its terms, which need not exist; empty for none."""

    @classmethod
    def at(cls, path: Path, analyzer: Analyzer, kept: Path = Path()) -> Self:
        """Return the file at *path*, which need not exist."""
        modified_ns = path.stat().st_mtime_ns if path.is_file() else 0
        return cls(path, modified_ns, analyzer.fingerprint(), analyzer, kept)


@lru_cache(2)
def open_concepts(file: ConceptFile) -> ConceptIndex:
    """Return the index of *file*; the same one as long as the file is unchanged.

    Raises:
        ConfigError: the file is missing or malformed.
    """
    kept = _read(file)
    if kept is not None:
        return ConceptIndex(kept.names, kept.terms)
    return ConceptIndex.of(read_concepts(file.path), file.analyzer)


def keep_terms(file: ConceptFile) -> None:
    """Keep the lemmas of the terms of *file*, unless they are kept.

    Raises:
        ConfigError: *file* is missing or malformed.
        OSError: they cannot be written.
    """
    if _read(file) is not None:
        return
    draft = file.kept.with_name(f"{file.kept.name}.draft")
    concepts = open_concepts(file)
    draft.write_bytes(msgspec.msgpack.encode(_Kept(_key(file), concepts.names, concepts.terms)))
    put_in_place(draft, file.kept)


class _Kept(msgspec.Struct, frozen=True, gc=False, array_like=True):
    key: str
    names: Names
    terms: Terms


def _read(file: ConceptFile) -> _Kept | None:
    """Return what is kept of *file*; None if nothing is, or of other concepts."""
    try:
        kept = msgspec.msgpack.decode(file.kept.read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError):
        return None
    return kept if kept.key == _key(file) else None


def _key(file: ConceptFile) -> str:
    """Return a digest of what the terms depend on: concepts, analysis, and how words are looked up."""
    digest = hashlib.sha256(file.analysis.encode())
    for path in (file.path, Path(concept_index.__file__)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
