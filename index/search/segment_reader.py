"""An open segment: its terms, postings and doc values."""

from collections.abc import Iterable, Sequence
from copy import copy
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analysis.latvian.letters import fold
from index.analysis.word_cache import for_length, length_of
from index.codec.codec import ArraySegment, open_arrays
from index.errors import DamagedError
from index.query import Word
from index.search.compiled.hit_texts import HitTexts
from index.search.compiled.posting_lists import SegmentTerms
from index.segment import Array, ArrayFile, Postings
from index.segment.doc_lists import Docs
from index.segment.doc_sets import NONE
from index.segment.doc_values import DocValue
from index.segment.postings import EXTENSION as POSTINGS
from index.segment.postings import IndexedField, WordField
from index.segment.stored_fields import EXTENSION as DOCUMENTS
from index.segment.stored_fields import ArrayDocumentReader
from index.writer.vocabulary import FIELDS

# The most term ordinals that are cached.
KNOWN_TERMS = 50_000


# Size of each cache from query terms to words.
KNOWN_WORDS = 4_000


Term = tuple[str, str]
"""A field and a text."""


class _SegmentTerms:
    """The terms of a segment, and the words that map to them."""

    def __init__(self, postings: Postings) -> None:
        self._fields = postings.fields
        self._ordinals: dict[tuple[str, str], tuple[IndexedField, int] | None] = {}

    def find_term(self, field: str, text: str) -> tuple[IndexedField, int] | None:
        """Return the field of a term and its ordinal there, None if it is missing."""
        key = field, text
        if key in self._ordinals:
            return self._ordinals[key]
        indexed = self._fields.get(field)
        place = indexed.terms.find(text.encode()) if indexed is not None else -1
        match = (indexed, place) if indexed is not None and place >= 0 else None
        if len(self._ordinals) < KNOWN_TERMS:
            self._ordinals[key] = match
        return match

    def words_of(self, terms: tuple[Term, ...]) -> list[int]:
        """Return the words that map to any of *terms*, ascending."""
        places = [match for field, text in terms if (match := self.find_term(field, text))]
        return sorted(
            {
                word
                for field, place in places
                if isinstance(field, WordField)
                for word in field.words_of(place)
            }
        )

    def unaccented_words(self, field: str, text: str, accented: str) -> tuple[int, ...]:
        """Return the words of a term that lack the typed diacritics; *accented* as in ``Word``."""
        exact = self._fields.get("exact")
        if not isinstance(exact, WordField):
            return ()
        words = self.words_of(((field, text),))
        return tuple(word for word in words if lacks_diacritics(exact.terms_of_word(word), accented))


def lacks_diacritics(terms: Iterable[bytes], accented: str) -> bool:
    """Return whether a word lacks the typed diacritics; its exact *terms* are the whole word and its parts.

    Only terms that begin with *accented* when folded count. The word lacks the diacritics if there are such
    terms, and all of them begin so as written, too.
    """
    texts = map(bytes.decode, terms)
    spellings = [text for text in texts if fold(text).startswith(accented)]
    return bool(spellings) and all(text.startswith(accented) for text in spellings)


class SegmentReader:
    """An open segment; ``base`` is the global number of its first document."""

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
                raise DamagedError(f"{file.path}: does not have {segment.doc_count_all()} documents")
        self.count = segment.doc_count_all()
        self._words = _SegmentTerms(self.postings)
        # Highlighting looks up the same words again. Caching methods of this object would create a cycle, and
        # keep the files mapped until the next garbage collection.
        self._cached_words = lru_cache(KNOWN_WORDS)(self._words.words_of)
        self._cached_unaccented_words = lru_cache(KNOWN_WORDS)(self._words.unaccented_words)
        self.live: NDArray[np.bool_] | None = None
        if segment.has_deletions():
            self.live = np.ones(self.count, bool)
            self.live[list(segment.deleted_docs())] = False

    def after(self, count: int) -> "SegmentReader":
        """Return the same segment, before which another *count* documents are."""
        other = copy(self)
        other.base += count
        return other

    def without(self, ids: Iterable[str], field: str = "id") -> "SegmentReader":
        """Return the same segment, in which the documents with *ids* in *field* count as deleted."""
        matches = [match for id_ in ids if (match := self.find_term(field, id_))]
        if not matches:
            return self
        other = copy(self)
        other.live = np.ones(self.count, bool) if self.live is None else self.live.copy()
        for indexed, place in matches:
            other.live[indexed.docs(place)] = False
        return other

    @property
    def live_count(self) -> int:
        """The number of documents that are not deleted."""
        return self.count if self.live is None else int(np.count_nonzero(self.live))

    @cached_property
    def ids(self) -> Sequence[DocValue]:
        """The ids of the documents."""
        return self.documents.columns.values("id")

    @cached_property
    def hit_texts(self) -> HitTexts | None:
        """The texts with the spans of their words; None if no text was analysed."""
        return None if self.postings.words is None else HitTexts(self.postings.arrays)

    @cached_property
    def compiled_terms(self) -> SegmentTerms:
        """The terms as the core reads them."""
        return SegmentTerms(self.postings)

    def size(self, field: str, text: str) -> int:
        """Return the number of live documents with a term, or slightly more; 0 if none has it."""
        if self.live is not None:
            match = self.find_term(field, text)
            return self.live_size(*match) if match else 0
        if field in FIELDS:
            return self.compiled_terms.size(field, text)
        match = self.find_term(field, text)
        return match[0].size(match[1]) if match else 0

    def live_size(self, field: IndexedField, place: int) -> int:
        """Return ``size`` of the term at *place* in a field: deleted documents say nothing about a word."""
        if self.live is None:
            return field.size(place)
        return int(np.count_nonzero(self.live[field.counted_docs(place)]))

    def live_mask(self, docs: Docs) -> NDArray[np.bool_] | None:
        """Return which of *docs* are live; None if no document is deleted."""
        return None if self.live is None else self.live[docs]

    def find_term(self, field: str, text: str) -> tuple[IndexedField, int] | None:
        """Return the field of a term and its ordinal there, None if it is missing."""
        return self._words.find_term(field, text)

    @cached_property
    def has_texts(self) -> bool:
        """Whether all fields of the analysed text are stored by word, with a forward index."""
        fields = [field for name in FIELDS if (field := self.field(name)) is not None]
        return all(isinstance(field, WordField) for field in fields)

    def words_of(self, terms: tuple[Term, ...]) -> list[int]:
        """Return the words that map to any of *terms*, ascending; cached."""
        return for_length(self._cached_words, length_of(terms))(terms)

    def unaccented_words(self, field: str, text: str, accented: str) -> tuple[int, ...]:
        """Return the words of a term that lack the typed diacritics; cached."""
        return for_length(self._cached_unaccented_words, len(text))(field, text, accented)

    def postings_of(self, word: int) -> tuple[Docs, Array]:
        """Return the global documents of a word, and its weighted frequency in each."""
        words = self.postings.words
        return (words.docs(word) + self.base, words.weights(word)) if words else (NONE, NONE)

    def field(self, name: str) -> IndexedField | None:
        """Return an indexed field, None if no document has it."""
        return self.postings.fields.get(name)


def segment_positions(
    segment: SegmentReader, terms: Sequence[tuple[IndexedField, int]], docs: Docs
) -> tuple[Array, Array]:
    """Return pairs of a row of *docs*, numbered within *segment*, and a position of one of *terms*."""
    words: set[int] = set()
    pairs = []
    for field, place in terms:
        if isinstance(field, WordField):
            words.update(field.words_of(place))
        else:
            pairs.append(field.positions(place, docs))
    if words and segment.postings.words is not None:
        pairs.append(segment.postings.words.positions(sorted(words), docs))
    if not pairs:
        return NONE, NONE
    rows, positions = zip(*pairs, strict=True)
    return np.concatenate(rows), np.concatenate(positions)


def terms_of(word: Word, *, stems: bool = False) -> tuple[Term, ...]:
    """Return the terms that a query word matches; with *stems*, also those that only add to its score."""
    stem_terms = word.stem if stems or word.stem_matches else ()
    fields = (("lemma", word.lemma), ("stem", stem_terms), ("exact", word.exact), ("fold", word.fold))
    return tuple([(name, text) for name, texts in fields for text in texts])
