"""The terms of one word in each text field, as an object and packed into bytes."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

Terms = tuple[str, ...]
FieldTerms = tuple[Terms, Terms, Terms, Terms]
"""The terms of a word by field: lemma, stem, exact, fold."""

TERM_END, FIELD_END = "\x1f", "\x1e"
"""Separate the terms of a field and the fields of a packed word. Words contain no control characters."""


class Forms(Struct, frozen=True, eq=False, gc=False):
    """The terms of one word by text field; all share the position of the word.

    Objects are compared by identity, because that is fastest for bulk indexing.
    """

    lemma: Terms
    stem: Terms
    exact: Terms
    fold: Terms

    @property
    def terms(self) -> FieldTerms:
        """The terms of all fields; words with equal terms are the same word."""
        return self.lemma, self.stem, self.exact, self.fold


class QueryForms(Struct, frozen=True, kw_only=True, gc=False):
    """The terms that may match one word of a query, best first in each field."""

    lemma: Terms
    unaccented: Terms = ()
    """Further lemmas, if some of its diacritics were not typed."""
    stem: Terms
    exact: Terms
    fold: Terms
    acronym: Terms = ()
    """The acronym that the word must mean if any text has it: `ES` is not *es*."""
    is_known: bool = True
    """Whether the dictionary knows the word, with or without its diacritics; if not, its stem may match."""


def pack(terms: Iterable[Sequence[str]]) -> bytes:
    """Return the terms of a word, field by field, as one byte string.

    >>> unpack(pack((("marts", "marta"), (), ("martā",), ("marta",))))
    (('marts', 'marta'), (), ('martā',), ('marta',))
    """
    return FIELD_END.join(map(TERM_END.join, terms)).encode()


def unpack(packed: bytes) -> FieldTerms:
    """Return the terms that ``pack`` packed."""
    lemma, stem, exact, fold = (
        tuple(terms.split(TERM_END)) if terms else () for terms in packed.decode().split(FIELD_END)
    )
    return lemma, stem, exact, fold
