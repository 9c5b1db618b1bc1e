"""One segment, opened for search: its terms, postings and doc values."""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold
from index.codec.codec import ArraySegment, open_arrays
from index.errors import DamagedError
from index.query import Word
from index.segment import Array, ArrayFile, Postings
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE
from index.segment.doc_values import Value
from index.segment.postings import EXTENSION as POSTINGS
from index.segment.postings import Field, WordField
from index.segment.stored_fields import EXTENSION as DOCUMENTS
from index.segment.stored_fields import ArrayDocumentReader
from index.writer.vocabulary import FIELDS

# Terms whose place in the dictionary is remembered.
KNOWN_TERMS = 50_000


# Terms, and words of queries, of which it is remembered which words bear them.
KNOWN_WORDS = 4_000


Term = tuple[str, str]
"""A field and a text."""


class _Words:
    """The terms of a segment, and the words that bear them."""

    def __init__(self, postings: Postings) -> None:
        self._fields = postings.fields
        self._known: dict[tuple[str, str], tuple[Field, int] | None] = {}

    def found(self, field: str, text: str) -> tuple[Field, int] | None:
        """Return a term's field and its place there, None where it is not."""
        key = field, text
        if key in self._known:
            return self._known[key]
        one = self._fields.get(field)
        place = one.terms.find(text.encode()) if one is not None else -1
        found = (one, place) if one is not None and place >= 0 else None
        if len(self._known) < KNOWN_TERMS:
            self._known[key] = found
        return found

    def bearers(self, terms: tuple[Term, ...]) -> list[int]:
        """Return the words, ascending, that bear one of *terms*."""
        places = [found for field, text in terms if (found := self.found(field, text))]
        return sorted(
            {word for field, place in places if isinstance(field, WordField) for word in field.bearers(place)}
        )

    def unaccented(self, field: str, text: str, accented: str) -> tuple[int, ...]:
        """Return the words that bear a term and lack the diacritics of *accented*: see ``_lacks``."""
        exact = self._fields.get("exact")
        if not isinstance(exact, WordField):
            return ()
        bearers = self.bearers(((field, text),))
        return tuple(word for word in bearers if _lacks(exact.borne(word), accented))


def _lacks(written: Iterable[bytes], accented: str) -> bool:
    """Whether a word lacks its diacritics that is *written* so, as a whole and in parts.

    Of those that begin as *accented* when diacritics are left out, there is one, and none has any there.
    """
    texts = map(bytes.decode, written)
    begun = [text for text in texts if fold(text).startswith(accented)]
    return bool(begun) and all(text.startswith(accented) for text in begun)


class SegmentReader:
    """A segment, opened; ``base`` is the number of its first document among all."""

    def __init__(self, folder: object, segment: ArraySegment, base: int) -> None:
        self.base = base
        self.files: tuple[ArrayFile, ArrayFile] = (
            open_arrays(folder, segment, DOCUMENTS),
            open_arrays(folder, segment, POSTINGS),
        )
        self.documents = ArrayDocumentReader(self.files[0], segment)
        self.postings = Postings(self.files[1])
        for file in self.files:
            if file.meta["documents"] != segment.doc_count_all():
                raise DamagedError(f"{file.path}: not of {segment.doc_count_all()} documents")
        self.count = segment.doc_count_all()
        self._words = _Words(self.postings)
        # Asked again when the hits are marked. No method of this object: with it in a cycle, its files would
        # stay mapped until the next garbage collection.
        self._known_bearers = lru_cache(KNOWN_WORDS)(self._words.bearers)
        self._known_unaccented = lru_cache(KNOWN_WORDS)(self._words.unaccented)
        self.live: NDArray[np.bool_] | None = None
        if segment.has_deletions():
            self.live = np.ones(self.count, bool)
            self.live[list(segment.deleted_docs())] = False

    @cached_property
    def ids(self) -> Sequence[Value]:
        """The ids of the documents."""
        return self.documents.columns.values("id")

    def kept(self, docs: Docs) -> NDArray[np.bool_] | None:
        """Tell which of *docs* are not deleted; None if no document is."""
        return None if self.live is None else self.live[docs]

    def found(self, field: str, text: str) -> tuple[Field, int] | None:
        """Return a term's field and its place there, None where it is not."""
        return self._words.found(field, text)

    @cached_property
    def has_texts(self) -> bool:
        """Whether every term of an analysed field is borne by words that the texts are kept of."""
        fields = [field for name in FIELDS if (field := self.field(name)) is not None]
        return all(isinstance(field, WordField) for field in fields)

    def bearers(self, terms: tuple[Term, ...]) -> list[int]:
        """Return the words, ascending, that bear one of *terms* (field, text)."""
        return self._known_bearers(terms)

    def unaccented(self, field: str, text: str, accented: str) -> tuple[int, ...]:
        """Return the words that bear a term and lack the diacritics of *accented*."""
        return self._known_unaccented(field, text, accented)

    def postings_of(self, word: int) -> tuple[Docs, Array]:
        """Return the documents of a word, numbered among all, and its weighted frequency in each."""
        words = self.postings.words
        return (words.docs(word) + self.base, words.weights(word)) if words else (NONE, NONE)

    def field(self, name: str) -> Field | None:
        """Return an indexed field, None where no document has it."""
        return self.postings.fields.get(name)


def shard_positions(
    shard: SegmentReader, terms: Sequence[tuple[Field, int]], docs: Docs
) -> tuple[Array, Array]:
    """Return pairs of a row of *docs*, numbered as in *shard*, and a position where one of *terms* stands."""
    bearers: set[int] = set()
    found = []
    for field, place in terms:
        if isinstance(field, WordField):
            bearers.update(field.bearers(place))
        else:
            found.append(field.positions(place, docs))
    if bearers and shard.postings.words is not None:
        found.append(shard.postings.words.positions(sorted(bearers), docs))
    if not found:
        return NONE, NONE
    rows, positions = zip(*found, strict=True)
    return np.concatenate(rows), np.concatenate(positions)


def terms_of(word: Word) -> tuple[Term, ...]:
    """Return the terms that a word of a query matches, as (field, text)."""
    fields = {"lemma": word.lemma, "stem": word.stem, "exact": word.exact, "fold": word.fold}
    return tuple((name, text) for name, texts in fields.items() for text in texts)
